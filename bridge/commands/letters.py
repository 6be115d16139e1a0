"""`bridge dead`: what to do about deliveries that ended badly."""

from collections.abc import Callable
from dataclasses import asdict

import click

from bridge.aftermath.advice import advice_on
from bridge.aftermath.dead_letter import DeadLetters
from bridge.commands.opening import open_corrections, open_dead_letters
from bridge.commands.output import as_json, explained, show_json, show_table
from bridge.errors import DeadLetterNotFound, IllegalMove, SettingsInvalid
from bridge.operate.settings import load_settings
from bridge.outbox.queries import DeadLetter

PAGE = 500
MOST_AT_ONCE = 1000
"""Letters in one transaction: on SQLite no order is stored meanwhile."""
NUMBER = click.IntRange(0, 2**63 - 1)
"""What a database can have as a number; beyond it even asking fails."""


@click.group()
def dead() -> None:
    """Look at dead letters, send them again, or discard them.

    A dead letter is a delivery the platform refused for good (rejected), or that we gave up (dead).
    """


@dead.command("list")
@click.option("--destination", help="Only this destination's.")
@click.option(
    "--after", default=0, type=NUMBER, help="Only those with a higher number, for the next page."
)
@click.option("--limit", default=100, type=click.IntRange(1, 1000), show_default=True)
@as_json
@explained
def list_letters(*, destination: str | None, after: int, limit: int, as_json: bool) -> None:
    """List dead letters, oldest first, with the reason of each."""
    desk = open_dead_letters()
    _require_known(destination, desk)
    letters = desk.page(limit=limit, after=after, destination=destination)
    if as_json:
        show_json({"dead_letters": [asdict(letter) for letter in letters]})
        return
    show_table(
        "Dead letters",
        ("number", "order", "site", "destination", "state", "reason", "detail"),
        (_row(letter) for letter in letters),
    )


@dead.command()
@click.argument("number", type=NUMBER)
@as_json
@explained
def show(number: int, *, as_json: bool) -> None:
    """Show all that is known of the dead letter NUMBER."""
    letter = open_dead_letters().show(number)
    if as_json:
        show_json(asdict(letter))
        return
    known = {name: value for name, value in asdict(letter).items() if name != "delivery"}
    show_table(
        f"Dead letter {number}", ("what", "value"), (known | asdict(letter.delivery)).items()
    )


@dead.command()
@click.argument("number", type=NUMBER)
@as_json
@explained
def explain(number: int, *, as_json: bool) -> None:
    """Say what happened to the dead letter NUMBER, what to check, and what a retry would do."""
    letter = open_dead_letters().show(number)
    reason, detail = letter.delivery.reason, letter.delivery.detail
    advice = advice_on(reason, unanswered=letter.delivery.unanswered_since is not None)
    if as_json:
        show_json({"number": number, "reason": reason, "detail": detail} | asdict(advice))
        return
    rows = [("reason", reason), ("detail", detail), ("meaning", advice.meaning)]
    rows += [(f"check {place}", text) for place, text in enumerate(advice.check, 1)]
    show_table(f"Dead letter {number}", ("what", "value"), [*rows, ("retry", advice.retry)])


@dead.command()
@click.option("--destination", help="Only this destination's.")
@as_json
@explained
def export(*, destination: str | None, as_json: bool) -> None:
    """Print every dead letter as a line of JSON, oldest first: for a file, a table, a ticket.

    Nothing personal is in it.

    \b
    bridge dead export > letters.ndjson
    """
    del as_json  # lines of JSON either way
    desk, after = open_dead_letters(), 0
    _require_known(destination, desk)
    while page := desk.page(limit=PAGE, after=after, destination=destination):
        for letter in page:
            show_json(asdict(letter))
        after = page[-1].delivery.id


@dead.command()
@click.argument("numbers", type=NUMBER, nargs=-1, required=True)
@as_json
@explained
def retry(numbers: tuple[int, ...], *, as_json: bool) -> None:
    """Send the dead letters NUMBERS again, as if they were new: all, or none where one cannot be.

    A rejected event is built anew, so corrected settings take effect. One whose outcome is unknown
    is sent exactly as before, so that the platform can recognise it.
    """
    _all(numbers, open_dead_letters().retry, "retried", as_json=as_json)


@dead.command()
@click.argument("number", type=NUMBER)
@click.option("--set", "given", multiple=True, metavar="FIELD=VALUE", help="What to correct.")
@click.option(
    "--yes", is_flag=True, help="Also where another destination keeps the order as it was."
)
@as_json
@explained
def edit(number: int, *, given: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Correct the order of the dead letter NUMBER, and send it again.

    Without --set it lists what may be corrected, and what it is now. Money, time, channel, country
    and products may be; nothing of the shopper, and nothing the platform may have already.
    What another destination was sent stays there: then --yes is needed.

    \b
    bridge dead edit 27 --set currency=EUR --set totals.gross=12.50 --set lines[0].gross=12.50
    """
    desk = open_corrections()
    if not given:
        fields = desk.editable(number)
        if as_json:
            show_json({"number": number, "fields": fields})
        else:
            show_table(f"Dead letter {number}", ("field", "value"), fields.items())
        return
    texts = dict(one.partition("=")[::2] for one in given)
    told = desk.correct(number, texts, though_told=yes)
    if as_json:
        show_json({"number": number, "changes": told.changes, "kept_by": told.kept_by})
        return
    show_table(f"Sent again: {number}", ("field", "was", "is"), told.changes)
    if told.kept_by:
        click.echo(f"{', '.join(told.kept_by)} was sent the order as it was, and keeps that.")


@dead.command()
@click.argument("numbers", type=NUMBER, nargs=-1, required=True)
@as_json
@explained
def discard(numbers: tuple[int, ...], *, as_json: bool) -> None:
    """End the dead letters NUMBERS as cancelled, all or none; they cannot be sent any more."""
    _all(numbers, open_dead_letters().discard, "discarded", as_json=as_json)


def _require_known(destination: str | None, desk: DeadLetters) -> None:
    known = {one.id for one in load_settings().destinations}
    if destination is None or destination in known:
        return
    known |= desk.destinations()
    if destination not in known:
        raise SettingsInvalid(
            f"--destination: write one of {', '.join(sorted(known))}; {destination} is in neither"
            " the settings nor the database."
        )


def _all(numbers: tuple[int, ...], act: Callable[..., None], done: str, *, as_json: bool) -> None:
    chosen = list(dict.fromkeys(numbers))
    if len(chosen) > MOST_AT_ONCE:
        raise click.UsageError(f"Give at most {MOST_AT_ONCE} at once: they are {done} together.")
    try:
        act(*chosen)
    except (DeadLetterNotFound, IllegalMove) as error:
        if len(chosen) == 1:
            raise
        raise type(error)(f"{error} None of the {len(chosen)} was {done}.") from error
    if as_json:
        show_json({done: chosen})
        return
    for number in chosen:
        click.echo(f"{done} {number}")


def _row(letter: DeadLetter) -> tuple[object, ...]:
    one = letter.delivery
    return (
        one.id,
        letter.order_no,
        letter.site_id,
        one.destination,
        one.state,
        one.reason,
        one.detail,
    )

"""`bridge audit`: is every order accounted for, and does a platform count it once?"""

from collections.abc import Collection
from dataclasses import asdict
from itertools import islice
from typing import IO

import click

from bridge.aftermath.advice import NOT_ENABLED
from bridge.aftermath.audit import AuditReport
from bridge.aftermath.audit import audit as audit_outbox
from bridge.aftermath.books import Books, BooksReport, compare, read_books
from bridge.aftermath.span import Span
from bridge.clock import system_clock
from bridge.commands.opening import open_queries
from bridge.commands.output import as_json, explained, show_json, show_table
from bridge.commands.times import instant
from bridge.errors import SettingsInvalid
from bridge.intake.files.reading import form_of
from bridge.operate.destinations import Destination
from bridge.operate.settings import load_settings
from bridge.outbox.queries import Queries

SHOWN_FINDINGS = 50
COLUMN = "event_id"


@click.command()
@click.option("--books", type=click.File("rb"), help="What a platform counts: CSV, or NDJSON.")
@click.option("--destination", help="Whose books they are.")
@click.option("--column", help=f"Which holds the event ids.  [default: {COLUMN}]")
@click.option("--since", help="The books have all orders placed since: 12h, 3d, a day or a time.")
@click.option("--until", help="... and before. Both unsaid: from their first event to their last.")
@as_json
@explained
def audit(
    *,
    books: IO[bytes] | None,
    destination: str | None,
    column: str | None,
    since: str | None,
    until: str | None,
    as_json: bool,
) -> None:
    """Check conservation: every order taken ends once at every destination, with a reason.

    With the platform's own books it also checks that every order delivered is counted there, none
    twice and, where they say who told, none that was not sent. Exits with 1 when a rule is
    broken, and lists what breaks it.

    \b
    bridge audit
    mock-platform export --format events > books.ndjson
    bridge audit --books books.ndjson --destination meta-mock
    bridge audit --books conversions.csv --column "Order ID" --destination google-us --since 7d
    """
    if books is None:
        _require_none_of(destination=destination, column=column, since=since, until=until)
    queries = open_queries()
    whose = _destination(destination) if books is not None else None
    span = _span(since, until)
    report = audit_outbox(queries, system_clock())
    told = _held_against(queries, books, whose, column or COLUMN, span) if books and whose else None
    ok = report.ok and (told is None or told.ok)
    if as_json:
        books_told = None if told is None else {"ok": told.ok, **asdict(told)}
        show_json({**asdict(report), "ok": ok, "books": books_told})
    else:
        _show_report(report, {one.id for one in load_settings().enabled_destinations})
        if told is not None:
            _show_books(told)
    if not ok:
        raise click.exceptions.Exit(1)


def _require_none_of(**of_books: str | None) -> None:
    for name, value in of_books.items():
        if value is not None:
            raise SettingsInvalid(
                f"--{name}: only with --books. The audit itself is of every order at every"
                " destination: leave it out, or give the platform's books."
            )


def _destination(name: str | None) -> Destination:
    known = {one.id: one for one in load_settings().destinations}
    if name not in known:
        raise SettingsInvalid(f"--destination: whose books? Write one of {', '.join(known)}.")
    return known[name]


def _span(since: str | None, until: str | None) -> Span | None:
    if since is None and until is None:
        return None
    now = system_clock()
    span = Span(
        since=instant("--since", since, now) if since else None,
        until=instant("--until", until, now) if until else None,
    )
    if span.since and span.since >= min(span.until or now, now):
        raise SettingsInvalid("--since: write a time that has passed, and before --until")
    return span


def _held_against(
    queries: Queries, file: IO[bytes], destination: Destination, column: str, span: Span | None
) -> BooksReport:
    with Books() as books, queries.snapshot() as snapshot:
        report = read_books(file, form_of(file.name), destination, column, books)
        report.span = span or report.span
        return compare(snapshot.orders, destination, books, report)


def _show_report(report: AuditReport, enabled: Collection[str]) -> None:
    click.echo(f"{report.orders} orders with {report.deliveries} deliveries:")
    for state, count in report.by_state.items():
        click.echo(f"  {count:>9} {state}")
    if report.ok:
        click.echo("Every order is accounted for at every destination.")
        return
    rows = (
        (one.rule, one.order_id, one.delivery_id, one.destination, one.message)
        for one in report.findings
    )
    show_table(
        f"{report.found} findings, the first {SHOWN_FINDINGS}",
        ("rule", "order", "delivery", "destination", "what is wrong"),
        list(islice(rows, SHOWN_FINDINGS)),
    )
    for name in sorted({one.destination for one in report.findings if one.destination}):
        if name not in enabled:
            click.echo(f"{name} is switched off, or gone from the settings. {NOT_ENABLED}")


def _show_books(told: BooksReport) -> None:
    click.echo(f"The platform counts {told.rows}: {told.counted} of ours, {told.others} others'.")
    if told.missing:
        first = ", ".join(told.first_missing[:10])
        click.echo(f"{told.missing} delivered are not in its books, such as {first}.")
    if told.not_judged:
        click.echo(f"{told.not_judged} delivered are not in its books, {_unjudged(told.span)}")
    if told.awaited:
        click.echo(
            f"{told.awaited} accepted are not in its books, and it has yet to report on them: not"
            " judged."
        )
    if told.unreadable:
        lines = ", ".join(map(str, told.unreadable_lines[:10]))
        click.echo(
            f"{told.unreadable} rows could not be read, such as on line {lines}: each needs an"
            " event id, and what it says besides as text."
        )
    if told.unsent:
        click.echo(f"{told.unsent} are counted that were never sent from here.")
    if told.twice:
        show_table(f"{told.counted_twice} counted twice", ("event id", "times"), told.twice)
    if told.ok:
        _show_what_holds(told)


def _unjudged(span: Span | None) -> str:
    if span is None:
        return "which says nothing: the file has no times. Give --since and --until for it."
    return f"and were placed outside its time ({span}): not judged."


def _show_what_holds(told: BooksReport) -> None:
    """Say what was checked, and nothing else."""
    click.echo("No order is counted twice.")
    if told.span is not None:
        click.echo(f"None is missing that was placed {told.span}.")
    if told.tells_who_sent:
        click.echo("None is counted that was not sent.")
    else:
        click.echo("Not checked: what is counted and was not sent (the rows have no source).")

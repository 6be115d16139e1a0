"""`bridge reconcile`: the shop's list of orders against what was delivered."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, tzinfo
from typing import IO, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import orjson

from bridge.aftermath.listed import Listed, listed
from bridge.aftermath.reconcile import Fate, Outcome, Reconciliation, Sum, fates
from bridge.commands.opening import open_queries
from bridge.commands.order_files import SHOWN, OrderFile, in_portions, takes_order_file
from bridge.commands.output import as_json, explained, show_json, show_table
from bridge.errors import OrderFileInvalid
from bridge.intake.files.reading import Reading, read_rows
from bridge.intake.files.row import BadRow
from bridge.intake.files.separated import COLUMNS
from bridge.operate.destinations import Destination
from bridge.operate.settings import load_settings
from bridge.order.money import rounded
from bridge.outbox.queries import Queries


@dataclass(slots=True)
class Report:
    """What there is to tell: sums of everything, and the first of what somebody should look at."""

    sums: Reconciliation = field(default_factory=Reconciliation)
    remarkable: list[Fate] = field(default_factory=list)
    unreadable: list[BadRow] = field(default_factory=list)
    unreadable_rows: int = 0
    others: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing is missing, as far as every row could be read."""
        return not self.unreadable_rows and not self.sums.total(Outcome.MISSING)


@click.command()
@takes_order_file(required=True)
@click.option("--column", multiple=True, metavar="OURS=THEIRS", help="A CSV column's other name.")
@click.option("--destination", multiple=True, help="Only this one; may be given several times.")
@click.option(
    "--timezone",
    default="UTC",
    show_default=True,
    help="Whose days, and of times without an offset.",
)
@click.option(
    "--findings", type=click.File("wb"), help="Write every order to look at there, as NDJSON."
)
@as_json
@explained
def reconcile(
    *,
    orders: OrderFile,
    column: tuple[str, ...],
    destination: tuple[str, ...],
    timezone: str,
    findings: IO[bytes] | None,
    as_json: bool,
) -> None:
    """Compare the shop's own list of orders in FILE with what was delivered.

    FILE is CSV, NDJSON as the hook takes it, or SFCC's orders.xml; `-` with --format reads standard
    input. CSV needs a column order_no; placed_at, currency, gross, site_id, channel and status are
    used where they are there. Exits with 1 when an order is missing, or a row could not be read.

    \b
    bridge reconcile orders.csv --column order_no=OrderNumber --column gross=Total
    bridge reconcile orders.xml --site RefArch --timezone Europe/Berlin --findings look.ndjson
    """
    settings = load_settings()
    reading = orders.reading(settings, columns=_columns(column))
    chosen = _chosen(settings.enabled_destinations, destination)
    report, zone = Report(), _zone(timezone)
    rows = _listed(orders.file, reading, report, zone)
    for fate in _compared(rows, open_queries(), chosen, report, zone):
        if findings is not None:
            findings.write(orjson.dumps(asdict(fate), default=str) + b"\n")
        if len(report.remarkable) < SHOWN:
            report.remarkable.append(fate)
    show_json(_document(report)) if as_json else _show(report)
    if not report.ok:
        raise click.exceptions.Exit(1)


def _columns(given: tuple[str, ...]) -> dict[str, str]:
    names = dict(one.partition("=")[::2] for one in given)
    unknown = sorted(names.keys() - COLUMNS.keys())
    if unknown or not all(names.values()):
        raise OrderFileInvalid(
            f"--column: write OURS=THEIRS, OURS one of {', '.join(COLUMNS)}: order_no=OrderNumber"
        )
    return names


def _chosen(
    destinations: tuple[Destination, ...], wanted: tuple[str, ...]
) -> tuple[Destination, ...]:
    known = [one.id for one in destinations]
    if set(wanted) - set(known) or not known:
        raise OrderFileInvalid(f"--destination: enabled are {', '.join(known) or 'none'}.")
    return tuple(one for one in destinations if not wanted or one.id in wanted)


def _zone(name: str) -> tzinfo:
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise OrderFileInvalid("--timezone: write a name such as Europe/Berlin") from None


def _listed(file: IO[bytes], reading: Reading, report: Report, zone: tzinfo) -> Iterator[Listed]:
    """Answer the orders of the list; rows of one order that follow each other count once."""
    before: tuple[str, str] | None = None
    for row in read_rows(file, reading):
        one = row if isinstance(row, BadRow) else listed(row, zone)
        if isinstance(one, BadRow):
            report.unreadable_rows += 1
            if len(report.unreadable) < SHOWN:
                report.unreadable.append(one)
        elif one is None:
            report.others += 1
        elif (one.site_id, one.order_no) != before:
            before = (one.site_id, one.order_no)
            yield one


def _compared(
    orders: Iterator[Listed],
    queries: Queries,
    destinations: tuple[Destination, ...],
    report: Report,
    zone: tzinfo,
) -> Iterator[Fate]:
    """Add every order up, and answer those that somebody should look at."""
    for portion in in_portions(orders):
        known = queries.known_orders([(one.site_id, one.order_no) for one in portion])
        for one in portion:
            met = known.get((one.site_id, one.order_no))
            at = one.placed_at or (met.placed_at if met else None)
            day = at.astimezone(zone).date().isoformat() if at else ""
            told = list(fates(one, met, destinations, day))
            report.sums.add(told)
            yield from (fate for fate in told if fate.is_remarkable)


def _document(report: Report) -> dict[str, Any]:
    sums = report.sums
    return {
        "ok": report.ok,
        "listed": sums.listed,
        "totals": {outcome: sums.total(outcome) for outcome in Outcome},
        "days": [
            {"day": day, "currency": currency, "destination": destination}
            | {outcome: asdict(one) for outcome, one in by_outcome.items()}
            for (day, currency, destination), by_outcome in sorted(sums.days.items())
        ],
        "reasons": [
            {"destination": destination, "outcome": outcome, "reason": reason, "orders": one.orders}
            for (destination, outcome, reason), one in sorted(sums.reasons.items())
        ],
        "differing": sums.differing,
        "findings": [asdict(fate) for fate in report.remarkable],
        "other_kinds": report.others,
        "unreadable": {
            "rows": report.unreadable_rows,
            "first": [asdict(one) for one in report.unreadable],
        },
    }


def _show(report: Report) -> None:
    sums = report.sums
    show_table(
        f"{sums.listed} orders listed",
        ("day", "destination", "listed", "delivered", "missing", "neither"),
        (_day_row(key, by_outcome) for key, by_outcome in sorted(sums.days.items())),
    )
    if sums.reasons:
        rows = ((*key, one.orders) for key, one in sorted(sums.reasons.items()))
        show_table("Not delivered", ("destination", "outcome", "reason", "orders"), rows)
    if report.remarkable:
        show_table(
            f"To look at, the first {SHOWN}",
            ("line", "order", "site", "destination", "outcome", "reason", "differs"),
            map(_fate_row, report.remarkable),
        )
    if report.unreadable:
        show_table(
            f"{report.unreadable_rows} rows could not be read, the first {SHOWN}",
            ("line", "field", "what to do"),
            ((one.line, one.field, one.message) for one in report.unreadable),
        )
    if report.others:
        click.echo(f"{report.others} rows are refunds and the like: only orders are compared.")
    if report.ok:
        click.echo("No order is missing.")


def _day_row(key: tuple[str, str, str], sums: dict[Outcome, Sum]) -> tuple[str, ...]:
    day, currency, destination = key
    done = {Outcome.DELIVERED, Outcome.MISSING}
    others = [one for name, one in sums.items() if name not in done]
    cells = (
        sum(sums.values(), Sum()),
        sums.get(Outcome.DELIVERED, Sum()),
        sums.get(Outcome.MISSING, Sum()),
        sum(others, Sum()),
    )
    told = (_cell(one, currency) for one in cells)
    return (day or "?", destination, *told)


def _cell(one: Sum, currency: str) -> str:
    return f"{one.orders}\n{rounded(one.value, currency)} {currency}" if one.orders else "0"


def _fate_row(fate: Fate) -> tuple[object, ...]:
    return (
        fate.line,
        fate.order_no,
        fate.site_id,
        fate.destination,
        fate.outcome,
        fate.reason,
        ", ".join(fate.differs),
    )

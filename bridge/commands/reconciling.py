"""`bridge reconcile`: the shop's list of orders against what was delivered."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, tzinfo
from typing import IO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import orjson

from bridge.aftermath.listed import Listed, listed
from bridge.aftermath.reconcile import Fate, fates
from bridge.commands.opening import open_queries
from bridge.commands.order_files import SHOWN, OrderFile, in_portions, takes_order_file
from bridge.commands.output import as_json, explained, show_json
from bridge.commands.reconciled import Report, document, show
from bridge.errors import OrderFileInvalid
from bridge.intake.files.reading import Reading, read_rows
from bridge.intake.files.row import BadRow
from bridge.intake.files.separated import COLUMNS
from bridge.operate.destinations import Destination
from bridge.operate.settings import load_settings
from bridge.outbox.queries import Queries


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
@click.option(
    "--strict", is_flag=True, help="Exit with 1 too when one was refused, is late or waits."
)
@as_json
@explained
def reconcile(  # noqa: PLR0913  # one for each option
    *,
    orders: OrderFile,
    column: tuple[str, ...],
    destination: tuple[str, ...],
    timezone: str,
    findings: IO[bytes] | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Compare the shop's own list of orders in FILE with what was delivered.

    FILE is CSV, NDJSON as the hook takes it, or SFCC's orders.xml; `-` with --format reads standard
    input. CSV needs a column order_no; placed_at, currency, gross, site_id, channel and status are
    used where they are there. Exits with 1 when an order is missing, or a row could not be read;
    with --strict also when one was rejected, has expired, or still waits.

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
    show_json(document(report)) if as_json else show(report)
    if not report.ok or (strict and report.undelivered):
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

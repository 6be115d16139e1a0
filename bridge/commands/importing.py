"""`bridge import`: orders from a file, as if the hook had been called about them."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from bridge.aftermath.listed import Listed, listed
from bridge.commands.order_files import SHOWN, OrderFile, in_portions, takes_order_file
from bridge.commands.output import as_json, explained, show_json, show_table
from bridge.errors import OrderFileInvalid
from bridge.intake.files.reading import Form, read_rows
from bridge.intake.files.row import Read, Row
from bridge.intake.importing import Imported, Importer, take
from bridge.operate.settings import load_settings
from bridge.order.model import ConsentState, Instance
from bridge.outbox.waking import Bell
from bridge.wiring import Installation, open_installation


@click.command("import")
@takes_order_file(required=True)
@click.option(
    "--instance",
    type=click.Choice([one.value for one in Instance]),
    help="Where the orders were placed, where the file does not say it: orders.xml and CSV do not.",
)
@click.option(
    "--consent",
    type=click.Choice([one.value for one in ConsentState]),
    default=ConsentState.UNKNOWN.value,
    show_default=True,
    help="What shoppers answered of whom the file says nothing. Only what you can prove.",
)
@as_json
@explained
def import_command(*, orders: OrderFile, instance: str | None, consent: str, as_json: bool) -> None:
    """Take the orders in FILE as if the hook had been called about each.

    FILE is SFCC's orders.xml, NDJSON as the hook takes it, or CSV with the contract's names as its
    header. What is there already stays as it is, so a file may be imported again. Orders that the
    shop has not placed or confirmed, or has cancelled, are left out. Exits with 1 when an order was
    refused.

    \b
    bridge import orders.xml --site RefArch --instance production
    bridge import store-sales.csv --site RefArch --instance production --consent granted
    """
    installation = open_installation(load_settings())
    told = import_orders(installation, orders, instance, ConsentState(consent))
    if as_json:
        show_json(document(told))
    else:
        show(told)
    if told.refused:
        raise click.exceptions.Exit(1)


def import_orders(
    installation: Installation,
    orders: OrderFile,
    instance: str | None,
    consent: ConsentState,
    since: datetime | None = None,
) -> Imported:
    """Take a file's orders by portions, those placed before `since` left out."""
    settings, told = installation.settings, Imported()
    reading = orders.reading(settings, instance=instance)
    if reading.form is not Form.NDJSON and instance is None:
        raise OrderFileInvalid(
            "--instance: the file does not say where its orders were placed. Write production, or"
            " the instance they come from: only production's go to live destinations."
        )
    importer = Importer(
        settings=settings,
        keys=installation.keys,
        outbox=installation.store,
        clock=installation.clock,
        consent=consent,
    )
    bell = Bell(installation.engine)
    for portion in in_portions(_late_enough(read_rows(orders.file, reading), since)):
        take(portion, importer, told)
        bell.pull()
    return told


def _late_enough(rows: Iterator[Read], since: datetime | None) -> Iterator[Read]:
    for row in rows:
        one = listed(row) if since is not None and isinstance(row, Row) else None
        at = one.placed_at if isinstance(one, Listed) else None
        if since is None or at is None or at >= since:
            yield row


def document(told: Imported) -> dict[str, Any]:
    """Answer what became of the rows, for machines."""
    return {
        "accepted": told.accepted,
        "duplicates": told.duplicates,
        "refused": told.refused,
        "left_out": told.left_out,
        "deliveries": [
            {"destination": destination, "state": state, "reason": reason or None, "orders": count}
            for (destination, state, reason), count in sorted(told.deliveries.items())
        ],
        "first_refused": [asdict(one) for one in told.first_refused],
    }


def show(told: Imported) -> None:
    """Say what became of the rows, for people."""
    click.echo(
        f"{told.accepted} orders taken, {told.duplicates} were there already,"
        f" {told.refused} refused, {told.left_out.total()} left out."
    )
    for reason, count in told.left_out.items():
        click.echo(f"  left out, {reason}: {count}")
    if told.deliveries:
        rows = [(*key, count) for key, count in sorted(told.deliveries.items())]
        show_table("Of those taken", ("destination", "state", "reason", "orders"), rows)
    if told.first_refused:
        bad = ((one.line, one.field, one.message) for one in told.first_refused)
        show_table(f"Refused, the first {SHOWN}", ("line", "field", "what to do"), bad)

"""`bridge status`: how everything stands, and what became of an order."""

from dataclasses import asdict

import click

from bridge.commands.opening import open_queries
from bridge.commands.output import as_json, explained, show_json, show_table
from bridge.outbox.queries import OrderStatus, Overview


@click.command()
@click.argument("order_no", nargs=-1)
@click.option("--site", help="Only orders of this SFCC site.")
@as_json
@explained
def status(order_no: tuple[str, ...], site: str | None, *, as_json: bool) -> None:
    """Show how everything stands, or what became of the orders ORDER_NO.

    Exits with 1 when an order is not known.

    \b
    bridge status
    bridge status 00012345 --json
    """
    queries = open_queries()
    if not order_no:
        _show_overview(queries.overview(), as_json=as_json)
        return
    found = [one for number in order_no for one in queries.order_status(number, site)]
    missing = sorted(set(order_no) - {one.order_no for one in found})
    if as_json:
        show_json({"orders": [asdict(one) for one in found], "unknown": missing})
    else:
        _show_orders(found)
    if missing:
        click.echo(f"not known here: {', '.join(missing)}", err=True)
        raise click.exceptions.Exit(1)


def _show_overview(overview: Overview, *, as_json: bool) -> None:
    if as_json:
        show_json(asdict(overview))
        return
    show_table(
        f"Deliveries of {overview.orders} orders",
        ("destination", "state", "count"),
        (
            (destination, state, count)
            for destination, counts in overview.by_state.items()
            for state, count in counts.items()
        ),
    )
    remarks = [
        (destination, reason, count)
        for destination, reasons in overview.remarks.items()
        for reason, count in reasons.items()
    ]
    if remarks:
        show_table("Delivered with a remark", ("destination", "reason", "count"), remarks)
    paused = [one for one in overview.pauses if one.paused_until is not None]
    if paused:
        rows = ((one.destination, one.paused_until, one.pause_reason) for one in paused)
        show_table("Paused", ("destination", "until", "because of"), rows)


def _show_orders(found: list[OrderStatus]) -> None:
    show_table(
        "Deliveries",
        ("order", "kind", "site", "destination", "state", "reason", "attempts", "platform's id"),
        (
            (
                order.order_no,
                order.kind,
                order.site_id,
                one.destination,
                one.state,
                one.reason,
                one.attempts,
                one.request_id,
            )
            for order in found
            for one in order.deliveries
        ),
    )

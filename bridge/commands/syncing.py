"""`bridge sync`: send again what did not arrive; for cron or a timer, once a day."""

from datetime import datetime, timedelta
from typing import Any

import click

from bridge.aftermath.dead_letter import DeadLetters
from bridge.aftermath.sync import WHAT_TO_DO, Sync, Synced
from bridge.commands.importing import document, import_orders, show
from bridge.commands.order_files import OrderFile, takes_order_file
from bridge.commands.output import as_json, explained, show_json, show_table
from bridge.commands.times import instant
from bridge.errors import SettingsInvalid
from bridge.intake.importing import Imported
from bridge.operate.settings import load_settings
from bridge.order.model import ConsentState, Instance
from bridge.wiring import Installation, open_installation


@click.command()
@takes_order_file(required=False)
@click.option(
    "--since",
    default="3d",
    show_default=True,
    help="Orders placed since: 12h, 3d, a day or a time.",
)
@click.option(
    "--instance", type=click.Choice([one.value for one in Instance]), help="As for bridge import."
)
@click.option(
    "--consent",
    type=click.Choice([one.value for one in ConsentState]),
    default=ConsentState.UNKNOWN.value,
    help="As for bridge import.",
)
@as_json
@explained
def sync(
    *, orders: OrderFile | None, since: str, instance: str | None, consent: str, as_json: bool
) -> None:
    """Send again what ended badly for a reason that passes, and take what the shop's list has more.

    Dead letters go again where that cannot count an order twice and its platform still takes it;
    of the others it says why they stay. With FILE, orders the bridge was never called about, and
    those older than one of its destinations, are taken from it as `bridge import` does. Exits
    with 1 when something stays or was refused.

    \b
    bridge sync --since 3d
    bridge sync orders.xml --since 2026-11-20 --site RefArch --instance production
    """
    installation = open_installation(load_settings())
    at = _since(since, installation.clock(), installation.settings.kept_for)
    told = None
    if orders is not None:
        told = import_orders(installation, orders, instance, ConsentState(consent), at)
    synced = _open_sync(installation).run(at)
    if as_json:
        show_json(_document(synced, told))
    else:
        _show(synced, told)
    if synced.staying or (told is not None and told.refused):
        raise click.exceptions.Exit(1)


def _since(text: str, now: datetime, kept: timedelta) -> datetime:
    """Answer the moment meant; a slip of the pen must not look like a day without trouble."""
    at = instant("--since", text, now)
    if at >= now:
        raise SettingsInvalid("--since: that time has not come yet, so nothing was placed since")
    if now - at > kept:
        raise SettingsInvalid(
            f"--since: at most {kept.days}d. Older orders are deleted (retention_days), and no"
            " platform takes them; 3d is enough for a daily job"
        )
    return at


def _open_sync(installation: Installation) -> Sync:
    enabled = {one.id for one in installation.settings.enabled_destinations}
    store, queries, clock = installation.store, installation.queries, installation.clock
    desk = DeadLetters(store, queries, clock, enabled=enabled)
    return Sync(desk=desk, queries=queries, clock=clock)


def _document(synced: Synced, told: Imported | None) -> dict[str, Any]:
    return {
        "resent": synced.resent,
        "staying": [
            {"destination": destination, "reason": reason, "deliveries": count}
            for (destination, reason), count in sorted(synced.staying.items())
        ],
        "imported": None if told is None else document(told),
    }


def _show(synced: Synced, told: Imported | None) -> None:
    if told is not None:
        show(told)
    show_table("Sent again", ("destination", "deliveries"), sorted(synced.resent.items()))
    if synced.staying:
        rows = ((*key, count, WHAT_TO_DO[key[1]]) for key, count in sorted(synced.staying.items()))
        show_table("Not sent again", ("destination", "why", "deliveries", "what to do"), rows)

"""What would be sent: the pipeline up to the event, with no store and no network."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from bridge.errors import SiteUnknown
from bridge.events.event import Unsendable
from bridge.events.opened import opened
from bridge.events.registry import EVENT_APIS
from bridge.identity.pseudonymise import Keys
from bridge.intake.answer import taken_warnings
from bridge.operate.destinations import Destination
from bridge.operate.settings import Settings
from bridge.outbox.records import NewDelivery, Record
from bridge.outbox.states import State
from bridge.pipeline import prepare


def preview_order(raw: object, settings: Settings, keys: Keys, now: datetime) -> dict[str, Any]:
    """Answer, for each destination, the exact event or the reason to skip it.

    Raises:
        IntakeError: the order would be refused.
    """
    site_id = raw.get("site_id") if isinstance(raw, Mapping) else None
    site = settings.site(site_id) if isinstance(site_id, str) else None
    if site is None:
        raise SiteUnknown("$.site_id names no enabled site: add it to the settings.")
    prepared = prepare(raw, site, settings, keys, now)
    destinations = {one.id: one for one in settings.enabled_destinations}
    return {
        "order_no": prepared.record.key.order_no,
        "event_id": prepared.record.event_id,
        "warnings": taken_warnings(prepared.warnings, prepared.omissions),
        "deliveries": [
            _delivery(one, prepared.record, destinations[one.destination], keys)
            for one in prepared.record.deliveries
        ],
    }


def _delivery(
    planned: NewDelivery, record: Record, destination: Destination, keys: Keys
) -> dict[str, Any]:
    told: dict[str, Any] = {"destination": destination.id}
    if planned.state is not State.PENDING:
        return told | {"state": planned.state, "reason": planned.reason}
    who = opened(record.facts, record.identities, record.sealed, destination, keys.sealer)
    built = EVENT_APIS[destination.platform].build(who, destination)
    if isinstance(built, Unsendable):
        return told | {"state": State.SKIPPED, "reason": built.reason}
    return told | {
        "state": State.PENDING,
        "reason": None,
        "notes": list(built.notes),
        "event": orjson.Fragment(built.body),
    }

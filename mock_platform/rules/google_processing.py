"""What the Data Manager makes of an accepted event later (guides: diagnostics, adjustments).

Pure: earlier conversions are handed in. Within a conversion action a transaction id that is known
adjusts its conversion: value and currency are overwritten. It is never an error and never a second
conversion. (User data is added too where there was none; the mock matches nobody and keeps none.)
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from mock_platform.rules.google_conversion import Conversion, Conversions
from mock_platform.rules.google_reasons import PROCESSING_REASONS
from mock_platform.rules.google_world import (
    Action,
    ActionType,
    Click,
    GoogleWorld,
    UnknownClicks,
)
from mock_platform.rules.model import Rule
from mock_platform.rules.rows import advice, error

_DOCS = "https://developers.google.com/data-manager/api"
DIAGNOSTICS = f"{_DOCS}/devguides/diagnostics"
ADJUSTMENTS = f"{_DOCS}/devguides/events/google-ads/conversion-adjustments"
DAY = 86_400
RECENT_CLICK_SECONDS = 6 * 3600
_CLICK_ID = re.compile(r"[A-Za-z0-9_-]{20,}")

ADJUSTS = advice(
    "google.data_manager.adjusts",
    ADJUSTMENTS,
    "this transaction id is known to the action: its conversion takes over value and currency",
)
# Short name of a processing error -> its rule.
PROCESSING: dict[str, Rule] = {
    reason: error(f"google.processing.{reason.lower()}", DIAGNOSTICS, "found in processing", reason)
    for reason in PROCESSING_REASONS
    if reason != "UNSPECIFIED"
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One accepted event at one destination, as far as processing looks at it.

    `consent` is what the event or else its request says of ad_user_data. `reason` is a processing
    error asked for by a fault.
    """

    account: str
    action: str
    occurred_at: float
    transaction_id: str | None = None
    value: float | None = None
    currency: str | None = None
    gclid: str | None = None
    gbraid: str | None = None
    wbraid: str | None = None
    consent: str | None = None
    reason: str | None = None

    @property
    def click(self) -> str | None:
        """The click id that decides: gclid, else wbraid, else gbraid."""
        return self.gclid or self.wbraid or self.gbraid


@dataclass(frozen=True, slots=True, kw_only=True)
class Processed:
    """What became of a record: an error by its short name, an adjusted event, or a conversion."""

    reason: str | None = None
    adjusts: int | None = None


def process(
    record: Record, event: int, received_at: float, world: GoogleWorld, earlier: Conversions
) -> Processed:
    """Process `record`, the event numbered `event`, and enter what it changes in `earlier`."""
    reason = record.reason or next(_errors(record, received_at, world), None)
    if reason is not None:
        return Processed(reason=reason)
    known = _by_transaction(record, earlier)
    if known is not None:
        if _action(record, world).type is ActionType.STORE_SALES:
            return Processed(reason="DUPLICATE_TRANSACTION_ID")
        earlier.put(_adjusted(known, record))
        return Processed(adjusts=known.event)
    if record.gclid and earlier.by_click(record.action, record.gclid, record.occurred_at):
        return Processed(reason="DUPLICATE_GCLID")
    earlier.put(_conversion(record, event, received_at))
    return Processed()


def _by_transaction(record: Record, earlier: Conversions) -> Conversion | None:
    if not record.transaction_id:
        return None
    return earlier.by_order(record.action, record.transaction_id)


def _adjusted(known: Conversion, record: Record) -> Conversion:
    return replace(
        known,
        value=known.value if record.value is None else record.value,
        currency=record.currency or known.currency,
        adjustments=known.adjustments + 1,
    )


def _conversion(record: Record, event: int, received_at: float) -> Conversion:
    return Conversion(
        event=event,
        action=record.action,
        order_id=record.transaction_id,
        click=record.click,
        occurred_at=record.occurred_at,
        recorded_at=received_at,
        value=record.value,
        currency=record.currency,
    )


def _action(record: Record, world: GoogleWorld) -> Action:
    # An action that existed at receipt and was taken away since still processes.
    return world.action(record.action) or Action()


def _errors(record: Record, received_at: float, world: GoogleWorld) -> Iterator[str]:
    for check in _CHECKS:
        yield from check(record, received_at, world)


def _time(record: Record, received_at: float, world: GoogleWorld) -> Iterator[str]:
    if record.occurred_at < received_at - world.google_max_age_days * DAY:
        yield "EVENT_TOO_OLD"


def _consent(record: Record, received_at: float, world: GoogleWorld) -> Iterator[str]:
    del received_at
    if record.consent == "CONSENT_DENIED":
        yield "DENIED_CONSENT"
    if world.google_consent_required and record.consent != "CONSENT_GRANTED":
        yield "UNKNOWN_CONSENT"
    if "NO_CONSENT" in world.problems(record.account):
        yield "NO_CONSENT"


def _click_ids(record: Record, received_at: float, world: GoogleWorld) -> Iterator[str]:
    del received_at
    for name in ("gclid", "gbraid", "wbraid"):
        value = getattr(record, name)
        if value and not is_click_id(value):
            yield f"INVALID_{name.upper()}"
    if record.gbraid and record.wbraid:
        yield "INVALID_AD_IDENTIFIERS"
    if (record.gbraid or record.wbraid) and _action(record, world).one_per_click:
        yield "ONE_PER_CLICK_CONVERSION_ACTION_NOT_PERMITTED_WITH_BRAID"


def is_click_id(value: str) -> bool:
    """Whether a click id has the characters and length real ones have; not established."""
    return _CLICK_ID.fullmatch(value) is not None


def _click(record: Record, received_at: float, world: GoogleWorld) -> Iterator[str]:
    if record.click is None:
        return
    known = world.google_clicks.get(record.click)
    if known is not None:
        yield from _known_click(known, record, received_at, world)
    elif world.google_unknown_clicks is UnknownClicks.REFUSED:
        yield "CLICK_NOT_FOUND"


def _known_click(
    click: Click, record: Record, received_at: float, world: GoogleWorld
) -> Iterator[str]:
    if click.customer is not None and click.customer != record.account:
        yield "INVALID_OPERATING_ACCOUNT_FOR_CLICK"
    if record.occurred_at < click.at:
        yield "CONVERSION_PRECEDES_CLICK"
    if record.occurred_at > click.at + world.click_window_days * DAY:
        yield "INVALID_CLICK"
    if received_at - click.at < RECENT_CLICK_SECONDS:
        yield "TOO_RECENT_CLICK"


def _attribution(record: Record, received_at: float, world: GoogleWorld) -> Iterator[str]:
    del received_at
    if _action(record, world).external_attribution:
        yield "EXTERNAL_ATTRIBUTION_DATA_MISSING"


_CHECKS: tuple[Callable[[Record, float, GoogleWorld], Iterator[str]], ...] = (
    _time,
    _consent,
    _click_ids,
    _click,
    _attribution,
)

"""Whether a destination may and wants to know of an order: one table of checks, in order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from bridge.operate.destinations import ConsentPolicy, Destination
from bridge.order.model import ADJUSTMENTS, Channel, ConsentState, Facts, Instance

STORE_CHANNELS = frozenset({Channel.STORE, Channel.DSS})


class SkipReason(StrEnum):
    """Why an order is not sent to a destination."""

    NON_PRODUCTION = "non_production_instance"  # a test order, and the destination is live
    KIND_NOT_ROUTED = "kind_not_routed"  # refunds, say, at a destination that takes none
    REPLACES_ANOTHER = "replaces_another_order"  # no new purchase, and no value to correct there
    SITE_NOT_ROUTED = "site_not_routed"
    CHANNEL_NOT_ROUTED = "channel_not_routed"
    COUNTRY_NOT_ROUTED = "country_not_routed"
    CURRENCY_NOT_ROUTED = "currency_not_routed"
    STORE_NOT_ROUTED = "store_not_routed"
    CONSENT_DENIED = "consent_denied"  # the shopper said no
    CONSENT_UNKNOWN = "consent_unknown"  # never asked, where that counts as no
    TOO_OLD = "too_old_for_platform"  # placed before the platform's time window
    WEAK_USER_DATA = "insufficient_match_keys"  # found when the event is built
    NO_IDENTIFIERS = "no_identifiers"  # neither click nor shopper is known to Google
    ORDER_NOT_SENT = "order_not_sent"  # what it adjusts was never sent there
    CURRENCY_DIFFERS = "currency_differs"  # a refund that its order's currency cannot express
    NO_VALUE = "no_value"  # a purchase the platform would refuse for want of value or currency


class Permission(Struct, frozen=True, kw_only=True):
    """What the shopper's consent allows at one destination."""

    storage: bool
    personalization: bool


MARGIN = timedelta(minutes=5)

Check = Callable[[Facts, Destination, datetime], bool]

CHECKS: tuple[tuple[SkipReason, Check], ...] = (
    (
        SkipReason.NON_PRODUCTION,
        lambda facts, destination, _: _is_a_test(facts, destination),
    ),
    (
        SkipReason.KIND_NOT_ROUTED,
        lambda facts, destination, _: facts.key.kind not in destination.wanted_kinds,
    ),
    (
        SkipReason.REPLACES_ANOTHER,
        lambda facts, destination, _: facts.replaces and not destination.restates,
    ),
    (
        SkipReason.SITE_NOT_ROUTED,
        lambda facts, destination, _: _unwanted(facts.key.site_id, destination.routes.sites),
    ),
    (
        SkipReason.CHANNEL_NOT_ROUTED,
        lambda facts, destination, _: _unwanted(facts.channel, destination.routes.channels),
    ),
    (
        SkipReason.COUNTRY_NOT_ROUTED,
        lambda facts, destination, _: _unwanted(facts.region, destination.routes.countries),
    ),
    (
        SkipReason.CURRENCY_NOT_ROUTED,
        lambda facts, destination, _: _unwanted(facts.currency, destination.routes.currencies),
    ),
    (
        SkipReason.STORE_NOT_ROUTED,
        lambda facts, destination, _: _unwanted(facts.store_id, destination.routes.stores),
    ),
    (
        SkipReason.CONSENT_DENIED,
        lambda facts, destination, _: ConsentState.DENIED in _required(facts, destination.consent),
    ),
    (
        SkipReason.CONSENT_UNKNOWN,
        lambda facts, destination, _: (
            ConsentState.UNKNOWN in _required(facts, destination.consent)
            and _unknown_counts_as(facts, destination.consent) is ConsentState.DENIED
        ),
    ),
    (
        SkipReason.TOO_OLD,
        lambda facts, destination, now: deadline(facts, destination) <= now,
    ),
)


OF_THE_ORDER = frozenset(
    {
        SkipReason.CHANNEL_NOT_ROUTED,
        SkipReason.COUNTRY_NOT_ROUTED,
        SkipReason.CURRENCY_NOT_ROUTED,
        SkipReason.STORE_NOT_ROUTED,
        SkipReason.CONSENT_UNKNOWN,
    }
)
"""What is decided for an order is decided for all that adjusts it, whatever that says itself."""


def skip_reason(facts: Facts, destination: Destination, now: datetime) -> SkipReason | None:
    """Answer the first reason not to send the order there, or None to send it."""
    amends = facts.amends
    for reason, check in CHECKS:
        if check(facts, destination, now) and not (amends and reason in OF_THE_ORDER):
            return reason
    return None


def takes(facts: Facts, destination: Destination) -> bool:
    """Whether what it says about an order holds at the destination at all."""
    wanted = facts.key.kind in destination.wanted_kinds
    withheld = facts.key.kind in ADJUSTMENTS and (
        ConsentState.DENIED in _required(facts, destination.consent)
    )
    return wanted and not withheld and not _is_a_test(facts, destination)


def _is_a_test(facts: Facts, destination: Destination) -> bool:
    return destination.live and facts.instance is not Instance.PRODUCTION


def may_identify(facts: Facts, policy: ConsentPolicy) -> bool:
    """Whether anything about the shopper may be kept for a destination that gets this.

    A refund or cancellation may be sent without an answer of its own; it brings no identity then.
    """
    answers = _required(facts, policy)
    if facts.key.kind in ADJUSTMENTS:
        return answers <= {ConsentState.GRANTED}
    unknown = ConsentState.UNKNOWN in answers
    denied = unknown and _unknown_counts_as(facts, policy) is ConsentState.DENIED
    return ConsentState.DENIED not in answers and not denied


def permission(facts: Facts, policy: ConsentPolicy) -> Permission:
    """Resolve the three-state answers of an order that may be sent."""
    yes = {ConsentState.GRANTED}
    if _unknown_counts_as(facts, policy) is ConsentState.GRANTED:
        yes.add(ConsentState.UNKNOWN)
    return Permission(
        storage=facts.consent.ad_storage in yes,
        personalization=facts.consent.ad_personalization in yes,
    )


def deadline(facts: Facts, destination: Destination) -> datetime:
    """Answer when the platform stops taking the event (Meta: server event parameters, event_time).

    What adjusts an order waits for it no longer than until then. A margin is left for the request
    itself and for clocks that differ.
    """
    if facts.amends:
        return facts.placed_at + timedelta(days=destination.adjustment_days) - MARGIN
    is_store = facts.channel in STORE_CHANNELS
    days = destination.store_max_age_days if is_store else destination.max_age_days
    return facts.placed_at + timedelta(days=days) - MARGIN


def _unwanted(value: str | None, wanted: frozenset[str]) -> bool:
    return bool(wanted) and value not in wanted


def _required(facts: Facts, policy: ConsentPolicy) -> set[ConsentState]:
    return {getattr(facts.consent, purpose) for purpose in policy.required}


def _unknown_counts_as(facts: Facts, policy: ConsentPolicy) -> ConsentState:
    if facts.region is None:
        return policy.unknown_region
    denied = facts.region in policy.unknown_denied_in
    return ConsentState.DENIED if denied else ConsentState.GRANTED

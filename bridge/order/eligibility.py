"""Whether a destination may and wants to know of an order: one table of checks, in order."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from msgspec import Struct

from bridge.operate.consent import PURPOSES, ConsentPolicy, Meaning, Purpose, regions_of
from bridge.operate.destinations import Destination
from bridge.order.limited_data_use import STATES
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
    REGION_EXCLUDED = "region_excluded"  # not sent from there, whatever the shopper said
    TOO_OLD = "too_old_for_platform"  # placed before the platform's time window
    WEAK_USER_DATA = "insufficient_match_keys"  # found when the event is built
    NO_IDENTIFIERS = "no_identifiers"  # neither click nor shopper is known to Google
    ORDER_NOT_SENT = "order_not_sent"  # what it adjusts was never sent there
    CURRENCY_DIFFERS = "currency_differs"  # a refund that its order's currency cannot express
    NO_VALUE = "no_value"  # a purchase the platform would refuse for want of value or currency


class Permission(Struct, frozen=True, kw_only=True):
    """What the shopper's consent allows of an order that is sent to one destination."""

    user_data: bool
    storage: bool
    personalization: bool


MARGIN = timedelta(minutes=5)


class Case(Struct, frozen=True, kw_only=True):
    """An order before one destination. `refusing` are the shopper's answers that keep it away."""

    facts: Facts
    destination: Destination
    refusing: frozenset[ConsentState]
    now: datetime


Check = Callable[[Case], bool]

CHECKS: tuple[tuple[SkipReason, Check], ...] = (
    (
        SkipReason.NON_PRODUCTION,
        lambda one: _is_a_test(one.facts, one.destination),
    ),
    (
        SkipReason.KIND_NOT_ROUTED,
        lambda one: one.facts.key.kind not in one.destination.wanted_kinds,
    ),
    (
        SkipReason.REPLACES_ANOTHER,
        lambda one: one.facts.replaces and not one.destination.restates,
    ),
    (
        SkipReason.SITE_NOT_ROUTED,
        lambda one: _unwanted(one.facts.key.site_id, one.destination.routes.sites),
    ),
    (
        SkipReason.CHANNEL_NOT_ROUTED,
        lambda one: _unwanted(one.facts.channel, one.destination.routes.channels),
    ),
    (
        SkipReason.COUNTRY_NOT_ROUTED,
        lambda one: _unwanted(one.facts.region, one.destination.routes.countries),
    ),
    (
        SkipReason.CURRENCY_NOT_ROUTED,
        lambda one: _unwanted(one.facts.currency, one.destination.routes.currencies),
    ),
    (
        SkipReason.STORE_NOT_ROUTED,
        lambda one: _unwanted(one.facts.store_id, one.destination.routes.stores),
    ),
    (
        SkipReason.CONSENT_DENIED,
        lambda one: ConsentState.DENIED in one.refusing,
    ),
    (
        SkipReason.CONSENT_UNKNOWN,
        lambda one: ConsentState.UNKNOWN in one.refusing,
    ),
    (
        SkipReason.REGION_EXCLUDED,
        lambda one: ConsentState.GRANTED in one.refusing,
    ),
    (
        SkipReason.TOO_OLD,
        lambda one: deadline(one.facts, one.destination) <= one.now,
    ),
)


OF_THE_ORDER = frozenset(
    {
        SkipReason.CHANNEL_NOT_ROUTED,
        SkipReason.COUNTRY_NOT_ROUTED,
        SkipReason.CURRENCY_NOT_ROUTED,
        SkipReason.STORE_NOT_ROUTED,
        SkipReason.CONSENT_UNKNOWN,
        SkipReason.REGION_EXCLUDED,
    }
)
"""What is decided for an order is decided for all that adjusts it, whatever that says itself."""


def skip_reason(facts: Facts, destination: Destination, now: datetime) -> SkipReason | None:
    """Answer the first reason not to send the order there, or None to send it."""
    refusing = _decision(facts, destination.consent).skipping
    case = Case(facts=facts, destination=destination, refusing=refusing, now=now)
    for reason, check in CHECKS:
        if check(case) and not (facts.amends and reason in OF_THE_ORDER):
            return reason
    return None


def denied_at(facts: Facts, destinations: Iterable[Destination]) -> frozenset[str]:
    """Answer the destinations that the shopper's own no keeps the order from, routed or not."""
    said = facts.consent
    if ConsentState.DENIED not in (said.ad_user_data, said.ad_storage, said.ad_personalization):
        return frozenset()
    return frozenset(
        one.id for one in destinations if _skips(facts, one.consent, ConsentState.DENIED)
    )


def takes(facts: Facts, destination: Destination) -> bool:
    """Whether what it says about an order holds at the destination at all."""
    wanted = facts.key.kind in destination.wanted_kinds
    withheld = facts.key.kind in ADJUSTMENTS and _skips(
        facts, destination.consent, ConsentState.DENIED
    )
    return wanted and not withheld and not _is_a_test(facts, destination)


def _is_a_test(facts: Facts, destination: Destination) -> bool:
    return destination.live and facts.instance is not Instance.PRODUCTION


def may_identify(facts: Facts, policy: ConsentPolicy) -> bool:
    """Whether anything about the shopper may be kept for a destination that gets this.

    A refund or cancellation may be sent without an answer of its own; it brings no identity then.
    """
    if facts.key.kind in ADJUSTMENTS:
        return all(_answer(facts, one) is ConsentState.GRANTED for one in _asked(facts, policy))
    return not _decision(facts, policy).skipping


def permission(facts: Facts, policy: ConsentPolicy) -> Permission:
    """Resolve the three-state answers of an order that may be sent."""
    return _decision(facts, policy).permission


def permitted_fields(facts: Facts, destination: Destination) -> frozenset[str] | None:
    """Answer which of the shopper's fields may be kept for a destination; None means all."""
    allowed = destination.allowed_fields
    if permission(facts, destination.consent).user_data:
        return allowed
    return destination.anonymous if allowed is None else destination.anonymous & allowed


def deadline(facts: Facts, destination: Destination) -> datetime:
    """Answer when the platform stops taking the event (Meta: server event parameters, event_time).

    What adjusts an order waits for it no longer than until then. A margin is left for the request
    itself and for clocks that differ.
    """
    if facts.amends:
        return facts.placed_at + _within(destination.adjustment_days)
    is_store = facts.channel in STORE_CHANNELS
    days = destination.store_max_age_days if is_store else destination.max_age_days
    return facts.placed_at + _within(days)


@cache
def _within(days: int) -> timedelta:
    return timedelta(days=days) - MARGIN


def _unwanted(value: str | None, wanted: frozenset[str]) -> bool:
    return bool(wanted) and value not in wanted


class _Decision(Struct, frozen=True, kw_only=True):
    """What a policy makes of a shopper's answers: those that keep an order away, and the rest."""

    skipping: frozenset[ConsentState]
    permission: Permission


def _skips(facts: Facts, policy: ConsentPolicy, answer: ConsentState) -> bool:
    """Whether the shopper gave that answer where it keeps the order from being sent."""
    return answer in _decision(facts, policy).skipping


def _decision(facts: Facts, policy: ConsentPolicy) -> _Decision:
    """Look the table up once for each place and set of answers: orders ask it many times."""
    case = (facts.region, facts.data_processing.address, facts.consent)
    decision: _Decision | None = policy.decided.get(case)
    if decision is None:
        decision = policy.decided[case] = _decided(facts, policy)
    return decision


def _decided(facts: Facts, policy: ConsentPolicy) -> _Decision:
    regions = _regions(facts)
    answers = {purpose: _answer(facts, purpose) for purpose in PURPOSES}
    means = {one: policy.meaning(regions, one, answer) for one, answer in answers.items()}
    return _Decision(
        skipping=frozenset(
            answers[purpose] for purpose, meaning in means.items() if meaning is Meaning.SKIP
        ),
        permission=Permission(
            user_data=means["ad_user_data"] is Meaning.SEND,
            storage=means["ad_storage"] is Meaning.SEND,
            personalization=means["ad_personalization"] is Meaning.SEND,
        ),
    )


def _asked(facts: Facts, policy: ConsentPolicy) -> Iterator[Purpose]:
    """Answer the purposes without which nothing of the shopper is sent once they are denied."""
    regions = _regions(facts)
    for purpose in PURPOSES:
        denied = policy.meaning(regions, purpose, ConsentState.DENIED)
        about_the_shopper = purpose == "ad_user_data" and denied is Meaning.LIMIT
        if denied is Meaning.SKIP or about_the_shopper:
            yield purpose


def _answer(facts: Facts, purpose: Purpose) -> ConsentState:
    answer: ConsentState = getattr(facts.consent, purpose)
    return answer


def _regions(facts: Facts) -> tuple[str, ...]:
    state = facts.data_processing.address
    known = facts.region == "US" and state in _STATES
    return regions_of(facts.region, _STATES[state] if known and state else None)


_STATES = {code: name.upper() for name, code in STATES.items()}

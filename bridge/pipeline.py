"""THE page: the way of an order, one call a stage.

arrive: contract     for each order that comes
accept: order -> plan -> identity -> record -> durable     for all that wait together
deliver: claim -> event -> lane -> batch -> mark -> post -> classify -> settle   the sender's half
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from bridge.delivery.attempt import (
    await_lane,
    build_events,
    classify,
    conclude,
    mark,
    post,
    settle,
)
from bridge.delivery.batch import into_batches
from bridge.delivery.bisect import Bisection
from bridge.delivery.context import DeliveryContext
from bridge.events.registry import EVENT_APIS
from bridge.identity.identity import Omission
from bridge.identity.pseudonymise import Keys, Pseudonymised, Want, pseudonymise_all
from bridge.intake.admit import admit
from bridge.intake.contract import ContractWarning
from bridge.operate.destinations import Destination, Site
from bridge.operate.settings import Settings
from bridge.order.eligibility import (
    SkipReason,
    denied_at,
    may_identify,
    permission,
    permitted_fields,
)
from bridge.order.model import Facts
from bridge.order.parse import parse
from bridge.order.plan import Plan, plan, storable
from bridge.order.stored import facts_to_json
from bridge.outbox.records import Claim, NewDelivery, Record, Recorded
from bridge.outbox.states import State
from bridge.outbox.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An order that the contract has let in: what it says, whose it is, and when it came."""

    members: dict[str, Any]
    warnings: tuple[ContractWarning, ...]
    site: Site
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An order ready for the outbox, and what its sender should know about it."""

    record: Record
    warnings: tuple[ContractWarning, ...]
    omissions: tuple[Omission, ...]


Accepted: TypeAlias = tuple[Prepared, Recorded]
"""An order as it was prepared, and what became of it in the outbox."""


def arrive(raw: object, site: Site, now: datetime) -> Arrival:
    """Let parsed JSON in that is an order of the site.

    Raises:
        ContractViolated: with every violation. SiteMismatch: the order is another site's.
    """
    members, warnings = admit(raw, site.id)
    return Arrival(members=members, warnings=warnings, site=site, at=now)


def prepare(raw: object, site: Site, settings: Settings, keys: Keys, now: datetime) -> Prepared:
    """Take one order from parsed JSON to a record without anything personal in clear.

    Raises what `arrive` raises.
    """
    (prepared,) = prepare_all([arrive(raw, site, now)], settings, keys)
    return prepared


def prepare_all(arrivals: Sequence[Arrival], settings: Settings, keys: Keys) -> list[Prepared]:
    """Take many on from the contract, in their order.

    Each stage is done for all of them before the next: a processor's caches hold one at a time.
    """
    orders = [parse(one.members, one.site) for one in arrivals]
    destinations, skew = settings.enabled_destinations, settings.future_skew
    known = settings.destinations
    plans = [
        plan(order.facts, destinations, one.at, skew)
        for order, one in zip(orders, arrivals, strict=True)
    ]
    wants = [_wants(order.facts, its) for order, its in zip(orders, plans, strict=True)]
    hidden = pseudonymise_all([order.person for order in orders], wants, keys)
    records = [
        _record(storable(order.facts, its_plans), its_person, its_plans, one.at, known)
        for order, its_plans, its_person, one in zip(orders, plans, hidden, arrivals, strict=True)
    ]
    return [
        Prepared(record=record, warnings=arrival.warnings, omissions=one.omissions)
        for record, arrival, one in zip(records, arrivals, hidden, strict=True)
    ]


def accept(
    waiting: Sequence[Arrival | Prepared], settings: Settings, keys: Keys, store: Store
) -> list[Accepted]:
    """Make durable in one transaction what waits, and answer for each in its place."""
    arrivals = [one for one in waiting if isinstance(one, Arrival)]
    ready = iter(prepare_all(arrivals, settings, keys))
    prepared = [next(ready) if isinstance(one, Arrival) else one for one in waiting]
    recorded = store.record([one.record for one in prepared])
    return list(zip(prepared, recorded, strict=True))


def deliver(context: DeliveryContext, destination: Destination, claims: Sequence[Claim]) -> None:
    """Take claims of one destination through a round: afterwards none of them is leased."""
    built = build_events(context, destination, claims)
    outgoing = await_lane(context, destination, built)
    batches = into_batches(outgoing, destination.batch_size, context.clock())
    search = Bisection(batches, stopping=context.stop.is_set)
    for group in search:
        attempt = mark(context, destination, group, search.waiting)
        if attempt.events:
            answer = post(context, destination, attempt)
            verdict = classify(context, destination, attempt, answer)
            settle(context, destination, attempt, verdict)
            search.tell(attempt.events, verdict)
    conclude(context, destination, search)


def _wants(facts: Facts, plans: tuple[Plan, ...]) -> list[Want]:
    return [
        Want(
            platform=EVENT_APIS[one.destination.platform].identity,
            fields=permitted_fields(facts, one.destination),
            storage=permission(facts, one.destination.consent).storage,
        )
        for one in plans
        if one.skip is None and may_identify(facts, one.destination.consent)
    ]


def _record(
    facts: Facts,
    hidden: Pseudonymised,
    plans: tuple[Plan, ...],
    now: datetime,
    known: Sequence[Destination],
) -> Record:
    gross = facts.totals.gross
    return Record(
        key=facts.key,
        event_id=facts.event_id,
        placed_at=facts.placed_at,
        received_at=now,
        currency=facts.currency,
        gross=None if gross is None else f"{gross:f}",
        facts=facts_to_json(facts),
        identities=hidden.identities,
        sealed=hidden.sealed,
        subjects=hidden.subjects,
        deliveries=tuple(_delivery(one, amends=facts.amends) for one in plans),
        replaces=facts.replaces_order_no,
        # a no holds where the call itself is not wanted, and where nobody sends just now
        denied=denied_at(facts, known),
    )


def _delivery(one: Plan, *, amends: bool) -> NewDelivery:
    to_be_sent = State.HELD if amends else State.PENDING
    states = {None: to_be_sent, SkipReason.TOO_OLD: State.EXPIRED}
    return NewDelivery(
        destination=one.destination.id,
        state=states.get(one.skip, State.SKIPPED),
        reason=one.skip,
        not_before=one.not_before,
        deadline=one.deadline,
    )

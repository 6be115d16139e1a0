"""THE page: the way of an order, one call a stage.

prepare: contract -> order -> plan -> identity -> record     the hook makes the record durable
deliver: claim -> event -> batch -> mark -> post -> classify -> settle     the sender's half
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.delivery.attempt import build_events, classify, conclude, mark, post, settle
from bridge.delivery.batch import into_batches
from bridge.delivery.bisect import Bisection
from bridge.delivery.context import DeliveryContext
from bridge.events.registry import EVENT_APIS
from bridge.identity.identity import Omission
from bridge.identity.pseudonymise import Keys, Pseudonymised, Want, pseudonymise_all
from bridge.intake.admit import Admitted, admit
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
from bridge.outbox.records import Claim, NewDelivery, Record
from bridge.outbox.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An order ready for the outbox, and what its sender should know about it."""

    record: Record
    warnings: tuple[ContractWarning, ...]
    omissions: tuple[Omission, ...]


def prepare(raw: object, site: Site, settings: Settings, keys: Keys, now: datetime) -> Prepared:
    """Take one order from parsed JSON to a record without anything personal in clear.

    Raises:
        ContractViolated: with every violation. SiteMismatch: the order is another site's.
    """
    (prepared,) = prepare_all([admit(raw, site.id)], site, settings, keys, now)
    return prepared


def prepare_all(
    admitted: Sequence[Admitted], site: Site, settings: Settings, keys: Keys, now: datetime
) -> list[Prepared]:
    """Take many on from the contract, in their order.

    Each stage is done for all of them before the next: a processor's caches hold one at a time.
    """
    orders = [parse(members, site) for members, _ in admitted]
    facts = [order.facts for order in orders]
    destinations, skew = settings.enabled_destinations, settings.future_skew
    plans = [plan(one, destinations, now, skew) for one in facts]
    wants = list(map(_wants, facts, plans))
    hidden = pseudonymise_all([order.person for order in orders], wants, keys)
    records = [
        _record(storable(one, its_plans), its_person, its_plans, now, settings.destinations)
        for one, its_plans, its_person in zip(facts, plans, hidden, strict=True)
    ]
    return [
        Prepared(record=record, warnings=warnings, omissions=one.omissions)
        for record, (_, warnings), one in zip(records, admitted, hidden, strict=True)
    ]


def deliver(context: DeliveryContext, destination: Destination, claims: Sequence[Claim]) -> None:
    """Take claims of one destination through a round: afterwards none of them is leased."""
    outgoing = build_events(context, destination, claims)
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

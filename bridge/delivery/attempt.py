"""The stages of one round of delivery, in the order the pipeline calls them.

`build_events` and `into_batches` prepare, and `await_lane` waits for what is under way; `mark`,
`post`, `classify` and `settle` follow each other for every request; `conclude` ends what these left
open. Whatever is not settled when a process dies comes back when its lease ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import structlog

from bridge.delivery import outcome
from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.authorised import authorised
from bridge.delivery.batch import Outgoing
from bridge.delivery.bisect import Bisection
from bridge.delivery.context import Attempt, DeliveryContext
from bridge.delivery.outcome import ended_before_sending, pause_for
from bridge.delivery.protocols import PROTOCOLS
from bridge.delivery.quota import await_turn
from bridge.delivery.verdict import (
    Accepted,
    DestinationError,
    Harmless,
    OfTheAttempt,
    OfTheDestination,
    PerEvent,
    Verdict,
)
from bridge.errors import DecryptionFailed, DestinationPaused
from bridge.events.event import Grouping, Unsendable
from bridge.events.registry import EVENT_APIS
from bridge.operate.destinations import Destination
from bridge.order.model import Facts
from bridge.order.stored import facts_from_json
from bridge.outbox.destinations import DestinationState
from bridge.outbox.records import AcceptedRequest, Claim, Sending, Settlement

log = structlog.get_logger("bridge.delivery")


def build_events(
    context: DeliveryContext, destination: Destination, claims: Iterable[Claim]
) -> list[Outgoing]:
    """Answer the events to send, frozen ones as they are; what cannot be sent is settled."""
    prepared = [_prepare(context, destination, claim) for claim in claims]
    _keep(context, [one for one in prepared if isinstance(one, Settlement)])
    context.unwritten.write()
    return [one for one in prepared if isinstance(one, Outgoing)]


def await_lane(
    context: DeliveryContext, destination: Destination, outgoing: Sequence[Outgoing]
) -> Sequence[Outgoing]:
    """Answer what to post once nothing of another lane is under way; its leases are renewed.

    Told to stop meanwhile, or when the destination is to be left alone, all of it is given back.
    """
    lane = context.lane
    if lane.is_first:
        return outgoing
    while not lane.await_first(context.lease.total_seconds() / 2) and not context.stop.is_set():
        context.store.renew([one.claim for one in outgoing], lease=context.lease)
    if context.stop.is_set() or context.pace.rests(destination.id, context.clock()):
        _give_back(context, outgoing, None)
        return ()
    return outgoing


def mark(
    context: DeliveryContext,
    destination: Destination,
    group: Sequence[Outgoing],
    waiting: Sequence[Outgoing],
) -> Attempt:
    """Commit, before anything leaves, that these may be at the platform from now on.

    Where the platform counts requests, this one's turn is waited for first. Those that belong to
    another sender by now are left out, and all of them when we are told to stop meanwhile, or when
    another sender has paused the destination: then they are given back. The leases of what is
    `waiting` in memory are renewed with them.
    """
    turn = await_turn(context, destination, [*group, *waiting])
    if turn is None:
        _give_back(context, group, None)
        return Attempt(events=(), at=context.clock())
    if waiting:
        context.store.renew([one.claim for one in waiting], lease=context.lease)
    at = context.clock()
    sendings = [
        Sending(delivery_id=claim.delivery_id, fence=claim.fence, payload=one.payload)
        for one in group
        for claim in (one.claim,)
    ]
    try:
        ours = context.store.mark_sending(
            sendings, at=at, lease=context.lease, destination=destination.id
        )
    except DestinationPaused as paused:
        _give_back(context, group, paused.reason)
        return Attempt(events=(), at=at)
    events = tuple(one for one in group if one.claim.delivery_id in ours)
    return Attempt(events=events, at=at, number=turn.number)


def post(context: DeliveryContext, destination: Destination, attempt: Attempt) -> Answer | NoAnswer:
    """Send one request and answer what came back; meanwhile the next lane may claim."""
    context.lane.let_next_in()
    grouping, bodies = attempt.events[0].grouping, [one.body for one in attempt.events]

    def send(token: str) -> Answer | NoAnswer:
        request = PROTOCOLS[destination.platform].request(destination, grouping, bodies, token)
        return context.transport.post(
            request.url, request.body, request.headers, destination.timeout_seconds
        )

    answer = authorised(context, destination, send)
    if isinstance(answer, Answer):
        context.pace.note(destination.id, answer.headers, context.clock())
    return answer


def classify(
    context: DeliveryContext, destination: Destination, attempt: Attempt, answer: Answer | NoAnswer
) -> Verdict:
    """Answer what became of the attempt's events, by the platform's own tables."""
    understand = PROTOCOLS[destination.platform].classify
    return understand(answer, len(attempt.events), context.clock())


def settle(
    context: DeliveryContext, destination: Destination, attempt: Attempt, verdict: Verdict
) -> None:
    """Write down what the verdict means; a rejection waits until the culprit is found."""
    judged = _judged(attempt, verdict)
    for part, single in judged:
        _log(context, destination, part, single)
        request = _request(context, destination, part, single)
        _keep(context, _ends(context, destination, part, single, request), request)
    # The pause comes first, or another sender could claim what is given back.
    for _, single in judged:
        _heed(context, destination, single)
    context.unwritten.write()


def conclude(
    context: DeliveryContext, destination: Destination, search: Bisection[Outgoing]
) -> None:
    """End what was rejected alone, and give back what was not sent.

    Where the destination is the likelier culprit it pauses and nothing is dead-lettered.
    """
    known = _state(context, destination) if search.rejected else None
    reasons = {search.suspicion, known.pause_reason if known else None}
    suspects = [one for one in search.rejected if one.verdict.reason in reasons]
    rules = context.rules(destination)
    ends = [
        outcome.suspected(one, rules) if one in suspects else outcome.rejected(one)
        for one in search.rejected
    ]
    _keep(context, ends + [outcome.untouched(one.claim, None) for one in search.unsent])
    if suspects:
        _pause(context, destination, DestinationError(reason=suspects[0].verdict.reason))
    elif search.rejected and search.finished:  # a refused probe shows a destination that is well
        context.store.resume(destination.id, early=False)
    context.unwritten.write()


def _give_back(context: DeliveryContext, group: Sequence[Outgoing], reason: str | None) -> None:
    _keep(context, [outcome.untouched(one.claim, reason) for one in group])
    context.unwritten.write()


def _prepare(
    context: DeliveryContext, destination: Destination, claim: Claim
) -> Outgoing | Settlement:
    try:
        facts = facts_from_json(claim.facts)
        grouping = EVENT_APIS[destination.platform].grouping(facts, destination)
        rules = context.rules(destination)
        ended = ended_before_sending(claim, physical_store=grouping.physical_store, rules=rules)
        return ended or _outgoing(context, destination, claim, facts, grouping)
    except DecryptionFailed:
        log.warning("order_cannot_be_opened", destination=destination.id)
        return outcome.unopened(claim, context.rules(destination))
    except Exception as error:  # noqa: BLE001  # whatever fails here must cost this order only
        failure = type(error).__name__
        log.error("builder_failed", destination=destination.id, error=failure)  # noqa: TRY400  # a stack trace may show the order
        return outcome.unbuildable(claim, failure)


def _outgoing(
    context: DeliveryContext,
    destination: Destination,
    claim: Claim,
    facts: Facts,
    grouping: Grouping,
) -> Outgoing | Settlement:
    if claim.payload is not None:
        body, payload = context.sealer.unseal(claim.payload)["body"].encode(), claim.payload
    else:
        built = context.build(claim, destination)
        if isinstance(built, Unsendable):
            return outcome.unsendable(claim, built.reason)
        body, payload = built.body, context.sealer.seal({"body": built.body.decode()})
    return Outgoing(
        claim=claim, body=body, payload=payload, grouping=grouping, event_time=facts.placed_at
    )


def _judged(attempt: Attempt, verdict: Verdict) -> list[tuple[Attempt, Verdict]]:
    """Answer which events share a verdict; what pauses the destination comes last."""
    if not isinstance(verdict, PerEvent):
        return [(attempt, verdict)]
    return [
        (replace(attempt, events=tuple(attempt.events[place] for place in places)), single)
        for single, places in verdict.groups()
    ]


def _request(
    context: DeliveryContext, destination: Destination, attempt: Attempt, verdict: Verdict
) -> AcceptedRequest | None:
    """Answer the request to ask about later; None where there is none."""
    status = PROTOCOLS[destination.platform].status
    if status is None or attempt.number is None:
        return None
    if not isinstance(verdict, Accepted) or verdict.trace_id is None:
        return None
    now = context.clock()
    return AcceptedRequest(
        number=attempt.number,
        request_id=verdict.trace_id,
        delivery_ids=tuple(one.claim.delivery_id for one in attempt.events),
        ask_at=now + status.after(destination),
        ask_until=now + status.within(destination),
    )


def _ends(
    context: DeliveryContext,
    destination: Destination,
    attempt: Attempt,
    verdict: Verdict,
    request: AcceptedRequest | None,
) -> list[Settlement]:
    if isinstance(verdict, Accepted):
        until = request.ask_until if request else None
        return [outcome.accepted(one, verdict, until) for one in attempt.events]
    if isinstance(verdict, Harmless):
        return [outcome.harmless(one, verdict) for one in attempt.events]
    if isinstance(verdict, OfTheAttempt):
        rules = context.rules(destination)
        return [outcome.tried(one, verdict, attempt.at, rules) for one in attempt.events]
    if isinstance(verdict, OfTheDestination):
        return [outcome.untouched(one.claim, verdict.reason) for one in attempt.events]
    return []


def _heed(context: DeliveryContext, destination: Destination, verdict: Verdict) -> None:
    """Do what the verdict asks for beside the ends of its events."""
    if isinstance(verdict, Accepted | Harmless):
        context.store.resume(destination.id, early=False)
    elif isinstance(verdict, OfTheAttempt):
        rules = context.rules(destination)
        context.pace.rest(destination.id, rules.now + rules.breath)
        asked = outcome.asked_of_all(verdict)
        if asked is not None:
            _pause(context, destination, asked)
    elif isinstance(verdict, OfTheDestination):
        _pause(context, destination, verdict)


def _keep(
    context: DeliveryContext,
    ends: Sequence[Settlement],
    accepted: AcceptedRequest | None = None,
) -> None:
    """Remember what is known from now on, whatever the store says to what is written before it."""
    if ends:
        write = partial(context.store.settle, ends, accepted=accepted)
        context.unwritten.keep(write)


def _state(context: DeliveryContext, destination: Destination) -> DestinationState | None:
    states = context.store.destination_states()
    return next((state for state in states if state.destination == destination.id), None)


def _pause(context: DeliveryContext, destination: Destination, verdict: OfTheDestination) -> None:
    state = _state(context, destination)
    length = pause_for(verdict, state.pauses if state else 0, context.sender)
    until = context.clock() + length
    context.store.pause(destination.id, until=until, reason=verdict.reason)
    if isinstance(verdict, DestinationError):
        context.tokens.refuse(destination)
    log.warning(
        "destination_paused",
        destination=destination.id,
        reason=verdict.reason,
        until=until.isoformat(),
    )


def _log(
    context: DeliveryContext, destination: Destination, attempt: Attempt, verdict: Verdict
) -> None:
    log.info(
        "request_answered",
        destination=destination.id,
        count=len(attempt.events),
        code=type(verdict).__name__,
        reason=_said(verdict),
        trace_id=getattr(verdict, "trace_id", None),
        seconds=(context.clock() - attempt.at).total_seconds(),
    )


def _said(verdict: Verdict) -> str | None:
    if isinstance(verdict, Accepted):
        return " ".join(verdict.warnings) or None
    return getattr(verdict, "reason", None)

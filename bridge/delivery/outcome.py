"""From a verdict to the delivery's next state: the rules of an attempt's end, without any I/O."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bridge.delivery.batch import Outgoing
from bridge.delivery.bisect import Rejected
from bridge.delivery.retry import Backoff, Memory, Random, next_attempt, resend_until
from bridge.delivery.throttle import pause_length
from bridge.delivery.verdict import (
    Accepted,
    DestinationError,
    Harmless,
    OfTheAttempt,
    OfTheDestination,
    Retry,
    Throttled,
    Unreachable,
    Unrecognised,
)
from bridge.operate.settings import Sender
from bridge.order.eligibility import SkipReason
from bridge.outbox.records import Claim, Settlement
from bridge.outbox.states import State
from bridge.outbox.sweeping import DEADLINE_PASSED

_FOR_EVER = datetime.max.replace(tzinfo=UTC)


class EndReason(StrEnum):
    """Why we gave a delivery up, or why it waits."""

    CRASHES_SENDER = "crashes_sender"  # its leases keep ending without a verdict
    OUTCOME_UNKNOWN = "outcome_unknown"  # no answer, and a resend could count twice by now
    UNRECOGNISED_ANSWER = "unrecognised_answer"  # the platform keeps saying what nobody described
    BUILDER_FAILED = "builder_failed"  # our own code fails on this order
    CANNOT_OPEN = "decryption_failed"  # no key of ours opens it; waits for the key


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the rules need beside the verdict.

    The sender's settings, the platform's memory for what it had before, the time, and chance.
    """

    sender: Sender
    memory: Memory
    now: datetime
    random: Random

    @property
    def breath(self) -> timedelta:
        """How long to leave a failing platform alone, whatever else is due."""
        return timedelta(seconds=self.sender.retry_base)

    @property
    def patient(self) -> Backoff:
        """For what will not pass by itself within seconds."""
        return Backoff(base=self.sender.pause_base, cap=self.sender.pause_cap)

    @property
    def prompt(self) -> Backoff:
        """For what mostly passes by itself."""
        return Backoff(base=self.sender.retry_base, cap=self.sender.retry_cap)


def ended_before_sending(claim: Claim, *, physical_store: bool, rules: Rules) -> Settlement | None:
    """Answer how a claim ends that must not be sent any more; None when it may be sent."""
    if claim.crashes >= rules.sender.max_crashes:
        return _end(claim, State.DEAD, EndReason.CRASHES_SENDER)
    if _sendable_until(claim.unanswered_since, rules, physical_store=physical_store) <= rules.now:
        return _end(claim, State.DEAD, EndReason.OUTCOME_UNKNOWN)
    return _late(claim, None) if claim.deadline <= rules.now else None


def unopened(claim: Claim, rules: Rules) -> Settlement:
    """Wait for the key that opens the order: a missing key is no fault of the event."""
    at = next_attempt(
        rules.now,
        attempts=claim.attempts,
        deadline=claim.deadline,
        backoff=rules.patient,
        random=rules.random,
    )
    return _again(claim, at, EndReason.CANNOT_OPEN) if at else _late(claim, None)


def unbuildable(claim: Claim, failure: str) -> Settlement:
    """End an order our own code fails on; `failure` is the name of the error's type, no more."""
    return _end(claim, State.DEAD, EndReason.BUILDER_FAILED, detail=failure)


def unsendable(claim: Claim, reason: SkipReason) -> Settlement:
    """End an order the platform would refuse, before it is sent."""
    return _end(claim, State.SKIPPED, reason)


def accepted(one: Outgoing, verdict: Accepted, report_until: datetime | None = None) -> Settlement:
    """End well, with the platform's own name for the request.

    `report_until`: it is not the end yet, the platform reports what became of it until then.
    """
    end = _end(one.claim, State.ACCEPTED, None, request_id=verdict.trace_id)
    return replace(end, report_until=report_until)


def harmless(one: Outgoing, verdict: Harmless) -> Settlement:
    """End well although the platform refused it; its reason is kept."""
    return _end(one.claim, State.ACCEPTED, verdict.reason, request_id=verdict.trace_id)


def untouched(claim: Claim, reason: str | None) -> Settlement:
    """Give back what the platform certainly did not keep; the attempt is not counted."""
    return Settlement(
        delivery_id=claim.delivery_id,
        fence=claim.fence,
        state=State.PENDING,
        reason=reason,
        unanswered_since=claim.unanswered_since,
        counts=False,
        thaw=claim.unanswered_since is None,
    )


def rejected(one: Rejected[Outgoing]) -> Settlement:
    """End with the platform's own reason; a retry by an operator builds the event anew."""
    claim, verdict = one.item.claim, one.verdict
    return _end(
        claim,
        State.REJECTED,
        verdict.reason,
        detail=verdict.detail,
        request_id=verdict.trace_id,
        thaw=claim.unanswered_since is None,
    )


def suspected(one: Rejected[Outgoing], rules: Rules) -> Settlement:
    """Put back a rejection that is likelier the destination's fault, unless it keeps coming."""
    claim = one.item.claim
    at = next_attempt(
        rules.now,
        attempts=claim.attempts,
        deadline=claim.deadline,
        backoff=rules.patient,
        random=rules.random,
    )
    if at is None or claim.odd_answers >= rules.sender.max_unrecognised:
        return rejected(one)
    again = _again(claim, at, one.verdict.reason, thaw=claim.unanswered_since is None)
    return replace(again, odd=True)


def tried(one: Outgoing, verdict: OfTheAttempt, sent_at: datetime, rules: Rules) -> Settlement:
    """Try again later, as long as that cannot count the event twice."""
    claim, unrecognised = one.claim, isinstance(verdict, Unrecognised)
    if unrecognised and claim.odd_answers >= rules.sender.max_unrecognised:
        return _end(claim, State.DEAD, EndReason.UNRECOGNISED_ANSWER, detail=verdict.reason)
    certain = isinstance(verdict, Retry) and not verdict.may_be_kept
    unanswered = claim.unanswered_since or (None if certain else sent_at)
    at = next_attempt(
        rules.now,
        attempts=claim.attempts,
        deadline=_latest(one, unanswered, rules),
        backoff=rules.patient if unrecognised else rules.prompt,
        random=rules.random,
        retry_after=verdict.after if isinstance(verdict, Retry) else None,
    )
    if at is None:
        return _late(claim, unanswered, detail=verdict.reason)
    thaw = unanswered is None
    again = _again(claim, at, verdict.reason, unanswered_since=unanswered, thaw=thaw)
    return replace(again, odd=unrecognised)


def asked_of_all(verdict: OfTheAttempt) -> Throttled | None:
    """Answer the pause a failing platform asks for; a wait of an event's own, refused, is none."""
    if not isinstance(verdict, Retry) or verdict.after is None or not verdict.may_be_kept:
        return None
    return Throttled(reason=verdict.reason, after=verdict.after)


def pause_for(verdict: OfTheDestination, pauses: int, sender: Sender) -> timedelta:
    """Answer how long the destination rests after so many pauses in a row."""
    match verdict:
        case Unreachable():  # mostly a restart: look again soon, and never wait long
            return pause_length(pauses, sender.retry_base, sender.pause_base)
        case Throttled(after=timedelta() as after):
            return max(after, pause_length(pauses, sender.retry_base, sender.pause_cap))
        case Throttled() | DestinationError():
            return pause_length(pauses, sender.pause_base, sender.pause_cap)


def _latest(one: Outgoing, unanswered: datetime | None, rules: Rules) -> datetime:
    physical_store = one.grouping.physical_store
    return min(
        one.claim.deadline, _sendable_until(unanswered, rules, physical_store=physical_store)
    )


def _sendable_until(unanswered: datetime | None, rules: Rules, *, physical_store: bool) -> datetime:
    if unanswered is None:
        return _FOR_EVER
    until = resend_until(unanswered, physical_store=physical_store, memory=rules.memory)
    return until or _FOR_EVER


def _late(claim: Claim, unanswered: datetime | None, *, detail: str | None = None) -> Settlement:
    if claim.unanswered_since or unanswered:
        return _end(claim, State.DEAD, EndReason.OUTCOME_UNKNOWN, detail=detail)
    return _end(claim, State.EXPIRED, DEADLINE_PASSED, detail=detail)


def _again(
    claim: Claim,
    at: datetime,
    reason: str,
    *,
    unanswered_since: datetime | None = None,
    thaw: bool = False,
) -> Settlement:
    return Settlement(
        delivery_id=claim.delivery_id,
        fence=claim.fence,
        state=State.PENDING,
        reason=reason,
        next_attempt_at=at,
        unanswered_since=unanswered_since or claim.unanswered_since,
        thaw=thaw,
    )


def _end(
    claim: Claim,
    state: State,
    reason: str | None,
    *,
    detail: str | None = None,
    request_id: str | None = None,
    thaw: bool = False,
) -> Settlement:
    return Settlement(
        delivery_id=claim.delivery_id,
        fence=claim.fence,
        state=state,
        reason=reason,
        detail=detail,
        request_id=request_id,
        unanswered_since=claim.unanswered_since,
        thaw=thaw,
    )

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bridge.delivery import outcome
from bridge.delivery.batch import Outgoing
from bridge.delivery.bisect import Rejected
from bridge.delivery.outcome import (
    Rules,
    asked_of_all,
    ended_before_sending,
    pause_for,
    tried,
)
from bridge.delivery.retry import GOOGLE_MEMORY
from bridge.delivery.verdict import (
    Accepted,
    DestinationError,
    OfTheAttempt,
    OfTheDestination,
    RequestRejected,
    Retry,
    Throttled,
    Uncertain,
    Unreachable,
    Unrecognised,
)
from bridge.operate.settings import Sender
from bridge.outbox.records import Claim
from bridge.outbox.states import State

MakeClaim = Callable[..., Claim]
MakeOutgoing = Callable[..., Outgoing]
LOST = Uncertain(reason="timeout")
NOT_KEPT = Retry(reason="meta:21009", may_be_kept=False)


def test_a_fresh_claim_may_be_sent(make_claim: MakeClaim, rules: Rules) -> None:
    assert ended_before_sending(make_claim(), physical_store=False, rules=rules) is None


def test_what_keeps_killing_its_sender_is_given_up(make_claim: MakeClaim, rules: Rules) -> None:
    below = make_claim(crashes=rules.sender.max_crashes - 1)
    assert ended_before_sending(below, physical_store=False, rules=rules) is None
    at = make_claim(crashes=rules.sender.max_crashes)
    end = ended_before_sending(at, physical_store=False, rules=rules)
    assert end
    assert (end.state, end.reason) == (State.DEAD, "crashes_sender")


@pytest.mark.parametrize(
    ("physical_store", "hours", "sendable"),
    [(False, 46.9, True), (False, 47, False), (True, 166.9, True), (True, 167, False)],
)
def test_an_unanswered_event_is_resent_only_while_the_platform_recognises_it(
    make_claim: MakeClaim,
    rules: Rules,
    now: datetime,
    physical_store: bool,
    hours: float,
    sendable: bool,
) -> None:
    claim = make_claim(unanswered_since=now - timedelta(hours=hours))
    end = ended_before_sending(claim, physical_store=physical_store, rules=rules)
    assert (end is None) is sendable
    assert end is None or (end.state, end.reason) == (State.DEAD, "outcome_unknown")


def test_what_the_platform_recognises_for_ever_is_resent_until_its_deadline(
    make_claim: MakeClaim, make_outgoing: MakeOutgoing, rules: Rules, now: datetime
) -> None:
    google = replace(rules, memory=GOOGLE_MEMORY)
    long_ago = now - timedelta(days=30)
    claim = make_claim(unanswered_since=long_ago)
    assert ended_before_sending(claim, physical_store=False, rules=google) is None
    end = tried(make_outgoing(unanswered_since=long_ago), LOST, now, google)
    assert (end.state, end.unanswered_since) == (State.PENDING, long_ago)


def test_what_is_past_its_deadline_expires_unless_its_outcome_is_unknown(
    make_claim: MakeClaim, rules: Rules, now: datetime
) -> None:
    late = make_claim(deadline=now)
    end = ended_before_sending(late, physical_store=False, rules=rules)
    assert end
    assert (end.state, end.reason) == (State.EXPIRED, "deadline_passed")
    unanswered = replace(late, unanswered_since=now - timedelta(hours=1))
    end = ended_before_sending(unanswered, physical_store=False, rules=rules)
    assert end
    assert (end.state, end.reason) == (State.DEAD, "outcome_unknown")


def test_an_accepted_event_keeps_the_trace_id(make_outgoing: MakeOutgoing) -> None:
    end = outcome.accepted(make_outgoing(), Accepted(trace_id="Atrace123"))
    assert (end.state, end.request_id) == (State.ACCEPTED, "Atrace123")


@pytest.mark.parametrize(
    "verdict", [LOST, Retry(reason="meta:2"), Unrecognised(reason="meta:no_events_received")]
)
def test_what_may_be_kept_stays_frozen_and_remembers_since_when(
    make_outgoing: MakeOutgoing, rules: Rules, now: datetime, verdict: OfTheAttempt
) -> None:
    sent_at = now - timedelta(seconds=20)
    end = tried(make_outgoing(), verdict, sent_at, rules)
    assert (end.state, end.reason) == (State.PENDING, verdict.reason)
    assert end.unanswered_since == sent_at
    assert end.counts
    assert not end.thaw
    assert end.next_attempt_at
    assert end.next_attempt_at > now


def test_the_earliest_unanswered_attempt_is_the_one_that_counts(
    make_outgoing: MakeOutgoing, rules: Rules, now: datetime
) -> None:
    first = now - timedelta(hours=5)
    for verdict in (LOST, NOT_KEPT):
        end = tried(make_outgoing(unanswered_since=first), verdict, now, rules)
        assert end.unanswered_since == first
        assert not end.thaw


def test_what_was_certainly_not_kept_may_be_built_anew(
    make_outgoing: MakeOutgoing, rules: Rules, now: datetime
) -> None:
    end = tried(make_outgoing(), NOT_KEPT, now, rules)
    assert end.unanswered_since is None
    assert end.thaw


def test_no_resend_is_planned_for_when_it_could_count_twice(
    make_outgoing: MakeOutgoing, rules: Rules, now: datetime
) -> None:
    one = make_outgoing(unanswered_since=now - timedelta(hours=46, minutes=59, seconds=59))
    end = tried(one, LOST, now, rules)
    assert (end.state, end.reason) == (State.DEAD, "outcome_unknown")


def test_a_wait_past_the_deadline_ends_the_event(
    make_outgoing: MakeOutgoing, rules: Rules, now: datetime
) -> None:
    one = make_outgoing(deadline=now + timedelta(minutes=1))
    end = tried(one, replace(NOT_KEPT, after=timedelta(minutes=2)), now, rules)
    assert (end.state, end.reason) == (State.EXPIRED, "deadline_passed")


def test_unrecognised_answers_end_an_event_only_after_many_of_them(
    make_outgoing: MakeOutgoing, rules: Rules, now: datetime
) -> None:
    odd = Unrecognised(reason="http:418")
    limit = rules.sender.max_unrecognised
    before = tried(make_outgoing(odd_answers=limit - 1, attempts=99), odd, now, rules)
    assert (before.state, before.odd) == (State.PENDING, True)
    end = tried(make_outgoing(odd_answers=limit), odd, now, rules)
    assert (end.state, end.reason, end.detail) == (State.DEAD, "unrecognised_answer", "http:418")


def test_a_destinations_trouble_costs_no_attempt_and_keeps_older_doubts(
    make_claim: MakeClaim, now: datetime
) -> None:
    end = outcome.untouched(make_claim(), "meta:190")
    assert (end.state, end.counts, end.thaw) == (State.PENDING, False, True)
    doubtful = outcome.untouched(make_claim(unanswered_since=now), "meta:190")
    assert (doubtful.unanswered_since, doubtful.thaw) == (now, False)


def test_a_suspected_rejection_waits_but_not_for_ever(
    make_outgoing: MakeOutgoing, rules: Rules
) -> None:
    verdict = RequestRejected(reason="meta:100/2804011", detail="no", trace_id="Atrace123")
    first = outcome.suspected(Rejected(make_outgoing(), verdict), rules)
    assert (first.state, first.reason) == (State.PENDING, "meta:100/2804011")
    assert first.odd
    often = make_outgoing(odd_answers=rules.sender.max_unrecognised)
    last = outcome.suspected(Rejected(often, verdict), rules)
    assert (last.state, last.reason, last.detail) == (State.REJECTED, "meta:100/2804011", "no")
    assert last.request_id == "Atrace123"


def test_an_order_no_key_opens_waits_for_the_key(make_claim: MakeClaim, rules: Rules) -> None:
    end = outcome.unopened(make_claim(), rules)
    assert (end.state, end.reason) == (State.PENDING, "decryption_failed")


@pytest.mark.parametrize(
    ("verdict", "pauses", "seconds"),
    [
        (DestinationError(reason="meta:190"), 0, 30),
        (DestinationError(reason="meta:190"), 9, 900),
        (Throttled(reason="meta:4", after=None), 0, 30),
        (Throttled(reason="meta:4", after=timedelta(seconds=7)), 0, 7),
        (Throttled(reason="meta:4", after=timedelta(hours=1)), 9, 3600),
        (Unreachable(reason="connection_refused"), 0, 2),
        (Unreachable(reason="connection_refused"), 9, 30),
    ],
)
def test_pauses_honour_what_is_asked_and_grow(
    verdict: OfTheDestination, pauses: int, seconds: int
) -> None:
    assert pause_for(verdict, pauses, Sender()) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("verdict", "asked"),
    [
        (Retry(reason="http:503", after=timedelta(hours=1)), timedelta(hours=1)),
        (Retry(reason="http:503"), None),
        # Google wants this one event again in six hours, and others meanwhile
        (Retry(reason="too early", after=timedelta(hours=6), may_be_kept=False), None),
        (LOST, None),
    ],
)
def test_a_failing_platform_is_left_alone_for_as_long_as_it_asks_everybody(
    verdict: OfTheAttempt, asked: timedelta | None
) -> None:
    pause = asked_of_all(verdict)
    assert (pause and pause.after) == asked

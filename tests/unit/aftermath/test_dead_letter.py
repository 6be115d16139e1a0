"""Dead letters: what an operator may do with one, and what is remembered of it."""

from collections.abc import Callable
from typing import Any

import pytest

from bridge.aftermath.audit import audit
from bridge.aftermath.dead_letter import DeadLetters
from bridge.errors import DeadLetterNotFound, IllegalMove
from bridge.outbox.operating import Act
from bridge.outbox.queries import Queries
from bridge.outbox.records import Claim
from bridge.outbox.states import State
from bridge.outbox.store import Store

Claimer = Callable[[], Claim]
Killer = Callable[..., int]
Dial = Any  # the conftest's clock


def test_a_retry_starts_as_if_new(desk: DeadLetters, die: Killer, claim: Claimer) -> None:
    number = die(State.REJECTED)
    desk.retry(number)
    again = claim()
    assert again.delivery_id == number
    assert (again.attempts, again.crashes, again.unanswered_since) == (1, 0, None)
    assert desk.page() == []


@pytest.mark.parametrize(
    ("state", "doubt", "event"),
    [
        (State.REJECTED, {}, None),
        (State.REJECTED, {"unanswered": True}, None),
        (State.DEAD, {}, None),
        (State.DEAD, {"unanswered": True}, b"event"),
        (State.DEAD, {"reason": "outcome_unknown"}, b"event"),
    ],
)
def test_only_an_event_the_platform_may_have_kept_is_sent_again_unchanged(
    desk: DeadLetters, die: Killer, claim: Claimer, state: State, doubt: Any, event: object
) -> None:
    desk.retry(die(state, **doubt))
    assert claim().payload == event


def test_a_retry_past_the_deadline_is_refused_with_the_reason(
    desk: DeadLetters, die: Killer, dial: Dial
) -> None:
    number = die(State.REJECTED)
    dial.turn(days=7)
    with pytest.raises(IllegalMove, match="only until 2026-11-29 12:00 UTC"):
        desk.retry(number)
    assert desk.show(number).delivery.state == State.REJECTED


def test_a_retry_where_nobody_sends_is_refused_with_what_to_do(
    store: Store, queries: Queries, die: Killer, dial: Dial
) -> None:
    desk, number = DeadLetters(store, queries, dial, enabled={"google"}), die(State.REJECTED)
    with pytest.raises(IllegalMove, match=r"meta is switched off, or gone .*bridge dead discard"):
        desk.retry(number)
    assert desk.show(number).delivery.state == State.REJECTED
    desk.discard(number)
    assert desk.page() == []


def test_a_retry_needs_what_the_purge_leaves_until_the_deadline(
    desk: DeadLetters, store: Store, die: Killer, claim: Claimer, dial: Dial
) -> None:
    number = die(State.REJECTED)
    store.purge(dial.turn(days=6))
    desk.retry(number)
    assert claim().sealed == b"sealed"


def test_a_discarded_letter_is_cancelled_and_forgotten(
    desk: DeadLetters, queries: Queries, die: Killer, dial: Dial
) -> None:
    desk.discard(die(State.DEAD))
    [order] = queries.order_status("1")
    assert (order.deliveries[0].state, order.deliveries[0].reason) == (
        State.CANCELLED,
        "discarded",
    )
    assert not order.sealed
    assert audit(queries, dial()).ok


def test_where_one_of_several_is_no_dead_letter_any_more_the_others_stay(
    store: Store, desk: DeadLetters, queries: Queries, die: Killer
) -> None:
    number = die(State.REJECTED)
    acts = [Act(delivery_id=one, name="act", detail="") for one in (number, number + 1)]
    with pytest.raises(DeadLetterNotFound):
        store.retry_dead_letters(acts)
    with pytest.raises(DeadLetterNotFound):
        store.discard_dead_letters(acts, reason="why")
    assert [letter.delivery.id for letter in desk.page()] == [number]
    assert queries.audit_trail() == []


@pytest.mark.parametrize("act", ["retry", "discard"])
def test_every_act_is_written_down_with_what_it_met(
    desk: DeadLetters, queries: Queries, die: Killer, dial: Dial, act: str
) -> None:
    number = die(State.DEAD, reason="poison")
    dial.turn(hours=1)
    getattr(desk, act)(number)
    [entry] = queries.audit_trail()
    assert (entry.act, entry.subject, entry.at) == (act, f"delivery {number}", dial())
    assert entry.detail == "was dead (poison) after 1 attempt(s)"


@pytest.mark.parametrize("act", ["retry", "discard", "show"])
def test_what_is_no_dead_letter_is_left_alone(
    desk: DeadLetters, queries: Queries, die: Killer, act: str
) -> None:
    number = die(State.ACCEPTED)
    with pytest.raises(DeadLetterNotFound, match=str(number)):
        getattr(desk, act)(number)
    assert queries.audit_trail() == []


def test_a_second_retry_finds_no_dead_letter(desk: DeadLetters, die: Killer) -> None:
    number = die(State.REJECTED)
    desk.retry(number)
    with pytest.raises(DeadLetterNotFound):
        desk.retry(number)


def test_letters_are_listed_and_shown(desk: DeadLetters, die: Killer) -> None:
    number = die(State.REJECTED, reason="schema")
    assert desk.page(destination="meta") == [desk.show(number)]
    assert desk.page(destination="google") == desk.page(after=number) == []
    assert desk.show(number).delivery.reason == "schema"


def test_the_audit_reads_a_real_outbox(queries: Queries, die: Killer, dial: Dial) -> None:
    die(State.ACCEPTED)
    report = audit(queries, dial())
    assert report.ok
    assert (report.orders, report.by_state) == (1, {State.ACCEPTED: 1})


def test_the_audit_finds_what_was_left_open(
    store: Store, desk: DeadLetters, queries: Queries, die: Killer, dial: Dial
) -> None:
    desk.retry(die(State.REJECTED))
    dial.turn(days=8)
    found = [finding.rule for finding in audit(queries, dial()).findings]
    assert found == ["nothing_open_past_deadline", "nobody_sends"]
    store.expire(dial())
    assert audit(queries, dial()).ok

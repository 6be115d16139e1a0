"""Which dead letters go again without a person's word."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bridge.aftermath.dead_letter import DeadLetters
from bridge.aftermath.sync import PASSING, WHAT_TO_DO, Stays, Sync, verdict
from bridge.delivery.outcome import EndReason
from bridge.outbox.queries import Queries
from bridge.outbox.records import Claim
from bridge.outbox.states import State
from bridge.outbox.store import Store

Killer = Callable[..., int]
Dial = Any  # the conftest's clock


@pytest.fixture
def sync(desk: DeadLetters, queries: Queries, dial: Dial) -> Sync:
    return Sync(desk=desk, queries=queries, clock=dial)


def test_every_end_of_ours_and_everything_that_stays_is_decided_on() -> None:
    ends = {EndReason.CANNOT_OPEN} ^ set(EndReason)

    assert set(PASSING) >= ends
    assert WHAT_TO_DO.keys() == set(Stays)


@pytest.mark.parametrize(
    ("state", "reason", "stays"),
    [
        (State.DEAD, "unrecognised_answer", None),
        (State.DEAD, "builder_failed", None),
        (State.DEAD, "crashes_sender", Stays.CRASHES_SENDER),
        (State.DEAD, "outcome_unknown", Stays.OUTCOME_UNKNOWN),
        (State.REJECTED, "meta:100/2804009", Stays.REJECTED),
        (State.DEAD, "something_newer", Stays.REJECTED),
    ],
)
def test_only_what_may_pass_by_itself_goes_again(
    desk: DeadLetters, die: Killer, dial: Dial, state: State, reason: str, stays: Stays | None
) -> None:
    letter = desk.show(die(state, reason=reason))

    assert verdict(letter, {"meta"}, dial()) is stays
    assert verdict(letter, {"google"}, dial()) is Stays.DESTINATION_OFF
    assert verdict(letter, {"meta"}, dial() + timedelta(days=8)) is Stays.DEADLINE_PASSED


def test_a_resent_letter_is_new_but_for_the_doubt_about_it(
    sync: Sync, die: Killer, claim: Callable[[], Claim], dial: Dial, queries: Queries
) -> None:
    died_at = dial()
    die(State.DEAD, reason="unrecognised_answer", unanswered=True)
    dial.turn(hours=1)

    told = sync.run(died_at - timedelta(hours=1))

    again = claim()
    assert told.resent == {"meta": 1}
    assert not told.staying
    assert (again.attempts, again.payload, again.unanswered_since) == (1, b"event", died_at)
    assert [(one.act, one.subject) for one in queries.audit_trail()] == [
        ("sync", f"delivery {again.delivery_id}")
    ]


def test_orders_placed_before_are_left_alone(sync: Sync, die: Killer, dial: Dial) -> None:
    number = die(State.DEAD, reason="unrecognised_answer")

    told = sync.run(dial.turn(minutes=1))

    assert (told.resent, told.staying) == ({}, {})
    assert sync.desk.show(number)


def test_what_came_too_late_is_told(sync: Sync, store: Store, die: Killer, dial: Dial) -> None:
    number = die(State.DEAD, reason="unrecognised_answer")
    placed_at = dial()
    sync.desk.retry(number)
    dial.turn(days=8)
    store.expire(dial())

    told = sync.run(placed_at)

    assert told.staying == {("meta", Stays.DEADLINE_PASSED): 1}

"""Ends of attempts: fenced, legal, and forgetting what is not needed any more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bridge.errors import IllegalMove
from bridge.outbox.database import reading
from bridge.outbox.queries import DeliveryStatus, Queries
from bridge.outbox.records import Claim, Record, Sending, Settlement
from bridge.outbox.schema import deliveries, orders
from bridge.outbox.states import FINAL, LEGAL_MOVES, State
from bridge.outbox.store import Store

Maker = Callable[..., Record]
Claimer = Callable[..., list[Claim]]
Settlements = Callable[..., Settlement]
Settler = Callable[..., set[int]]
Dial = Any  # the conftest's clock
MINUTE = timedelta(minutes=1)


def sending(claim: Claim, payload: bytes = b"event") -> Sending:
    return Sending(delivery_id=claim.delivery_id, fence=claim.fence, payload=payload)


def the_delivery(queries: Queries, order_no: str = "1") -> DeliveryStatus:
    return queries.order_status(order_no)[0].deliveries[0]


def kept(engine: Engine) -> tuple[bytes | None, bytes | None]:
    """What is left of the only order's remainder and of its first delivery's event."""
    with reading(engine) as connection:
        return (
            connection.scalar(select(orders.c.sealed)),
            connection.scalar(select(deliveries.c.payload).order_by(deliveries.c.id)),
        )


@pytest.fixture
def claimed(store: Store, make_record: Maker, claim: Claimer) -> Claim:
    store.record([make_record()])
    return claim()[0]


@pytest.fixture
def posted(store: Store, claimed: Claim, dial: Dial) -> Claim:
    store.mark_sending([sending(claimed)], at=dial(), lease=MINUTE)
    return claimed


def test_an_event_is_frozen_at_its_first_attempt_for_ever(
    store: Store, claimed: Claim, claim: Claimer, settle: Settler, dial: Dial
) -> None:
    store.mark_sending([sending(claimed, b"first")], at=dial(), lease=MINUTE)
    settle(claimed, State.PENDING)
    [again] = claim()
    store.mark_sending([sending(again, b"second")], at=dial() + MINUTE, lease=MINUTE)
    settle(again, State.PENDING)
    [last] = claim()
    assert (last.payload, last.first_sent_at) == (b"first", dial())


def test_doubt_dates_from_the_first_unanswered_attempt_until_an_answer_replaces_it(
    store: Store, claimed: Claim, claim: Claimer, settle: Settler, dial: Dial
) -> None:
    store.mark_sending([sending(claimed)], at=dial(), lease=MINUTE)
    settle(claimed, State.PENDING, unanswered_since=dial())
    [again] = claim()
    store.mark_sending([sending(again)], at=dial() + MINUTE, lease=MINUTE)
    store.release("sender")
    [third] = claim()
    assert third.unanswered_since == dial()
    settle(third, State.PENDING)
    assert claim()[0].unanswered_since is None


def test_sending_renews_the_lease(
    store: Store, queries: Queries, claimed: Claim, dial: Dial
) -> None:
    store.mark_sending([sending(claimed)], at=dial(), lease=timedelta(hours=1))
    assert the_delivery(queries).lease_until == dial() + timedelta(hours=1)


def test_what_another_sender_took_over_may_not_be_posted(
    store: Store, queries: Queries, claimed: Claim, claim: Claimer, dial: Dial
) -> None:
    dial.turn(minutes=2)
    [taken] = claim(owner="quicker")
    assert store.mark_sending([sending(claimed)], at=dial(), lease=MINUTE) == set()
    assert the_delivery(queries).first_sent_at is None
    assert store.mark_sending([sending(taken)], at=dial(), lease=MINUTE) == {taken.delivery_id}


@pytest.mark.parametrize("state", [State.ACCEPTED, State.PENDING, State.DEAD])
def test_a_verdict_that_comes_too_late_changes_nothing(
    queries: Queries,
    claimed: Claim,
    claim: Claimer,
    settle: Settler,
    dial: Dial,
    state: State,
) -> None:
    dial.turn(minutes=2)
    [taken] = claim(owner="quicker")
    before = the_delivery(queries)
    assert settle(claimed, state) == set()
    assert the_delivery(queries) == before
    assert settle(taken, State.ACCEPTED) == {taken.delivery_id}


def test_the_same_settlement_again_changes_nothing(
    queries: Queries, claimed: Claim, settle: Settler
) -> None:
    assert settle(claimed, State.ACCEPTED) == {claimed.delivery_id}
    before = the_delivery(queries)
    assert settle(claimed, State.ACCEPTED) == set()
    assert settle(claimed, State.REJECTED) == set()
    assert the_delivery(queries) == before


def test_of_two_settlements_for_one_delivery_in_a_call_the_first_counts(
    store: Store, queries: Queries, claimed: Claim, settlement: Settlements
) -> None:
    store.settle([settlement(claimed, State.ACCEPTED), settlement(claimed, State.REJECTED)])
    assert the_delivery(queries).state == State.ACCEPTED


@pytest.mark.parametrize("state", sorted(set(State) - LEGAL_MOVES[State.LEASED]))
def test_an_illegal_move_takes_back_the_whole_call(
    store: Store, make_record: Maker, claim: Claimer, settlement: Settlements, state: State
) -> None:
    store.record([make_record("1"), make_record("2")])
    good, bad = claim()
    with pytest.raises(IllegalMove, match=f"from leased to {state}"):
        store.settle([settlement(good, State.ACCEPTED), settlement(bad, state)])
    # Nothing of the call was kept: the good one is still to be settled.
    assert store.settle([settlement(good, State.ACCEPTED)]) == {good.delivery_id}


@pytest.mark.parametrize("state", sorted(LEGAL_MOVES[State.LEASED]))
def test_an_end_has_its_time_and_a_retry_has_none(
    queries: Queries,
    claimed: Claim,
    settle: Settler,
    dial: Dial,
    state: State,
) -> None:
    settle(claimed, state, reason="why", detail="the account", request_id="trace")
    delivery = the_delivery(queries)
    assert (delivery.state, delivery.reason, delivery.detail) == (state, "why", "the account")
    assert delivery.settled_at == (dial() if state in FINAL else None)
    assert (delivery.request_id, delivery.lease_until) == ("trace", None)


def test_a_retry_waits_until_it_is_told_to(
    claimed: Claim, claim: Claimer, settle: Settler, dial: Dial
) -> None:
    later = dial() + timedelta(minutes=10)
    settle(claimed, State.PENDING, next_attempt_at=later)
    dial.turn(minutes=9)
    assert claim() == []
    dial.turn(minutes=1)
    assert claim()[0].attempts == 2


def test_odd_answers_are_counted_apart_from_attempts(
    claimed: Claim, claim: Claimer, settle: Settler
) -> None:
    for odd in (True, False, True):
        settle(claimed, State.PENDING, odd=odd)
        [claimed] = claim()
    assert (claimed.odd_answers, claimed.attempts) == (2, 4)


def test_an_attempt_that_says_nothing_about_the_event_is_not_counted(
    claimed: Claim, claim: Claimer, settle: Settler
) -> None:
    settle(claimed, State.PENDING, counts=False)
    assert claim()[0].attempts == 1


@pytest.mark.parametrize(
    ("case", "left"),
    [
        ((State.ACCEPTED, False), (None, None)),
        ((State.EXPIRED, False), (None, None)),
        ((State.CANCELLED, False), (None, None)),
        ((State.SKIPPED, False), (None, None)),
        ((State.REJECTED, False), (b"sealed", b"event")),
        ((State.DEAD, False), (b"sealed", b"event")),
        ((State.PENDING, False), (b"sealed", b"event")),
        ((State.PENDING, True), (b"sealed", None)),
        ((State.REJECTED, True), (b"sealed", None)),
    ],
)
def test_only_what_a_retry_needs_is_kept(
    engine: Engine, posted: Claim, settle: Settler, case: tuple[State, bool], left: object
) -> None:
    state, thaw = case
    settle(posted, state, thaw=thaw)
    assert kept(engine) == left


def test_the_remainder_goes_with_the_last_delivery_that_may_need_it(
    store: Store, engine: Engine, make_record: Maker, claim: Claimer, settle: Settler
) -> None:
    store.record([make_record(destinations=("meta", "google"))])
    settle(claim("meta")[0], State.ACCEPTED)
    assert kept(engine)[0] == b"sealed"
    settle(claim("google")[0], State.EXPIRED)
    assert kept(engine)[0] is None


@pytest.mark.parametrize("state", [State.REJECTED, State.DEAD])
def test_the_remainder_stays_for_a_dead_letter_that_may_be_retried(
    store: Store, engine: Engine, make_record: Maker, claim: Claimer, settle: Settler, state: State
) -> None:
    store.record([make_record(destinations=("meta", "google"))])
    settle(claim("meta")[0], state)
    settle(claim("google")[0], State.ACCEPTED)
    assert kept(engine)[0] == b"sealed"

"""What time does: waiting deliveries expire, dead letters past their deadline are emptied."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bridge.outbox import sweeping
from bridge.outbox.database import reading
from bridge.outbox.operating import Act
from bridge.outbox.queries import Queries
from bridge.outbox.records import Claim, NewDelivery, Record, Sending
from bridge.outbox.schema import deliveries, orders
from bridge.outbox.states import State
from bridge.outbox.store import Store

Maker = Callable[..., Record]
DeliveryMaker = Callable[..., NewDelivery]
Claimer = Callable[..., list[Claim]]
Settler = Callable[..., set[int]]
Dial = Any  # the conftest's clock
MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)


def kept(engine: Engine) -> tuple[list[bytes | None], list[bytes | None]]:
    """The remainders that are left, and the events."""
    with reading(engine) as connection:
        return (
            list(connection.scalars(select(orders.c.sealed).order_by(orders.c.id))),
            list(connection.scalars(select(deliveries.c.payload).order_by(deliveries.c.id))),
        )


def post(store: Store, claim: Claim, dial: Dial) -> None:
    sending = Sending(delivery_id=claim.delivery_id, fence=claim.fence, payload=b"event")
    store.mark_sending([sending], at=dial(), lease=MINUTE)


@pytest.mark.parametrize(
    ("state", "reason"),
    [(State.HELD, "order_not_delivered"), (State.PENDING, "deadline_passed")],
)
def test_what_waits_past_its_deadline_expires_with_a_reason(
    store: Store,
    queries: Queries,
    make_record: Maker,
    make_delivery: DeliveryMaker,
    state: State,
    reason: str,
) -> None:
    waiting = make_delivery(state=state)
    store.record([make_record(deliveries=(waiting,))])
    assert store.expire(waiting.deadline - timedelta(microseconds=1)) == 0
    assert store.expire(waiting.deadline) == 1
    delivery = queries.order_status("1")[0].deliveries[0]
    assert (delivery.state, delivery.reason) == (State.EXPIRED, reason)
    assert delivery.settled_at is not None
    assert not queries.order_status("1")[0].sealed


def test_what_a_sender_holds_is_not_expired_under_its_hands(
    store: Store, make_record: Maker, claim: Claimer, settle: Settler, dial: Dial
) -> None:
    store.record([make_record()])
    [held] = claim()
    assert store.expire(dial() + 2 * WEEK) == 0
    assert settle(held, State.ACCEPTED) == {held.delivery_id}


def test_what_was_posted_and_never_answered_is_a_dead_letter_and_no_expiry(
    store: Store,
    queries: Queries,
    engine: Engine,
    make_record: Maker,
    claim: Claimer,
    dial: Dial,
) -> None:
    store.record([make_record("1"), make_record("2")])
    post(store, claim()[0], dial)
    store.release("sender")
    assert store.expire(dial() + WEEK) == 2
    [unanswered], [never_sent] = (queries.order_status(n)[0].deliveries for n in "12")
    assert (unanswered.state, unanswered.reason) == (State.DEAD, "outcome_unknown")
    assert unanswered.unanswered_since is not None
    assert unanswered.settled_at is not None
    assert (never_sent.state, never_sent.reason) == (State.EXPIRED, "deadline_passed")
    assert kept(engine) == ([None, None], [None, None])


def test_what_a_dead_sender_holds_ends_at_its_deadline_though_nobody_claims_there_any_more(
    store: Store, queries: Queries, engine: Engine, make_record: Maker, settle: Settler, dial: Dial
) -> None:
    store.record([make_record("1"), make_record("2")])
    posted, never_sent = store.claim("meta", limit=2, owner="dead", lease=WEEK)
    post(store, posted, dial)  # its lease ends in a minute
    dial.turn(days=7, microseconds=-1)
    assert store.expire(posted.deadline) == 1, "the other is still leased"
    dial.turn(microseconds=1)
    assert store.expire(posted.deadline - timedelta(microseconds=1)) == 0, "it is not late yet"
    assert store.expire(posted.deadline) == 1
    [dead], [expired] = (queries.order_status(n)[0].deliveries for n in "12")
    assert (dead.state, dead.reason) == (State.DEAD, "outcome_unknown")
    assert (expired.state, expired.reason) == (State.EXPIRED, "deadline_passed")
    assert kept(engine) == ([None, None], [None, None])
    assert settle(posted, State.ACCEPTED) | settle(never_sent, State.ACCEPTED) == set()


@pytest.mark.usefixtures("small_portions")
@pytest.mark.parametrize("count", [0, 3, 4, 5])
def test_every_late_delivery_is_swept_whatever_the_portion(
    store: Store, make_record: Maker, dial: Dial, count: int
) -> None:
    store.record([make_record(str(n)) for n in range(count)])
    assert store.expire(dial() + WEEK) == count
    assert store.expire(dial() + WEEK) == 0


@pytest.mark.parametrize("state", [State.REJECTED, State.DEAD])
def test_a_dead_letter_keeps_what_a_retry_needs_until_its_deadline(
    store: Store, engine: Engine, make_record: Maker, claim: Claimer, settle: Settler, state: State
) -> None:
    store.record([make_record()])
    [claimed] = claim()
    post(store, claimed, lambda: claimed.deadline - WEEK)
    settle(claimed, state)
    assert store.purge(claimed.deadline - timedelta(microseconds=1)) == 0
    assert kept(engine) == ([b"sealed"], [b"event"])
    assert store.purge(claimed.deadline) == 1
    assert kept(engine) == ([None], [None])
    assert store.purge(claimed.deadline) == 0


def test_a_dead_letter_that_was_purged_and_is_one_again_is_purged_again(
    store: Store, engine: Engine, make_record: Maker, claim: Claimer, settle: Settler
) -> None:
    store.record([make_record()])
    [claimed] = claim()
    settle(claimed, State.REJECTED)
    store.purge(claimed.deadline)
    act = Act(delivery_id=claimed.delivery_id, name="edit", detail="", thaw=True)
    store.retry_dead_letters([act])
    [again] = claim()
    post(store, again, lambda: claimed.deadline - WEEK)
    settle(again, State.REJECTED)
    assert kept(engine)[1] == [b"event"]
    assert store.purge(claimed.deadline) == 1
    assert kept(engine)[1] == [None]


def test_a_remainder_that_another_delivery_needs_survives_the_purge(
    store: Store, engine: Engine, make_record: Maker, make_delivery: DeliveryMaker, settle: Settler
) -> None:
    patient = make_delivery("google", deadline=make_delivery().deadline + WEEK)
    store.record([make_record(deliveries=(make_delivery("meta"), patient))])
    [claimed] = store.claim("meta", limit=1, owner="sender", lease=MINUTE)
    settle(claimed, State.REJECTED)
    store.purge(claimed.deadline)
    assert kept(engine)[0] == [b"sealed"]
    assert store.purge(claimed.deadline) == 0
    store.expire(patient.deadline)
    store.purge(patient.deadline)
    assert kept(engine)[0] == [None]


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "PORTION", 2)


@pytest.mark.usefixtures("small_portions")
def test_dead_letters_are_purged_whatever_the_portion(
    store: Store, engine: Engine, make_record: Maker, claim: Claimer, settle: Settler
) -> None:
    store.record([make_record(str(n)) for n in range(5)])
    claims = claim()
    for claimed in claims:
        settle(claimed, State.DEAD)
    assert store.purge(claims[0].deadline) == 5
    assert kept(engine)[0] == [None] * 5

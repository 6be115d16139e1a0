"""PostgreSQL's transactions at the same time: what one decides, the other has seen.

In each test a first transaction has written and not committed; a second one, which decides by
what the first writes, has to wait for it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from bridge.order.model import Kind
from bridge.outbox import claiming, destinations, lines, recording, reporting, settling
from bridge.outbox.claiming import Claimant
from bridge.outbox.database import open_database, writing
from bridge.outbox.destinations import DestinationState
from bridge.outbox.lease_clock import Moment
from bridge.outbox.operating import Act
from bridge.outbox.queries import Queries
from bridge.outbox.records import Claim, Record, Settlement
from bridge.outbox.schema import deliveries
from bridge.outbox.states import State
from bridge.outbox.store import Store

Maker = Callable[..., Record]
Claimer = Callable[..., list[Claim]]
Settler = Callable[..., set[int]]
Dial = Any  # the conftest's clock
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url, lock_timeout=300)
    yield engine
    engine.dispose()


def test_an_elder_back_from_the_dead_does_not_go_beside_its_younger(
    store: Store, make_record: Maker, claim: Claimer, settle: Settler, dial: Dial, meet: Any
) -> None:
    store.record([make_record(), make_record(kind=Kind.REFUND, reference="r", event_id="refund")])
    [elder] = claim()
    settle(elder, State.REJECTED)

    def lease_the_younger_then_revive_the_elder(connection: Connection) -> None:
        [younger] = lease(connection, dial())
        assert younger.event_id == "refund"
        store.retry_dead_letters([revival(elder)])

    assert meet(lease_the_younger_then_revive_the_elder, claim) == []
    assert claim() == []


def lease(connection: Connection, now: datetime, limit: int = 9) -> list[Claim]:
    claimant = Claimant(destination="meta", limit=limit, owner="other", lease=MINUTE)
    return claiming.claim(connection, claimant, Moment(now=now, lease_time=now))


def revival(dead: Claim) -> Act:
    return Act(delivery_id=dead.delivery_id, name="retry", detail="", thaw=True)


def test_an_elder_chosen_just_before_its_younger_is_leased_is_left_for_later(
    store: Store, engine: Engine, make_record: Maker, claim: Claimer, settle: Settler, dial: Dial
) -> None:
    store.record([make_record(), make_record(kind=Kind.REFUND, reference="r", event_id="refund")])
    [elder] = claim()
    settle(elder, State.REJECTED)
    with writing(engine) as mine:
        with writing(engine) as theirs:
            lease(theirs, dial())
            store.retry_dead_letters([revival(elder)])
            chosen = select(deliveries.c.id).where(deliveries.c.id == elder.delivery_id)
            mine.execute(chosen.with_for_update(skip_locked=True))
        assert lines.in_dispute(mine, [elder.delivery_id]) == {elder.delivery_id}


def test_an_elder_goes_when_nobody_is_at_its_younger(
    store: Store, make_record: Maker, claim: Claimer
) -> None:
    store.record([make_record(), make_record(kind=Kind.REFUND, reference="r", event_id="refund")])
    assert [one.event_id for one in claim()] == ["event-1"]


@pytest.mark.parametrize("resumed", [False, True])
def test_nobody_waits_for_the_claim_of_another(
    *,
    store: Store,
    engine: Engine,
    database_url: str,
    make_record: Maker,
    dial: Dial,
    resumed: bool,
) -> None:
    if resumed:
        store.pause("meta", until=dial() + MINUTE, reason="throttled")
        store.resume("meta")
    store.record([make_record("1"), make_record("2")])
    impatient = open_database(database_url, lock_timeout=0.05)
    with writing(engine) as first, writing(impatient) as second:
        claims = [*lease(first, dial(), limit=1), *lease(second, dial(), limit=9)]
    impatient.dispose()
    assert [one.event_id for one in claims] == ["event-1", "event-2"]


def test_the_last_two_deliveries_of_an_order_purge_its_remainder_though_they_end_at_once(
    store: Store, queries: Queries, make_record: Maker, claim: Claimer, dial: Dial, meet: Any
) -> None:
    store.record([make_record(destinations=("meta", "google"))])
    first, second = (
        Settlement(delivery_id=one.delivery_id, fence=one.fence, state=State.SKIPPED, reason="x")
        for one in (*claim("meta"), *claim("google"))
    )

    def end_one(connection: Connection) -> None:
        settling.settle(connection, [first], dial())

    assert meet(end_one, lambda: store.settle([second])) == {second.delivery_id}
    assert not queries.order_status("1")[0].sealed


def test_two_first_pauses_are_one(store: Store, dial: Dial, meet: Any) -> None:
    until: datetime = dial() + MINUTE

    def pause(connection: Connection) -> None:
        destinations.pause(connection, "meta", until, "throttled", dial())

    meet(
        pause,
        lambda: store.pause("meta", until=until + MINUTE, reason="throttled"),
    )
    assert store.destination_states() == [
        DestinationState(
            destination="meta", paused_until=until + MINUTE, pause_reason="throttled", pauses=1
        )
    ]


def test_two_hooks_with_the_same_orders_in_opposite_order_do_not_block_each_other(
    store: Store, make_record: Maker, dial: Dial, meet: Any
) -> None:
    one, two = make_record("1"), make_record("2")

    def store_one_then_two(connection: Connection) -> Callable[[], object]:
        recording.record_all(connection, [one], dial())
        return lambda: recording.record_all(connection, [two], dial())

    answers = meet(store_one_then_two, lambda: store.record([two, one]))
    assert [answer.duplicate for answer in answers] == [True, True]


def test_a_quota_is_kept_by_two_who_ask_for_its_last_place(
    store: Store, dial: Dial, meet: Any
) -> None:
    def take_the_last(connection: Connection) -> None:
        assert isinstance(reporting.reserve(connection, "google", 1, dial()), int)

    answer = meet(take_the_last, lambda: store.reserve_request("google", per_minute=1))
    assert answer == dial() + MINUTE


def test_an_edited_order_and_its_refund_find_each_other(
    store: Store, make_record: Maker, claim: Claimer, settle: Settler, dial: Dial, meet: Any
) -> None:
    held = (replace(make_record().deliveries[0], state=State.HELD),)
    edited = make_record("2", replaces="1", deliveries=held)
    refund = make_record("2", kind=Kind.REFUND, reference="r", deliveries=held, event_id="refund")
    store.record([make_record("1")])

    def store_the_edited_order(connection: Connection) -> None:
        recording.record_all(connection, [edited], dial())

    meet(store_the_edited_order, lambda: store.record([refund]))

    went = []
    for _ in range(3):
        [one] = claim()
        settle(one, State.ACCEPTED)
        went.append((one.event_id, one.conversion_no))
        store.release_adjustments(dial())
        dial.turn(seconds=1)
    assert sorted(went) == [("event-1", "1"), ("event-2", "1"), ("refund", "1")]

"""Old orders are deleted with all that is kept of them, and nothing that can still matter."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from bridge.outbox import forgetting
from bridge.outbox.database import reading
from bridge.outbox.queries import Queries
from bridge.outbox.records import NewDelivery, Record
from bridge.outbox.schema import deliveries, orders, subject_keys
from bridge.outbox.states import State
from bridge.outbox.store import Store

Maker = Callable[..., Record]
DeliveryMaker = Callable[..., NewDelivery]
Dial = Any  # the conftest's clock
YEAR = timedelta(days=365)


def rows(engine: Engine) -> list[int | None]:
    with reading(engine) as connection:
        tables = (orders, deliveries, subject_keys)
        return [connection.scalar(select(func.count()).select_from(one)) for one in tables]


def numbers(queries: Queries) -> list[str]:
    with queries.snapshot() as snapshot:
        return [order.order_no for order in snapshot.orders]


@pytest.fixture
def ended(make_record: Maker, make_delivery: DeliveryMaker) -> Callable[[str], Record]:
    return lambda number: make_record(number, deliveries=(make_delivery(state=State.EXPIRED),))


@pytest.fixture
def waiting(
    store: Store,
    dial: Dial,
    ended: Callable[[str], Record],
    make_record: Maker,
    make_delivery: DeliveryMaker,
) -> Callable[[State], Record]:
    """An order that waits, and is not the newest."""

    def make(state: State) -> Record:
        one = make_delivery(state=state, deadline=dial() + timedelta(days=800))
        store.record([make_record("0", deliveries=(one,))])
        return ended("newest")

    return make


def test_an_order_goes_with_all_that_is_kept_of_it_and_the_newest_stays(
    store: Store, engine: Engine, queries: Queries, dial: Dial, ended: Callable[[str], Record]
) -> None:
    store.record([ended("1"), ended("2"), ended("3")])

    assert store.forget_orders(dial.turn(days=364), kept_for=YEAR) == 0
    assert store.forget_orders(dial.turn(days=2), kept_for=YEAR) == 2

    assert rows(engine) == [1, 1, 1]
    assert numbers(queries) == ["3"]


@pytest.mark.parametrize("state", [State.HELD, State.PENDING])
def test_what_is_still_to_be_sent_stays(
    store: Store, queries: Queries, dial: Dial, waiting: Callable[[State], Record], state: State
) -> None:
    store.record([waiting(state)])

    assert store.forget_orders(dial.turn(days=400), kept_for=YEAR) == 0
    assert numbers(queries) == ["0", "newest"]


def test_what_came_in_late_is_kept_from_then_on(
    store: Store, queries: Queries, dial: Dial, make_record: Maker, make_delivery: DeliveryMaker
) -> None:
    old = dial() - timedelta(days=400)
    gone = (make_delivery(state=State.EXPIRED),)
    store.record([make_record(n, placed_at=old, deliveries=gone) for n in ("1", "2")])

    assert store.forget_orders(dial(), kept_for=YEAR) == 0


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "PORTION", 2)


@pytest.mark.usefixtures("small_portions")
def test_all_portions_are_deleted(
    store: Store, queries: Queries, dial: Dial, ended: Callable[[str], Record]
) -> None:
    store.record([ended(str(number)) for number in range(7)])

    assert store.forget_orders(dial.turn(days=366), kept_for=YEAR) == 6
    assert numbers(queries) == ["6"]


@pytest.mark.usefixtures("small_portions")
def test_what_stays_in_front_keeps_nothing_behind_it_from_going(
    store: Store,
    queries: Queries,
    dial: Dial,
    ended: Callable[[str], Record],
    make_record: Maker,
    make_delivery: DeliveryMaker,
) -> None:
    needed = (make_delivery(deadline=dial() + timedelta(days=800)),)
    kinds = [needed, needed, needed, None, None, None, needed, None, None]  # portions of two
    store.record(
        [
            make_record(str(n), deliveries=kept) if kept else ended(str(n))
            for n, kept in enumerate(kinds)
        ]
    )
    now = dial.turn(days=366)
    assert [store.forget_orders(now, kept_for=YEAR) for _ in range(3)] == [0, 4, 0]
    assert numbers(queries) == ["0", "1", "2", "6", "8"]


@pytest.mark.usefixtures("small_portions")
def test_what_had_to_stay_goes_once_it_may(
    store: Store,
    dial: Dial,
    ended: Callable[[str], Record],
    make_record: Maker,
    make_delivery: DeliveryMaker,
) -> None:
    needed = make_delivery(deadline=dial() + timedelta(days=800))
    store.record([make_record("0", deliveries=(needed,)), *(ended(n) for n in "1234")])
    assert store.forget_orders(dial.turn(days=366), kept_for=YEAR) == 3
    store.expire(dial.turn(days=800))
    assert store.forget_orders(dial(), kept_for=YEAR) == 1

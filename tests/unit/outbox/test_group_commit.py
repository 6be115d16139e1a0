"""Group commit: many callers, few transactions, and nobody pays for another's mistake."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier, Event

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import StatementError

from bridge.clock import Clock, system_clock
from bridge.errors import StoreUnavailable
from bridge.outbox.database import writing
from bridge.outbox.group_commit import GroupCommit
from bridge.outbox.queries import Queries
from bridge.outbox.records import Record, Recorded
from bridge.outbox.store import Store

Maker = Callable[..., Record]
Submitted = Future[Sequence[Recorded]]
Group = GroupCommit[Record, Recorded]
Locked = Callable[[], AbstractContextManager[object]]
NO_BYTES = (StatementError, TypeError)
"""What a driver raises that is to store text where bytes belong."""


class GatedStore(Store):
    """A store whose transactions wait at a gate, so that a test decides who meets in one."""

    def __init__(self, engine: Engine, clock: Clock, locked: Locked) -> None:
        super().__init__(engine, clock)
        self.locked = locked
        self.sizes: list[int] = []
        self.locked_at = 0  # the transaction that meets another's lock, counted from 1
        self.entered = Event()
        self.gate = Event()

    def record(self, records: Sequence[Record]) -> list[Recorded]:
        self.sizes.append(len(records))
        self.entered.set()
        assert self.gate.wait(30)
        if len(self.sizes) != self.locked_at:
            return super().record(records)
        with self.locked():
            return super().record(records)


class Crowd:
    """Callers at the gate: each comes once the one before stands in the queue."""

    def __init__(
        self,
        engine: Engine,
        locked: Locked,
        pool: ThreadPoolExecutor,
        timeout: float = 30,
        shed_after: float = 30,
    ) -> None:
        self.store = GatedStore(engine, system_clock, locked)
        self.group = GroupCommit(
            self.store.record,
            self.store.try_writing,
            max_records=4,
            max_waiting=24,
            timeout=timeout,
            shed_after=shed_after,
        )
        self._pool = pool

    def first(self, *records: Record) -> Submitted:
        """Submit alone, and return once the writer holds it at the gate."""
        submitted = self._pool.submit(self.group.submit, records)
        assert self.store.entered.wait(30)
        return submitted

    def then(self, *records: Record) -> Submitted:
        with self.group._changed:
            queued = len(self.group._submissions) + 1
            submitted = self._pool.submit(self.group.submit, records)
            assert self.group._changed.wait_for(
                lambda: len(self.group._submissions) == queued, timeout=30
            )
        return submitted

    def go(self) -> None:
        self.store.gate.set()


@pytest.fixture
def crowd(engine: Engine, locked: Locked, request: pytest.FixtureRequest) -> Iterator[Crowd]:
    with ThreadPoolExecutor(24) as pool:
        crowd = Crowd(engine, locked, pool, **getattr(request, "param", {}))
        yield crowd
        crowd.go()
        crowd.group.close()


@pytest.fixture
def group(store: Store) -> Iterator[Group]:
    group = GroupCommit(
        store.record,
        store.try_writing,
        max_records=100,
        max_waiting=1000,
        timeout=30,
        shed_after=30,
    )
    yield group
    group.close()


def test_who_comes_during_a_commit_shares_the_next_one(crowd: Crowd, make_record: Maker) -> None:
    early = crowd.first(make_record("0"))
    late = [crowd.then(make_record(str(n))) for n in (1, 2, 3)]
    crowd.go()
    assert [s.result(30)[0].event_id for s in late] == ["event-1", "event-2", "event-3"]
    assert early.result(30)[0].event_id == "event-0"
    assert crowd.store.sizes == [1, 3]


def test_a_transaction_is_filled_up_to_its_limit_and_submissions_are_never_split(
    crowd: Crowd, make_record: Maker
) -> None:
    numbers = iter(range(100))

    def some(count: int) -> list[Record]:
        return [make_record(str(next(numbers))) for _ in range(count)]

    submitted = [crowd.first(*some(1)), *(crowd.then(*some(n)) for n in (3, 2, 2))]
    crowd.go()
    assert [len(s.result(30)) for s in submitted] == [1, 3, 2, 2]
    assert crowd.store.sizes == [1, 3, 4]


def test_a_submission_over_the_limit_goes_alone(
    group: Group, queries: Queries, make_record: Maker
) -> None:
    answers = group.submit([make_record(str(n)) for n in range(250)])
    assert len(answers) == queries.overview().orders == 250


def test_one_poisonous_submission_fails_alone(
    crowd: Crowd, queries: Queries, make_record: Maker
) -> None:
    first = crowd.first(make_record("0"))
    good, poison, other = (
        crowd.then(make_record("1")),
        crowd.then(make_record("2", facts="no bytes")),
        crowd.then(make_record("3")),
    )
    crowd.go()
    with pytest.raises(NO_BYTES):
        poison.result(30)
    assert [s.result(30)[0].duplicate for s in (first, good, other)] == [False] * 3
    assert queries.overview().orders == 3


def test_a_full_queue_refuses_at_once_and_takes_again_later(
    crowd: Crowd, make_record: Maker
) -> None:
    crowd.first(make_record("0"))
    crowd.then(*(make_record(str(n)) for n in range(1, 24)))
    with pytest.raises(StoreUnavailable, match="Too many orders are waiting"):
        crowd.group.submit([make_record("24")])
    crowd.go()
    crowd.group.close()
    assert crowd.store.sizes == [1, 23]


def test_closing_records_what_waits_and_refuses_what_comes_after(
    crowd: Crowd, queries: Queries, make_record: Maker
) -> None:
    waiting = [crowd.first(make_record("0")), crowd.then(make_record("1"))]
    crowd.go()
    crowd.group.close()
    assert [len(submitted.result(30)) for submitted in waiting] == [1, 1]
    assert queries.overview().orders == 2
    with pytest.raises(StoreUnavailable, match="is stopping"):
        crowd.group.submit([make_record("2")])


def test_fifty_callers_with_the_same_order_get_one_row_and_fifty_answers(
    group: Group, queries: Queries, make_record: Maker
) -> None:
    barrier = Barrier(50)

    def call() -> Recorded:
        barrier.wait(30)
        return group.submit([make_record()])[0]

    with ThreadPoolExecutor(50) as pool:
        answers = [future.result(30) for future in [pool.submit(call) for _ in range(50)]]
    assert sum(not answer.duplicate for answer in answers) == 1
    assert {(a.event_id, a.differs, a.deliveries) for a in answers} == {
        ("event-1", (), answers[0].deliveries)
    }
    [order] = queries.order_status("1")
    assert len(order.deliveries) == 1


def test_every_caller_is_told_when_the_database_cannot_serve(
    crowd: Crowd, engine: Engine, make_record: Maker
) -> None:
    submitted = [crowd.first(make_record("0")), crowd.then(make_record("1"))]
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE subject_keys"))
    crowd.go()
    for one in submitted:
        with pytest.raises(StoreUnavailable):
            one.result(30)
    assert crowd.store.sizes == [1]


@pytest.mark.parametrize("engine", [0.01], indirect=True)
def test_a_lock_is_waited_for_once_by_all_who_come_meanwhile(
    crowd: Crowd, make_record: Maker
) -> None:
    crowd.store.locked_at = 1
    submitted = [crowd.first(make_record("0"))]
    submitted += [crowd.then(make_record(str(n))) for n in range(1, 24)]
    crowd.go()
    assert [type(one.exception(30)) for one in submitted] == [StoreUnavailable] * 24
    assert crowd.store.sizes == [1]
    assert [one.duplicate for one in crowd.group.submit([make_record("0")])] == [False]


@pytest.mark.parametrize("engine", [0.01], indirect=True)
def test_a_lock_met_while_the_poison_is_looked_for_is_waited_for_once_too(
    crowd: Crowd, make_record: Maker
) -> None:
    crowd.store.locked_at = 4
    crowd.first(make_record("0"))
    poison = crowd.then(make_record("1", facts="no bytes"))
    behind = [crowd.then(make_record(str(n))) for n in (2, 3)]
    crowd.go()
    assert [type(one.exception(30)) for one in behind] == [StoreUnavailable] * 2
    assert isinstance(poison.exception(30), NO_BYTES)
    assert crowd.store.sizes == [1, 3, 1, 1]


@pytest.mark.parametrize("crowd", [{"timeout": 0.01}], indirect=True)
def test_who_has_waited_long_enough_is_told_so_and_meets_the_order_when_it_was_stored_after_all(
    crowd: Crowd, make_record: Maker
) -> None:
    late = crowd.first(make_record("0"))
    with pytest.raises(StoreUnavailable, match="too slow"):
        late.result(30)
    crowd.go()
    crowd.group.close()
    assert [one.duplicate for one in crowd.store.record([make_record("0")])] == [True]


SLOW_STORE = pytest.mark.parametrize(
    ("engine", "crowd"), [(30, {"timeout": 300, "shed_after": 0.01})], indirect=True
)


@SLOW_STORE
def test_who_waits_behind_a_slow_transaction_is_told_soon_and_nothing_of_it_is_stored(
    crowd: Crowd, locked: Locked, queries: Queries, make_record: Maker
) -> None:
    crowd.go()
    with locked():
        slow = crowd.first(make_record("0"))
        with pytest.raises(StoreUnavailable, match=r"(nothing was stored|is slow now)"):
            crowd.group.submit([make_record("1")])
    assert [one.duplicate for one in slow.result(300)] == [False]
    crowd.group.close()
    assert crowd.store.sizes == [1]
    assert queries.overview().orders == 1


@SLOW_STORE
def test_while_a_transaction_is_slow_nobody_more_is_let_in_to_wait(
    crowd: Crowd, locked: Locked, queries: Queries, make_record: Maker
) -> None:
    crowd.go()
    with locked():
        slow = crowd.first(make_record("0"))
        with pytest.raises(StoreUnavailable):
            crowd.group.submit([make_record("1")])
        for several in ([make_record("2")], [make_record("3"), make_record("4")]):
            with pytest.raises(StoreUnavailable, match="is slow now"):
                crowd.group.submit(several)
    assert [one.duplicate for one in slow.result(300)] == [False]
    assert [one.duplicate for one in crowd.group.submit([make_record("2")])] == [False]
    assert queries.overview().orders == 2


@pytest.mark.parametrize("crowd", [{"shed_after": 0.01}], indirect=True)
def test_a_batch_waits_for_its_turn_longer_than_a_checkout_does(
    crowd: Crowd, make_record: Maker
) -> None:
    crowd.first(make_record("0"))
    crowd.group._began = None  # it is not slow yet
    batch = crowd.then(make_record("1"), make_record("2"))
    with pytest.raises(StoreUnavailable, match="nothing was stored"):
        crowd.group.submit([make_record("3")])
    crowd.go()
    assert len(batch.result(30)) == 2
    assert crowd.store.sizes == [1, 2]


@pytest.mark.parametrize("engine", [0.01], indirect=True)
def test_after_a_failure_it_works_again_once_a_trial_or_an_order_is_written(
    crowd: Crowd, locked: Locked, make_record: Maker
) -> None:
    crowd.go()
    assert crowd.group.works()
    for heal in (crowd.group.works, lambda: crowd.group.submit([make_record("1")])):
        with locked():
            assert crowd.group.works(), "nothing is known of the lock yet"
            with pytest.raises(StoreUnavailable):
                crowd.group.submit([make_record("0")])
            assert not crowd.group.works()
        assert heal()
        with locked():
            assert crowd.group.works(), "a trial is made after a failure only"
    assert crowd.store.destination_states() == []


def test_a_failed_order_of_its_own_fault_says_nothing_of_the_store(
    crowd: Crowd, locked: Locked, make_record: Maker
) -> None:
    crowd.go()
    with pytest.raises(NO_BYTES):
        crowd.group.submit([make_record("0", facts="no bytes")])
    with locked():
        assert crowd.group.works()


def test_who_asks_during_a_trial_is_told_no_at_once(crowd: Crowd, make_record: Maker) -> None:
    crowd.group._failing = True
    with crowd.group._trying:
        assert not crowd.group.works()
    assert crowd.group.works()


def test_nothing_to_record_needs_no_transaction(group: Group) -> None:
    assert group.submit([]) == []

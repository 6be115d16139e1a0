"""What becomes of orders when the database cannot be written to in the middle of a round."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
import structlog

from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.attempt import build_events, mark, settle
from bridge.delivery.rounds import Rounds
from bridge.delivery.transport import HttpTransport
from bridge.delivery.verdict import Accepted, EventVerdict, PerEvent, Retry, Throttled
from bridge.delivery.worker import TROUBLE_WAIT
from bridge.errors import IllegalMove, StoreUnavailable
from bridge.outbox.database import open_database
from bridge.outbox.states import State
from bridge.outbox.store import Store

LOCKED = {
    "event": "delivery_failed",
    "log_level": "error",
    "destination": "meta",
    "code": "store_unavailable",
    "reason": "The database cannot be used now: another process holds its lock.",
}


class LockedNow(Store):
    """A store at which another connection holds the write lock while chosen methods run."""

    path: str
    locked: Counter[str]
    calls: list[str]

    def _locked(self, name: str, work: Callable[[], Any]) -> Any:
        self.calls.append(name)
        if not self.locked[name]:
            return work()
        self.locked[name] -= 1
        with closing(sqlite3.connect(self.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            return work()

    def settle(self, *args: Any, **more: Any) -> set[int]:
        found: set[int] = self._locked("settle", lambda: Store.settle(self, *args, **more))
        return found

    def pause(self, *args: Any, **more: Any) -> None:
        self._locked("pause", lambda: Store.pause(self, *args, **more))

    def release(self, *args: Any, **more: Any) -> int:
        given: int = self._locked("release", lambda: Store.release(self, *args, **more))
        return given


@pytest.fixture
def store(sender: Any, request: pytest.FixtureRequest) -> Iterator[LockedNow]:
    """The sender's store: it gives up at once when it meets a lock, and the test says where."""
    settings = sender.installation.settings
    engine = open_database(settings.database, lock_timeout=getattr(request, "param", 0))
    store = LockedNow(engine, sender.clock)
    store.path = str(settings.data_dir / "bridge.sqlite3")
    store.locked, store.calls = Counter(), []
    sender.context = replace(sender.context, store=store)
    yield store
    engine.dispose()


def rounds_until_done(lane: Rounds) -> int:
    """Go on like a sender's thread; answer how many rounds failed."""
    failed = 0
    while True:
        try:
            if not lane.run_once():
                return failed
        except StoreUnavailable:
            failed += 1


def test_what_was_answered_is_settled_once_the_store_can_and_not_sent_again(
    sender: Any, store: LockedNow
) -> None:
    sender.take(5)
    store.locked["settle"] = 10
    assert rounds_until_done(sender.lane()) == 10
    assert sender.requests == 1
    assert sender.states == {("accepted", None): 5}
    found = sender.deliveries.values()
    assert {(one.attempts, one.crashes) for one in found} == {(1, 0)}


def test_what_was_not_sent_yet_is_given_back_and_counts_neither_attempt_nor_crash(
    sender: Any, store: LockedNow
) -> None:
    sender.take(8)
    sender.workspace.fault("platform_rejects", match={"event_id": ["8"]})
    store.locked["settle"] = 4
    assert rounds_until_done(sender.lane()) == 4
    assert Counter(sender.counted) == {str(number): 1 for number in range(1, 8)}
    assert sender.deliveries["8"].state is State.REJECTED
    assert {one.crashes for one in sender.deliveries.values()} == {0}


def test_a_pause_that_cannot_be_written_leaves_no_doubt_about_what_was_refused(
    sender: Any, store: LockedNow
) -> None:
    sender.take(3)
    sender.workspace.fault("error", error="token_expired", times=1)
    store.locked["pause"] = 1
    lane = sender.lane()
    with pytest.raises(StoreUnavailable):
        lane.run_once()
    assert rounds_until_done(lane) == 0
    found = sender.deliveries.values()
    assert {(one.attempts, one.unanswered_since) for one in found} == {(1, None)}
    assert len(sender.counted) == 3


def test_of_events_judged_one_by_one_every_verdict_is_kept(sender: Any, store: LockedNow) -> None:
    sender.take(3)
    context, destination = sender.context, sender.destination
    claims = store.claim("meta", limit=3, owner="me", lease=context.lease)
    attempt = mark(context, destination, build_events(context, destination, claims), ())
    lost = Retry(reason="lost", may_be_kept=True)
    verdicts: dict[int, EventVerdict] = {
        0: Accepted(trace_id="a"),
        1: lost,
        2: Throttled(reason="slow", after=None),
    }
    store.locked["settle"] = 1
    with pytest.raises(StoreUnavailable):
        settle(context, destination, attempt, PerEvent(verdicts=verdicts))
    context.unwritten.write()
    found = {(state, reason) for state, reason in sender.states}
    assert found == {("accepted", None), ("pending", "lost"), ("pending", "slow")}
    assert sender.paused_for


def test_a_lock_that_outlasts_the_lease_is_no_crash(sender: Any, store: LockedNow) -> None:
    sender.take(3)
    store.locked["settle"] = 2
    lane = sender.lane()
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            lane.run_once()
        sender.wait(seconds=2 * sender.context.sender.lease)
    assert rounds_until_done(lane) == 0
    assert {(one.state, one.crashes) for one in sender.deliveries.values()} == {("accepted", 0)}
    assert sender.requests == 1


def test_what_one_destination_gives_back_is_not_taken_from_another(
    sender: Any, store: LockedNow
) -> None:
    sender.take(2)
    lane = sender.lane()
    owner = lane._owner
    store.claim("meta", limit=1, owner=owner.replace("/meta", "/other"), lease=sender.context.lease)
    store.locked["settle"] = 1
    assert rounds_until_done(lane) == 1
    assert {one.state for one in sender.deliveries.values()} == {State.ACCEPTED, State.LEASED}


class StopAtTrouble(threading.Event):
    """Tells the sender to stop as soon as something went wrong."""

    def wait(self, timeout: float | None = None) -> bool:
        if timeout == TROUBLE_WAIT:
            self.set()
        return super().wait(timeout)


@pytest.mark.parametrize("store", [0.5], indirect=True)  # the sweeper wants the lock too
def test_a_sender_that_stops_still_writes_what_it_knows(sender: Any, store: LockedNow) -> None:
    sender.take(4)
    sender.context = replace(sender.context, stop=StopAtTrouble())
    store.locked.update({"settle": 1, "release": 1})
    with structlog.testing.capture_logs() as lines:
        sender.worker().run()
    assert sender.states == {("accepted", None): 4}
    assert store.calls == ["settle", "settle", "release", "release"]
    errors = [line for line in lines if line["log_level"] == "error"]
    # the sweeper may meet the same lock, or not: it names no destination
    assert [line for line in errors if line["destination"]] == [LOCKED] * 2


class FailingOn(HttpTransport):
    """Fails, as our own code might, on requests that hold a text."""

    def __init__(self, text: bytes) -> None:
        super().__init__()
        self._text = text

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], deadline_seconds: float
    ) -> Answer | NoAnswer:
        if self._text in body:
            raise IllegalMove("a mistake of ours")
        return super().post(url, body, headers, deadline_seconds)


def test_any_other_error_counts_as_a_crash_so_that_the_event_behind_it_is_found(
    sender: Any,
) -> None:
    transport = FailingOn(b'"event_id":"2"')
    sender.context = replace(sender.context, transport=transport)
    sender.take(3)
    lane, failed = sender.lane(), 0
    for _ in range(sender.context.sender.max_crashes + 4):
        try:
            lane.run_once()
        except IllegalMove:
            failed += 1
    transport.close()
    assert failed == sender.context.sender.max_crashes
    assert sorted(sender.counted) == ["1", "3"]
    assert sender.states == {("accepted", None): 2, ("dead", "crashes_sender"): 1}

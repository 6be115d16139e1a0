"""Two lanes a destination: one builds what comes next while the other's requests are in flight."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bridge.aftermath.asking import ask
from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.transport import HttpTransport
from bridge.delivery.worker import Worker
from bridge.errors import IllegalMove
from bridge.events.event import Built
from bridge.operate.destinations import Destination
from bridge.operate.settings import Sender as SenderSettings
from bridge.operate.settings import Settings
from bridge.outbox.records import Claim
from bridge.outbox.states import State
from bridge.outbox.store import Store
from bridge.pipeline import deliver

from .patient_platform import PatientPlatform, patient_platform
from .watched_store import Watched

BATCH = 3
LEASE = timedelta(seconds=120)


class FailingOnce(HttpTransport):
    """Fails once, as our own code might, when the first request has been answered."""

    failed = False

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], deadline_seconds: float
    ) -> Answer | NoAnswer:
        answer = super().post(url, body, headers, deadline_seconds)
        if not self.failed:
            self.failed = True
            raise IllegalMove("a mistake of ours")
        return answer


@pytest.fixture
def platform() -> Iterator[PatientPlatform]:
    with patient_platform() as running:
        yield running


@pytest.fixture
def settings(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    platform: PatientPlatform,
    site: Any,
    make_destination: Callable[..., Destination],
) -> Settings:
    destination = make_destination(base_url=platform.url, batch_size=BATCH)
    settings = Settings(
        data_dir=tmp_path,
        sites=(site,),
        sender=SenderSettings(idle_wait=0.01),
        destinations=(destination,),
    )
    if getattr(request, "param", "sqlite") == "sqlite":
        return settings
    shared = request.getfixturevalue("shared_database")
    changes = {"database_url": shared, "encryption_keys": ("env:MASTER_KEY",)}
    return settings.model_copy(update=changes)


on_both = pytest.mark.parametrize("settings", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def store(sender: Any) -> Watched:
    store = Watched(sender.installation.engine, sender.clock)
    sender.context = replace(sender.context, store=store)
    return store


@pytest.fixture
def built(sender: Any) -> list[str]:
    """The numbers of orders whose events have been built."""
    build, numbers = sender.context.build, []

    def noted(claim: Claim, destination: Destination) -> Built:
        event: Built = build(claim, destination)
        numbers.append(claim.event_id)
        return event

    sender.with_builder(noted)
    return numbers


@contextmanager
def at_work(sender: Any) -> Iterator[None]:
    """Let a whole sender work, until the block is left and what is in flight has been answered."""
    destinations = sender.installation.settings.destinations
    worker = Worker(sender.context, destinations, deliver, ask, trouble_wait=0)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        sender.context.stop.set()
        thread.join()


def ended(sender: Any) -> bool:
    return {one.state for one in sender.deliveries.values()} == {State.ACCEPTED}


def so_many(built: list[str], number: int) -> Callable[[], bool]:
    return lambda: len(built) == number


def leased(sender: Any) -> list[str]:
    return [no for no, one in sender.deliveries.items() if one.state is State.LEASED]


@on_both
def test_the_next_batch_is_built_while_one_is_in_flight_and_goes_when_that_has_ended(
    sender: Any,
    platform: PatientPlatform,
    built: list[str],
    wait_until: Callable[..., None],
) -> None:
    sender.take(3 * BATCH)
    with at_work(sender):
        for first in (1, 4, 7):
            request = platform.next()
            assert request.events == [str(first + place) for place in range(BATCH)]
            last = min(first + 2 * BATCH, 3 * BATCH + 1) - 1
            wait_until(so_many(built, last), "the next ones are built")
            assert leased(sender) == [str(number) for number in range(first, last + 1)]
            request.accept()
        wait_until(lambda: ended(sender), "everything is accepted")
    assert platform.most_at_once == 1
    assert {one.attempts for one in sender.deliveries.values()} == {1}


def test_the_next_batch_is_not_claimed_before_what_goes_first_is_marked(
    sender: Any, platform: PatientPlatform, store: Watched, wait_until: Callable[..., None]
) -> None:
    sender.take(3 * BATCH)
    with at_work(sender):
        for requests in (1, 2, 3):
            request = platform.next()
            wait_until(lambda: store.steps[-1] != "mark", "the next one is claimed")
            assert store.steps[-2:] == ["mark", "claim ahead"]
            assert store.steps.count("mark") == requests
            request.accept()
        wait_until(lambda: ended(sender), "everything is accepted")


def test_without_a_backlog_what_gathers_meanwhile_goes_in_one_request(
    sender: Any, platform: PatientPlatform, store: Watched, wait_until: Callable[..., None]
) -> None:
    sender.take(1)
    with at_work(sender):
        request = platform.next()
        sender.take(1, first=2)
        sender.take(1, first=3)
        assert store.claims == [(False, 1)]
        request.accept()
        platform.next().accept()
        wait_until(lambda: ended(sender), "everything is accepted")
    assert platform.requests == [["1"], ["2", "3"]]


def test_what_is_less_than_a_batch_is_not_claimed_ahead(
    sender: Any, platform: PatientPlatform, store: Watched, wait_until: Callable[..., None]
) -> None:
    sender.take(BATCH + 1)
    with at_work(sender):
        request = platform.next()
        wait_until(lambda: len(store.claims) > 1, "the other lane looks for a batch")
        sender.take(1, first=BATCH + 2)
        request.accept()
        platform.next().accept()
        wait_until(lambda: ended(sender), "everything is accepted")
    assert platform.requests == [["1", "2", "3"], ["4", "5"]]
    assert store.claims[:3] == [(False, BATCH), (True, 0), (False, 2)]


def test_nothing_is_claimed_beside_what_a_sender_has_died_with(
    sender: Any, platform: PatientPlatform, store: Watched, wait_until: Callable[..., None]
) -> None:
    alone = sender.destination.model_copy(update={"batch_size": 1})
    settings = sender.installation.settings.model_copy(update={"destinations": (alone,)})
    sender.installation = replace(sender.installation, settings=settings)
    sender.take(1)
    sender.installation.store.claim("meta", limit=1, owner="dead", lease=timedelta(seconds=1))
    sender.wait(seconds=1)
    sender.take(1, first=2)
    with at_work(sender):
        for _ in range(2):
            platform.next().accept()
        wait_until(lambda: ended(sender), "everything is accepted")
    assert store.claims[:2] == [(False, 1), (False, 1)]


def test_a_stop_gives_back_what_was_built_ahead_before_the_request_in_flight_has_ended(
    sender: Any,
    platform: PatientPlatform,
    built: list[str],
    wait_until: Callable[..., None],
) -> None:
    sender.take(2 * BATCH)
    with at_work(sender):
        request = platform.next()
        wait_until(so_many(built, 2 * BATCH), "the next ones are built")
        sender.context.stop.set()
        wait_until(lambda: leased(sender) == ["1", "2", "3"], "the next ones are given back")
        request.accept()
    assert platform.requests == [["1", "2", "3"]]
    assert sender.states == {("accepted", None): BATCH, ("pending", None): BATCH}
    assert [one.attempts for one in sender.deliveries.values()] == [1, 1, 1, 0, 0, 0]


@on_both
def test_a_mistake_in_one_lane_is_not_blamed_on_what_the_other_holds(
    sender: Any,
    platform: PatientPlatform,
    built: list[str],
    wait_until: Callable[..., None],
) -> None:
    sender.context = replace(sender.context, transport=FailingOnce())
    sender.take(2 * BATCH)
    with at_work(sender):
        request = platform.next()
        wait_until(so_many(built, 2 * BATCH), "the next ones are built")
        request.accept()
        request = platform.next()
        wait_until(lambda: sender.deliveries["1"].crashes == 1, "the first ones are given back")
        assert leased(sender) == request.events == ["4", "5", "6"]
        request.accept()
        for _ in range(BATCH):
            platform.next().accept()
        wait_until(lambda: ended(sender), "everything is accepted")
    assert [one.crashes for one in sender.deliveries.values()] == [1, 1, 1, 0, 0, 0]
    assert platform.most_at_once == 1


def test_what_a_lane_could_not_write_is_written_though_the_other_leads_from_then_on(
    sender: Any, platform: PatientPlatform, store: Watched, wait_until: Callable[..., None]
) -> None:
    sender.take(BATCH + 1)
    store.fails_to_settle = sender.deliveries["1"].id
    with at_work(sender):
        request = platform.next()
        wait_until(lambda: len(store.claims) > 1, "the other lane looks for a batch")
        request.accept()
        platform.next().accept()
        wait_until(lambda: ended(sender), "everything is accepted")
    assert platform.requests == [["1", "2", "3"], ["4"]]


def test_one_lane_alone_looks_while_there_is_nothing_to_do(
    sender: Any, store: Watched, wait_until: Callable[..., None]
) -> None:
    with at_work(sender):
        wait_until(lambda: len(store.claims) > 9, "it has looked ten times")
    assert len(set(store.claimants)) == 1


def test_what_waits_for_the_other_lane_stays_ours_however_long_that_takes(
    sender: Any, platform: PatientPlatform, store: Watched, wait_until: Callable[..., None]
) -> None:
    brief = sender.context.sender.model_copy(update={"lease": 0.02})
    sender.context = replace(sender.context, sender=brief)
    sender.take(2 * BATCH)
    waiting = {sender.deliveries[number].id for number in "456"}
    with at_work(sender):
        request = platform.next()
        for _ in range(2):
            sender.wait(seconds=0.015)
            store.renewed.clear()
            wait_until(lambda: store.renewed[-1:] == [waiting], "the leases are renewed")
        others = Store(sender.installation.engine, sender.clock)
        taken = [
            one.event_id
            for _ in range(9)
            for one in others.claim("meta", limit=9, owner="other", lease=LEASE)
        ]
        assert sorted(taken) == ["1", "2", "3"]
        request.accept()
        platform.next().accept()
    assert platform.requests == [["1", "2", "3"], ["4", "5", "6"]]


def test_what_waited_past_its_lease_and_is_anothers_by_now_is_not_posted(
    sender: Any,
    platform: PatientPlatform,
    store: Watched,
    wait_until: Callable[..., None],
) -> None:
    sender.take(2 * BATCH)
    with at_work(sender):
        request = platform.next()
        wait_until(lambda: store.claims[1:] == [(True, BATCH)], "the next ones are claimed")
        sender.wait(seconds=sender.context.sender.lease)
        for _ in range(6):
            sender.installation.store.claim("meta", limit=9, owner="other", lease=LEASE)
        request.accept()
        wait_until(lambda: (False, 0) in store.claims, "nothing is under way any more")
    assert platform.requests == [["1", "2", "3"]]
    assert leased(sender) == ["1", "2", "3", "4", "5", "6"]


@pytest.mark.parametrize(
    ("status", "document"),
    [(400, {"error": {"code": 4, "message": "slow down"}}), (503, {})],
    ids=["pauses", "rests"],
)
def test_what_was_built_ahead_is_given_back_when_the_destination_is_to_be_left_alone(
    sender: Any,
    platform: PatientPlatform,
    built: list[str],
    wait_until: Callable[..., None],
    status: int,
    document: dict[str, Any],
) -> None:
    sender.take(2 * BATCH)
    with at_work(sender):
        request = platform.next()
        wait_until(so_many(built, 2 * BATCH), "the next ones are built")
        request.answer(status, document)
        wait_until(lambda: not leased(sender), "all are given back")
    assert platform.requests == [["1", "2", "3"]]
    assert [one.attempts for one in sender.deliveries.values()][BATCH:] == [0, 0, 0]

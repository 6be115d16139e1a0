"""The sender as a process runs it: threads, pauses and an orderly end."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from bridge.aftermath.asking import ask
from bridge.delivery.worker import Worker
from bridge.operate.destinations import Destination
from bridge.operate.settings import Sender, Settings
from bridge.outbox.states import State
from bridge.pipeline import deliver
from mock_platform.client import MockWorkspace

IDLE_WAIT = 0.01


@pytest.fixture
def black_hole() -> Iterator[socket.socket]:
    """Takes connections and requests, and never says a word until it is closed."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture
def settings(
    tmp_path: Path,
    workspace: MockWorkspace,
    black_hole: socket.socket,
    site: Any,
    make_destination: Callable[..., Destination],
) -> Settings:
    swallowing = f"http://127.0.0.1:{black_hole.getsockname()[1]}"
    return Settings(
        data_dir=tmp_path,
        sites=(site,),
        sender=Sender(idle_wait=IDLE_WAIT),
        destinations=(
            make_destination(id="hole", base_url=swallowing, timeout_seconds=60),
            make_destination(id="well", base_url=workspace.url),
        ),
    )


def test_a_destination_that_swallows_everything_delays_no_other(
    sender: Any, black_hole: socket.socket
) -> None:
    sender.take(5)
    thread = threading.Thread(target=sender.worker().run)
    thread.start()
    try:
        sender.workspace.wait(count=5, verdict="counted")
        sender.take(5, first=6)
        sender.workspace.wait(count=10, verdict="counted")
    finally:
        sender.context.stop.set()
        black_hole.close()
        thread.join()
    assert {one.state for one in sender.deliveries.values()} == {State.PENDING}


class StopAtFirstIdleWait(threading.Event):
    """Tells the sender to stop as soon as it finds nothing to do and waits to be woken."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__()
        self._stop = stop

    def wait(self, timeout: float | None = None) -> bool:
        self._stop.set()
        return super().wait(timeout)


def test_what_a_dead_sender_left_is_taken_up_without_waiting_to_be_woken(sender: Any) -> None:
    sender.take(5)
    destinations = sender.installation.settings.destinations
    well = [one.model_copy(update={"batch_size": 4}) for one in destinations if one.id == "well"]
    sender.installation.store.claim("well", limit=5, owner="dead", lease=timedelta(seconds=1))
    sender.wait(seconds=1)
    worker = Worker(sender.context, well, deliver, ask)
    worker._rung["well"] = StopAtFirstIdleWait(sender.context.stop)
    worker.run()
    assert len(sender.counted) == 5
    assert sender.requests == 5


class IdleWaits(threading.Event):
    """Knows when a lane waits for something to do, and whether one began to once told to stop."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__()
        self._stop = stop
        self.begun = threading.Event()
        self.in_vain = False

    def wait(self, timeout: float | None = None) -> bool:
        if self._stop.is_set():
            self.in_vain = True
            return True
        self.begun.set()
        return super().wait(timeout)


def test_a_stop_is_not_followed_by_a_wait_for_something_to_do(sender: Any) -> None:
    patient = sender.context.sender.model_copy(update={"idle_wait": 600})
    context = replace(sender.context, sender=patient)
    well = [one for one in sender.installation.settings.destinations if one.id == "well"]
    worker = Worker(context, well, deliver, ask)
    idle = worker._rung["well"] = IdleWaits(context.stop)
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert idle.begun.wait(60)
    context.stop.set()
    thread.join()
    assert not idle.in_vain


class LongWaits(threading.Event):
    """A stop that knows when a lane begins to let orders gather."""

    gathering = 600

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        if timeout == self.gathering:
            self.begun.set()
        return super().wait(timeout)


def test_what_comes_soon_after_a_small_request_goes_together(
    sender: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.delivery.worker.GATHER", LongWaits.gathering)
    patient = sender.context.sender.model_copy(update={"idle_wait": LongWaits.gathering})
    stop = LongWaits()
    well = [one for one in sender.installation.settings.destinations if one.id == "well"]
    worker = Worker(replace(sender.context, sender=patient, stop=stop), well, deliver, ask)
    sender.take(1)
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert stop.begun.wait(60)
    for number in (2, 3, 4):
        sender.take(1, first=number)
    stop.set()
    thread.join()
    assert sender.requests == 1

    Worker(sender.context, well, deliver, ask).rounds(well[0]).run_once()
    assert sender.requests == 2
    assert len(sender.counted) == 4


def test_a_worker_survives_what_nobody_foresaw(sender: Any) -> None:
    failed, worked = threading.Event(), threading.Event()

    def deliver(_: object, destination: Destination, __: object) -> None:
        if destination.id == "well" and not failed.is_set():
            failed.set()
            raise RuntimeError("jane@example.org")
        worked.set()

    well = [one for one in sender.installation.settings.destinations if one.id == "well"]
    sender.take(1)
    thread = threading.Thread(target=Worker(sender.context, well, deliver, ask, trouble_wait=0).run)
    with structlog.testing.capture_logs() as lines:
        thread.start()
        try:
            assert failed.wait(10)
            sender.take(1, first=2)
            assert worked.wait(10)
        finally:
            sender.context.stop.set()
            thread.join()
    assert lines == [
        {
            "event": "delivery_failed",
            "log_level": "error",
            "destination": "well",
            "error": "RuntimeError",
        }
    ]

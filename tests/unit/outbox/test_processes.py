"""Several processes on one database: none is lost when one of them dies, none is sent by two."""

import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from bridge.outbox.records import Claim, Record
from bridge.outbox.store import Store

Maker = Callable[..., Record]
Claimer = Callable[..., list[Claim]]
Sender = Callable[[str], subprocess.Popen[str]]
Dial = Any  # the conftest's clock

SENDER = """
import os, signal, sys
from datetime import datetime, timedelta
from bridge.outbox.database import open_database
from bridge.outbox.store import Store
from bridge.outbox.records import Sending

url, now, death = sys.argv[1], datetime.fromisoformat(sys.argv[2]), sys.argv[3]
store = Store(open_database(url), lambda: now, lambda _: now)
lease = timedelta(minutes=1)
while claims := store.claim("meta", limit=7, owner=str(os.getpid()), lease=lease):
    print(*(claim.delivery_id for claim in claims), flush=True)
    if death == "before the event is frozen":
        os.kill(os.getpid(), signal.SIGKILL)
    sendings = [Sending(delivery_id=c.delivery_id, fence=c.fence, payload=b"event") for c in claims]
    store.mark_sending(sendings, at=now, lease=lease)
    if death == "before the verdict":
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def sender(database_url: str, dial: Dial) -> Sender:
    """Start a process that claims until nothing is left, or dies at a named point."""

    def start(death: str) -> subprocess.Popen[str]:
        arguments = [sys.executable, "-c", SENDER, database_url, dial().isoformat(), death]
        return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)

    return start


@pytest.fixture
def killed(store: Store, make_record: Maker, sender: Sender) -> Callable[[str], set[int]]:
    """Have a sender killed with five orders in its hands; answers their deliveries' numbers."""

    def kill(death: str) -> set[int]:
        store.record([make_record(str(n)) for n in range(5)])
        process = sender(death)
        claimed = process.communicate(timeout=60)[0].split()
        assert process.returncode == -signal.SIGKILL
        assert len(claimed) == 5
        return {int(number) for number in claimed}

    return kill


def test_two_senders_share_the_work_without_meeting(
    store: Store, make_record: Maker, sender: Sender
) -> None:
    store.record([make_record(str(n)) for n in range(60)])
    running = [sender("never") for _ in range(2)]
    taken = [process.communicate(timeout=60)[0].split() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert len(taken[0]) + len(taken[1]) == len({*taken[0], *taken[1]}) == 60


@pytest.mark.parametrize(
    ("death", "event"), [("before the event is frozen", None), ("before the verdict", b"event")]
)
def test_what_a_killed_sender_held_goes_to_the_next_one_once_its_lease_is_over(
    killed: Callable[[str], set[int]], claim: Claimer, dial: Dial, death: str, event: object
) -> None:
    held = killed(death)
    assert claim() == []
    dial.turn(minutes=1)
    found = [one for _ in held for one in claim()]
    assert {one.delivery_id for one in found} == held
    assert {(one.attempts, one.crashes, one.payload) for one in found} == {(1, 1, event)}
    assert {one.unanswered_since is None for one in found} == {event is None}
    assert claim() == []

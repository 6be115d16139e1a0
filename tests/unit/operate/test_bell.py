"""Signals that come at a bad moment, or to another thread."""

import subprocess
import sys

import pytest

from bridge.operate.bell import Bell

HEARD_BY_ANOTHER_THREAD = """
import signal, threading, time
from bridge.operate.bell import Bell

bell = Bell()
signal.signal(signal.SIGTERM, lambda *_: bell.set())

def take_the_signal():
    time.sleep(0.2)
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

threading.Thread(target=take_the_signal).start()
assert bell.wait()
"""


def test_a_signal_is_heard_though_another_thread_was_given_it() -> None:
    subprocess.run([sys.executable, "-c", HEARD_BY_ANOTHER_THREAD], check=True, timeout=120)


@pytest.mark.parametrize("rung", [True, False])
def test_it_says_whether_it_was_rung_in_time(rung: bool) -> None:
    bell = Bell()
    if rung:
        bell.set()
    assert bell.wait(0) is bell.is_set() is rung


def test_who_waits_after_it_was_cleared_waits_for_the_next_ring() -> None:
    bell = Bell()
    bell.set()
    bell.clear()
    assert not bell.wait(0.01)
    bell.set()
    assert bell.wait()

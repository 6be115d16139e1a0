"""Who signals a second time does not wait for what is under way: it is left to the next start."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mock_platform.client import MockWorkspace


def children_of(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_told_to_end(pid: int) -> bool:
    """Whether SIGTERM waits for a stopped process to go on."""
    pending = Path(f"/proc/{pid}/status").read_text().partition("ShdPnd:")[2].split()[0]
    return bool(int(pending, 16) >> signal.SIGTERM - 1 & 1)


def state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "gone"


def test_a_second_sigterm_ends_everything_at_once_though_nothing_below_can_end(
    bridge_up: Callable[..., Any], workspace: MockWorkspace, wait_until: Callable[..., None]
) -> None:
    bridge = bridge_up(workspace.url)
    below = children_of(bridge.process.pid)
    for one in below:
        os.kill(one, signal.SIGSTOP)
    wait_until(lambda: {state(one) for one in below} == {"T"}, "all below stand still")

    bridge.process.terminate()
    wait_until(lambda: all(map(is_told_to_end, below)), "the first signal is passed on")
    bridge.process.terminate()

    assert bridge.process.wait(60) == 128 + signal.SIGTERM
    wait_until(lambda: {state(one) for one in below} <= {"Z", "gone"}, "nothing is left behind")

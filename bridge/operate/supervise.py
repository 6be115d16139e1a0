"""Keeps a few child processes running: one that dies is started again, all stop together."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import structlog

from bridge.operate.bell import Bell

SUPERVISED = "SUPERVISED_BY_STDIN"
USAGE = 2
RESTART_AFTER = 1.0
STOP_WITHIN = 30.0
SIGNALLED = 128
"""Added to the number of the signal that ended a process at once: its exit code, as in a shell."""

ORPHANED_AFTER = 0.2

log = structlog.get_logger()


class Supervisor:
    """Runs `python -m bridge ...` once for each command line, until told to stop; passes SIGHUP on.

    A child that cannot run as things are set ends with USAGE. At the start all stop then; later,
    when settings were spoilt after it had started, it is tried again until they are mended, and the
    others go on. Told to stop twice, it kills them and ends at once: what a kill leaves behind, the
    next start takes up.
    """

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        self._commands = commands
        self._children: list[subprocess.Popen[bytes]] = []
        self._stop = Bell()
        self._told = False
        self._hung_up = False

    def run(self) -> int:
        """Block until SIGTERM or SIGINT, then stop the children; answer the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGHUP, self._on_hang_up)
        self._children = [_start(command) for command in self._commands]
        first = set(self._children)
        while not self._stop.wait(RESTART_AFTER):
            self._pass_on(self._children)
            if any(child.poll() == USAGE for child in first & set(self._children)):
                _stop(self._children)
                return USAGE
            self._children = [
                child if child.poll() is None else self._restart(child, command)
                for child, command in zip(self._children, self._commands, strict=True)
            ]
        _stop(self._children)
        return 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del frame
        # in one statement: the second signal may come in the midst of the first
        again, self._told = self._told, True
        if again:
            for child in self._children:
                if child.poll() is None:
                    os.killpg(child.pid, signal.SIGKILL)
            os._exit(SIGNALLED + number)
        self._stop.set()

    def _on_hang_up(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._hung_up = True

    def _pass_on(self, children: Sequence[subprocess.Popen[bytes]]) -> None:
        """Have every child read its settings again, once SIGHUP has come."""
        hung_up, self._hung_up = self._hung_up, False
        for child in children:
            if hung_up and child.poll() is None:
                child.send_signal(signal.SIGHUP)

    def _restart(
        self, child: subprocess.Popen[bytes], command: Sequence[str]
    ) -> subprocess.Popen[bytes]:
        log.warning("child_died", code=child.returncode, kind=command[0])
        return _start(command)


def obey_hang_ups() -> None:
    """Let SIGHUP in, with one that came while this process could not obey it yet."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})


def is_supervised() -> bool:
    """Whether this process was started by a supervisor."""
    return bool(os.environ.get(SUPERVISED))


def stop_with_supervisor() -> None:
    """In a supervised child: stop like on SIGTERM once the supervisor is gone, even by kill -9."""
    if is_supervised():
        threading.Thread(target=_stop_at_end_of_input, daemon=True).start()


def stop_with_parent() -> None:
    """Stop like on SIGTERM once the process that forked this one is gone, even by kill -9."""
    threading.Thread(target=_stop_without, args=(os.getppid(),), daemon=True).start()


def _stop_without(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(ORPHANED_AFTER)
    os.kill(os.getpid(), signal.SIGTERM)


def _stop_at_end_of_input() -> None:
    os.read(sys.stdin.fileno(), 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C in a terminal reaches us alone, and we stop them in order.
    with _hang_ups_held_back():
        return subprocess.Popen(  # noqa: S603  # our own interpreter and module, no input of others
            [sys.executable, "-m", "bridge", *command],
            start_new_session=True,
            stdin=subprocess.PIPE,
            env=os.environ | {SUPERVISED: "1"},
        )


@contextmanager
def _hang_ups_held_back() -> Iterator[None]:
    """Have SIGHUP wait for `obey_hang_ups` in a child started here: before, it would die of it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    ends = time.monotonic() + STOP_WITHIN
    for child in children:
        try:
            child.wait(max(ends - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

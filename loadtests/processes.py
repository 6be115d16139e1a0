"""Processes that never outlive who started them, however that one ends."""

import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

ENDED_WITHIN: Final = 120.0


@contextmanager
def running(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """Have a process until the block is left: then it is asked to end, and ends."""
    with subprocess.Popen([*dying_with_us("TERM"), *command], **options) as process:  # noqa: S603  # our own
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(ENDED_WITHIN)
            finally:
                process.kill()


def dying_with_us(number: str) -> list[str]:
    """Answer what to write before a command for it to get a signal when we die."""
    return ["setpriv", "--pdeathsig", number] if shutil.which("setpriv") else []


def end_like_an_interrupted_one() -> None:
    """Let a signal to end, or a terminal that is gone, clean up as Ctrl-C does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)

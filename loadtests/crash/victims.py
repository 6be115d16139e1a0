"""The processes that are killed: the bridge's own commands, with parts put in that may kill them.

They are forked from a process that has read all modules already, so that a life costs little.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

from bridge.cli import main
from bridge.commands.running import serve, work
from loadtests.crash.dying import DyingStore, DyingTransport, Fate
from loadtests.crash.points import Death, Part

_COMMANDS = {Part.HOOK: serve, Part.SENDER: work}
_birth = threading.Lock()
_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(
    [__name__, "bridge.wsgi", "bridge.commands.letters", "bridge.commands.looking"]
)


class Victim:
    """One life of a hook or sender process, in a process group of its own."""

    def __init__(
        self, part: Part, environment: Mapping[str, str], log: Path, death: Death | None
    ) -> None:
        self._process = _born(live, part, dict(environment), log, death)

    @property
    def pid(self) -> int:
        """The process that was started; what it started itself is in its group."""
        pid = self._process.pid
        if pid is None:
            raise ProcessLookupError
        return pid

    @property
    def lives(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.is_alive()

    def ends_within(self, seconds: float) -> bool:
        """Wait for its end."""
        self._process.join(seconds)
        return not self._process.is_alive()

    def kill(self) -> None:
        """Kill -9 it and all it has started."""
        for kill in (os.kill, os.killpg):  # it may be too young to have a group
            with suppress(ProcessLookupError):
                kill(self.pid, signal.SIGKILL)
        self._process.join()

    def stop(self) -> None:
        """SIGTERM, and wait for its end."""
        self._process.terminate()
        self._process.join()


def live(part: Part, environment: dict[str, str], log: Path, death: Death | None) -> None:
    """Run the bridge's own command until it ends or is killed."""
    os.setsid()
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.environ.update(environment)
    multiprocessing.set_start_method("fork", force=True)  # granian's, as in a process by itself
    with _mortal(death):
        _COMMANDS[part].main(args=[], prog_name=f"bridge {part}")


def run_command(arguments: Sequence[str], environment: Mapping[str, str], said: Path) -> None:
    """Run one `bridge` command to its end; what it prints goes to the file `said`."""
    _born(_speak, arguments, dict(environment), said).join()


def _born(target: Callable[..., None], *arguments: object) -> ForkServerProcess:
    """Start a process without the main module of this one, which may take a second to read."""
    with _birth:
        ours = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            process = _nursery.Process(target=target, args=arguments)
            process.start()
        finally:
            sys.modules["__main__"] = ours
    return process


def _speak(arguments: Sequence[str], environment: dict[str, str], said: Path) -> None:
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
    os.environ.update(environment)
    main(args=list(arguments), prog_name="bridge")


def _mortal(death: Death | None) -> AbstractContextManager[object]:
    if death is None:
        return nullcontext()
    fate = Fate(death)
    return patch.multiple(
        "bridge.wiring",
        Store=partial(DyingStore, fate=fate),
        HttpTransport=partial(DyingTransport, fate=fate),
    )

"""The commands that measure, one after another, and what each of them wrote."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from loadtests.processes import running

Found = Mapping[str, Any]
"""What a command wrote."""


class NothingMeasured(Exception):
    """A command wrote nothing; the message says where to look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A command: a module with arguments; `short` are those that make it quick, to try it.

    `places` is the option that takes `written`, a path in the folder of all runs.
    """

    name: str
    module: str
    arguments: Sequence[str]
    short: Sequence[str]
    places: str
    written: str

    def command(self, folder: Path, *, quick: bool) -> list[str]:
        """Answer it for a folder."""
        place = folder / self.written
        path = place if place.parent == folder else place.parent
        more = self.short if quick else ()
        return [sys.executable, "-m", self.module, *self.arguments, *more, self.places, str(path)]


_SHORT_LOAD: Final = ("--seconds", "5", "--rate", "20")
RUNS: Final = (
    Run(
        name="bench",
        module="loadtests.bench",
        arguments=(),
        short=("--rounds", "1", "--orders", "20", "--hook-orders", "20"),
        places="--output",
        written="bench.json",
    ),
    Run(
        name="steady",
        module="loadtests.load",
        arguments=("steady",),
        short=_SHORT_LOAD,
        places="--folder",
        written="steady/numbers.json",
    ),
    Run(
        name="backlog",
        module="loadtests.bench.backlog",
        arguments=(),
        short=("--few", "1000", "--many", "5000", "--rounds", "1", "--orders", "20"),
        places="--output",
        written="backlog.json",
    ),
    Run(
        name="two-bridges",
        module="loadtests.load",
        arguments=("two-bridges", "--database", "postgresql"),
        short=_SHORT_LOAD,
        places="--folder",
        written="two-bridges/numbers.json",
    ),
)


def measure(run: Run, folder: Path, *, quick: bool) -> Found:
    """Run one command, and answer what it wrote; a missed objective is no reason to stop.

    Raises:
        NothingMeasured: it wrote nothing.
    """
    written, log = folder / run.written, folder / f"{run.name}.log"
    written.unlink(missing_ok=True)
    with log.open("wb") as output:
        command = run.command(folder, quick=quick)
        with running(command, stdout=output, stderr=output) as process:
            process.wait()
    if not written.is_file():
        raise NothingMeasured(f"{run.name} measured nothing: see {log}")
    found: Found = orjson.loads(written.read_bytes())
    return found

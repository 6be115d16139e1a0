"""What the processes cost and how much waits, looked at again and again while a load runs."""

import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import psutil  # type: ignore[import-untyped]  # ships no types
import requests

from loadtests.stage import Stage

EVERY: Final = 1.0
LOOK_AGAIN: Final = 0.2
PARTS: Final = {"serve": "hook", "work": "sender"}
WAITING: Final = ("held", "pending", "leased")
BUSY: Final = ("user", "nice", "system", "irq", "softirq", "steal")
"""What a kernel counts of time that nobody else could have had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One look. `cpu` and `memory` by part: seconds of processor time so far, bytes now.

    `machine` is the processor time of everything on the machine so far. `waiting` counts deliveries
    that have not been accepted by their platform; None when the hook did not say.
    """

    at: float
    cpu: Mapping[str, float]
    memory: Mapping[str, int]
    machine: float
    waiting: int | None


def backlog(metrics: str) -> int:
    """Count in the hook's metrics what waits for a platform."""
    return sum(
        int(float(line.rsplit(" ", 1)[1]))
        for line in metrics.splitlines()
        if line.startswith("bridge_deliveries{")
        and any(f'state="{state}"' in line for state in WAITING)
    )


def parts_of(stage: Stage) -> dict[str, list[int]]:
    """Answer the processes of a stage: its mock platform, its hooks and its senders."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    found["mock"] = [stage.mock_process]
    for bridge in stage.bridges:
        for child in psutil.Process(bridge).children():
            command = child.cmdline()[-1]  # of what the supervisor started
            if command in PARTS:
                found[PARTS[command]].append(child.pid)
    return found


@dataclass
class Watch:
    """Looks at process trees, by part, once a second until the block is left."""

    parts: Mapping[str, list[int]]
    metrics_url: str
    samples: list[Sample] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _spent: dict[str, dict[int, float]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self.samples.append(self.look())

    def drain(self, seconds: float) -> None:
        """Wait until nothing waits any more, but no longer than `seconds`."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and self.look().waiting != 0:
            time.sleep(LOOK_AGAIN)

    def look(self) -> Sample:
        """Look once."""
        trees = {
            part: [one for process in processes for one in _tree(process)]
            for part, processes in self.parts.items()
        }
        return Sample(
            at=time.time(),
            cpu={part: self._cpu(part, tree) for part, tree in trees.items()},
            memory={part: sum(map(_memory, tree)) for part, tree in trees.items()},
            machine=_machine(),
            waiting=self._waiting(),
        )

    def _run(self) -> None:
        while not self._stop.wait(EVERY):
            self.samples.append(self.look())

    def _cpu(self, part: str, tree: list[psutil.Process]) -> float:
        """Sum up by process, so that what one that ended has spent is not forgotten."""
        spent = self._spent.setdefault(part, {})
        for process in tree:
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            spent[process.pid] = times.user + times.system
        return sum(spent.values())

    def _waiting(self) -> int | None:
        try:
            return backlog(requests.get(self.metrics_url, timeout=5).text)
        except requests.RequestException:
            return None


def _tree(process: int) -> list[psutil.Process]:
    try:
        root = psutil.Process(process)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _machine() -> float:
    times = psutil.cpu_times()._asdict()
    return float(sum(times.get(kind, 0.0) for kind in BUSY))


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0

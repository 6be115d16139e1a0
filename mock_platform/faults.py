"""Breaking on demand: the faults that stand in a workspace, and which one hits a request.

A fault is chosen here; `meta.breakage` and `google.breakage` turn it into what the client sees.
Each hits the next `times` requests that its `match` fits, or every one, in its time and by its
chance.
"""

import itertools
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from mock_platform.fault import Fault, RequestFacts
from mock_platform.fault_reading import parse_fault

_FAULTS_MAX = 1000


class _Standing:
    """A fault with its count and its chance."""

    def __init__(self, fault: Fault, now: float) -> None:
        self.fault = fault
        self._from = now + fault.starts_in
        self._until = None if fault.lasts is None else self._from + fault.lasts
        self._chance = Random(fault.seed)  # noqa: S311 - the same in every run, not secret
        self._met = 0
        self._hits = 0

    def is_active(self, now: float) -> bool:
        """Whether it may still hit."""
        over = self._until is not None and now >= self._until
        return not over and (self.fault.times is None or self._hits < self.fault.times)

    def strikes(self, request: RequestFacts, now: float) -> bool:
        """Whether it hits `request`, which then counts."""
        if now < self._from or not self.is_active(now) or not self.fault.means(request):
            return False
        self._met += 1
        turn = self._met - self.fault.after
        if turn < 1 or turn % self.fault.every:
            return False
        if self.fault.probability is not None and self._chance.random() >= self.fault.probability:
            return False
        self._hits += 1
        return True

    def varied(self) -> Fault:
        """The fault as it hits now: `seconds` vary by its spread."""
        if not self.fault.spread or self.fault.seconds is None:
            return self.fault
        factor = self._chance.lognormvariate(0, self.fault.spread)
        return replace(self.fault, seconds=self.fault.seconds * factor)

    def as_json(self, now: float) -> dict[str, Any]:
        return {**self.fault.as_json(), "hits": self._hits, "active": self.is_active(now)}


class Faults:
    """A workspace's faults, in the order they were set. Safe to use from any thread."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._standing: list[_Standing] = []
        self._numbers = itertools.count(1)

    def add(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Set the fault that the JSON object `asked` describes, and return it with its id.

        Raises:
            FaultError: when `asked` is not a fault.
        """
        now = self._now()
        standing = _Standing(parse_fault(asked, f"fault-{next(self._numbers)}"), now)
        with self._lock:
            self._standing = [*self._standing, standing][-_FAULTS_MAX:]
        return standing.as_json(now)

    def take(self, request: RequestFacts) -> Fault | None:
        """The first active fault that fits `request`, now used once more."""
        if not self._standing:
            return None
        now = self._now()
        with self._lock:
            for standing in self._standing:
                if standing.strikes(request, now):
                    return standing.varied()
        return None

    def remove(self, fault_id: str) -> bool:
        """Forget one fault; False when there is none with this id."""
        with self._lock:
            kept = [each for each in self._standing if each.fault.id != fault_id]
            found = len(kept) < len(self._standing)
            self._standing = kept
        return found

    def clear(self) -> None:
        """Forget every fault."""
        with self._lock:
            self._standing = []

    def as_json(self) -> list[dict[str, Any]]:
        """Every fault with `hits` and `active`, used-up ones included."""
        now = self._now()
        with self._lock:
            return [standing.as_json(now) for standing in self._standing]

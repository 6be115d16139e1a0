"""Breaking on demand: the faults that stand in a workspace, and which one hits a request.

A fault is chosen here; `meta.breakage` and `google.breakage` turn it into what the client sees.
Each hits the next `times` requests that its `match` fits, or every one.
"""

import itertools
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mock_platform.fault import Fault, RequestFacts
from mock_platform.fault_reading import parse_fault

_FAULTS_MAX = 1000


@dataclass(slots=True)
class _Standing:
    fault: Fault
    hits: int = 0

    @property
    def active(self) -> bool:
        return self.fault.times is None or self.hits < self.fault.times

    def as_json(self) -> dict[str, Any]:
        return {**self.fault.as_json(), "hits": self.hits, "active": self.active}


class Faults:
    """A workspace's faults, in the order they were set. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._standing: list[_Standing] = []
        self._numbers = itertools.count(1)

    def add(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Set the fault that the JSON object `asked` describes, and return it with its id.

        Raises:
            FaultError: when `asked` is not a fault.
        """
        standing = _Standing(parse_fault(asked, f"fault-{next(self._numbers)}"))
        with self._lock:
            self._standing = [*self._standing, standing][-_FAULTS_MAX:]
        return standing.as_json()

    def take(self, request: RequestFacts) -> Fault | None:
        """The first active fault that fits `request`, now used once more."""
        if not self._standing:
            return None
        with self._lock:
            for standing in self._standing:
                if standing.active and standing.fault.means(request):
                    standing.hits += 1
                    return standing.fault
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
        with self._lock:
            return [standing.as_json() for standing in self._standing]

"""How long the bridge's sessions wait for each other's locks in PostgreSQL, by what they wait for.

A look every `EVERY` seconds counts who waits; so many looks make so much time. Nothing in the
server needs to be changed for it.
"""

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Self

import psycopg

EVERY: Final = 0.01
TURNS: Final = {
    0x5FCC01: "migration",
    0x5FCC03: "request",
    0x5FCC04: "question",
    0x5FCC05: "conversion",
    0x5FCC06: "pause",
}
"""What the bridge takes turns for, by the number of its advisory locks."""
_WAITING = b"SELECT locktype, classid FROM pg_locks WHERE NOT granted"


@dataclass
class LockWaits:
    """Looks at a database until the block is left; no URL, no looks."""

    url: str | None
    looks: Counter[str] = field(default_factory=Counter)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, daemon=True)
        if self.url is not None:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self.url is not None:
            self._thread.join()

    def numbers(self, requests: int) -> dict[str, float]:
        """Answer seconds waited, all together and by what for, and milliseconds a request."""
        if self.url is None:
            return {}
        total = sum(self.looks.values()) * EVERY
        return {
            "lock_wait_s": total,
            **{f"lock_wait_s_{what}": count * EVERY for what, count in sorted(self.looks.items())},
            "lock_wait_ms": 1000 * total / requests if requests else 0.0,
        }

    def _run(self) -> None:
        with psycopg.connect(self.url or "", autocommit=True) as connection:
            while not self._stop.wait(EVERY):
                for locktype, number in connection.execute(_WAITING):
                    self.looks[_what(locktype, number)] += 1


def _what(locktype: str, number: int | None) -> str:
    return TURNS.get(number or 0, locktype) if locktype == "advisory" else locktype

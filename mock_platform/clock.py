"""A workspace's own time: real by default, frozen or shifted on request."""

import threading
import time
from datetime import UTC, datetime
from typing import Any


class ClockError(ValueError):
    """A clock request that cannot be carried out; the message names the member."""


class Clock:
    """Seconds since the epoch as this workspace sees them.

    Time windows and deduplication read this clock only, so a test can walk through seven days
    in a millisecond.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offset = 0.0
        self._frozen_at: float | None = None

    def now(self) -> float:
        """The workspace's time in seconds since the epoch."""
        frozen_at = self._frozen_at
        return time.time() + self._offset if frozen_at is None else frozen_at

    def set(self, instant: float) -> None:
        """Jump to `instant`; a frozen clock stays frozen there."""
        with self._lock:
            if self._frozen_at is None:
                self._offset = instant - time.time()
            else:
                self._frozen_at = instant

    def advance(self, seconds: float) -> None:
        """Move by `seconds`, backwards when negative."""
        self.set(self.now() + seconds)

    def freeze(self) -> None:
        """Stop at the present moment."""
        now = self.now()
        with self._lock:
            self._frozen_at = now

    def thaw(self) -> None:
        """Run on from the moment the clock was frozen at."""
        now = self.now()
        with self._lock:
            self._frozen_at = None
            self._offset = now - time.time()

    def reset(self) -> None:
        """Back to real time."""
        with self._lock:
            self._frozen_at, self._offset = None, 0.0

    def apply(self, change: dict[str, Any]) -> None:
        """Carry out `{"set": instant, "advance": seconds, "freeze": bool}`, in this order.

        Raises:
            ClockError: for an unknown member or an unusable value; nothing has changed then.
        """
        unknown = change.keys() - {"set", "advance", "freeze"}
        if unknown:
            raise ClockError(f"unknown member {min(unknown)!r}: use set, advance, freeze")
        instant = instant_of(change["set"]) if "set" in change else None
        advance, freeze = change.get("advance", 0), change.get("freeze")
        if isinstance(advance, bool) or not isinstance(advance, int | float):
            raise ClockError("advance: expected a number of seconds")
        if freeze is not None and not isinstance(freeze, bool):
            raise ClockError("freeze: expected true or false")
        if instant is not None:
            self.set(instant)
        if advance:
            self.advance(advance)
        if freeze is not None:
            (self.freeze if freeze else self.thaw)()

    def state(self) -> dict[str, Any]:
        """What `GET /_mock/clock` answers."""
        now = self.now()
        return {
            "now": now,
            "iso": iso(now),
            "frozen": self._frozen_at is not None,
            "offset_seconds": round(now - time.time(), 3),
        }


def iso(instant: float) -> str:
    """`instant` as ISO 8601 in UTC with milliseconds and `Z`."""
    text = datetime.fromtimestamp(instant, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def instant_of(value: object) -> float:
    """Seconds since the epoch from a number of seconds or an ISO 8601 text with a zone.

    Raises:
        ClockError: when it is neither.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise ClockError("set: expected seconds since the epoch or an ISO 8601 time") from None
    if moment.tzinfo is None:
        raise ClockError("set: the time needs a zone, for example a trailing Z")
    return moment.timestamp()

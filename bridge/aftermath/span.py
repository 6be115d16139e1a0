"""A stretch of time, from one second on and before another; either end may be open."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

LAST_SECOND: Final = 2**32
"""Later than any time that is meant, in seconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `since` on, before `until`."""

    since: datetime | None = None
    until: datetime | None = None

    def __contains__(self, at: datetime) -> bool:
        """Whether the moment is inside."""
        after = self.since is None or self.since <= at
        return after and (self.until is None or at < self.until)

    def __str__(self) -> str:
        """Say it for people."""
        since = f"from {self.since:%Y-%m-%d %H:%M:%S}" if self.since else "from the first"
        return since + (f" to {self.until:%Y-%m-%d %H:%M:%S} UTC" if self.until else " on, UTC")

    def widened(self, second: float) -> Self:
        """Answer the span that also holds a second since 1970; the same when it cannot be meant."""
        if not 0 <= second < LAST_SECOND:
            return self
        at = datetime.fromtimestamp(int(second), UTC)
        since, until = self.since or at, self.until or at
        return type(self)(since=min(since, at), until=max(until, at + timedelta(seconds=1)))

"""The clock, handed in wherever time matters, so that rules stay functions of their input."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Answers the current time, timezone-aware and in UTC."""

    def __call__(self) -> datetime:
        """Promise an aware datetime in UTC."""
        ...


def system_clock() -> datetime:
    """Answer the machine's time in UTC."""
    return datetime.now(UTC)

"""How long a destination rests: what its headers ask for, and what we choose ourselves."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

LONGEST_WAIT = timedelta(days=7)
"""No platform asks for more in earnest, and no web event would live to see the end of it."""

SLOW_FROM = 80
"""Per cent of a rate limit from which we slow down (Graph API: Rate limits, headers)."""

USAGE_HEADERS = ("x-app-usage", "x-business-use-case-usage", "x-ad-account-usage")
PERCENTAGES = frozenset({"call_count", "total_time", "total_cputime", "acc_id_util_pct"})
WAITS = {  # Graph API: Rate limits, headers
    "estimated_time_to_regain_access": timedelta(minutes=1),
    "reset_time_duration": timedelta(seconds=1),
}
_SECONDS = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)


class Pace:
    """When each destination may be asked again although it is not paused; one a process.

    Every sender sees the usage in its own answers, so this needs no sharing.
    """

    def __init__(self, base: float) -> None:
        self._base = base
        self._rests_until: dict[str, datetime] = {}

    def note(self, destination: str, headers: Mapping[str, str], now: datetime) -> None:
        """Take the usage an answer told of."""
        rest = slow_down(headers, self._base)
        if rest is not None:
            self.rest(destination, now + max(rest, wait_asked(headers, now) or rest))

    def rest(self, destination: str, until: datetime) -> None:
        """Leave the destination alone until then, at least."""
        self._rests_until[destination] = max(until, self._rests_until.get(destination, until))

    def rests(self, destination: str, now: datetime) -> bool:
        """Answer whether to leave the destination alone for now."""
        return now < self._rests_until.get(destination, now)


def pause_length(pauses: int, base: float, cap: float) -> timedelta:
    """Answer how long to pause after so many pauses in a row; base and cap in seconds."""
    return timedelta(seconds=min(base * 2.0 ** min(pauses, 32), cap))


def wait_asked(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Answer the longest wait the headers ask for: Retry-After and Meta's time to regain access."""
    asked = [unit * value for name, unit in WAITS.items() for value in _numbers(headers, {name})]
    after = _retry_after(headers.get("retry-after", "").strip(), now)
    waits = [wait for wait in (*asked, after) if wait]
    return min(max(waits), LONGEST_WAIT) if waits else None


def slow_down(headers: Mapping[str, str], base: float) -> timedelta | None:
    """Answer how long to rest before the next request although this one went well.

    None below 80 per cent of every limit; from there a growing part of `base` seconds, all of it
    at 100 per cent.
    """
    used = min(max(_numbers(headers, PERCENTAGES), default=0), 100)
    if used < SLOW_FROM:
        return None
    return timedelta(seconds=base * (used - SLOW_FROM + 1) / (100 - SLOW_FROM + 1))


def _retry_after(value: str, now: datetime) -> timedelta | None:
    """Read seconds or a date (RFC 9110, 10.2.3)."""
    if _SECONDS.fullmatch(value):
        return min(timedelta(seconds=float(value)), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(value)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(at - now, timedelta())
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def _numbers(headers: Mapping[str, str], names: frozenset[str] | set[str]) -> Iterator[float]:
    for header in USAGE_HEADERS:
        try:
            document = orjson.loads(headers.get(header, "null"))
        except ValueError:
            continue
        for name, value in _members(document):
            usable = isinstance(value, int | float) and not isinstance(value, bool)
            if name in names and usable and value > 0:
                yield min(float(value), LONGEST_WAIT.total_seconds())


def _members(document: Any) -> Iterator[tuple[str, Any]]:
    """Walk objects and arrays; the business header nests both, by account."""
    rest = [document]
    while rest:
        value = rest.pop()
        if isinstance(value, dict):
            yield from value.items()
            rest.extend(value.values())
        elif isinstance(value, list):
            rest.extend(value)

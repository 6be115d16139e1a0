"""What a platform reports later on a request it has accepted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.request import Request

COUNTS_ONLY = "counts_only"
UNKNOWN = "unknown"


class Fate(StrEnum):
    """What became of an event the platform had accepted."""

    PROCESSED = "processed"
    AGAIN = "again"  # the platform lost it or could not take it yet: send it again
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEnd:
    """The end of one event; `after` is how long to wait before it is sent again."""

    fate: Fate
    reason: str | None = None
    detail: str | None = None
    after: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A final report: `ends` by an event's place in the request, `rest` for all others.

    `outcome` and `account` are fit to be kept with the request.
    """

    outcome: str
    ends: Mapping[int, RecordEnd]
    rest: RecordEnd
    account: str

    def end_of(self, place: int) -> RecordEnd:
        """Answer the end of the event at that place."""
        return self.ends.get(place, self.rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotYet:
    """No report yet, and why; `after` is how long the platform wants to be left alone."""

    reason: str
    after: timedelta | None = None


Report = Reported | NotYet


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusProtocol:
    """How to ask for a report: the functions take the settings of their own destinations.

    `request` takes the request's id and a token. `read` takes how many events were sent. `after`
    and `within` say how long after acceptance to ask first, and until when at all.
    """

    request: Callable[[Any, str, str], Request]
    read: Callable[[Answer | NoAnswer, int, datetime], Report]
    after: Callable[[Any], timedelta]
    within: Callable[[Any], timedelta]

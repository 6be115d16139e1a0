"""What is entered in the books: one entry a request, one an event."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import orjson

from mock_platform.rules.dedup import Receipt, Source


class Verdict(StrEnum):
    """What the platform made of an event."""

    COUNTED = "counted"
    DEDUPLICATED = "deduplicated"
    ADJUSTED = "adjusted"  # it changed the value of a conversion counted before
    PROCESSING = "processing"  # accepted, and not looked at yet
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEntry:
    """One request as the journal keeps it, bodies cut and without secrets.

    `request_bytes` is the body's true length; `status` is None when no answer was given;
    `milliseconds` is how long judging took, waiting included.
    """

    platform: str
    api: str
    method: str
    path: str
    dataset: str
    request_body: bytes
    request_bytes: int
    status: int | None
    response_body: bytes
    fault: str | None = None
    content_type: str = ""
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEntry:
    """One event to be entered.

    `receipt` is None where Meta's deduplication has no say: for what is rejected, and at Google.
    `dataset` is the request's own where the event names none.
    """

    source: Source
    event_name: str | None
    event_id: str | None
    event_time: int | None
    order_id: str | None
    test_event_code: str | None
    findings: bytes
    payload: bytes
    receipt: Receipt | None = None
    dataset: str | None = None
    value: float | None = None
    currency: str | None = None

    def with_finding(self, finding: Mapping[str, Any]) -> "EventEntry":
        """The same event with one finding more."""
        found = [*orjson.loads(self.findings), finding]
        return replace(self, findings=orjson.dumps(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the books say of an event: the verdict, the rule behind it, the event it repeats."""

    verdict: Verdict
    rule: str | None = None
    partner: int | None = None

"""Asking the Data Manager API what became of a request, and reading what it says.

Since version 1.9 of the API an error tells the places of the records it is about. Without them only
their number is known, and for most of a request's events nothing is certain.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.google_json import enum_name, objects
from bridge.delivery.http_answer import is_success, read_document
from bridge.delivery.json_values import integer
from bridge.delivery.report import (
    COUNTS_ONLY,
    UNKNOWN,
    Fate,
    NotYet,
    RecordEnd,
    Report,
    Reported,
    StatusProtocol,
)
from bridge.delivery.request import Request
from bridge.delivery.throttle import wait_asked
from bridge.operate.google_destination import GoogleDestination

PREFIXES = re.compile("PROCESSING_(?:ERROR|WARNING)_(?:REASON_)?")
_REASON = "Data Manager API: ProcessingErrorReason"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what a processing error says became of its records, and where it is described."""

    name: str
    fate: Fate
    reference: str
    after: timedelta = timedelta()


ERRORS: tuple[Rule, ...] = (
    Rule("INTERNAL_ERROR", Fate.AGAIN, f"{_REASON}, Google's own failure"),
    Rule(
        "TOO_RECENT_CLICK", Fate.AGAIN, f"{_REASON}, the click is not known yet", timedelta(hours=6)
    ),
    Rule("DUPLICATE_TRANSACTION_ID", Fate.PROCESSED, f"{_REASON}, counted before"),
    Rule("DUPLICATE_GCLID", Fate.PROCESSED, f"{_REASON}, same click and time counted before"),
    Rule("CLICK_NOT_FOUND", Fate.PROCESSED, f"{_REASON}, no ad of this account led to it"),
    Rule("INSUFFICIENT_TRANSACTIONS", Fate.PROCESSED, f"{_REASON}, store sales: too few to count"),
    Rule(
        "INSUFFICIENT_MATCHED_TRANSACTIONS",
        Fate.PROCESSED,
        f"{_REASON}, store sales: too few to count",
    ),
)
"""Every other reason rejects its records."""

# The guide writes FAILURE where the enum says FAILED.
FAILED = frozenset({"FAILED", "FAILURE"})
FINAL = FAILED | {"SUCCESS", "PARTIAL_SUCCESS"}

_SEVERITY = (Fate.PROCESSED, Fate.AGAIN, Fate.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Error:
    name: str
    count: int
    places: frozenset[int]

    @property
    def end(self) -> RecordEnd:
        rule = next((rule for rule in ERRORS if rule.name == self.name), None)
        if rule is None:
            return RecordEnd(fate=Fate.REJECTED, reason=f"google:{self.name}")
        return RecordEnd(fate=rule.fate, reason=f"google:{self.name}", after=rule.after)

    @property
    def located(self) -> bool:
        return len(self.places) >= self.count


def status_request(destination: GoogleDestination, request_id: str, token: str) -> Request:
    """Assemble the question (Data Manager API: requestStatus.retrieve); it has no body."""
    query = urlencode({"requestId": request_id})
    return Request(
        url=f"{destination.base_url}/v1/requestStatus:retrieve?{query}",
        headers={"Authorization": f"Bearer {token}"},
        body=b"",
    )


def read_status(answer: Answer | NoAnswer, sent: int, now: datetime) -> Report:
    """Answer what is reported on a request of `sent` events to one destination."""
    if isinstance(answer, NoAnswer):
        return NotYet(reason=answer.reason or answer.kind.value)
    document = read_document(answer.body)
    if not is_success(answer.status):
        return _not_now(answer, document, now)
    statuses = objects(document.get("requestStatusPerDestination"))
    status: dict[str, Any] = next(statuses, {})
    name = (enum_name(status.get("requestStatus")) or "").removeprefix("REQUEST_STATUS_")
    if name not in FINAL:
        return NotYet(reason=f"google:{name or 'no_status'}")
    errors = list(_errors(status.get("errorInfo"), "errorCounts", sent))
    rest, outcome = _rest(errors, sent, failed=name in FAILED), name.lower()
    return Reported(
        outcome=COUNTS_ONLY if rest.detail == UNKNOWN else outcome,
        ends=_ends(errors),
        rest=rest,
        account=_account(name, errors, _errors(status.get("warningInfo"), "warningCounts", sent)),
    )


def _not_now(answer: Answer, document: dict[str, Any], now: datetime) -> NotYet:
    error = document.get("error")
    name = enum_name(error.get("status")) if isinstance(error, dict) else None
    after = wait_asked(answer.headers, now)
    return NotYet(reason=f"google:{name}" if name else f"http:{answer.status}", after=after)


def _ends(errors: Sequence[_Error]) -> dict[int, RecordEnd]:
    """Answer the end of every record that is named; of several errors the worst holds."""
    ends: dict[int, RecordEnd] = {}
    for error in sorted(errors, key=lambda one: _SEVERITY.index(one.end.fate)):
        ends |= dict.fromkeys(error.places, error.end)
    return ends


def _rest(errors: Sequence[_Error], sent: int, *, failed: bool) -> RecordEnd:
    """Answer the end of the records nobody names."""
    named = frozenset[int]().union(*(error.places for error in errors))
    loose = [error for error in errors if not error.located]
    if len(loose) == 1 and loose[0].count >= sent - len(named):
        return loose[0].end  # as many as are left: it is about all of them
    if failed:
        return _of_the_failed(loose or list(errors))
    if all(error.end.fate is Fate.PROCESSED for error in loose):
        return RecordEnd(fate=Fate.PROCESSED)
    return RecordEnd(fate=Fate.PROCESSED, reason=COUNTS_ONLY, detail=UNKNOWN)


def _of_the_failed(errors: Sequence[_Error]) -> RecordEnd:
    """Answer the end of records of which only that they failed is certain.

    One that may have met Google's own failure goes again: what is refused once more ends then.
    """
    ends = sorted((one.end for one in errors), key=lambda end: _SEVERITY.index(end.fate))
    again = next((end for end in ends if end.fate is Fate.AGAIN), None)
    return again or (ends[-1] if ends else RecordEnd(fate=Fate.REJECTED, reason="google:FAILED"))


def _errors(info: object, member: str, sent: int) -> Iterator[_Error]:
    for one in objects(info.get(member) if isinstance(info, dict) else None):
        name = enum_name(one.get("reason")) or "UNSPECIFIED"
        indices = one.get("recordIndices")
        places = (integer(place) for place in (indices if isinstance(indices, list) else []))
        known = frozenset(place for place in places if place is not None and 0 <= place < sent)
        count = integer(one.get("recordCount"))
        yield _Error(
            name=PREFIXES.sub("", name, count=1),
            count=(len(known) or 1) if count is None else max(count, 0),
            places=known,
        )


def _account(status: str, errors: Sequence[_Error], warnings: Iterator[_Error]) -> str:
    said = [f"{error.name} {error.count}" for error in (*errors, *warnings)]
    return f"{status}: {', '.join(said)}" if said else status


GOOGLE_STATUS = StatusProtocol(
    request=status_request,
    read=read_status,
    after=lambda destination: timedelta(minutes=destination.status_after_minutes),
    within=lambda destination: timedelta(hours=destination.status_within_hours),
)

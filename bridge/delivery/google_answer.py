"""From the Data Manager API's answer to a verdict. Total: every answer has one, nothing is raised.

A request is taken as a whole or not at all (Data Manager API: Understand errors). A refusal lists
all violations at once, so the events it names are cut out and the others sent again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.google_errors import by_canonical_status, by_field, by_reason, named_event
from bridge.delivery.google_json import enum_name, objects, request_id, type_name
from bridge.delivery.http_answer import by_status, is_success, read_document, without_answer
from bridge.delivery.scrub import LONGEST, scrub
from bridge.delivery.throttle import wait_asked
from bridge.delivery.treatment import Treatment
from bridge.delivery.verdict import (
    Accepted,
    DestinationError,
    EventsRejected,
    RequestRejected,
    Retry,
    Throttled,
    Unrecognised,
    Verdict,
)

_MEMBER = r"[A-Za-z_]{1,50}(?:\[\d{1,4}\])?"
_PATH = re.compile(rf"{_MEMBER}(?:\.{_MEMBER}){{0,9}}", re.ASCII)
_FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Violation:
    field: str
    reason: str | None
    description: str

    @property
    def treatment(self) -> Treatment:
        decided = by_reason(self.reason)
        if decided is None and named_event(self.field):
            return Treatment.REJECTED
        return decided or by_field(self.field)

    @property
    def account(self) -> str:
        """The field within the event and what is wrong with it, fit to be kept."""
        named = named_event(self.field)
        path = named[1] if named else self.field
        shown = path if _PATH.fullmatch(path) else scrub(path)
        return ": ".join(part for part in (shown, scrub(self.description)) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    status: str | None
    reason: str | None
    message: str
    trace_id: str | None
    violations: tuple[_Violation, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in (self.reason, self.status) if name)


def classify_google(answer: Answer | NoAnswer, sent: int, now: datetime) -> Verdict:
    """Answer what became of the `sent` events of one request."""
    if isinstance(answer, NoAnswer):
        return without_answer(answer)
    document = read_document(answer.body)
    if is_success(answer.status):
        return _success(document)
    error = document.get("error")
    if not isinstance(error, dict):
        return by_status(answer, now)
    return _on_refusal(_refusal(error), answer, sent, now)


def _success(document: dict[str, Any]) -> Verdict:
    trace_id = request_id(document.get("requestId"))
    if trace_id is None:
        return Unrecognised(reason="google:no_request_id")
    warnings = (enum_name(one.get("reason")) for one in objects(document.get("fieldWarnings")))
    return Accepted(trace_id=trace_id, warnings=tuple(sorted({name for name in warnings if name})))


def _on_refusal(refusal: _Refusal, answer: Answer, sent: int, now: datetime) -> Verdict:
    for treatment in (Treatment.DESTINATION, Treatment.THROTTLED, Treatment.RETRY):
        broken = [one for one in refusal.violations if one.treatment is treatment]
        if broken:
            reason = broken[0].reason or _first(refusal.names)
            return _verdict(treatment, reason, _accounts(broken), answer, now)
    if refusal.violations and answer.status < 500:  # noqa: PLR2004  # RFC 9110: server errors
        return _on_events(refusal, sent)
    decided = by_reason(refusal.reason) or by_canonical_status(refusal.status)
    if decided is None:
        return by_status(answer, now)
    if decided is Treatment.REJECTED:
        return _rejected(refusal, refusal.message)
    return _verdict(decided, _first(refusal.names), scrub(refusal.message), answer, now)


def _on_events(refusal: _Refusal, sent: int) -> Verdict:
    culprits: dict[int, list[_Violation]] = {}
    for violation in refusal.violations:
        named = named_event(violation.field)
        if named and named[0] < sent:
            culprits.setdefault(named[0], []).append(violation)
    if not culprits:
        return _rejected(refusal, _accounts(refusal.violations), refusal.violations[0].reason)
    return EventsRejected(
        culprits={
            place: _rejected(refusal, _accounts(broken), broken[0].reason)
            for place, broken in culprits.items()
        }
    )


def _rejected(refusal: _Refusal, detail: str, reason: str | None = None) -> RequestRejected:
    return RequestRejected(
        reason=f"google:{reason or _first(refusal.names)}",
        detail=detail[:LONGEST] or None,
        trace_id=refusal.trace_id,
    )


def _verdict(
    treatment: Treatment, name: str, detail: str, answer: Answer, now: datetime
) -> Verdict:
    reason, after = f"google:{name}", wait_asked(answer.headers, now)
    if treatment is Treatment.THROTTLED:
        return Throttled(reason=reason, after=after or _until_next_minute(now))
    if treatment is Treatment.RETRY:
        return Retry(reason=reason, after=after)
    return DestinationError(reason=reason, detail=detail or None)


def _until_next_minute(now: datetime) -> timedelta:
    """Quotas count calendar minutes or the last sixty seconds, nobody says which."""
    return timedelta(seconds=60 - now.second)


def _accounts(violations: Sequence[_Violation]) -> str:
    return " | ".join(one.account for one in violations[:_FEW])[:LONGEST]


def _refusal(error: dict[str, Any]) -> _Refusal:
    details = list(objects(error.get("details")))
    infos = (one for one in details if type_name(one) == "google.rpc.ErrorInfo")
    requests = (one for one in details if type_name(one) == "google.rpc.RequestInfo")
    bad = (one for one in details if type_name(one) == "google.rpc.BadRequest")
    message = error.get("message")
    return _Refusal(
        status=enum_name(error.get("status")),
        reason=_first_or_none(enum_name(one.get("reason")) for one in infos),
        message=scrub(message) if isinstance(message, str) else "",
        trace_id=_first_or_none(request_id(one.get("requestId")) for one in requests),
        violations=tuple(
            _violation(one) for request in bad for one in objects(request.get("fieldViolations"))
        ),
    )


def _violation(members: dict[str, Any]) -> _Violation:
    field, description = members.get("field"), members.get("description")
    return _Violation(
        field=field if isinstance(field, str) else "",
        reason=enum_name(members.get("reason")),
        description=description if isinstance(description, str) else "",
    )


def _first(names: Sequence[str]) -> str:
    return names[0] if names else "UNSPECIFIED"


def _first_or_none(values: Iterator[str | None]) -> str | None:
    return next((value for value in values if value), None)

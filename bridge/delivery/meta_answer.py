"""From Meta's answer to a verdict. Total: every answer has one, and nothing is ever raised.

A success must say that it received as many events as were sent. Meta takes a request as a whole or
not at all, so any other number is an answer we do not understand: the events are sent again while
Meta still deduplicates them, rather than believed to be there.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson

from bridge.delivery.answer import Answer, NoAnswer, NoAnswerKind
from bridge.delivery.meta_errors import Treatment, treatment_of
from bridge.delivery.scrub import scrub
from bridge.delivery.throttle import wait_asked
from bridge.delivery.verdict import (
    Accepted,
    DestinationError,
    RequestRejected,
    Retry,
    Throttled,
    Uncertain,
    Unreachable,
    Unrecognised,
    Verdict,
)

_TRACE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{7,63}", re.ASCII)

StatusRule = Callable[[str, timedelta | None], Verdict]

# Answers without an error code of Meta's come from what stands between: RFC 9110, section 15.
STATUSES: dict[int, StatusRule] = {
    401: lambda reason, _: DestinationError(reason=reason),
    403: lambda reason, _: DestinationError(reason=reason),
    404: lambda reason, _: DestinationError(reason=reason),
    405: lambda reason, _: DestinationError(reason=reason),
    407: lambda reason, _: DestinationError(reason=reason),
    408: lambda reason, after: Retry(reason=reason, after=after),
    410: lambda reason, _: DestinationError(reason=reason),
    413: lambda reason, _: RequestRejected(reason=reason, detail=None, trace_id=None),
    429: lambda reason, after: Throttled(reason=reason, after=after),
}
CLASSES: dict[int, StatusRule] = {
    3: lambda reason, _: DestinationError(reason=reason),  # we follow no redirects
    5: lambda reason, after: Retry(reason=reason, after=after),
}


def classify_meta(answer: Answer | NoAnswer, sent: int, now: datetime) -> Verdict:
    """Answer what became of the `sent` events of one request."""
    if isinstance(answer, NoAnswer):
        return _without_answer(answer)
    document = _document(answer.body)
    error = document.get("error")
    code = _integer(error.get("code")) if isinstance(error, dict) else None
    if isinstance(error, dict) and code is not None:
        return _by_code(error, code, answer, now)
    if 200 <= answer.status < 300:  # noqa: PLR2004  # RFC 9110: the success class
        return _success(document, sent)
    return _by_status(answer, now)


def _without_answer(answer: NoAnswer) -> Verdict:
    if answer.kind is NoAnswerKind.NO_TOKEN:
        return DestinationError(reason="token_unavailable")
    if answer.certain_not_received:
        return Unreachable(reason=answer.kind.value)
    return Uncertain(reason=answer.kind.value)


def _success(document: dict[str, Any], sent: int) -> Verdict:
    received = _integer(document.get("events_received"))
    if received is None:
        return Unrecognised(reason="meta:no_events_received")
    if received != sent:
        return Unrecognised(reason="meta:events_received_differs")
    return Accepted(trace_id=_trace_id(document))


def _by_code(error: dict[str, Any], code: int, answer: Answer, now: datetime) -> Verdict:
    subcode = _integer(error.get("error_subcode"))
    reason = f"meta:{code}" if subcode is None else f"meta:{code}/{subcode}"
    treatment = treatment_of(code, subcode)
    transient = error.get("is_transient") is True or answer.status >= 500  # noqa: PLR2004  # RFC 9110
    if transient and treatment in {None, Treatment.REJECTED}:
        treatment = Treatment.RETRY
    after = wait_asked(answer.headers, now)
    match treatment:
        case Treatment.THROTTLED:
            return Throttled(reason=reason, after=after)
        case Treatment.RETRY | Treatment.NOT_READY:
            return Retry(reason=reason, after=after, may_be_kept=treatment is Treatment.RETRY)
        case Treatment.DESTINATION:
            return DestinationError(reason=reason, detail=_detail(error))
        case Treatment.REJECTED:
            return RequestRejected(reason=reason, detail=_detail(error), trace_id=_trace_id(error))
    return Unrecognised(reason=reason)


def _by_status(answer: Answer, now: datetime) -> Verdict:
    rule = STATUSES.get(answer.status) or CLASSES.get(answer.status // 100)
    reason = f"http:{answer.status}"
    return rule(reason, wait_asked(answer.headers, now)) if rule else Unrecognised(reason=reason)


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _integer(value: object) -> int | None:
    """Read an integer of 64 bits, also one written as a string or as a float."""
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
        return int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _trace_id(document: dict[str, Any]) -> str | None:
    trace_id = document.get("fbtrace_id")
    usable = isinstance(trace_id, str) and _TRACE_ID.fullmatch(trace_id)
    return trace_id if usable else None


def _detail(error: dict[str, Any]) -> str | None:
    texts = (error.get(name) for name in ("error_user_title", "message", "error_user_msg"))
    return scrub(" | ".join(text for text in texts if isinstance(text, str) and text)) or None

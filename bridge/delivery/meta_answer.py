"""From Meta's answer to a verdict. Total: every answer has one, and nothing is ever raised.

A success must say that it received as many events as were sent. Meta takes a request as a whole or
not at all, so any other number is an answer we do not understand: the events are sent again while
Meta still deduplicates them, rather than believed to be there.
"""

import re
from datetime import datetime
from typing import Any

from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.http_answer import by_status, is_success, read_document, without_answer
from bridge.delivery.json_values import integer
from bridge.delivery.meta_errors import treatment_of
from bridge.delivery.scrub import scrub
from bridge.delivery.throttle import wait_asked
from bridge.delivery.treatment import Treatment
from bridge.delivery.verdict import (
    Accepted,
    DestinationError,
    RequestRejected,
    Retry,
    Throttled,
    Unrecognised,
    Verdict,
)

_TRACE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{7,63}", re.ASCII)


def classify_meta(answer: Answer | NoAnswer, sent: int, now: datetime) -> Verdict:
    """Answer what became of the `sent` events of one request."""
    if isinstance(answer, NoAnswer):
        return without_answer(answer)
    document = read_document(answer.body)
    error = document.get("error")
    code = integer(error.get("code")) if isinstance(error, dict) else None
    if isinstance(error, dict) and code is not None:
        return _by_code(error, code, answer, now)
    if is_success(answer.status):
        return _success(document, sent)
    return by_status(answer, now)


def _success(document: dict[str, Any], sent: int) -> Verdict:
    received = integer(document.get("events_received"))
    if received is None:
        return Unrecognised(reason="meta:no_events_received")
    if received != sent:
        return Unrecognised(reason="meta:events_received_differs")
    return Accepted(trace_id=_trace_id(document))


def _by_code(error: dict[str, Any], code: int, answer: Answer, now: datetime) -> Verdict:
    subcode = integer(error.get("error_subcode"))
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


def _trace_id(document: dict[str, Any]) -> str | None:
    trace_id = document.get("fbtrace_id")
    usable = isinstance(trace_id, str) and _TRACE_ID.fullmatch(trace_id)
    return trace_id if usable else None


def _detail(error: dict[str, Any]) -> str | None:
    texts = (error.get(name) for name in ("error_user_title", "message", "error_user_msg"))
    return scrub(" | ".join(text for text in texts if isinstance(text, str) and text)) or None

"""What HTTP itself says about an answer, before a platform's own words are looked at."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson

from bridge.delivery.answer import Answer, NoAnswer, NoAnswerKind
from bridge.delivery.throttle import wait_asked
from bridge.delivery.verdict import (
    DestinationError,
    RequestRejected,
    Retry,
    Throttled,
    Uncertain,
    Unreachable,
    Unrecognised,
    Verdict,
)

StatusRule = Callable[[str, timedelta | None], Verdict]

# Answers without a platform's error come from what stands between: RFC 9110, section 15.
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


def is_success(status: int) -> bool:
    """Answer whether a status is of the success class (RFC 9110, 15.3)."""
    return 200 <= status < 300  # noqa: PLR2004  # the class itself


def without_answer(answer: NoAnswer) -> Verdict:
    """Answer what it means that no answer came."""
    if answer.kind is NoAnswerKind.NO_TOKEN:
        return DestinationError(reason=answer.reason or "token_unavailable")
    if answer.certain_not_received:
        return Unreachable(reason=answer.reason or answer.kind.value)
    return Uncertain(reason=answer.kind.value)


def by_status(answer: Answer, now: datetime) -> Verdict:
    """Answer what a status means that no platform's error came with."""
    rule = STATUSES.get(answer.status) or CLASSES.get(answer.status // 100)
    reason = f"http:{answer.status}"
    return rule(reason, wait_asked(answer.headers, now)) if rule else Unrecognised(reason=reason)


def read_document(body: bytes) -> dict[str, Any]:
    """Answer the JSON object of a body; an empty one when it is anything else."""
    try:
        document = orjson.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}

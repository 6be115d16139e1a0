"""What a fault makes of Google's answer, whichever API it is."""

from collections.abc import Callable
from dataclasses import replace

from mock_platform.connection import ConnectionEnd
from mock_platform.fault import GARBAGE, Fault, FaultKind
from mock_platform.google.answer import Answer

_PAGE = (
    b"<!DOCTYPE html><html lang=en><title>Error 502 (Server Error)!!1</title>"
    b"<p>The server encountered a temporary error and could not complete your request.</html>"
)
_HALF = b'{"requestId": "0f'
_OTHER_SHAPE = b'{"operation": {"name": "operations/1", "done": false}}'


def extra_headers(fault: Fault) -> dict[str, str]:
    """The headers a fault asks for."""
    retry = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return {**retry, **dict(fault.headers)}


def _ended(end: ConnectionEnd) -> Callable[[Fault, Answer], Answer]:
    def broken(fault: Fault, usual: Answer) -> Answer:
        return replace(usual, end=end, seconds=fault.seconds)

    return broken


def _replaced(body: bytes, content_type: str | None = None) -> Callable[[Fault, Answer], Answer]:
    def broken(fault: Fault, usual: Answer) -> Answer:
        return Answer(
            status=fault.status or 200,
            body=body,
            content_type=content_type or usual.content_type,
            headers=extra_headers(fault),
        )

    return broken


def _with_headers(fault: Fault, usual: Answer) -> Answer:
    return replace(usual, headers={**usual.headers, **extra_headers(fault)})


# The kinds that do not depend on what was asked.
BREAKAGE: dict[FaultKind, Callable[[Fault, Answer], Answer]] = {
    FaultKind.ANSWER_LOST: _ended(ConnectionEnd.CLOSE),
    FaultKind.RESET: _ended(ConnectionEnd.RESET),
    FaultKind.HANG: _ended(ConnectionEnd.HOLD),
    FaultKind.SLOW_BODY: _ended(ConnectionEnd.SLOW),
    FaultKind.SLOW_HEADERS: _ended(ConnectionEnd.SLOW_HEAD),
    FaultKind.HALF_OPEN: _ended(ConnectionEnd.HALF),
    FaultKind.WRONG_LENGTH: _ended(ConnectionEnd.SHORT),
    FaultKind.TRUNCATED_CHUNK: _ended(ConnectionEnd.CUT),
    FaultKind.EMPTY: _replaced(b""),
    FaultKind.GARBAGE: _replaced(GARBAGE, "application/octet-stream"),
    FaultKind.OTHER_SHAPE: _replaced(_OTHER_SHAPE),
    FaultKind.MALFORMED_JSON: _replaced(_HALF),
    FaultKind.HTML: _replaced(_PAGE, "text/html; charset=UTF-8"),
    FaultKind.DELAY: _with_headers,
    FaultKind.HEADERS: _with_headers,
}
EVERYWHERE = frozenset({*BREAKAGE, FaultKind.ERROR})

"""What a fault makes of Meta's answer."""

from collections.abc import Callable
from dataclasses import replace

import orjson

from mock_platform.connection import ConnectionEnd
from mock_platform.fault import GARBAGE, Fault, FaultKind
from mock_platform.meta.answer import JSON, Answer, failed
from mock_platform.meta.errors import ERRORS, GraphError
from mock_platform.meta.events import Judgement, rejected
from mock_platform.meta.request import GraphCall
from mock_platform.rules.catalogue import FAULT_REJECTS
from mock_platform.rules.model import Finding, Mode

_PAGE = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body>Try again.</body></html>"
_HALF = b'{"events_received": 1, "messa'
_OTHER_SHAPE = b'{"result": {"accepted": true}, "api_status": "ok"}'
_FULL = 100
_REGAIN_MINUTES = 1


def graph_error(fault: Fault) -> GraphError:
    """The error a fault asks for: a row of the catalogue, or its own status and codes."""
    default = "poison" if fault.kind is FaultKind.PLATFORM_REJECTS else "service_unavailable"
    error = ERRORS[fault.error or default]
    if fault.code is not None:
        error = GraphError(status=400, code=fault.code, message=f"(#{fault.code}) Injected error")
    if fault.subcode is not None:
        error = replace(error, subcode=fault.subcode)
    return error if fault.status is None else replace(error, status=fault.status)


def _headers(fault: Fault, *, throttled: bool = False) -> dict[str, str]:
    headers: dict[str, str] = {}
    if throttled or fault.usage is not None:
        used = _FULL if fault.usage is None else fault.usage
        minutes = _REGAIN_MINUTES if fault.regain_minutes is None else fault.regain_minutes
        usage = {"call_count": used, "total_cputime": used, "total_time": used}
        regain = {"type": "ads_management", "estimated_time_to_regain_access": minutes}
        business = {"1": [{**regain, **usage}]}
        headers["x-app-usage"] = orjson.dumps(usage).decode()
        headers["x-business-use-case-usage"] = orjson.dumps(business).decode()
    if fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after)
    return {**headers, **dict(fault.headers)}


def _error(fault: Fault, usual: Answer) -> Answer:
    del usual
    error = graph_error(fault)
    return failed(error, _headers(fault, throttled=error.throttles))


def _end(end: ConnectionEnd) -> Callable[[Fault, Answer], Answer]:
    def answer(fault: Fault, usual: Answer) -> Answer:
        return replace(usual, end=end, seconds=fault.seconds)

    return answer


def _body(body: bytes, content_type: str = JSON) -> Callable[[Fault, Answer], Answer]:
    def answer(fault: Fault, usual: Answer) -> Answer:
        del usual
        return Answer(
            status=fault.status or 200,
            body=body,
            content_type=content_type,
            headers=_headers(fault),
        )

    return answer


def _wrong_count(fault: Fault, usual: Answer) -> Answer:
    document = orjson.loads(usual.body)
    if "events_received" in document:
        claimed = fault.events_received
        received = document["events_received"]
        document["events_received"] = received - 1 if claimed is None else claimed
    return replace(usual, body=orjson.dumps(document), headers=_headers(fault))


def _with_headers(fault: Fault, usual: Answer) -> Answer:
    return replace(usual, headers=_headers(fault))


_ANSWERS: dict[FaultKind, Callable[[Fault, Answer], Answer]] = {
    FaultKind.ERROR: _error,
    FaultKind.PLATFORM_REJECTS: _error,
    FaultKind.ANSWER_LOST: _end(ConnectionEnd.CLOSE),
    FaultKind.RESET: _end(ConnectionEnd.RESET),
    FaultKind.HANG: _end(ConnectionEnd.HOLD),
    FaultKind.DELAY: _with_headers,
    FaultKind.SLOW_BODY: _end(ConnectionEnd.SLOW),
    FaultKind.SLOW_HEADERS: _end(ConnectionEnd.SLOW_HEAD),
    FaultKind.HALF_OPEN: _end(ConnectionEnd.HALF),
    FaultKind.WRONG_LENGTH: _end(ConnectionEnd.SHORT),
    FaultKind.TRUNCATED_CHUNK: _end(ConnectionEnd.CUT),
    FaultKind.EMPTY: _body(b""),
    FaultKind.GARBAGE: _body(GARBAGE, "application/octet-stream"),
    FaultKind.MALFORMED_JSON: _body(_HALF),
    FaultKind.HTML: _body(_PAGE, "text/html; charset=utf-8"),
    FaultKind.OTHER_SHAPE: _body(_OTHER_SHAPE),
    FaultKind.WRONG_COUNT: _wrong_count,
    FaultKind.HEADERS: _with_headers,
}


def break_answer(fault: Fault, call: GraphCall, judgement: Judgement, mode: Mode) -> Judgement:
    """The judgement as the client and the books see it under `fault`."""
    kept = judgement.entries if fault.stores else ()
    if fault.kind is FaultKind.PLATFORM_REJECTS:
        meant = fault.events_meant([call.facts_of((event,)) for event in call.events])
        findings = [(Finding(rule=FAULT_REJECTS),) if each else () for each in meant]
        kept = rejected(call, findings, mode)
    return Judgement(answer=_ANSWERS[fault.kind](fault, judgement.answer), entries=kept)

"""What a fault makes of Meta's answer."""

from collections.abc import Callable
from dataclasses import replace

import orjson

from mock_platform.connection import ConnectionEnd
from mock_platform.fault import Fault, FaultKind
from mock_platform.meta.answer import Answer, failed
from mock_platform.meta.errors import ERRORS, GraphError
from mock_platform.meta.events import Judgement, rejected
from mock_platform.meta.request import GraphCall
from mock_platform.rules.catalogue import FAULT_REJECTS
from mock_platform.rules.model import Finding, Mode

_PAGE = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body>Try again.</body></html>"
_FULL = 100
_REGAIN_MINUTES = 1
_UNANSWERED = Answer(status=0, body=b"")


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
    if throttled:
        usage = {"call_count": _FULL, "total_cputime": _FULL, "total_time": _FULL}
        regain = {"type": "ads_management", "estimated_time_to_regain_access": _REGAIN_MINUTES}
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
        del fault, usual
        return replace(_UNANSWERED, end=end)

    return answer


def _malformed(fault: Fault, usual: Answer) -> Answer:
    del usual
    body = b'{"events_received": 1, "messa'
    return Answer(status=fault.status or 200, body=body, headers=_headers(fault))


def _html(fault: Fault, usual: Answer) -> Answer:
    del usual
    return Answer(
        status=fault.status or 200,
        body=_PAGE,
        content_type="text/html; charset=utf-8",
        headers=_headers(fault),
    )


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
    FaultKind.MALFORMED_JSON: _malformed,
    FaultKind.HTML: _html,
    FaultKind.WRONG_COUNT: _wrong_count,
    FaultKind.HEADERS: _with_headers,
}


def break_answer(fault: Fault, call: GraphCall, judgement: Judgement, mode: Mode) -> Judgement:
    """The judgement as the client and the books see it under `fault`."""
    kept = judgement.entries if fault.stores else ()
    if fault.kind is FaultKind.PLATFORM_REJECTS:
        meant = (fault.match.fits(call.facts_of((event,))) for event in call.events)
        findings = [(Finding(rule=FAULT_REJECTS),) if each else () for each in meant]
        kept = rejected(call, findings, mode)
    return Judgement(answer=_ANSWERS[fault.kind](fault, judgement.answer), entries=kept)

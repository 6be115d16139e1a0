"""The fault that hits the present request: asked for in a header, or set in the workspace."""

import orjson
from flask import g, request

from mock_platform.fault import Fault, FaultError, FaultKind, RequestFacts
from mock_platform.fault_names import known_names
from mock_platform.fault_reading import parse_fault
from mock_platform.workspace import Workspace

HEADER = "X-Mock-Fault"
_DELAY_DEFAULT = 1.0


def read_header() -> None:
    """Keep the fault that the request asks for itself: its kind, or a fault as JSON.

    Raises:
        FaultError: when the header holds no fault.
    """
    text = request.headers.get(HEADER, "").strip()
    g.asked_fault = parse_fault(known_names(_document(text)), "header") if text else None


def _document(text: str) -> dict[str, object]:
    if not text.startswith("{"):
        return {"kind": text}
    try:
        document: dict[str, object] = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise FaultError(f"{HEADER}: expected a kind, or a fault as JSON") from None
    return document


def take_fault(workspace: Workspace, facts: RequestFacts) -> Fault | None:
    """The fault that means a request, once its delay is over."""
    asked: Fault | None = g.asked_fault
    hits = asked is not None and asked.means(facts)
    fault = asked if hits else workspace.faults.take(facts)
    if fault is not None and fault.kind is FaultKind.DELAY:
        workspace.ledger.released.wait(_DELAY_DEFAULT if fault.seconds is None else fault.seconds)
    return fault

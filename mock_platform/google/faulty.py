"""What a fault makes of the Data Manager's answers, and of calls that carry no events."""

from dataclasses import replace

from mock_platform.fault import Fault, FaultKind, RequestFacts
from mock_platform.fault_taking import take_fault
from mock_platform.google.answer import Answer
from mock_platform.google.breakage import BREAKAGE, EVERYWHERE, extra_headers
from mock_platform.google.errors import ERROR_NAMES, ERRORS, GoogleError, Violation, refused
from mock_platform.workspace import Workspace


def catalogued(fault: Fault, default: str) -> GoogleError:
    """The error a fault asks for. A reason that is no error by itself names the destination."""
    name = fault.error or default
    error = ERRORS.get(name)
    if error is None:
        text = "a fault of this workspace"
        error = refused([Violation(field="destinations[0]", description=text, reason=name)])
    return error if fault.status is None else replace(error, code=fault.status)


def broken(fault: Fault, usual: Answer) -> Answer:
    """The answer under a fault that asks for an error of the catalogue or breaks the answer."""
    if fault.kind is FaultKind.ERROR:
        return catalogued(fault, "UNAVAILABLE").answer(extra_headers(fault))
    return BREAKAGE[fault.kind](fault, usual)


def broken_aside(workspace: Workspace, api: str, usual: Answer) -> Answer:
    """The answer of a call without events, under a fault that names its API."""
    facts = RequestFacts(api=api, dataset="", errors=ERROR_NAMES, kinds=EVERYWHERE, aside=True)
    fault = take_fault(workspace, facts)
    return usual if fault is None else broken(fault, usual)

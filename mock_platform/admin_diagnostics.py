"""The URLs of diagnostics: broken rules added up, and what was decided of each."""

from flask import Blueprint, Response

from mock_platform import current
from mock_platform.admin_request import answer, read_object
from mock_platform.diagnostics import diagnoses
from mock_platform.triage import read_decision

diagnostics = Blueprint("diagnostics", __name__)


@diagnostics.get("/diagnostics")
def show() -> Response:
    """Every rule that the latest events break, worst first, with how it stands."""
    found = diagnoses(current.workspace())
    return answer({"diagnostics": [each.as_json() for each in found]})


@diagnostics.post("/diagnostics")
def decide() -> Response:
    """Let the diagnosis of `rule` stand as `muted`, `resolved` or `open`."""
    workspace = current.workspace()
    rule, standing = read_decision(read_object())
    workspace.triage.decide(rule, standing, workspace.ledger.next_event - 1)
    return show()

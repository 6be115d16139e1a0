"""The mock's own URLs under `/_mock`: look, wait, reset, and change how the platform behaves."""

from flask import Blueprint, Response, request

from mock_platform import current
from mock_platform.admin_asserting import asserting
from mock_platform.admin_diagnostics import diagnostics
from mock_platform.admin_known import known
from mock_platform.admin_openapi import openapi
from mock_platform.admin_request import (
    AdminError,
    answer,
    problem,
    read_document,
    read_number,
    read_object,
)
from mock_platform.admin_scenarios import scenarios
from mock_platform.admin_schemas import schemas
from mock_platform.clock import ClockError
from mock_platform.expectation import ExpectationError
from mock_platform.fault import FaultError
from mock_platform.fault_names import ALL_ERRORS, known_names
from mock_platform.journal import LIMIT_DEFAULT, LIMIT_MAX, QueryError, parse_query
from mock_platform.known_orders import KnownError
from mock_platform.rules.catalogue import all_rules
from mock_platform.scenario import ScenarioError
from mock_platform.setting_readers import SettingsError
from mock_platform.triage import TriageError
from mock_platform.workspace import PARTS, WorkspaceError

WAIT_MAX_SECONDS = 60.0

admin = Blueprint("admin", __name__, url_prefix="/_mock")
admin.register_blueprint(scenarios)
admin.register_blueprint(known)
admin.register_blueprint(asserting)
admin.register_blueprint(schemas)
admin.register_blueprint(diagnostics)
admin.register_blueprint(openapi)


for _error in (
    AdminError,
    ClockError,
    ExpectationError,
    FaultError,
    KnownError,
    QueryError,
    ScenarioError,
    SettingsError,
    TriageError,
    WorkspaceError,
):
    admin.register_error_handler(_error, lambda error: problem(400, str(error)))


@admin.get("/health")
def health() -> Response:
    """The mock is up; which workspace this URL speaks to."""
    workspace = current.workspace()
    mode = workspace.settings.mode.value
    return answer({"status": "ok", "workspace": workspace.name, "mode": mode})


@admin.get("/events")
def events() -> Response:
    """One page of events, oldest first; give `cursor` back as `since` for the next."""
    return answer(current.workspace().journal.events(parse_query(request.args.to_dict())))


@admin.get("/requests")
def requests() -> Response:
    """One page of requests, oldest first, bodies cut short, no secrets; `q` is a text in them."""
    since = read_number("since", 0, 2**62)
    limit = read_number("limit", LIMIT_DEFAULT, LIMIT_MAX)
    text = request.args.get("q", "")
    return answer(current.workspace().journal.requests(int(since), int(limit), text))


@admin.get("/summary")
def summary() -> Response:
    """Counts per verdict and per answer."""
    return answer({"workspace": current.workspace().name, **current.workspace().journal.summary()})


@admin.get("/wait")
def wait() -> Response:
    """Wait until `count` events fit the filters; 408 when `timeout` seconds pass before."""
    given = request.args.to_dict()
    wanted = int(read_number("count", 1, 2**62))
    timeout = read_number("timeout", 10, WAIT_MAX_SECONDS)
    query = parse_query({n: v for n, v in given.items() if n not in ("count", "timeout")})
    journal = current.workspace().journal
    matched = journal.wait(query, wanted, timeout)
    satisfied = matched >= wanted
    found = {"satisfied": satisfied, "count": wanted, "matched": matched}
    return answer({**found, **journal.events(query)}, 200 if satisfied else 408)


@admin.post("/reset")
def reset() -> Response:
    """Back to the first moment: everything, or the `parts` named in the body."""
    parts = read_object().get("parts", list(PARTS))
    if not isinstance(parts, list) or not set(parts) <= set(PARTS):
        raise AdminError(f"parts: expected a list of {', '.join(PARTS)}")
    current.workspace().reset(tuple(parts))
    return answer({"workspace": current.workspace().name, "reset": parts})


@admin.get("/clock")
def clock() -> Response:
    """The workspace's time."""
    return answer(current.workspace().clock.state())


@admin.post("/clock")
def change_clock() -> Response:
    """Change it with `set`, `advance` and `freeze`."""
    current.workspace().clock.apply(read_object())
    # Whoever waits for events may find that some fell due.
    current.workspace().ledger.notify()
    return clock()


@admin.get("/settings")
def settings() -> Response:
    """The workspace's settings."""
    return answer(current.workspace().settings.as_json())


@admin.post("/settings")
def change_settings() -> Response:
    """Change the settings named in the body."""
    workspace = current.workspace()
    workspace.settings = workspace.settings.changed(read_object())
    return settings()


@admin.get("/faults")
def faults() -> Response:
    """Every fault with its hits, and the errors of the platforms a fault can answer with."""
    return answer({"faults": current.workspace().faults.as_json(), "errors": ALL_ERRORS})


@admin.post("/faults")
def add_faults() -> Response:
    """Set one fault, or a list of them."""
    document = read_document()
    asked = document if isinstance(document, list) else [document]
    faults = [known_names(each) for each in asked]
    return answer({"faults": [current.workspace().faults.add(each) for each in faults]}, 201)


@admin.delete("/faults")
def clear_faults() -> Response:
    """Forget every fault."""
    current.workspace().faults.clear()
    return answer({"faults": []})


@admin.delete("/faults/<fault_id>")
def remove_fault(fault_id: str) -> Response:
    """Forget one fault."""
    if not current.workspace().faults.remove(fault_id):
        return problem(404, "there is no fault with this id")
    return answer({"faults": current.workspace().faults.as_json()})


@admin.get("/rules")
def rules() -> Response:
    """Every rule a finding or a verdict can name."""
    return answer({"rules": [rule.as_json() for rule in all_rules().values()]})


@admin.delete("/workspace")
def delete_workspace() -> Response:
    """Remove this workspace with everything in it; its next use makes a new one."""
    current.workspaces().delete(current.workspace().name)
    return answer({"deleted": current.workspace().name})

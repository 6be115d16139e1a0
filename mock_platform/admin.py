"""The mock's own URLs under `/_mock`: look, wait, reset, and change how the platform behaves."""

from typing import Any

import orjson
from flask import Blueprint, Response, request

from mock_platform import current
from mock_platform.clock import ClockError
from mock_platform.fault import FaultError
from mock_platform.google.ads_errors import ERROR_NAMES as ADS_ERRORS
from mock_platform.google.errors import ERROR_NAMES
from mock_platform.google.token_errors import TOKEN_ERRORS
from mock_platform.journal import LIMIT_DEFAULT, LIMIT_MAX, QueryError, parse_query
from mock_platform.meta.errors import ERRORS
from mock_platform.rules.catalogue import all_rules
from mock_platform.rules.google_processing import PROCESSING
from mock_platform.setting_readers import SettingsError
from mock_platform.workspace import PARTS, WorkspaceError

WAIT_MAX_SECONDS = 60.0
# Every error a fault can answer with; each platform answers with its own only.
_ERRORS = sorted({*ERRORS, *ERROR_NAMES, *ADS_ERRORS, *TOKEN_ERRORS})

admin = Blueprint("admin", __name__, url_prefix="/_mock")


class AdminError(ValueError):
    """An admin request that cannot be carried out; the message names the member."""


def answer(document: object, status: int = 200) -> Response:
    """`document` as a JSON answer."""
    return Response(orjson.dumps(document), status, content_type="application/json")


def problem(status: int, detail: str) -> Response:
    """A problem document (RFC 9457)."""
    body = orjson.dumps({"title": "The mock cannot do this", "status": status, "detail": detail})
    return Response(body, status, content_type="application/problem+json")


for _error in (AdminError, ClockError, FaultError, QueryError, SettingsError, WorkspaceError):
    admin.register_error_handler(_error, lambda error: problem(400, str(error)))


def _document() -> Any:
    """The request's JSON body, whatever its content type."""
    try:
        return orjson.loads(request.get_data() or b"{}")
    except orjson.JSONDecodeError:
        raise AdminError("the body must be JSON") from None


def _object() -> dict[str, Any]:
    document = _document()
    if not isinstance(document, dict):
        raise AdminError("the body must be a JSON object")
    return document


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
    """One page of requests, oldest first, bodies cut short and without secrets."""
    since = _number("since", 0, 2**62)
    limit = _number("limit", LIMIT_DEFAULT, LIMIT_MAX)
    return answer(current.workspace().journal.requests(int(since), int(limit)))


@admin.get("/summary")
def summary() -> Response:
    """Counts per verdict and per answer."""
    return answer({"workspace": current.workspace().name, **current.workspace().journal.summary()})


@admin.get("/wait")
def wait() -> Response:
    """Wait until `count` events fit the filters; 408 when `timeout` seconds pass before."""
    given = request.args.to_dict()
    wanted = int(_number("count", 1, 2**62))
    timeout = _number("timeout", 10, WAIT_MAX_SECONDS)
    query = parse_query({n: v for n, v in given.items() if n not in ("count", "timeout")})
    journal = current.workspace().journal
    matched = journal.wait(query, wanted, timeout)
    satisfied = matched >= wanted
    found = {"satisfied": satisfied, "count": wanted, "matched": matched}
    return answer({**found, **journal.events(query)}, 200 if satisfied else 408)


def _number(name: str, default: float, highest: float) -> float:
    text = request.args.get(name, str(default))
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= highest:
        raise AdminError(f"{name}: expected a number from 0 to {highest:g}")
    return number


@admin.post("/reset")
def reset() -> Response:
    """Back to the first moment: everything, or the `parts` named in the body."""
    parts = _object().get("parts", list(PARTS))
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
    current.workspace().clock.apply(_object())
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
    workspace.settings = workspace.settings.changed(_object())
    return settings()


@admin.get("/faults")
def faults() -> Response:
    """Every fault with its hits, and the errors of the platforms a fault can answer with."""
    return answer({"faults": current.workspace().faults.as_json(), "errors": _ERRORS})


@admin.post("/faults")
def add_faults() -> Response:
    """Set one fault, or a list of them."""
    document = _document()
    asked = document if isinstance(document, list) else [document]
    for each in asked:
        if not isinstance(each, dict):
            raise AdminError("a fault must be a JSON object")
        _known("error", each, _ERRORS)
        _known("reason", each, sorted(PROCESSING))
    return answer({"faults": [current.workspace().faults.add(each) for each in asked]}, 201)


def _known(name: str, fault: dict[str, Any], known: list[str]) -> None:
    if name in fault and fault[name] not in known:
        raise AdminError(f"{name}: expected one of {', '.join(known)}")


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

"""The switches: clock, mode, faults, settings, reset. Each form ends in a redirect to the page."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from mock_platform import current
from mock_platform.clock import ClockError
from mock_platform.fault import FaultError, FaultKind
from mock_platform.fault_names import ALL_ERRORS, known_names
from mock_platform.rules.google_processing import PROCESSING
from mock_platform.rules.model import Mode
from mock_platform.scenario import shipped
from mock_platform.setting_readers import SettingsError
from mock_platform.workspace import PARTS

_SEE_OTHER = 303
_DAY = 86_400
# What a button of the clock does: its words, and the change.
MOVES: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("30 minutes on", {"advance": 1800}),
    ("1 hour on", {"advance": 3600}),
    ("1 day on", {"advance": _DAY}),
    ("7 days on", {"advance": 7 * _DAY}),
    ("Stop it", {"freeze": True}),
    ("Let it run", {"freeze": False}),
)
# The faults asked for most, each one button.
READY_FAULTS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("Lose the next answer", {"kind": "answer_lost"}),
    (
        "Token expired, until switched off",
        {"kind": "error", "error": "token_expired", "times": None},
    ),
    ("Throttle the next 3", {"kind": "error", "error": "business_throttled", "times": 3}),
    ("Server error, next 3", {"kind": "error", "status": 500, "times": 3}),
    ("Reset the next connection", {"kind": "reset"}),
    ("A web page as the next answer", {"kind": "html"}),
)

blueprint = Blueprint("controls", __name__)


@blueprint.get("/controls")
def show() -> str:
    """Everything there is to switch."""
    return _page()


def _page(problem: str | None = None) -> str:
    workspace = current.workspace()
    return render_template(
        "page/controls.html",
        problem=problem,
        clock=workspace.clock.state(),
        moves=[words for words, _ in MOVES],
        modes=list(Mode),
        faults=workspace.faults.as_json(),
        ready=[words for words, _ in READY_FAULTS],
        kinds=list(FaultKind),
        errors=ALL_ERRORS,
        scenarios=shipped().values(),
        running=workspace.running(),
        reasons=sorted(PROCESSING),
        resettable=PARTS,
    )


for _error in (ClockError, FaultError, SettingsError):
    blueprint.register_error_handler(
        _error, lambda error: Response(_page(str(error)), BadRequest.code)
    )


def _back(anchor: str) -> AnyResponse:
    return redirect(f"{url_for('page.controls.show')}#{anchor}", _SEE_OTHER)


@blueprint.post("/controls/clock")
def clock() -> AnyResponse:
    """Move the clock by a button, or to `set`; without either back to real time."""
    workspace = current.workspace()
    moves = dict(MOVES)
    if request.form.get("move") in moves:
        workspace.clock.apply(dict(moves[request.form["move"]]))
    elif request.form.get("set", "").strip():
        workspace.clock.apply({"set": _instant(request.form["set"].strip())})
    else:
        workspace.clock.reset()
    workspace.ledger.notify()
    return _back("clock")


def _instant(text: str) -> str:
    """What the browser's own field gives has no zone; the page says that it is UTC."""
    return text if text.endswith("Z") or "+" in text else f"{text}Z"


@blueprint.post("/controls/settings")
def settings() -> AnyResponse:
    """Change mode and Google's delay in processing."""
    workspace = current.workspace()
    changes: dict[str, Any] = {"mode": request.form.get("mode", "")}
    if "delay" in request.form:
        changes["processing_delay_seconds"] = _number("delay", request.form["delay"])
    workspace.settings = workspace.settings.changed(changes)
    workspace.ledger.notify()
    return _back("mode")


@blueprint.post("/controls/faults")
def add_fault() -> AnyResponse:
    """Set a fault: a ready one by its words, or as the form describes it."""
    ready = dict(READY_FAULTS).get(request.form.get("ready", ""))
    current.workspace().faults.add(ready or _described(request.form))
    return _back("faults")


@blueprint.post("/controls/faults/remove")
def remove_fault() -> AnyResponse:
    """Switch one fault off, or all of them without `id`."""
    faults = current.workspace().faults
    if request.form.get("id"):
        faults.remove(request.form["id"])
    else:
        faults.clear()
    return _back("faults")


@blueprint.post("/controls/scenarios")
def play() -> AnyResponse:
    """Play the scenario of that name, in place of the one that runs; without one, stop."""
    workspace, scenario = current.workspace(), shipped().get(request.form.get("name", ""))
    if scenario is None:
        workspace.stop_scenario()
    else:
        workspace.start(scenario)
    return _back("scenarios")


@blueprint.post("/controls/reset")
def reset() -> AnyResponse:
    """Back to the first moment, in one part or in all."""
    part = request.form.get("part")
    current.workspace().reset((part,) if part in PARTS else PARTS)
    return _back("reset")


_MATCH = ("order_id", "api")


def _described(form: Mapping[str, str]) -> dict[str, Any]:
    """The fault in the words of the admin API; empty fields are left out."""
    given = {name: form.get(name, "").strip() for name in (*_READ, *_MATCH)}
    fault = {name: read(name, given[name]) for name, read in _READ.items() if given[name]}
    match = {name: given[name] for name in _MATCH if given[name]}
    return known_names({**fault, **({"match": match} if match else {})})


def _text(name: str, text: str) -> str:
    del name
    return text


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.inf
    if not math.isfinite(number):
        raise FaultError(f"{name}: expected a number")
    return number


def _count(name: str, text: str) -> int:
    return int(_number(name, text))


_READ: dict[str, Callable[[str, str], Any]] = {
    "kind": _text,
    "error": _text,
    "reason": _text,
    "times": lambda name, text: None if text == "all" else _count(name, text),
    "status": _count,
    "retry_after": _count,
    "seconds": _number,
}

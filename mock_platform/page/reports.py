"""What is wrong, how well it would match, what Google says of requests, and every rule."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from mock_platform import current
from mock_platform.diagnostics import diagnoses
from mock_platform.meta.counted import counted_events, datasets
from mock_platform.meta.match_quality import HIGHEST, IN_STORE, ONLINE, estimates
from mock_platform.page import books, request_status
from mock_platform.page.checklist import subject_of
from mock_platform.rules.catalogue import all_rules
from mock_platform.triage import Standing, TriageError

_SEE_OTHER = 303

blueprint = Blueprint("reports", __name__)


@blueprint.get("/diagnostics", endpoint="diagnostics")
def show_diagnostics() -> str:
    """Every broken rule with how often and when, examples, and what to do."""
    workspace = current.workspace()
    found = diagnoses(workspace)
    return render_template(
        "page/diagnostics.html",
        diagnoses=[each for each in found if each.standing is Standing.OPEN],
        decided=[each for each in found if each.standing is not Standing.OPEN],
        total=books.total(workspace),
    )


@blueprint.post("/diagnostics")
def decide() -> AnyResponse:
    """Mute a diagnosis, call it resolved, or open it again."""
    workspace = current.workspace()
    rule, standing = request.form.get("rule", ""), request.form.get("standing", "")
    workspace.triage.decide(rule, standing, workspace.ledger.next_event - 1)
    return redirect(url_for("page.reports.diagnostics"), _SEE_OTHER)


@blueprint.errorhandler(TriageError)
def refuse(error: TriageError) -> tuple[str, int]:
    """Say what was wrong with the form."""
    problem = BadRequest(str(error))
    return render_template("page/problem.html", error=problem), problem.code


@blueprint.get("/quality")
def quality() -> str:
    """How well counted events could be matched, by dataset, event name and channel: an estimate."""
    workspace = current.workspace()
    return render_template(
        "page/quality.html",
        datasets={
            dataset: estimates(counted_events(workspace, dataset))
            for dataset in datasets(workspace)
        },
        tables={"Online": ONLINE, "In stores, by phone, from systems": IN_STORE},
        highest=HIGHEST,
    )


@blueprint.get("/requests")
def requests() -> str:
    """The latest requests, `q` searches them; what Google says of those to the Data Manager."""
    workspace = current.workspace()
    told = request_status.statuses(workspace, books.batches(workspace))
    asked = request.args.get("q", "").strip()
    found = books.requests(workspace, asked)
    return render_template("page/requests.html", requests=found, statuses=told, q=asked)


@blueprint.get("/requests/<int:number>", endpoint="request")
def show_request(number: int) -> str:
    """One request and its answer as they went over the wire, events or none."""
    carried = books.request(current.workspace(), number)
    if carried is None:
        abort(404, f"The books hold no request {number}: it was never there, reset, or is too old.")
    return render_template("page/request.html", carried=carried)


@blueprint.get("/rules")
def rules() -> str:
    """Every rule under its own anchor."""
    subjects: dict[str, list[Any]] = {}
    for rule in all_rules().values():
        platform = rule.id.partition(".")[0].capitalize()
        subjects.setdefault(f"{platform}: {subject_of(rule.id)}", []).append(rule)
    return render_template("page/rules.html", subjects=subjects)

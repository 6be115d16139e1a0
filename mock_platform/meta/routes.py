"""Meta's URLs: the events edge and what stands around it."""

from flask import Blueprint, Response, request

from mock_platform import current
from mock_platform.fault import Fault
from mock_platform.fault_taking import take_fault
from mock_platform.meta import nodes, pixel, quality
from mock_platform.meta.breakage import break_answer
from mock_platform.meta.events import Judgement, judge
from mock_platform.meta.journalled import request_entry
from mock_platform.meta.request import GraphCall, decode
from mock_platform.violations import note
from mock_platform.workspace import Workspace

API = "conversions_api"

meta = Blueprint("meta", __name__)
meta.register_blueprint(pixel.blueprint)
meta.register_blueprint(nodes.blueprint)
meta.register_blueprint(quality.blueprint)


@meta.post("/<graph_version:version>/<dataset>/events")
@meta.post("/<dataset>/events", defaults={"version": nodes.OLDEST_VERSION})
def post_events(version: str, dataset: str) -> Response:
    """Take server events (documents: using-the-api)."""
    workspace = current.workspace()
    call = decode(request, api=API, version=version, dataset=dataset)
    fault = take_fault(workspace, call.facts())
    now = workspace.clock.now()
    judgement = judge(call, workspace.settings, now, workspace.known)
    if fault is not None:
        whole = judgement
        judgement = break_answer(fault, call, whole, workspace.settings.mode)
        if not fault.stores:
            workspace.lost_attempts.remember(whole.entries, now)
    _enter(workspace, call, judgement, fault, now)
    return judgement.answer.response(version)


def _enter(
    workspace: Workspace, call: GraphCall, judgement: Judgement, fault: Fault | None, now: float
) -> None:
    answer = judgement.answer
    kept = workspace.settings.journal_body_bytes
    entry = request_entry(
        request,
        api=call.api,
        dataset=call.dataset,
        kept=kept,
        status=None if answer.unanswered else answer.status,
        response_body=answer.body[:kept],
        fault=fault.kind.value if fault else None,
    )
    events = workspace.lost_attempts.look_at(judgement.entries, now, workspace.settings.mode)
    note(events)
    workspace.ledger.record(entry, events, now, workspace.settings)

"""The Data Manager's URLs: events:ingest and requestStatus:retrieve (reference: v1)."""

from flask import Blueprint, Response, request

from mock_platform import current
from mock_platform.entries import Judged, RequestEntry, Verdict
from mock_platform.fault_taking import take_fault
from mock_platform.google.call import decode, decode_query
from mock_platform.google.faulty import broken_aside
from mock_platform.google.ingest import API, Judgement, judge
from mock_platform.google.ingest_faults import break_ingest, facts_of
from mock_platform.google.journalled import request_entry
from mock_platform.google.status import STATUS_API, answer_of
from mock_platform.rules.google_events_messages import INGEST_EVENTS
from mock_platform.violations import note
from mock_platform.workspace import Workspace

blueprint = Blueprint("data_manager", __name__)


@blueprint.post("/v1/events:ingest")
def ingest() -> Response:
    """Take events: all of them, or none with every reason."""
    workspace = current.workspace()
    call = decode(request, INGEST_EVENTS, api=API)
    facts = facts_of(call)
    fault = take_fault(workspace, facts)
    now = workspace.clock.now()
    judgement = judge(call, workspace, now)
    if fault is not None:
        judgement = break_ingest(fault, call, judgement, workspace.settings, now)
    entry = request_entry(
        request,
        judgement.answer,
        api=API,
        dataset=facts.dataset,
        kept=workspace.settings.journal_body_bytes,
        fault=fault.kind.value if fault else None,
    )
    _enter(workspace, entry, judgement, now)
    return judgement.answer.response()


def _enter(workspace: Workspace, entry: RequestEntry, judgement: Judgement, now: float) -> None:
    if judgement.batch is not None:
        note([accepted.entry for accepted in judgement.batch.events])
        workspace.google.accept(entry, judgement.batch, now, workspace.settings)
        return
    note(judgement.refused)
    rejected = Judged(verdict=Verdict.REJECTED)
    rows = [(refused, rejected) for refused in judgement.refused]
    workspace.ledger.enter(entry, rows, now, workspace.settings)


@blueprint.get("/v1/requestStatus:retrieve")
def retrieve() -> Response:
    """Tell what became of an accepted request."""
    workspace = current.workspace()
    workspace.settle()
    call = decode_query(request, api=STATUS_API, names=("requestId", "request_id"))
    answer = answer_of(call, workspace)
    return broken_aside(workspace, STATUS_API, answer).response()

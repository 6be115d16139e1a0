"""Answering requestStatus:retrieve (guide: diagnostics)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from mock_platform.google.access import DATA_MANAGER_SCOPE, access_problem
from mock_platform.google.answer import Answer, document
from mock_platform.google.books import BatchStatus, Outcome
from mock_platform.google.call import Call
from mock_platform.google.errors import GoogleError, Violation, refused
from mock_platform.rules.google_reasons import (
    PROCESSING_REASONS,
    REQUEST_STATUSES,
    processing_reason,
)
from mock_platform.workspace import Workspace

STATUS_API = "data_manager_status"
DAY = 86_400
_FIELD = "request_id"


def answer_of(call: Call, workspace: Workspace) -> Answer:
    """What the platform answers to one who asks for a request's status."""
    settings, now = workspace.settings, workspace.clock.now()
    problem = access_problem(call.token, DATA_MANAGER_SCOPE, workspace.tokens, settings, now)
    problem = problem or call.problem
    if problem is not None:
        return problem.answer()
    request_id = call.read.get("requestId") or call.read.get("request_id")
    if not request_id:
        return _refused("REQUIRED_FIELD_MISSING", "request_id is required").answer()
    status = workspace.google.status(request_id)
    if status is None:
        return _refused("INVALID_REQUEST_ID", "no accepted request has this id").answer()
    if now - status.received_at > settings.google.status_days * DAY:
        return _refused("REQUEST_TOO_OLD", "the status is not kept any more").answer()
    told = [
        _destination(status, number, call, indices=settings.google.record_indices)
        for number in range(len(status.destinations))
    ]
    return document({"requestStatusPerDestination": told})


def _refused(reason: str, description: str) -> GoogleError:
    return refused([Violation(field=_FIELD, description=description, reason=reason)])


def status_name(status: BatchStatus, number: int) -> str:
    """Google's word for how the destination of that number stands."""
    outcomes = [each for each in status.outcomes if each.destination == number]
    return _status(outcomes) if status.settled else "PROCESSING"


def _destination(status: BatchStatus, number: int, call: Call, *, indices: bool) -> dict[str, Any]:
    outcomes = [each for each in status.outcomes if each.destination == number]
    name = status_name(status, number)
    told: dict[str, Any] = {
        "destination": status.destinations[number],
        "requestStatus": REQUEST_STATUSES[name] if call.numbers else name,
        "eventsIngestionStatus": {"recordCount": str(len(outcomes))},
    }
    errors = _error_counts(outcomes, call, indices=indices) if status.settled else []
    if errors:
        told["errorInfo"] = {"errorCounts": errors}
    return told


def _status(outcomes: Sequence[Outcome]) -> str:
    failed = sum(outcome.reason is not None for outcome in outcomes)
    if not failed:
        return "SUCCESS"
    return "FAILED" if failed == len(outcomes) else "PARTIAL_SUCCESS"


def _error_counts(
    outcomes: Sequence[Outcome], call: Call, *, indices: bool
) -> list[dict[str, Any]]:
    by_reason: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.reason is not None:
            by_reason[outcome.reason].append(outcome)
    return [_count(reason, by_reason[reason], call, indices=indices) for reason in by_reason]


def _count(reason: str, failed: Sequence[Outcome], call: Call, *, indices: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "recordCount": str(len(failed)),
        "reason": PROCESSING_REASONS[reason] if call.numbers else processing_reason(reason),
    }
    if indices and all(outcome.named for outcome in failed):
        # int64 in JSON is text.
        told["recordIndices"] = [str(outcome.position) for outcome in failed]
    return told

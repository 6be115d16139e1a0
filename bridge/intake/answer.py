"""What the hook says back: one shape for an order taken, one for an order or call refused."""

from collections.abc import Iterable
from typing import Any

from bridge.errors import ContractViolated, IntakeError, StoreUnavailable
from bridge.identity.identity import Omission
from bridge.intake.contract import ContractWarning
from bridge.outbox.records import Recorded

ACCEPTED = 202
DUPLICATE = 200
PROBLEM_TYPE = "application/problem+json"

Answer = dict[str, Any]


def taken(
    recorded: Recorded,
    order_no: str,
    warnings: Iterable[ContractWarning],
    omissions: Iterable[Omission],
) -> tuple[int, Answer]:
    """Answer status and body for an order that is durable now, or was before."""
    answer: Answer = {
        "status": "duplicate" if recorded.duplicate else "accepted",
        "order_no": order_no,
        "event_id": recorded.event_id,
        "warnings": taken_warnings(warnings, omissions),
        "deliveries": [
            {"destination": one.destination, "state": one.state, "reason": one.reason}
            for one in recorded.deliveries
        ],
    }
    if recorded.duplicate:
        answer["differs"] = list(recorded.differs)
    return (DUPLICATE if recorded.duplicate else ACCEPTED), answer


def taken_warnings(
    warnings: Iterable[ContractWarning], omissions: Iterable[Omission]
) -> list[Answer]:
    """List what was ignored of an order, and what of its shopper was left out, without values."""
    return [_warning(warning) for warning in warnings] + [_omission(one) for one in omissions]


def refused(error: IntakeError) -> tuple[int, Answer]:
    """Answer status and RFC 9457 problem for an error; never with a value that came in."""
    problem: Answer = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": str(error),
    }
    if isinstance(error, ContractViolated):
        problem["violations"] = error.violations
    return error.status, problem


def headers_of(error: IntakeError) -> dict[str, str]:
    """Answer the extra headers of a refusal."""
    return {"Retry-After": str(error.retry_after)} if isinstance(error, StoreUnavailable) else {}


def _warning(warning: ContractWarning) -> Answer:
    return {"path": warning.path, "rule": warning.rule, "message": warning.message}


def _omission(omission: Omission) -> Answer:
    message = f"{omission.field} was left out: {omission.reason.replace('_', ' ')}"
    return {"path": "$", "rule": omission.reason, "field": omission.field, "message": message}

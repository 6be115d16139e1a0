"""What Google would tell of accepted requests, as its own diagnostics do: per destination."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mock_platform.clock import iso
from mock_platform.google.books import BatchStatus
from mock_platform.google.status import status_name
from mock_platform.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One processing error and how many records it befell."""

    name: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One destination of one request. `status` is Google's own word."""

    request_id: str
    received_at: str
    action: str
    status: str
    records: int
    reasons: tuple[Reason, ...]


def statuses(workspace: Workspace, request_ids: Sequence[str]) -> list[Status]:
    """The status of each request at each of its destinations, in the order given."""
    found: list[Status] = []
    for request_id in request_ids:
        batch = workspace.google.status(request_id)
        if batch is not None:
            found += [
                _status(request_id, batch, number) for number in range(len(batch.destinations))
            ]
    return found


def _status(request_id: str, batch: BatchStatus, number: int) -> Status:
    outcomes = [each for each in batch.outcomes if each.destination == number]
    reasons = Counter(each.reason for each in outcomes if each.reason) if batch.settled else {}
    return Status(
        request_id=request_id,
        received_at=iso(batch.received_at),
        action=_action(batch.destinations[number]),
        status=status_name(batch, number),
        records=len(outcomes),
        reasons=tuple(Reason(name=name, records=count) for name, count in reasons.items()),
    )


def _action(destination: Any) -> str:
    members = destination if isinstance(destination, dict) else {}
    action = members.get("productDestinationId") or members.get("product_destination_id")
    return str(action or "")

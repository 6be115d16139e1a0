"""What Meta counts from servers: the events that match quality is estimated from.

The page and the Dataset Quality API read them here, so that they show the same numbers.
"""

from typing import Any

import orjson

from mock_platform.workspace import Workspace

# Of each dataset, the latest: looking must never hold the platform up for long.
EVENTS_MAX = 2000
_COUNTED = "api = 'conversions_api' AND verdict = 'counted'"


def datasets(workspace: Workspace) -> list[str]:
    """Every dataset with a counted event, in order."""
    statement = f"SELECT DISTINCT dataset FROM events WHERE {_COUNTED} ORDER BY dataset"  # noqa: S608 - our own text
    return [row["dataset"] for row in workspace.ledger.query(statement)]


def counted_events(workspace: Workspace, dataset: str) -> list[dict[str, Any]]:
    """Time, payload and findings of the latest counted events of a dataset, newest first."""
    rows = workspace.ledger.query(
        "SELECT received_at, event_time, payload, findings FROM events"  # noqa: S608 - our own text
        f" WHERE dataset = ? AND {_COUNTED} ORDER BY id DESC LIMIT ?",
        (dataset, EVENTS_MAX),
    )
    read = ("payload", "findings")
    return [{**dict(row), **{name: orjson.loads(row[name]) for name in read}} for row in rows]

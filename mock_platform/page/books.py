"""What the pages read from a workspace's books."""

import sqlite3
from typing import Any

import orjson

from mock_platform.clock import iso
from mock_platform.diagnostics import LOOKED_AT
from mock_platform.journal import Query
from mock_platform.search import requests_holding
from mock_platform.workspace import Workspace

_ALIKE_MAX = 50
_REQUESTS_SHOWN = 60
_RECENT = f"id > (SELECT coalesce(max(id), 0) FROM events) - {LOOKED_AT}"  # noqa: S608 - our own number
Row = dict[str, Any]


def newest(workspace: Workspace, query: Query) -> list[Row]:
    """The latest events that fit `query`, newest first."""
    rows = _read(
        workspace,
        f"SELECT * FROM events WHERE {query.where} ORDER BY id DESC LIMIT ?",  # noqa: S608 - journal
        (*query.parameters, query.limit),
    )
    return [_event(row) for row in rows]


def event(workspace: Workspace, number: int) -> Row | None:
    """One event with its findings and payload decoded; None when the books hold it no more."""
    rows = _read(workspace, "SELECT * FROM events WHERE id = ?", (number,))
    return _event(rows[0]) if rows else None


def alike(workspace: Workspace, shown: Row) -> list[Row]:
    """`shown` and the events that share its order, its event id or its verdict, oldest first."""
    asked = {
        "order_id": shown["order_id"],
        "event_id": shown["event_id"],
        "id": shown["duplicate_of"],
        "duplicate_of": shown["id"],
    }
    found = [shown]
    for column, value in asked.items():
        if value:
            statement = f"SELECT * FROM events WHERE {column} = ? ORDER BY id LIMIT {_ALIKE_MAX}"  # noqa: S608 - named above
            found += map(_event, _read(workspace, statement, (value,)))
    by_number = {each["id"]: each for each in found}
    return [by_number[number] for number in sorted(by_number)]


def request(workspace: Workspace, number: int) -> Row | None:
    """One request with its bodies as text; None when the books hold it no more."""
    rows = _read(workspace, "SELECT * FROM requests WHERE id = ?", (number,))
    if not rows:
        return None
    found = dict(rows[0])
    found["received_at"] = iso(found["received_at"])
    for body in ("request_body", "response_body"):
        found[body] = found[body].decode("utf-8", "replace")
    return found


def requests(workspace: Workspace, text: str = "") -> list[Row]:
    """The latest requests that hold `text`, without their bodies, newest first."""
    where, parameters = requests_holding(text)
    rows = _read(
        workspace,
        "SELECT id, received_at, platform, api, method, path, dataset, events, fault, status,"  # noqa: S608 - search
        f" request_bytes FROM requests WHERE {where} ORDER BY id DESC LIMIT ?",
        (*parameters, _REQUESTS_SHOWN),
    )
    return [{**dict(row), "received_at": iso(row["received_at"])} for row in rows]


def batches(workspace: Workspace) -> list[str]:
    """The ids of the requests that the Data Manager accepted last, newest first."""
    statement = "SELECT request_id FROM google_batches ORDER BY received_at DESC LIMIT ?"
    return [row["request_id"] for row in _read(workspace, statement, (_REQUESTS_SHOWN,))]


def total(workspace: Workspace) -> int:
    """How many of the latest events there are to look at."""
    return int(_read(workspace, f"SELECT count(*) FROM events WHERE {_RECENT}")[0][0])  # noqa: S608 - our own number


def tally(workspace: Workspace) -> dict[str, int]:
    """How many events there are by verdict."""
    return dict(
        map(tuple, _read(workspace, "SELECT verdict, count(*) FROM events GROUP BY verdict"))
    )


def span(workspace: Workspace, query: Query) -> tuple[float, float] | None:
    """When the first and the last of the latest events that fit came in; None without any."""
    (row,) = _read(
        workspace,
        f"SELECT min(received_at), max(received_at) FROM events WHERE {_latest(query)}",  # noqa: S608 - journal
        query.parameters,
    )
    return None if row[0] is None else (row[0], row[1])


def over_time(workspace: Workspace, query: Query, step: int) -> list[tuple[int, str, int]]:
    """The latest events that fit, counted by slot of `step` seconds and verdict."""
    rows = _read(
        workspace,
        f"SELECT CAST(received_at / {step} AS INTEGER), verdict, count(*) FROM events"  # noqa: S608 - journal
        f" WHERE {_latest(query)} GROUP BY 1, 2",
        query.parameters,
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _latest(query: Query) -> str:
    return f"{_RECENT} AND {query.where}"


def _read(
    workspace: Workspace, statement: str, parameters: tuple[object, ...] = ()
) -> list[sqlite3.Row]:
    workspace.settle()
    return workspace.ledger.query(statement, parameters)


def _event(row: sqlite3.Row) -> Row:
    found = dict(row)
    found["received_at"] = iso(row["received_at"])
    found["findings"] = orjson.loads(row["findings"])
    found["payload"] = orjson.loads(row["payload"])
    return found

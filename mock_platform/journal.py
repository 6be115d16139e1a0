"""Reading a workspace's books: filters, pages by cursor, counts, and waiting for events."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from mock_platform.clock import ClockError, instant_of, iso
from mock_platform.closed_values import misspelt
from mock_platform.ledger import Ledger
from mock_platform.search import SearchError, parse_search, requests_holding

T = TypeVar("T")
FILTERS = (
    "platform", "api", "dataset", "source", "event_name", "event_id", "order_id", "verdict",
    "dedup_rule", "test_event_code", "request_id",
)  # fmt: skip
# What a conversion is worth now stands with the conversion, whichever event changed it.
_EVENTS = """SELECT * FROM (
  SELECT events.*, google_conversions.value AS current_value,
    google_conversions.currency AS current_currency FROM events
  LEFT JOIN google_conversions ON events.platform = 'google'
    AND google_conversions.event = coalesce(events.duplicate_of, events.id))"""
_PAUSE = 0.05
LIMIT_DEFAULT = 100
LIMIT_MAX = 1000
PAGING = ("q", "since", "before", "newest", "limit")


class QueryError(ValueError):
    """A query that cannot be answered; the message names the parameter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which events, at most `limit`, oldest first unless `newest`."""

    where: str
    parameters: tuple[object, ...]
    limit: int
    cursor: str
    newest: bool = False


def parse_query(given: Mapping[str, str]) -> Query:
    """Read the query parameters of `/_mock/events`.

    Raises:
        QueryError: for an unknown parameter or an unusable value.
    """
    unknown = given.keys() - {*FILTERS, *PAGING}
    if unknown:
        names = ", ".join((*FILTERS, *PAGING))
        raise QueryError(f"unknown parameter {min(unknown)!r}: use {names}")
    for name, value in given.items():
        problem = misspelt(name, value, pattern=False)
        if problem is not None:
            raise QueryError(f"{name}: {problem}")
    conditions = [f"{name} = ?" for name in FILTERS if name in given]
    parameters: list[object] = [given[name] for name in FILTERS if name in given]
    for condition, values in (*_bounds(given), _search(given.get("q", ""))):
        conditions.append(condition)
        parameters.extend(values)
    since = given.get("since", "")
    return Query(
        where=" AND ".join(conditions) or "1",
        parameters=tuple(parameters),
        limit=_limit(given.get("limit", str(LIMIT_DEFAULT))),
        cursor=since if since.isdigit() else "0",
        newest=_boolean("newest", given.get("newest", "false")),
    )


def _search(text: str) -> tuple[str, list[object]]:
    try:
        return parse_search(text)
    except SearchError as error:
        raise QueryError(str(error)) from None


def _bounds(given: Mapping[str, str]) -> Iterator[tuple[str, list[object]]]:
    if given.get("since"):
        column, value = _since(given["since"])
        yield f"{column} > ?", [value]
    before = given.get("before")
    if before:
        if not (before.isascii() and before.isdigit()):
            raise QueryError("before: expected a cursor")
        yield "id < ?", [int(before)]


def _boolean(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise QueryError(f"{name}: expected true or false")
    return text == "true"


def _since(since: str) -> tuple[str, object]:
    if since.isascii() and since.isdigit():
        return "id", int(since)
    try:
        return "received_at", instant_of(since)
    except ClockError:
        raise QueryError("since: expected a cursor or an ISO 8601 time with a zone") from None


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= LIMIT_MAX:
        raise QueryError(f"limit: expected a whole number from 1 to {LIMIT_MAX}")
    return int(text)


class Journal:
    """The reading side of one ledger.

    `settle` brings the books up to the present moment before they are read, and tells in how many
    seconds there will be more to do.
    """

    def __init__(self, ledger: Ledger, settle: Callable[[], float | None]) -> None:
        self._ledger = ledger
        self._settle = settle

    def events(self, query: Query) -> dict[str, Any]:
        """One page with the cursor to go on from: `since` it, or `before` it when newest first."""
        self._settle()
        order = "id DESC" if query.newest else "id"
        rows = self._ledger.query(
            f"{_EVENTS} WHERE {query.where} ORDER BY {order} LIMIT ?",
            (*query.parameters, query.limit),
        )
        cursor = str(rows[-1]["id"]) if rows else query.cursor
        return {"events": [_event(row) for row in rows], "cursor": cursor}

    def count(self, query: Query) -> int:
        """How many events there are, whatever the limit."""
        rows = self._ledger.query(
            f"SELECT count(*) FROM events WHERE {query.where}",  # noqa: S608 - FILTERS
            query.parameters,
        )
        return int(rows[0][0])

    def wait(self, query: Query, wanted: int, timeout: float) -> int:
        """Wait until `wanted` events fit, or `timeout` seconds passed; how many there are then."""
        return self.wait_for(lambda: self.count(query), lambda matched: matched >= wanted, timeout)

    def wait_for(self, look: Callable[[], T], good: Callable[[T], bool], timeout: float) -> T:
        """Look again at every change until it is good, or `timeout` seconds passed."""
        deadline = time.monotonic() + timeout
        with self._ledger.changed:
            due = self._settle()
            while not good(seen := look()) and not self._ledger.released.is_set():
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                # On a frozen clock nothing falls due by waiting: look again, but not without pause.
                self._ledger.changed.wait(left if due is None else min(left, max(due, _PAUSE)))
                due = self._settle()
        return seen

    def every(self) -> list[dict[str, Any]]:
        """Every event the journal holds, oldest first, as `GET /_mock/events` shows it."""
        rows = self._ledger.query(f"{_EVENTS} ORDER BY id")
        shown: list[dict[str, Any]] = orjson.loads(orjson.dumps([_event(row) for row in rows]))
        return shown

    def requests(self, since: int, limit: int | None, text: str = "") -> dict[str, Any]:
        """One page of requests that hold `text`, oldest first; bodies are cut to their setting."""
        where, parameters = requests_holding(text)
        rows = self._ledger.query(
            f"SELECT * FROM requests WHERE id > ? AND {where} ORDER BY id LIMIT ?",  # noqa: S608 - search
            (since, *parameters, -1 if limit is None else limit),
        )
        cursor = str(rows[-1]["id"]) if rows else str(since)
        return {"requests": [_request(row) for row in rows], "cursor": cursor}

    def summary(self) -> dict[str, Any]:
        """Counts per verdict and per answer of what the journal holds."""
        self._settle()
        verdicts = self._ledger.query("SELECT verdict, count(*) FROM events GROUP BY verdict")
        statuses = self._ledger.query(
            "SELECT coalesce(status, 'unanswered'), count(*) FROM requests GROUP BY status"
        )
        by_verdict = {"counted": 0, "deduplicated": 0, "rejected": 0}
        by_verdict.update({row[0]: row[1] for row in verdicts})
        by_status = {str(row[0]): row[1] for row in statuses}
        return {
            "events": {"total": sum(by_verdict.values()), **by_verdict},
            "requests": {"total": sum(by_status.values()), "by_status": by_status},
        }


def _event(row: sqlite3.Row) -> dict[str, Any]:
    event = dict(row)
    event["received_at"] = iso(row["received_at"])
    event["findings"] = orjson.Fragment(row["findings"])
    event["payload"] = orjson.Fragment(row["payload"])
    return event


def _request(row: sqlite3.Row) -> dict[str, Any]:
    request = dict(row)
    request["received_at"] = iso(row["received_at"])
    for body in ("request_body", "response_body"):
        request[body] = row[body].decode("utf-8", "replace")
    return request

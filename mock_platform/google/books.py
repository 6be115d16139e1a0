"""Google's side of a workspace's books: requests being processed, and what they became.

Processing is due a set time after receipt, on the workspace's clock. Nothing runs in the
background: whoever reads the books has what is due settled first, in the order of receipt.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from mock_platform.entries import EventEntry, Judged, RequestEntry, Verdict
from mock_platform.google.conversions import StoredConversions
from mock_platform.ledger import Ledger
from mock_platform.rules.google_processing import ADJUSTS, PROCESSING, Processed, Record, process
from mock_platform.rules.model import Finding, Mode
from mock_platform.settings import Settings

DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One event at one destination of an accepted request; `named` by its index in a status."""

    entry: EventEntry
    position: int
    destination: int
    record: Record
    named: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """An accepted request. `destinations` are kept as they were sent, to be told again."""

    request_id: str
    destinations: Sequence[Any]
    events: Sequence[Accepted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one destination made of one event; `reason` is its error, None while there is none."""

    destination: int
    position: int
    reason: str | None
    named: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchStatus:
    """A request's status: still processing, or the outcome of every event."""

    received_at: float
    settled: bool
    destinations: Sequence[Any]
    outcomes: Sequence[Outcome]


class GoogleBooks:
    """Batches of the Data Manager on a workspace's ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._due_at = self._next_due()

    def _next_due(self) -> float | None:
        (row,) = self._ledger.query("SELECT min(due_at) FROM google_batches WHERE settled = 0")
        due_at: float | None = row[0]
        return due_at

    def accept(self, request: RequestEntry, batch: Batch, now: float, settings: Settings) -> None:
        """Enter an accepted request; it is processed at once when the delay is none."""
        due_at = now + settings.google.processing_delay_seconds
        with self._ledger.transaction() as connection:
            self._ledger.enter_request(request, len(batch.events), now)
            for accepted in batch.events:
                self._enter(connection, accepted, request, batch.request_id, now)
            connection.execute(
                "INSERT INTO google_batches VALUES (?, ?, ?, 0, ?)",
                (batch.request_id, now, due_at, orjson.dumps(batch.destinations)),
            )
            # Kept twice as long as a status can be asked for, to tell "too old" from "unknown".
            forgotten = now - 2 * settings.google.status_days * DAY
            connection.execute("DELETE FROM google_batches WHERE received_at < ?", (forgotten,))
            self._ledger.prune(settings)
        self._due_at = due_at if self._due_at is None else min(due_at, self._due_at)
        self.settle(now, settings)
        self._ledger.notify()

    def _enter(
        self,
        connection: sqlite3.Connection,
        accepted: Accepted,
        request: RequestEntry,
        request_id: str,
        now: float,
    ) -> None:
        judged = Judged(verdict=Verdict.PROCESSING)
        event = self._ledger.enter_event(accepted.entry, accepted.position, request, now, judged)
        record = orjson.dumps(accepted.record)
        connection.execute(
            "INSERT INTO google_records VALUES (?, ?, ?, ?, NULL, ?, ?)",
            (event, request_id, accepted.destination, accepted.position, accepted.named, record),
        )

    def settle(self, now: float, settings: Settings) -> float | None:
        """Process what is due; the seconds until more is, None when nothing waits."""
        if self._due_at is not None and self._due_at <= now:
            with self._ledger.transaction() as connection:
                for request_id, received_at in _due(connection, now):
                    _process(connection, request_id, received_at, settings)
            self._due_at = self._next_due()
            self._ledger.notify()
        return None if self._due_at is None else self._due_at - now

    def status(self, request_id: str) -> BatchStatus | None:
        """What is known of a request; None when it is unknown."""
        batches = self._ledger.query(
            "SELECT received_at, settled, destinations FROM google_batches WHERE request_id = ?",
            (request_id,),
        )
        records = self._ledger.query(
            "SELECT destination, position, reason, named FROM google_records"
            " WHERE request_id = ? ORDER BY event",
            (request_id,),
        )
        if not batches:
            return None
        return BatchStatus(
            received_at=batches[0]["received_at"],
            settled=bool(batches[0]["settled"]),
            destinations=orjson.loads(batches[0]["destinations"]),
            outcomes=[
                Outcome(**{**row, "named": bool(row["named"])}) for row in map(dict, records)
            ],
        )

    def forget(self) -> None:
        """The ledger was cleared."""
        self._due_at = None


def _due(connection: sqlite3.Connection, now: float) -> list[tuple[str, float]]:
    return connection.execute(
        "SELECT google_batches.request_id, received_at FROM google_batches"
        " JOIN google_records USING (request_id) WHERE settled = 0 AND due_at <= ?"
        " GROUP BY request_id ORDER BY min(event)",
        (now,),
    ).fetchall()


def _process(
    connection: sqlite3.Connection, request_id: str, received_at: float, settings: Settings
) -> None:
    conversions = StoredConversions(connection)
    for event, record in _records(connection, request_id):
        processed = process(record, event, received_at, settings.google, conversions)
        _settle_event(connection, event, processed, settings.mode)
    connection.execute("UPDATE google_batches SET settled = 1 WHERE request_id = ?", (request_id,))


def _records(connection: sqlite3.Connection, request_id: str) -> Iterator[tuple[int, Record]]:
    rows = connection.execute(
        "SELECT event, record FROM google_records WHERE request_id = ? ORDER BY event",
        (request_id,),
    ).fetchall()
    for event, record in rows:
        yield event, Record(**orjson.loads(record))


def _settle_event(
    connection: sqlite3.Connection, event: int, processed: Processed, mode: Mode
) -> None:
    verdict, rule = Verdict.COUNTED, None
    if processed.reason is not None:
        verdict, rule = Verdict.REJECTED, PROCESSING[processed.reason]
        connection.execute(
            "UPDATE google_records SET reason = ? WHERE event = ?", (processed.reason, event)
        )
    elif processed.adjusts is not None:
        verdict, rule = Verdict.ADJUSTED, ADJUSTS
    added = [] if rule is None else [Finding(rule=rule).as_json(mode)]
    connection.execute(
        "UPDATE events SET verdict = ?, dedup_rule = ?, duplicate_of = ?, findings = ?"
        " WHERE id = ?",
        (
            verdict.value,
            rule.id if rule else None,
            processed.adjusts,
            _findings(connection, event, added),
            event,
        ),
    )


def _findings(connection: sqlite3.Connection, event: int, added: list[dict[str, Any]]) -> bytes:
    row = connection.execute("SELECT findings FROM events WHERE id = ?", (event,)).fetchone()
    found: list[dict[str, Any]] = orjson.loads(row[0]) if row else []
    return orjson.dumps([*found, *added])

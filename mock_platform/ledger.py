"""The books of one workspace: requests, events with their verdicts, and the memory of dedup.

One SQLite file. One lock makes each request one step, so parallel requests with the same event
count it once.
"""

import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mock_platform.entries import EventEntry, Judged, RequestEntry, Verdict
from mock_platform.ledger_file import discard, open_books, set_aside
from mock_platform.ledger_memory import LedgerMemory
from mock_platform.rules.catalogue import TIME_CHANGED
from mock_platform.rules.dedup import Decision, Source, decide
from mock_platform.rules.model import Finding, Mode
from mock_platform.settings import Settings

_INSERT_EVENT = f"INSERT INTO events VALUES ({', '.join('?' * 20)})"  # noqa: S608 - marks only


def _retimed(earlier: int, mode: Mode) -> dict[str, Any]:
    message = f"event {earlier} is the same with another event_time: a retry must keep it"
    return Finding(rule=TIME_CHANGED, path=("event_time",), message=message).as_json(mode)


class Ledger:
    """Writes one request at a time; `changed` is notified after each."""

    def __init__(self, path: Path) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.released = threading.Event()
        self._path = path
        self._opened = secrets.token_hex(4)
        self._changes = 0
        self._open()
        self._last_request = self._highest("requests", "id")
        numbered = (("events", "id"), ("memory", "event"), ("google_conversions", "event"))
        self._last_event = max(self._highest(*column) for column in numbered)

    def _open(self) -> None:
        self._connection = open_books(self._path)
        self._memory = LedgerMemory(self._connection)

    def _highest(self, table: str, column: str) -> int:
        query = f"SELECT coalesce(max({column}), 0) FROM {table}"  # noqa: S608 - our own names
        return int(self._connection.execute(query).fetchone()[0])

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection, alone, inside one transaction."""
        with self.changed:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def query(self, statement: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        """The rows of a SELECT."""
        with self.changed:
            cursor = self._connection.execute(statement, parameters)
            cursor.row_factory = sqlite3.Row
            return cursor.fetchall()

    def record(
        self, request: RequestEntry, events: Sequence[EventEntry], now: float, settings: Settings
    ) -> list[Verdict]:
        """Enter a request and its events, deduplicating them, in one step."""
        with self.transaction():
            self.enter_request(request, len(events), now)
            verdicts = [
                self._decide(event, position, request, now, settings)
                for position, event in enumerate(events)
            ]
            self.prune(settings)
        self.notify()
        return verdicts

    def enter(
        self,
        request: RequestEntry,
        events: Sequence[tuple[EventEntry, Judged]],
        now: float,
        settings: Settings,
    ) -> None:
        """Enter a request and its events, judged already, in one step."""
        with self.transaction():
            self.enter_judged(request, events, now, settings)
        self.notify()

    def enter_judged(
        self,
        request: RequestEntry,
        events: Sequence[tuple[EventEntry, Judged]],
        now: float,
        settings: Settings,
    ) -> None:
        """The same inside a transaction."""
        self.enter_request(request, len(events), now)
        for position, (event, judged) in enumerate(events):
            self.enter_event(event, position, request, now, judged)
        self.prune(settings)

    def notify(self) -> None:
        """Wake everyone who waits for `changed`."""
        with self.changed:
            self._changes += 1
            self.changed.notify_all()

    @property
    def revision(self) -> str:
        """A mark that is another one after every change, also of another process."""
        return f"{self._opened}-{self._changes}"

    @property
    def next_event(self) -> int:
        """The number of the event entered next. Inside a transaction."""
        return self._last_event + 1

    def enter_request(self, request: RequestEntry, events: int, now: float) -> None:
        """Enter a request; the events entered next are its own. Inside a transaction."""
        self._last_request += 1
        self._connection.execute(
            "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._last_request,
                now,
                request.platform,
                request.api,
                request.method,
                request.path,
                request.dataset,
                events,
                request.fault,
                request.status,
                request.request_bytes,
                request.request_body,
                request.response_body,
                request.content_type,
                request.milliseconds,
            ),
        )

    def _decide(
        self,
        event: EventEntry,
        position: int,
        request: RequestEntry,
        now: float,
        settings: Settings,
    ) -> Verdict:
        verdict, decision = Verdict.REJECTED, Decision()
        if event.receipt is not None:
            decision = decide(
                event.receipt, self.next_event, now, self._memory, settings.identity_dedup
            )
            verdict = Verdict.COUNTED if decision.counted else Verdict.DEDUPLICATED
            if decision.retimed is not None and event.source is Source.SERVER:
                event = event.with_finding(_retimed(decision.retimed, settings.mode))
        partner = None if decision.counted else decision.partner
        broken = None if decision.counted or decision.rule is None else decision.rule.id
        judged = Judged(verdict=verdict, rule=broken, partner=partner)
        self.enter_event(event, position, request, now, judged)
        if decision.supersedes:
            self._supersede(decision)
        return verdict

    def enter_event(
        self, event: EventEntry, position: int, request: RequestEntry, now: float, judged: Judged
    ) -> int:
        """Enter one event of the latest request, and return its number. Inside a transaction."""
        self._last_event += 1
        self._connection.execute(
            _INSERT_EVENT,
            (
                self._last_event,
                self._last_request,
                position,
                now,
                request.platform,
                request.api,
                request.dataset if event.dataset is None else event.dataset,
                event.source.value,
                event.event_name,
                event.event_id,
                event.event_time,
                event.order_id,
                event.test_event_code,
                judged.verdict.value,
                judged.rule,
                judged.partner,
                event.value,
                event.currency,
                event.findings,
                event.payload,
            ),
        )
        return self._last_event

    def _supersede(self, decision: Decision) -> None:
        """The browser's event is preferred: the earlier server event counts no more."""
        self._connection.execute(
            "UPDATE events SET verdict = ?, dedup_rule = ?, duplicate_of = ? WHERE id = ?",
            (
                Verdict.DEDUPLICATED.value,
                decision.rule.id if decision.rule else None,
                self._last_event,
                decision.partner,
            ),
        )

    def prune(self, settings: Settings) -> None:
        """Keep the books within their bounds: entries leave oldest first. Inside a transaction."""
        bounds = (
            ("events", "id", self._last_event - settings.journal_events),
            ("requests", "id", self._last_request - settings.journal_requests),
            ("memory", "event", self._last_event - settings.memory_events),
            ("google_conversions", "event", self._last_event - settings.memory_events),
            ("google_records", "event", self._last_event - settings.memory_events),
        )
        for table, column, last_gone in bounds:
            if last_gone > 0:
                statement = f"DELETE FROM {table} WHERE {column} <= ?"  # noqa: S608 - our own names
                self._connection.execute(statement, (last_gone,))

    def clear(self) -> None:
        """Forget everything; numbers go on, so that old cursors stay valid."""
        with self.changed:
            # A new file: deleting a million rows would take seconds.
            old, aside = self._connection, set_aside(self._path)
            self._open()
            discard(old, aside)
        self.notify()

    def release(self) -> None:
        """Send everyone who waits away: the books are about to close."""
        self.released.set()
        self.notify()

    def close(self) -> None:
        """Close the file."""
        self.release()
        with self.changed:
            self._connection.close()

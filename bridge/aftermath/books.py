"""Holds a platform's own books against ours: does it count an order once, and only what was sent?

The books are one row for each conversion the platform counts. They may be long, so they are kept in
a database on disk that is gone afterwards.
"""

import csv
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import TextIOWrapper
from typing import IO, Any, Final, Self

from bridge.aftermath.span import Span
from bridge.errors import OrderFileInvalid
from bridge.intake.files.json_lines import read_json_lines
from bridge.intake.files.reading import Form
from bridge.intake.files.row import BadRow
from bridge.operate.destinations import Destination
from bridge.order.model import ADJUSTMENTS
from bridge.outbox.queries import DeliveryStatus, OrderStatus
from bridge.outbox.states import State

COUNTED: Final = "counted"
SERVER: Final = "server"
MOST_SHOWN: Final = 50
_TEXTS: Final = ("event_id", "verdict", "platform", "dataset", "source")
_DELIVERED: Final = {State.ACCEPTED, State.PROCESSED}


@dataclass(frozen=True, slots=True)
class Counted:
    """How often the books count an event, and how often they say that a server told of it."""

    times: int
    by_server: int


class Books:
    """The events a platform counts at one destination."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # a file of its own, deleted when closed
        self._database.execute(
            "CREATE TABLE books (event_id TEXT PRIMARY KEY, times INT, by_server INT,"
            " ours INT DEFAULT 0) WITHOUT ROWID"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def enter(self, event_id: str, *, by_server: bool) -> None:
        """Count an event once more."""
        self._database.execute(
            "INSERT INTO books (event_id, times, by_server) VALUES (?, 1, ?) ON CONFLICT DO UPDATE"
            " SET times = times + 1, by_server = by_server + excluded.by_server",
            (event_id, by_server),
        )

    def met(self, event_id: str, *, sent: bool) -> Counted | None:
        """Answer how the books count an event of ours; None when they do not."""
        row = self._database.execute(
            "UPDATE books SET ours = max(ours, ?) WHERE event_id = ? RETURNING times, by_server",
            (sent, event_id),
        ).fetchone()
        return Counted(*row) if row else None

    def twice(self) -> Iterator[tuple[str, int]]:
        """Answer every event that is counted more than once."""
        yield from self._database.execute(
            "SELECT event_id, times FROM books WHERE times > 1 ORDER BY event_id"
        )

    def not_ours(self) -> tuple[int, int]:
        """Answer how many events the bridge never sent, and how many of them a server told of."""
        row = self._database.execute(
            "SELECT count(*), coalesce(sum(by_server > 0), 0) FROM books WHERE NOT ours"
        ).fetchone()
        return int(row[0]), int(row[1])


@dataclass(slots=True)
class BooksReport:
    """What the books say of what we sent.

    `counted_twice`, `unsent` and `missing` break a promise. `missing` were delivered, placed within
    the span, and are not in the books; `not_judged` neither, but outside it, or there is none;
    nor are `awaited`, on which the platform has yet to report.
    `others` are there and not ours: the pixel's, or another sender's. `sourced` rows say who told.
    """

    span: Span | None = None
    rows: int = 0
    sourced: int = 0
    unreadable: int = 0
    unreadable_lines: list[int] = field(default_factory=list)
    counted: int = 0
    counted_twice: int = 0
    unsent: int = 0
    missing: int = 0
    not_judged: int = 0
    awaited: int = 0
    others: int = 0
    twice: list[tuple[str, int]] = field(default_factory=list)
    first_missing: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether each order is counted once, and nothing that was not to be sent."""
        return not (self.counted_twice or self.unsent or self.missing or self.unreadable)

    @property
    def tells_who_sent(self) -> bool:
        """Whether the books can show an event that was never sent from here."""
        return self.sourced == self.rows > 0


def read_books(
    file: IO[bytes], form: Form, destination: Destination, column: str, into: Books
) -> BooksReport:
    """Enter what the file says is counted at the destination; the span is that of its times."""
    report, span = BooksReport(), Span()
    for row in _rows(file, form, column):
        if isinstance(row, int):
            report.unreadable += 1
            if len(report.unreadable_lines) < MOST_SHOWN:
                report.unreadable_lines.append(row)
        elif _is_counted_here(row, destination):
            report.rows += 1
            report.sourced += row.get("source") is not None
            at = row.get("event_time")
            span = span if at is None else span.widened(at)
            into.enter(row["event_id"], by_server=row.get("source") == SERVER)
    report.span = _span_of(report, span)
    return report


def _span_of(report: BooksReport, span: Span) -> Span | None:
    """Empty books stand for all time: whatever was delivered is missing in them."""
    return span if span.since is not None or not report.rows else None


def compare(
    orders: Iterable[OrderStatus], destination: Destination, books: Books, report: BooksReport
) -> BooksReport:
    """Hold every order's delivery at the destination against the books."""
    for order in orders:
        for delivery in order.deliveries:
            if delivery.destination == destination.id:
                _add(order, delivery, books, report)
    report.others, report.unsent = books.not_ours()
    report.others -= report.unsent
    for event_id, times in books.twice():
        report.counted_twice += 1
        if len(report.twice) < MOST_SHOWN:
            report.twice.append((event_id, times))
    return report


def _add(order: OrderStatus, delivery: DeliveryStatus, books: Books, report: BooksReport) -> None:
    counted = books.met(order.event_id, sent=delivery.first_sent_at is not None)
    if counted is not None:
        report.counted += 1
    elif not _should_be_there(order, delivery):
        return
    elif delivery.report_until is not None:
        report.awaited += 1
    elif report.span is None or order.placed_at not in report.span:
        report.not_judged += 1
    else:
        report.missing += 1
        if len(report.first_missing) < MOST_SHOWN:
            report.first_missing.append(order.event_id)


def _should_be_there(order: OrderStatus, delivery: DeliveryStatus) -> bool:
    """What adjusts an order is counted under that; what has a remark may not be counted at all."""
    delivered = delivery.state in _DELIVERED and delivery.reason is None
    return delivered and order.kind not in ADJUSTMENTS


def _is_counted_here(row: Mapping[str, Any], destination: Destination) -> bool:
    """Leave out what a mock's export has of other verdicts, platforms and datasets."""
    dataset = getattr(destination, "dataset", None)
    return (
        row.get("verdict", COUNTED) == COUNTED
        and destination.platform.startswith(row.get("platform") or "")
        and (dataset is None or row.get("dataset") in {None, dataset})
    )


def _rows(file: IO[bytes], form: Form, column: str) -> Iterator[dict[str, Any] | int]:
    """Answer what each row says, or the line of one that cannot be used."""
    if form is Form.XML:
        raise OrderFileInvalid("--books: give the platform's export as CSV or NDJSON.")
    rows = _of_csv(file, column) if form is Form.CSV else _of_json_lines(file, column)
    for line, row in rows:
        yield row if _is_usable(row) else line


def _is_usable(row: Mapping[str, Any]) -> bool:
    texts = all(isinstance(row.get(name), str | None) for name in _TEXTS)
    is_timed = type(row.get("event_time")) in {int, float, type(None)}
    return texts and is_timed and bool(row.get("event_id"))


def _of_csv(file: IO[bytes], column: str) -> Iterator[tuple[int, dict[str, Any]]]:
    text = TextIOWrapper(file, "utf-8-sig", "replace", newline="")
    try:
        rows = csv.DictReader(text)
        if column not in (rows.fieldnames or ()):
            raise OrderFileInvalid(
                f"--books: the header has no column {column}: say which holds the event ids, such"
                ' as --column "Order ID".'
            )
        for row in rows:
            yield rows.line_num, {"event_id": (row[column] or "").strip()}
    except csv.Error:
        raise OrderFileInvalid("--books: the file is no CSV any further.") from None
    finally:
        text.detach()  # it is not ours to close


def _of_json_lines(file: IO[bytes], column: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in read_json_lines(file):
        members = {} if isinstance(row, BadRow) else row.members
        yield row.line, {**members, "event_id": members.get(column)}

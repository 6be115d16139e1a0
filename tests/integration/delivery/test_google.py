"""A real sender and the mock's Data Manager API: accepted, asked about, reported on."""

from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bridge.aftermath import asking
from bridge.aftermath.audit import audit
from bridge.aftermath.books import Books, compare, read_books
from bridge.aftermath.span import Span
from bridge.intake.files.reading import Form
from bridge.operate.google_destination import GoogleDestination
from bridge.operate.settings import Settings
from bridge.outbox.schema import orders, requests
from bridge.outbox.states import State


@pytest.fixture
def settings(tmp_path: Path, site: Any, make_google: Callable[..., GoogleDestination]) -> Settings:
    return Settings(data_dir=tmp_path, sites=(site,), destinations=(make_google(),))


def ask(sender: Any) -> int:
    return asking.ask(sender.context, sender.destination)


def kept_remainders(sender: Any) -> int:
    with sender.installation.engine.connect() as connection:
        return len(
            connection.execute(select(orders.c.id).where(orders.c.sealed.is_not(None))).all()
        )


def kept_requests(sender: Any) -> list[Any]:
    with sender.installation.engine.connect() as connection:
        return list(connection.execute(select(requests).order_by(requests.c.id)))


def sound(sender: Any) -> bool:
    return audit(sender.installation.queries, sender.clock()).ok


def read_empty_books(sender: Any) -> tuple[int, int, bool]:
    """Hold all against books without a row: what is awaited, what is missing, and if well."""
    with Books() as books, sender.installation.queries.snapshot() as snapshot:
        report = read_books(BytesIO(), Form.NDJSON, sender.destination, "event_id", books)
        report.span = Span()
        compare(snapshot.orders, sender.destination, books, report)
    return report.awaited, report.missing, report.ok


def test_orders_are_accepted_then_processed_and_only_then_forgotten(sender: Any) -> None:
    sender.take(20)
    assert sender.round() == 20
    assert sender.states == {("accepted", None): 20}
    [request] = kept_requests(sender)
    assert {one.request_id for one in sender.deliveries.values()} == {request.request_id}
    assert len(request.delivery_ids) == 20
    assert kept_remainders(sender) == 20
    assert ask(sender) == 0
    sender.wait(minutes=31)
    assert ask(sender) == 1
    assert sender.states == {("processed", None): 20}
    assert kept_remainders(sender) == 0
    assert Counter(sender.counted) == {str(number): 1 for number in range(1, 21)}
    assert sound(sender)


def test_books_may_lack_what_google_has_yet_to_report_on_and_nothing_else(sender: Any) -> None:
    sender.take(3)
    sender.round()
    assert read_empty_books(sender) == (3, 0, True)
    sender.wait(minutes=31)
    ask(sender)
    assert sender.states == {("processed", None): 3}
    assert read_empty_books(sender) == (0, 3, False)


def test_what_google_is_not_done_with_is_asked_for_again_ever_more_rarely(sender: Any) -> None:
    sender.workspace.settings(processing_delay_seconds=4 * 3600)
    sender.take()
    sender.round()
    asked = []
    for minute in range(30, 24 * 60, 30):
        sender.wait(minutes=30)
        asked += [minute] * ask(sender)
    assert asked == [30, 60, 120, 240, 480]
    assert sender.states == {("processed", None): 1}


def test_exactly_the_events_google_names_are_rejected_in_two_requests(sender: Any) -> None:
    sender.take(1000)
    culprits = [str(number) for number in range(1, 1000, 100)]
    sender.workspace.fault(
        "platform_rejects",
        match={"event_id": culprits},
        error="INVALID_CURRENCY_CODE",
        times=None,
    )
    sender.round()
    assert sender.requests == 2
    assert sender.states == {
        ("accepted", None): 990,
        ("rejected", "google:INVALID_CURRENCY_CODE"): 10,
    }
    assert {n for n, one in sender.deliveries.items() if one.state is State.REJECTED} == {*culprits}
    assert sender.paused_for is None


def test_a_refusal_that_names_nobody_is_searched(sender: Any) -> None:
    sender.take(8)
    sender.workspace.fault("platform_rejects", match={"event_id": ["5"]}, named=False, times=None)
    sender.rounds()
    assert sender.states == {("accepted", None): 7, ("rejected", "google:INVALID_ARGUMENT"): 1}
    assert sender.deliveries["5"].state is State.REJECTED
    assert sender.requests <= 7


def test_the_same_rejection_of_many_pauses_the_destination_and_dead_letters_nobody(
    sender: Any,
) -> None:
    sender.take(40)
    sender.workspace.fault(
        "platform_rejects", match={"event_id": ["1", "2", "3"]}, error="INVALID_FORMAT"
    )
    sender.round()
    assert {state for state, _ in sender.states} == {"pending"}
    assert sender.paused_for == 30
    sender.workspace.clear_faults()
    for _ in range(5):
        sender.wait(minutes=5)
        sender.rounds()
    assert sender.states == {("accepted", None): 40}


@pytest.mark.parametrize(
    "error", ["NOT_ALLOWLISTED", "TERMS_AND_CONDITIONS_NOT_SIGNED", "SERVICE_DISABLED"]
)
def test_an_account_that_is_not_ready_pauses_and_loses_nothing(sender: Any, error: str) -> None:
    sender.take(10)
    sender.workspace.fault("error", error=error)
    sender.round()
    assert sender.states == {("pending", f"google:{error}"): 10}
    assert sender.paused_for == 30
    for _ in range(3):
        sender.wait(seconds=30)
        sender.rounds()
    assert sender.states == {("accepted", None): 10}


def test_an_answer_that_was_lost_is_asked_for_again_and_counted_once(sender: Any) -> None:
    sender.take(5)
    sender.workspace.fault("answer_lost")
    sender.round()
    assert sender.states == {("pending", "connection_broken"): 5}
    sender.wait(days=30)
    sender.rounds()
    assert sender.states == {("accepted", None): 5}
    sender.wait(minutes=31)
    ask(sender)
    assert sender.states == {("processed", None): 5}
    assert Counter(sender.counted) == {str(number): 1 for number in range(1, 6)}


def test_what_google_loses_in_processing_is_sent_again_until_it_is_counted(sender: Any) -> None:
    sender.take(6)
    sender.workspace.fault("processing_error", match={"event_id": ["2", "4"]})
    sender.round()
    sender.wait(minutes=31)
    ask(sender)
    assert sender.states == {("processed", None): 4, ("pending", "google:INTERNAL_ERROR"): 2}
    assert kept_remainders(sender) == 2
    sender.wait(minutes=1)
    sender.rounds()
    sender.wait(minutes=31)
    ask(sender)
    assert sender.states == {("processed", None): 6}
    assert kept_remainders(sender) == 0
    assert Counter(sender.counted) == {str(number): 1 for number in range(1, 7)}
    assert sound(sender)


def test_what_google_refuses_in_processing_is_a_dead_letter_with_its_reason(sender: Any) -> None:
    sender.take(5)
    sender.workspace.fault("processing_error", match={"event_id": ["3"]}, reason="INVALID_GCLID")
    sender.round()
    sender.wait(minutes=31)
    ask(sender)
    assert sender.states == {("processed", None): 4, ("rejected", "google:INVALID_GCLID"): 1}
    assert kept_remainders(sender) == 1
    assert sound(sender)


def test_where_only_counts_are_known_the_request_says_so_and_they_are_counted_apart(
    sender: Any,
) -> None:
    sender.workspace.settings(record_indices=False)
    sender.take(5)
    sender.workspace.fault("processing_error", match={"event_id": ["3"]}, reason="INVALID_GCLID")
    sender.round()
    sender.wait(minutes=31)
    ask(sender)
    assert sender.states == {("processed", "counts_only"): 5}
    assert {one.detail for one in sender.deliveries.values()} == {"unknown"}
    [request] = kept_requests(sender)
    assert (request.outcome, request.report) == (
        "counts_only",
        "PARTIAL_SUCCESS: INVALID_GCLID 1",
    )
    overview = sender.installation.queries.overview()
    assert overview.remarks == {"google": {"counts_only": 5}}


def test_a_platform_that_never_reports_leaves_them_accepted_and_forgotten(sender: Any) -> None:
    sender.workspace.settings(processing_delay_seconds=10**7)
    sender.take(3)
    sender.round()
    for _ in range(80):
        sender.wait(hours=1)
        ask(sender)
        sender.installation.store.end_reports(sender.clock())
    assert sender.states == {("accepted", "status_unknown"): 3}
    assert kept_remainders(sender) == 0
    assert sound(sender)


def test_trouble_in_asking_touches_nothing_and_is_tried_again(sender: Any) -> None:
    sender.take(2)
    sender.round()
    sender.wait(minutes=31)
    for fault in ("reset", "html", "malformed_json"):
        sender.workspace.fault(fault, match={"api": ["data_manager_status"]})
    for hours in (0, 1, 2):
        sender.wait(hours=hours)
        ask(sender)
    assert sender.states == {("accepted", None): 2}
    assert sender.paused_for is None
    sender.wait(hours=4)
    ask(sender)
    assert sender.states == {("processed", None): 2}

"""From a report to the ends of deliveries, and when to ask again."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.aftermath.asking import next_question, settlements
from bridge.delivery.outcome import Rules
from bridge.delivery.report import Fate, RecordEnd, Reported
from bridge.delivery.retry import GOOGLE_MEMORY
from bridge.operate.settings import Sender
from bridge.outbox.records import Awaiting, Settlement
from bridge.outbox.states import State

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULES = Rules(sender=Sender(), memory=GOOGLE_MEMORY, now=NOW, random=lambda: 0.5)
LOST = RecordEnd(fate=Fate.AGAIN, reason="google:INTERNAL_ERROR")
REFUSED = RecordEnd(fate=Fate.REJECTED, reason="google:INVALID_GCLID")
COUNTED = RecordEnd(fate=Fate.PROCESSED)
HALF_HOUR = timedelta(minutes=30)


def awaiting(place: int = 0, odd_answers: int = 0, hours: float = 24) -> Awaiting:
    return Awaiting(
        place=place,
        delivery_id=100 + place,
        fence=7,
        attempts=1,
        odd_answers=odd_answers,
        deadline=NOW + timedelta(hours=hours),
    )


def end_of(end: RecordEnd, one: Awaiting) -> Settlement:
    report = Reported(outcome="failed", ends={}, rest=end, account="")
    [settlement] = settlements(report, [one], RULES)
    return settlement


def test_every_delivery_ends_as_its_place_in_the_request_says() -> None:
    report = Reported(
        outcome="partial_success", ends={0: REFUSED, 2: LOST}, rest=COUNTED, account=""
    )
    waiting = [awaiting(place) for place in (0, 1, 2, 5)]
    ends = settlements(report, waiting, RULES)
    assert [(end.delivery_id, end.fence, end.state, end.reason) for end in ends] == [
        (100, 7, State.REJECTED, "google:INVALID_GCLID"),
        (101, 7, State.PROCESSED, None),
        (102, 7, State.PENDING, "google:INTERNAL_ERROR"),
        (105, 7, State.PROCESSED, None),
    ]
    assert all(end.report_until is None for end in ends)


def test_what_google_lost_is_built_anew_and_sent_soon() -> None:
    end = end_of(LOST, awaiting())
    assert (end.state, end.thaw, end.counts, end.odd) == (State.PENDING, True, True, True)
    assert end.next_attempt_at
    assert NOW <= end.next_attempt_at <= NOW + timedelta(seconds=30)


def test_what_google_cannot_take_yet_waits_as_long_as_the_table_says() -> None:
    later = RecordEnd(fate=Fate.AGAIN, reason="google:X", after=timedelta(hours=6))
    end = end_of(later, awaiting())
    assert end.next_attempt_at
    assert end.next_attempt_at >= NOW + timedelta(hours=6)


@pytest.mark.parametrize("one", [awaiting(odd_answers=8), awaiting(hours=0)], ids=["often", "late"])
def test_what_cannot_be_sent_again_for_ever_is_a_dead_letter(one: Awaiting) -> None:
    end = end_of(LOST, one)
    assert (end.state, end.reason) == (State.REJECTED, "google:INTERNAL_ERROR")


def test_what_is_unknown_says_so() -> None:
    unknown = RecordEnd(fate=Fate.PROCESSED, reason="counts_only", detail="unknown")
    end = end_of(unknown, awaiting())
    assert (end.state, end.reason, end.detail) == (State.PROCESSED, "counts_only", "unknown")


def test_questions_come_ever_more_rarely_but_at_least_every_six_hours() -> None:
    waits = [next_question(asks, HALF_HOUR, None) / HALF_HOUR for asks in range(1, 8)]
    assert waits == [1, 2, 4, 8, 12, 12, 12]
    assert next_question(10_000, HALF_HOUR, None) == timedelta(hours=6)
    assert next_question(5, timedelta(hours=9), None) == timedelta(hours=9)


def test_the_platform_may_ask_for_more_patience() -> None:
    assert next_question(1, HALF_HOUR, timedelta(hours=2)) == timedelta(hours=2)
    assert next_question(1, HALF_HOUR, timedelta(minutes=1)) == HALF_HOUR

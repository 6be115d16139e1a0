from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bridge.delivery.retry import (
    GOOGLE_MEMORY,
    LAST_CALL,
    META_MEMORY,
    Backoff,
    next_attempt,
    resend_until,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
chance = st.floats(0, 1, exclude_max=True)
attempts = st.integers(0, 10_000)


@given(attempts=attempts, chance=chance, left=st.floats(0, 5000), asked=st.integers(0, 5000))
def test_an_attempt_comes_before_the_deadline_and_is_given_up_only_when_no_time_is_left(
    attempts: int, chance: float, left: float, asked: int
) -> None:
    deadline, retry_after = NOW + timedelta(seconds=left), timedelta(seconds=asked)
    at = next_attempt(
        NOW,
        attempts=attempts,
        deadline=deadline,
        backoff=Backoff(base=2, cap=900),
        random=lambda: chance,
        retry_after=retry_after,
    )
    if at is None:
        assert NOW + retry_after >= deadline - LAST_CALL
    else:
        assert NOW + retry_after <= at < deadline


@given(left=st.floats(31, 5000))
def test_where_the_jitter_leads_past_the_deadline_there_is_one_last_call(left: float) -> None:
    deadline = NOW + timedelta(seconds=left)

    def late(now: datetime) -> datetime | None:
        """Chance always chooses a moment past the deadline."""
        backoff = Backoff(base=10_000, cap=10_000)
        return next_attempt(
            now, attempts=9, deadline=deadline, backoff=backoff, random=lambda: 0.99
        )

    assert late(NOW) == deadline - LAST_CALL
    assert late(deadline - LAST_CALL) is None


@given(attempts=attempts, chance=chance, asked=st.integers(0, 10**6))
def test_what_the_platform_asks_for_is_waited_in_full_and_the_cap_comes_on_top(
    attempts: int, chance: float, asked: int
) -> None:
    retry_after = timedelta(seconds=asked)
    at = next_attempt(
        NOW,
        attempts=attempts,
        deadline=datetime.max.replace(tzinfo=UTC),
        backoff=Backoff(base=2, cap=900),
        random=lambda: chance,
        retry_after=retry_after,
    )
    assert at is not None
    assert NOW + retry_after <= at <= NOW + retry_after + timedelta(seconds=900)


def test_the_span_doubles_with_every_attempt_until_the_cap() -> None:
    def latest(attempts: int) -> float:
        at = next_attempt(
            NOW,
            attempts=attempts,
            deadline=NOW + timedelta(days=7),
            backoff=Backoff(base=2, cap=60),
            random=lambda: 1,
        )
        assert at
        return (at - NOW).total_seconds()

    assert [latest(attempts) for attempts in range(1, 8)] == [2, 4, 8, 16, 32, 60, 60]


def test_meta_recognises_a_web_event_for_47_hours_and_a_store_event_for_7_days_less_1_hour() -> (
    None
):
    web = resend_until(NOW, physical_store=False, memory=META_MEMORY)
    store = resend_until(NOW, physical_store=True, memory=META_MEMORY)
    assert (web, store) == (NOW + timedelta(hours=47), NOW + timedelta(days=6, hours=23))


@given(physical_store=st.booleans())
def test_google_recognises_a_transaction_for_ever(physical_store: bool) -> None:
    assert resend_until(NOW, physical_store=physical_store, memory=GOOGLE_MEMORY) is None

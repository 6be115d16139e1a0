"""When to try again, and how long an answer that was never seen may be asked for again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

Random = Callable[[], float]
"""Answers a number from 0 to below 1."""

Memory = Mapping[bool, timedelta | None]
"""physical_store or not -> how long after the first attempt the platform knows a second one for
the same event; None: always."""

META_MEMORY: Memory = {
    # Meta: Deduplicate pixel and server events: event_id and event_name, 48 hours.
    False: timedelta(hours=47),
    # Meta: Conversions API for offline events, deduplication: 7 days.
    True: timedelta(days=7) - timedelta(hours=1),
}
# Data Manager API: Conversion adjustments. A transactionId that was sent before overwrites.
GOOGLE_MEMORY: Memory = {False: None, True: None}
# Google Ads API: ClickConversion, order_id. It can be used once for a conversion action.
GOOGLE_ADS_MEMORY: Memory = {False: None, True: None}


LAST_CALL = timedelta(seconds=30)
"""How long before its deadline an event is sent for the last time: enough to be claimed and go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Exponential growth from `base`, never above `cap`; both in seconds."""

    base: float
    cap: float


def next_attempt(
    now: datetime,
    *,
    attempts: int,
    deadline: datetime,
    backoff: Backoff,
    random: Random,
    retry_after: timedelta | None = None,
) -> datetime | None:
    """Answer when to try again after so many attempts, or None when there is no time left.

    Full jitter: anywhere between at once and the exponential limit, so that many senders do not
    come back together. What the platform asked for is waited in full before that. Where the jitter
    leads past the deadline, there is one more try just before it.
    """
    limit = min(backoff.base * 2.0 ** min(max(attempts - 1, 0), 32), backoff.cap)
    earliest = now + (retry_after or timedelta())
    at = earliest + timedelta(seconds=limit * random())
    if at < deadline:
        return at
    last_call = deadline - LAST_CALL
    return last_call if earliest < last_call else None


def resend_until(
    unanswered_since: datetime, *, physical_store: bool, memory: Memory
) -> datetime | None:
    """Answer until when the platform would recognise the event as the same; None: always."""
    remembered = memory[physical_store]
    return None if remembered is None else unanswered_since + remembered

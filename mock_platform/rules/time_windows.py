"""How old or young an event may be (documents: using-the-api, offline-events)."""

from collections.abc import Iterator
from dataclasses import dataclass

from mock_platform.rules import catalogue as rule
from mock_platform.rules.fields import Event
from mock_platform.rules.model import Finding

DAY = 86_400
# Seconds reach 13 digits in the year 33658: a larger number is milliseconds.
_MILLISECONDS_FROM = 10**12
_PATH = ("event_time",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """How far from now an event_time may lie.

    The store window and the tolerance are not established: the documents name 62 days for
    physical_store beside 7 days for every event, and no bound for the future.
    """

    max_age_days: float = 7
    physical_store_max_age_days: float = 62
    future_tolerance_seconds: float = 60


def check_time(event: Event, *, now: float, windows: Windows) -> Iterator[Finding]:
    """The age of one event whose schema is sound."""
    event_time = event["event_time"]
    if event_time >= _MILLISECONDS_FROM:
        yield Finding(rule=rule.MILLISECONDS, path=_PATH)
    if event_time > now + windows.future_tolerance_seconds:
        yield Finding(rule=rule.FUTURE, path=_PATH)
    elif event.get("action_source") == "physical_store":
        if event_time < now - windows.physical_store_max_age_days * DAY:
            yield Finding(rule=rule.TOO_OLD_STORE, path=_PATH)
    elif event_time < now - windows.max_age_days * DAY:
        yield Finding(rule=rule.TOO_OLD, path=_PATH)

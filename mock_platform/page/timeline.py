"""The way of one order through the platform: what happened, what came in, what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_platform.clock import iso

_YEAR_9999 = 253_402_300_799


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One moment. `event` is the number of the event it belongs to, None for the purchase."""

    at: str
    text: str
    verdict: str | None = None
    event: int | None = None
    is_shown: bool = False


def timeline(alike: Sequence[Mapping[str, Any]], shown: Mapping[str, Any]) -> list[Moment]:
    """The moments of the events `alike`, earliest first."""
    told: dict[int, list[str]] = {}
    for each in alike:
        if _is_time(each["event_time"]):
            told.setdefault(each["event_time"], []).append(each["source"])
    happened = [
        Moment(at=iso(at), text=f"It happened, says the {' and the '.join(dict.fromkeys(sides))}")
        for at, sides in told.items()
    ]
    received = [
        Moment(
            at=each["received_at"],
            text=f"{_side(each)} reported {each['event_name'] or 'a conversion'}",
            verdict=each["verdict"],
            event=each["id"],
            is_shown=each["id"] == shown["id"],
        )
        for each in alike
    ]
    return sorted([*happened, *received], key=lambda moment: moment.at)


def _is_time(value: object) -> bool:
    return isinstance(value, int) and 0 <= value <= _YEAR_9999


def _side(event: Mapping[str, Any]) -> str:
    platform = "Google" if event["platform"] == "google" else "Meta"
    return f"{platform}: the {event['source']}"

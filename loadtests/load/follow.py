"""When what the hook accepted is counted at the platforms."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

TAKEN: Final = frozenset({"counted", "processing"})
"""Google counts what it has taken after a while; what it then refuses, the books say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An order counted at a platform: when, and how long after the hook's answer, in seconds."""

    platform: str
    at: float
    seconds: float


def arrivals(
    events: Iterable[Mapping[str, Any]], accepted: Mapping[str, float]
) -> Iterator[Arrival]:
    """Match the mock's events with the times at which the hook answered, by event id.

    An event arrives when its platform takes it to count it, at once or later.
    """
    for event in events:
        since = accepted.get(event["event_id"])
        if since is not None and event["verdict"] in TAKEN:
            at = datetime.fromisoformat(event["received_at"]).timestamp()
            yield Arrival(platform=event["platform"], at=at, seconds=max(at - since, 0.0))


def events_per_request(requests: Iterable[Mapping[str, Any]]) -> float:
    """Answer how many events those of the mock's requests carried that carried any."""
    full = [request["events"] for request in requests if request["events"]]
    return sum(full) / len(full) if full else 0.0

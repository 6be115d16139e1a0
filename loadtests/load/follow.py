"""When what the hook accepted is counted at the platforms."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from loadtests.load.record import Call

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
            yield _arrival(event, since)


def _arrival(event: Mapping[str, Any], since: float) -> Arrival:
    at = datetime.fromisoformat(event["received_at"]).timestamp()
    return Arrival(platform=event["platform"], at=at, seconds=max(at - since, 0.0))


class Owed:
    """What the hook promised to deliver and no platform has counted yet, while a run goes on.

    Holds no more than what is on its way, so that a run may last for ever.
    """

    def __init__(self) -> None:
        self._since: dict[tuple[str, str], float] = {}

    def add(self, call: Call) -> None:
        """Remember what the answer to a call promised."""
        for order in call.orders:
            if order.get("status") == "accepted":
                for delivery in order["deliveries"]:
                    if delivery["state"] == "pending":
                        platform = delivery["destination"].partition("-")[0]
                        self._since[platform, order["event_id"]] = call.ended

    def arrived(self, events: Iterable[Mapping[str, Any]]) -> Iterator[Arrival]:
        """Answer which of the mock's events were owed: they no longer are."""
        for event in events:
            if event["verdict"] in TAKEN:
                since = self._since.pop((event["platform"], event["event_id"]), None)
                if since is not None:
                    yield _arrival(event, since)

    def overdue(self, since: float) -> list[str]:
        """Answer by platform what has been owed since before then, once."""
        late = [key for key, promised in self._since.items() if promised < since]
        for key in late:
            del self._since[key]
        return [platform for platform, _ in late]


def events_per_request(requests: Iterable[Mapping[str, Any]]) -> float:
    """Answer how many events those of the mock's requests carried that carried any."""
    full = [request["events"] for request in requests if request["events"]]
    return sum(full) / len(full) if full else 0.0

"""How well counted events can be matched to people: the mock's own estimate, from 0 to 10.

The platform does not publish its formula. Ours adds up, over the kinds of match key, the share of
events that carry it in usable form times its points (a digest that the lint knows to match nobody
is not usable); it is meant to show a direction.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from mock_platform.rules.lint_catalogue import META
from mock_platform.rules.user_data import usable_keys

HIGHEST = 10.0
_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What the members of `keys`, all together, are worth."""

    name: str
    keys: frozenset[str]
    points: float


def _weights(*rows: tuple[str, str, float]) -> tuple[Weight, ...]:
    return tuple(
        Weight(name=name, keys=frozenset(keys.split()), points=points)
        for name, keys, points in rows
    )


# The points of each table add up to more than 10: nobody needs every key for the best score.
ONLINE = _weights(
    ("E-mail", "em", 3.0),
    ("Phone", "ph", 2.5),
    ("Click id", "fbc", 1.2),
    ("Customer's id", "external_id", 1.0),
    ("IP address and browser", "client_ip_address client_user_agent", 1.0),
    ("Browser id", "fbp", 0.8),
    ("Name", "fn ln", 0.7),
    ("Birth date", "db", 0.4),
    ("City, state, postcode, country", "ct st zp country", 0.4),
    ("Gender", "ge", 0.1),
)
# A till sees no browser: what a browser would bring is shared out among the rest.
IN_STORE = _weights(
    ("E-mail", "em", 3.6),
    ("Phone", "ph", 3.2),
    ("Customer's id", "external_id", 1.4),
    ("Name", "fn ln", 1.2),
    ("City, state, postcode, country", "ct st zp country", 0.9),
    ("Birth date", "db", 0.7),
    ("Gender", "ge", 0.1),
)
_MATCH_NOBODY = frozenset(
    each.id
    for each in (
        META.not_normalised, META.twice, META.for_other_platform, META.other_member,
        META.placeholder,
    )
)  # fmt: skip
_IN_STORE_SOURCES = frozenset({"physical_store", "phone_call", "system_generated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The share of events, from 0 to 1, that have a kind of match key in usable form."""

    weight: Weight
    share: float

    @property
    def points(self) -> float:
        """What it adds to the score."""
        return self.share * self.weight.points


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One event name of one channel.

    `usable` are the keys each event has in usable form. `delay_hours` is the median from event to
    receipt.
    """

    event_name: str
    channel: str
    events: int
    score: float
    coverage: tuple[Coverage, ...]
    usable: tuple[frozenset[str], ...]
    delay_hours: float | None


def estimates(events: Iterable[Mapping[str, Any]]) -> list[Estimate]:
    """One estimate for each event name and action_source among events with `payload`."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for event in events:
        payload = event["payload"]
        channel = payload.get("action_source") or "no action_source"
        groups[payload["event_name"], channel].append(event)
    return [_estimate(name, channel, groups[name, channel]) for name, channel in sorted(groups)]


def weights_of(channel: str) -> tuple[Weight, ...]:
    """What match keys are worth on a channel."""
    return IN_STORE if channel in _IN_STORE_SOURCES else ONLINE


def _estimate(name: str, channel: str, events: Sequence[Mapping[str, Any]]) -> Estimate:
    usable = [usable_keys(_matchable(event)) for event in events]
    coverage = tuple(
        Coverage(weight=weight, share=share_of(usable, weight.keys))
        for weight in weights_of(channel)
    )
    delays = [
        (event["received_at"] - event["event_time"]) / _HOUR
        for event in events
        if event.get("event_time") is not None
    ]
    return Estimate(
        event_name=name,
        channel=channel,
        events=len(events),
        score=round(min(HIGHEST, sum(each.points for each in coverage)), 1),
        coverage=coverage,
        usable=tuple(usable),
        delay_hours=round(median(delays), 1) if delays else None,
    )


def _matchable(event: Mapping[str, Any]) -> dict[str, Any]:
    """user_data without the digests that the lint knows to match nobody."""
    found = event.get("findings") or ()
    wrong = {each["path"] for each in found if each["rule"] in _MATCH_NOBODY}
    user_data = event["payload"]["user_data"]
    if not wrong:
        return dict(user_data)
    return {key: _rest(f"user_data.{key}", value, wrong) for key, value in user_data.items()}


def _rest(path: str, value: object, wrong: set[str]) -> object:
    if path in wrong:
        return []
    if not isinstance(value, list):
        return value
    return [each for index, each in enumerate(value) if f"{path}[{index}]" not in wrong]


def share_of(usable: Sequence[frozenset[str]], keys: frozenset[str]) -> float:
    """Which part of the events has all of `keys`."""
    return sum(keys <= event for event in usable) / len(usable)

"""Two events that are one conversion, side by side: what they agree on, and what they do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Event = Mapping[str, Any]
_ALIKE = ("dataset", "event_name", "event_id", "order_id", "event_time", "value", "currency")
_LEAVES_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member on both sides; a side without it is None."""

    name: str
    left: str | None
    right: str | None

    @property
    def differs(self) -> bool:
        """Whether both sides say something, and not the same."""
        return None not in (self.left, self.right) and self.left != self.right


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """`left` came first."""

    left: Event
    right: Event
    members: tuple[Member, ...]


def partner(shown: Event, others: Sequence[Event]) -> Event | None:
    """The event that `shown` repeats or adjusts, else the first that repeats `shown`."""
    by_number = {each["id"]: each for each in others}
    if shown["duplicate_of"] in by_number:
        return by_number[shown["duplicate_of"]]
    return next((each for each in others if each["duplicate_of"] == shown["id"]), None)


def pair(shown: Event, other: Event | None) -> Pair | None:
    """Both events with every member that either has; None without the other."""
    if other is None:
        return None
    left, right = sorted((shown, other), key=lambda each: int(each["id"]))
    sides = [{**_columns(each), **_leaves(each["payload"])} for each in (left, right)]
    shared = [name for name in sides[0] if name in sides[1]]
    return Pair(
        left=left,
        right=right,
        members=tuple(
            Member(name=name, left=sides[0].get(name), right=sides[1].get(name))
            for name in dict.fromkeys([*shared, *sides[0], *sides[1]])
        ),
    )


def _columns(event: Event) -> dict[str, str]:
    return {name: str(event[name]) for name in _ALIKE if event[name] is not None}


def _leaves(payload: object) -> dict[str, str]:
    """The payload's values by path, but for those that stand in columns already."""
    found: dict[str, str] = {}
    waiting: list[tuple[str, object]] = [("", payload)]
    while waiting and len(found) < _LEAVES_MAX:
        path, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting += [(f"{path}.{key}".removeprefix("."), each) for key, each in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{path}[{index}]", each) for index, each in enumerate(value)]
        elif path not in _ALIKE:
            found[path] = str(value)
    return found

"""Breaking on demand: which request a fault hits, and what it does to it.

A fault is chosen here, without knowledge of any platform; `meta.breakage` turns it into what the
client sees. Each fault hits the next `times` requests that its `match` fits, or every one.
"""

import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """What happens to a request."""

    ERROR = "error"  # an error of the platform's catalogue, or an HTTP status
    PLATFORM_REJECTS = "platform_rejects"  # the request is rejected while a matching event is in it
    ANSWER_LOST = "answer_lost"  # the events are taken, then the connection closes unanswered
    RESET = "reset"  # the connection is reset before anything is taken
    HANG = "hang"  # no answer until the client gives up
    DELAY = "delay"  # a correct answer after `seconds`
    MALFORMED_JSON = "malformed_json"  # 200 with half a JSON document
    HTML = "html"  # 200 with a web page
    WRONG_COUNT = "wrong_count"  # 200 with another events_received
    HEADERS = "headers"  # a correct answer with `headers` added


# Kinds after which the platform has the events, unless the fault says otherwise.
_STORES = frozenset(
    {FaultKind.ANSWER_LOST, FaultKind.DELAY, FaultKind.WRONG_COUNT, FaultKind.HEADERS}
)
_FAULTS_MAX = 1000


class FaultError(ValueError):
    """A fault that cannot be set; the message names the member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """What a fault can select a request by."""

    api: str
    dataset: str
    order_ids: frozenset[str] = frozenset()
    event_ids: frozenset[str] = frozenset()
    event_names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Each given member must fit; an event member fits when any event of the request has it."""

    api: tuple[str, ...] = ()
    dataset: tuple[str, ...] = ()
    order_id: tuple[str, ...] = ()
    event_id: tuple[str, ...] = ()
    event_name: tuple[str, ...] = ()

    def fits(self, request: RequestFacts) -> bool:
        """Whether `request` is meant."""
        return (
            (not self.api or request.api in self.api)
            and (not self.dataset or request.dataset in self.dataset)
            and (not self.order_id or not request.order_ids.isdisjoint(self.order_id))
            and (not self.event_id or not request.event_ids.isdisjoint(self.event_id))
            and (not self.event_name or not request.event_names.isdisjoint(self.event_name))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault as it was asked for.

    Attributes:
        times: how many requests it hits; None for all until it is deleted.
        store: whether the platform takes the events before the fault shows; None for the kind's
            own way.
        error: a row of the platform's error catalogue, for `error` and `platform_rejects`.
        status: the HTTP status, in place of the catalogue's.
        code: the platform's error code, in place of the catalogue's.
        subcode: the platform's error subcode, in place of the catalogue's.
        retry_after: seconds for a Retry-After header.
        headers: further headers of the answer.
        seconds: how long `delay` waits, or `hang` at most.
        events_received: what `wrong_count` claims; None for one less than came.
    """

    id: str
    kind: FaultKind
    times: int | None = 1
    match: Match = field(default_factory=Match)
    store: bool | None = None
    error: str | None = None
    status: int | None = None
    code: int | None = None
    subcode: int | None = None
    retry_after: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float | None = None
    events_received: int | None = None

    @property
    def stores(self) -> bool:
        """Whether the platform takes the events of the request."""
        return self.kind in _STORES if self.store is None else self.store

    def as_json(self) -> dict[str, Any]:
        """The fault as it was given, with the defaults that apply."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        match = {each.name: getattr(self.match, each.name) for each in fields(self.match)}
        given["match"] = {name: value for name, value in match.items() if value}
        given["headers"] = dict(self.headers)
        given["store"] = self.stores
        return {
            name: value for name, value in given.items() if value is not None or name == "times"
        }


@dataclass(slots=True)
class _Standing:
    fault: Fault
    hits: int = 0

    @property
    def active(self) -> bool:
        return self.fault.times is None or self.hits < self.fault.times

    def as_json(self) -> dict[str, Any]:
        return {**self.fault.as_json(), "hits": self.hits, "active": self.active}


class Faults:
    """A workspace's faults, in the order they were set. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._standing: list[_Standing] = []
        self._numbers = itertools.count(1)

    def add(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Set the fault that the JSON object `asked` describes, and return it with its id.

        Raises:
            FaultError: when `asked` is not a fault.
        """
        standing = _Standing(parse_fault(asked, f"fault-{next(self._numbers)}"))
        with self._lock:
            self._standing = [*self._standing, standing][-_FAULTS_MAX:]
        return standing.as_json()

    def take(self, request: RequestFacts) -> Fault | None:
        """The first active fault that fits `request`, now used once more."""
        if not self._standing:
            return None
        with self._lock:
            for standing in self._standing:
                if standing.active and standing.fault.match.fits(request):
                    standing.hits += 1
                    return standing.fault
        return None

    def remove(self, fault_id: str) -> bool:
        """Forget one fault; False when there is none with this id."""
        with self._lock:
            kept = [each for each in self._standing if each.fault.id != fault_id]
            found = len(kept) < len(self._standing)
            self._standing = kept
        return found

    def clear(self) -> None:
        """Forget every fault."""
        with self._lock:
            self._standing = []

    def as_json(self) -> list[dict[str, Any]]:
        """Every fault with `hits` and `active`, used-up ones included."""
        with self._lock:
            return [standing.as_json() for standing in self._standing]


def parse_fault(asked: Mapping[str, Any], fault_id: str) -> Fault:
    """Read a fault from its JSON object.

    Raises:
        FaultError: for an unknown member, kind or an unusable value; the message names it.
    """
    unknown = asked.keys() - _READERS.keys()
    if unknown:
        raise FaultError(f"unknown member {min(unknown)!r}: use {', '.join(_READERS)}")
    if "kind" not in asked:
        raise FaultError(f"kind: missing; use one of {', '.join(FaultKind)}")
    read = {name: _READERS[name](name, value) for name, value in asked.items()}
    if read["kind"] is FaultKind.PLATFORM_REJECTS:
        read.setdefault("times", None)
    return Fault(id=fault_id, **read)


def _kind(name: str, value: object) -> FaultKind:
    try:
        return FaultKind(str(value))
    except ValueError:
        raise FaultError(f"{name}: expected one of {', '.join(FaultKind)}") from None


def _match(name: str, value: object) -> Match:
    if not isinstance(value, dict):
        raise FaultError(f"{name}: expected an object")
    names = [each.name for each in fields(Match)]
    unknown = value.keys() - set(names)
    if unknown:
        raise FaultError(f"{name}: unknown member {min(unknown)!r}: use {', '.join(names)}")
    return Match(**{member: _texts(f"{name}.{member}", value[member]) for member in value})


def _texts(name: str, value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    if not listed or not all(isinstance(item, str) and item for item in listed):
        raise FaultError(f"{name}: expected a string or a list of strings")
    return tuple(listed)


def _text(name: str, value: object) -> str:
    return _texts(name, [value])[0]


def _count(name: str, value: object) -> int | None:
    if value is not None and (type(value) is not int or value < 0):
        raise FaultError(f"{name}: expected a whole number of 0 or more, or null")
    return value


def _seconds(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise FaultError(f"{name}: expected seconds, 0 or more")
    return value


def _boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise FaultError(f"{name}: expected true or false")
    return value


def _headers(name: str, value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise FaultError(f"{name}: expected an object of header names and values")
    return tuple((header, _text(f"{name}.{header}", text)) for header, text in value.items())


_READERS: dict[str, Callable[[str, object], Any]] = {
    "kind": _kind,
    "times": _count,
    "match": _match,
    "store": _boolean,
    "error": _text,
    "status": _count,
    "code": _count,
    "subcode": _count,
    "retry_after": _count,
    "headers": _headers,
    "seconds": _seconds,
    "events_received": _count,
}

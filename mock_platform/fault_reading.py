"""Reading a fault from the JSON of `POST /_mock/faults`."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from mock_platform.fault import Fault, FaultError, FaultKind, Match


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


def _share(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise FaultError(f"{name}: expected a number from 0 to 1")
    return value


def _positive(name: str, value: object) -> int:
    if type(value) is not int or value < 1:
        raise FaultError(f"{name}: expected a whole number of 1 or more")
    return value


def _number(name: str, value: object) -> int:
    if type(value) is not int or value < 0:
        raise FaultError(f"{name}: expected a whole number of 0 or more")
    return value


def _indices(name: str, value: object) -> tuple[int, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(_number(name, each) for each in listed)


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
    "after": _number,
    "every": _positive,
    "probability": _share,
    "seed": _number,
    "starts_in": _seconds,
    "lasts": _seconds,
    "store": _boolean,
    "error": _text,
    "status": _count,
    "code": _count,
    "subcode": _count,
    "retry_after": _count,
    "headers": _headers,
    "seconds": _seconds,
    "spread": _seconds,
    "usage": _number,
    "regain_minutes": _number,
    "events_received": _count,
    "reason": _text,
    "named": _boolean,
    "indices": _indices,
}

"""Reading protobuf JSON as Google's front end does, and naming all it cannot read.

Names in camelCase or snake_case; null counts as absent; enums by name or number; int64 as number
or text. What is read has snake_case names, and enums by name (an unknown number stays a number:
the enumerations are open).
"""

import base64
import binascii
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mock_platform.rules.google_proto import Enumeration, Field, Kind, Message

INT32_MAX = 2**31 - 1
INT64_MAX = 2**63 - 1
INTEGER = re.compile(r"-?[0-9]{1,19}(?:\.0+)?")
TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
DECIMAL = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_DECIMAL = re.compile(DECIMAL)
NOT_A_NUMBER = ("NaN", "Infinity", "-Infinity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """One thing the front end cannot read; `field` is where, `description` never the value."""

    field: str
    description: str


@dataclass(frozen=True, slots=True)
class Instant:
    """A timestamp that was read: seconds since the epoch."""

    seconds: float


class _Mismatch(Exception):
    """A value that is not of its field's type; carries the type's name and what is wrong."""


def read_message(
    message: Message, document: object, path: str = ""
) -> tuple[dict[str, Any], list[Unreadable]]:
    """Read `document` as a `message`: what could be read, and everything that could not."""
    problems: list[Unreadable] = []
    read = _message(message, document, path, problems)
    return read, problems


def _message(
    message: Message, document: object, path: str, problems: list[Unreadable]
) -> dict[str, Any]:
    if not isinstance(document, dict):
        problems.append(_invalid(path, f"type.googleapis.com/{message.name}"))
        return {}
    read: dict[str, Any] = {}
    oneofs: dict[str, str] = {}
    for name, value in document.items():
        if name not in message.fields:
            problems.append(_unknown(name, path))
            continue
        snake, field = message.fields[name]
        if value is None:
            continue
        if field.oneof and oneofs.setdefault(field.oneof, snake) != snake:
            problems.append(_taken(path, field.oneof, name))
            continue
        read[snake] = _field(field, value, f"{path}.{snake}" if path else snake, problems)
    return read


def _field(field: Field, value: object, path: str, problems: list[Unreadable]) -> Any:
    if not field.many:
        return _single(field, value, path, problems)
    if not isinstance(value, list):
        problems.append(_invalid(path, "list"))
        return []
    return [_single(field, each, f"{path}[{index}]", problems) for index, each in enumerate(value)]


def _single(field: Field, value: object, path: str, problems: list[Unreadable]) -> Any:
    if field.message is not None:
        return _message(field.message, value, path, problems)
    try:
        if field.enumeration is not None:
            return _enum(field.enumeration, value)
        return _SCALARS[field.kind](value)
    except _Mismatch as mismatch:
        problems.append(_invalid(path, *mismatch.args))
        return None


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise _Mismatch("TYPE_STRING")
    return value


def _bytes(value: object) -> str:
    text = _string(value)
    try:
        base64.b64decode(_standard(text), validate=True)
    except binascii.Error:
        raise _Mismatch("TYPE_BYTES", "Base64 decoding failed") from None
    return text


def _standard(text: str) -> str:
    """Base64 in the standard alphabet and padded; either alphabet and no padding are fine too."""
    unpadded = text.replace("-", "+").replace("_", "/").rstrip("=")
    return unpadded + "=" * (-len(unpadded) % 4)


def _bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise _Mismatch("TYPE_BOOL")


def _integer(kind: str, highest: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = "" if isinstance(value, bool) else str(value)
        if not INTEGER.fullmatch(text):
            raise _Mismatch(kind)
        number = int(text.partition(".")[0])
        if not -highest - 1 <= number <= highest:
            raise _Mismatch(kind)
        return number

    return read


def _double(value: object) -> float:
    if isinstance(value, str) and value not in NOT_A_NUMBER:
        try:
            number = float(value)
        except ValueError:
            raise _Mismatch("TYPE_DOUBLE") from None
        # Python reads other scripts' digits, underscores and spaces too.
        if not math.isfinite(number) or not _DECIMAL.fullmatch(value):
            raise _Mismatch("TYPE_DOUBLE")
        return number
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _Mismatch("TYPE_DOUBLE")
    return float(value)


def _timestamp(value: object) -> Instant:
    kind = "type.googleapis.com/google.protobuf.Timestamp"
    if not isinstance(value, str) or not TIMESTAMP.fullmatch(value):
        raise _Mismatch(kind, "Illegal timestamp format: expected RFC 3339 with a zone")
    whole, fraction = re.sub(r"\.\d+", "", value), re.search(r"\.\d+", value)
    try:
        moment = datetime.fromisoformat(whole)
    except ValueError:
        raise _Mismatch(kind, "Illegal timestamp value") from None
    return Instant(moment.timestamp() + (float(fraction[0]) if fraction else 0.0))


def _enum(enumeration: Enumeration, value: object) -> str | int:
    kind = f"type.googleapis.com/{enumeration.name}"
    if isinstance(value, str) and value in enumeration.numbers:
        return value
    number = _integer(kind, INT32_MAX)(value)
    names = {number: name for name, number in enumeration.numbers.items()}
    return names.get(number, number)


_SCALARS: dict[Kind, Callable[[object], Any]] = {
    Kind.STRING: _string,
    Kind.BYTES: _bytes,
    Kind.BOOL: _bool,
    Kind.INT32: _integer("TYPE_INT32", INT32_MAX),
    Kind.INT64: _integer("TYPE_INT64", INT64_MAX),
    Kind.DOUBLE: _double,
    Kind.TIMESTAMP: _timestamp,
}


def _unknown(name: str, path: str) -> Unreadable:
    place = f" at '{path}'" if path else ""
    text = f'Invalid JSON payload received. Unknown name "{name}"{place}: Cannot find field.'
    return Unreadable(field=path, description=text)


def _invalid(path: str, kind: str, detail: str = "") -> Unreadable:
    text = f"Invalid value at '{path}' ({kind})" + (f", {detail}" if detail else "")
    return Unreadable(field=path, description=text)


def _taken(path: str, oneof: str, name: str) -> Unreadable:
    detail = f"oneof field '{oneof}' is already set. Cannot set '{name}'"
    return Unreadable(field=path, description=f"Invalid value at '{path}' (oneof), {detail}")

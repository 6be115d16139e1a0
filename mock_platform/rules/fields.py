"""Members and types of a server event (documents: server-event, custom-data, app-data)."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mock_platform.rules import catalogue as rule
from mock_platform.rules.model import Finding, Path

Event = Mapping[str, Any]
# A number written as a text.
NUMERAL = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|NaN|[+-]?Infinity"
_NUMERAL = re.compile(NUMERAL)


def is_string(value: object) -> bool:
    """A JSON string."""
    return isinstance(value, str)


def is_integer(value: object) -> bool:
    """A JSON integer; true and false are none."""
    return type(value) is int


def is_number(value: object) -> bool:
    """A number, or a text that is one: the platform's own samples send both."""
    if isinstance(value, str):
        return _NUMERAL.fullmatch(value) is not None
    return type(value) in (int, float)


def is_finite_and_positive(value: object) -> bool:
    """Whether a value that `is_number` is neither negative nor infinite nor NaN."""
    number = float(value)  # type: ignore[arg-type]  # callers have asked is_number
    return math.isfinite(number) and number >= 0


def is_boolean(value: object) -> bool:
    """A JSON boolean."""
    return isinstance(value, bool)


def is_object(value: object) -> bool:
    """A JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> bool:
    """A JSON array."""
    return isinstance(value, list)


def is_array_of_scalars(value: object) -> bool:
    """A JSON array of texts or numbers."""
    return isinstance(value, list) and all(isinstance(item, str | int | float) for item in value)


def is_array_of_objects(value: object) -> bool:
    """A JSON array of objects."""
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


@dataclass(frozen=True, slots=True)
class Field:
    """One row: how a value must look, and that in words. An empty text counts as absent."""

    check: Callable[[object], bool]
    expected: str
    allowed: frozenset[str] = frozenset()


_STRING = Field(is_string, "a string")
_INTEGER = Field(is_integer, "an integer")
_NUMBER = Field(is_number, "a number")
_OBJECT = Field(is_object, "an object")

ACTION_SOURCES = frozenset(
    {
        "email", "website", "app", "phone_call", "chat", "physical_store", "system_generated",
        "business_messaging", "other",
    }
)  # fmt: skip
MESSAGING_CHANNELS = frozenset({"whatsapp", "messenger", "instagram"})
DELIVERY_CATEGORIES = frozenset({"in_store", "curbside", "home_delivery"})

# server-event: the only members an event may have.
EVENT: dict[str, Field] = {
    "event_name": Field(is_string, "a string"),
    "event_time": Field(is_integer, "an integer, seconds since the epoch"),
    "user_data": Field(is_object, "an object"),
    "action_source": Field(is_string, "a string", allowed=ACTION_SOURCES),
    "event_source_url": _STRING,
    "custom_data": _OBJECT,
    "event_id": _STRING,
    "opt_out": Field(is_boolean, "true or false"),
    "referrer_url": _STRING,
    "data_processing_options": Field(is_array_of_scalars, "an array of strings"),
    "data_processing_options_country": _INTEGER,
    "data_processing_options_state": _INTEGER,
    "app_data": _OBJECT,
    "advanced_measurement_table": _STRING,
    "messaging_channel": Field(is_string, "a string", allowed=MESSAGING_CHANNELS),
    "original_event_data": _OBJECT,
    "attribution_data": _OBJECT,
    "customer_segmentation": _STRING,
}

REQUIRED = ("event_name", "event_time", "user_data")
_NOTHING = (None, "")

# custom-data: standard members only; any other member is a custom property.
CUSTOM_DATA: dict[str, Field] = {
    "value": _NUMBER,
    "currency": _STRING,
    "content_ids": Field(is_array_of_scalars, "an array of strings"),
    "contents": Field(is_array_of_objects, "an array of objects"),
    "content_type": _STRING,
    "content_name": _STRING,
    "content_category": _STRING,
    "order_id": _STRING,
    "item_number": _STRING,
    "predicted_ltv": _NUMBER,
    "net_revenue": _NUMBER,
    "search_string": _STRING,
    "delivery_category": Field(is_string, "a string", allowed=DELIVERY_CATEGORIES),
    "store_data": _OBJECT,
}

# server-event, original_event_data
ORIGINAL_EVENT: dict[str, Field] = {
    "event_name": _STRING,
    "event_time": _INTEGER,
    "order_id": _STRING,
    "event_id": _STRING,
}


def check_schema(event: object, *, action_source_required: bool = True) -> Iterator[Finding]:
    """Members, required members, types and closed sets of one server event."""
    if not isinstance(event, dict):
        yield Finding(rule=rule.NOT_AN_OBJECT, message="an event must be an object")
        return
    for name in sorted(event.keys() - EVENT.keys()):
        yield Finding(rule=rule.UNKNOWN_KEY, message=f'Unexpected key "{name}"')
    yield from _missing(event, action_source_required=action_source_required)
    yield from _types(event, EVENT, ())
    for name, table in (("custom_data", CUSTOM_DATA), ("original_event_data", ORIGINAL_EVENT)):
        nested = event.get(name)
        if isinstance(nested, dict):
            yield from _types(nested, table, (name,))


def _missing(event: Event, *, action_source_required: bool) -> Iterator[Finding]:
    for name in REQUIRED:
        if event.get(name) in _NOTHING:
            message = f'Missing or empty "{name}"'
            yield Finding(rule=rule.MISSING_MEMBER, path=(name,), message=message)
    if event.get("action_source") in _NOTHING:
        required = action_source_required
        broken = rule.ACTION_SOURCE_MISSING if required else rule.ACTION_SOURCE_ABSENT
        yield Finding(rule=broken, path=("action_source",))


def _types(holder: Event, table: dict[str, Field], path: Path) -> Iterator[Finding]:
    for name, value in holder.items():
        field = table.get(name)
        if field is None or value in _NOTHING:
            continue
        if not field.check(value):
            message = f'"{name}" must be {field.expected}'
            yield Finding(rule=rule.WRONG_TYPE, path=(*path, name), message=message)
        elif field.allowed and value not in field.allowed:
            message = f'"{name}" must be one of {", ".join(sorted(field.allowed))}'
            yield Finding(rule=rule.NOT_IN_ENUM, path=(*path, name), message=message)

"""A message of Google's as a JSON Schema of protobuf's JSON form.

Each field stands there twice, in camelCase and in snake_case. Null counts as absent. What no
pattern can say is left to the reader: that a day exists, and that base64 decodes.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from mock_platform.rules.google_json import (
    DECIMAL,
    INT32_MAX,
    INT64_MAX,
    INTEGER,
    NOT_A_NUMBER,
    TIMESTAMP,
)
from mock_platform.rules.google_proto import Field, Kind, Message

Schema = dict[str, Any]


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


def _whole(highest: int) -> Schema:
    bounds = {"type": "integer", "minimum": -highest - 1, "maximum": highest}
    return {"anyOf": [bounds, _text(INTEGER.pattern)]}


_OF_KIND: dict[Kind, Schema] = {
    Kind.STRING: {"type": "string"},
    Kind.BYTES: _text("[A-Za-z0-9+/_-]*={0,2}"),
    Kind.BOOL: {"enum": [True, False, "true", "false"]},
    Kind.INT32: _whole(INT32_MAX),
    Kind.INT64: _whole(INT64_MAX),
    Kind.DOUBLE: {"anyOf": [{"type": "number"}, _text(DECIMAL), {"enum": [*NOT_A_NUMBER]}]},
    Kind.TIMESTAMP: _text(TIMESTAMP.pattern),
}


def request(message: Message) -> Schema:
    """The schema of a whole request, each message below it under `$defs`."""
    definitions: dict[str, Schema] = {}
    _define(message, definitions)
    return {"$ref": _place(message), "$defs": definitions}


def _place(message: Message) -> str:
    return f"#/$defs/{message.name}"


def _define(message: Message, definitions: dict[str, Schema]) -> None:
    if message.name in definitions:
        return
    made: Schema = {"type": "object", "additionalProperties": False}
    definitions[message.name] = made
    made["properties"] = {
        name: _field(field, definitions) for name, (_, field) in message.fields.items()
    }
    exclusions = [*_exclusions(message)]
    if exclusions:
        made["allOf"] = exclusions


def _field(field: Field, definitions: dict[str, Schema]) -> Schema:
    single = _single(field, definitions)
    several = {"type": "array", "items": single}
    return {"anyOf": [{"type": "null"}, several if field.many else single]}


def _single(field: Field, definitions: dict[str, Schema]) -> Schema:
    if field.message is not None:
        _define(field.message, definitions)
        return {"$ref": _place(field.message)}
    if field.enumeration is not None:
        return {"anyOf": [{"enum": [*field.enumeration.numbers]}, _whole(INT32_MAX)]}
    return _OF_KIND[field.kind]


def _exclusions(message: Message) -> Iterator[Schema]:
    """No two fields of a oneof, under whichever of their names."""
    for one, other in combinations(message.fields, 2):
        (snake, field), (other_snake, other_field) = message.fields[one], message.fields[other]
        if field.oneof and field.oneof == other_field.oneof and snake != other_snake:
            given = {"not": {"type": "null"}}
            yield {"not": {"required": [one, other], "properties": {one: given, other: given}}}

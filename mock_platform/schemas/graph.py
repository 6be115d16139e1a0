"""The tables of a server event at Meta as a JSON Schema (documents: server-event, custom-data).

JSON Schema has no empty text or null that counts as absent, so each member says it: `""` and null
are fine for all that are not required. A whole number with a fraction of zero, `1.0`, is an
integer for JSON Schema and none for the mock.
"""

from collections.abc import Callable, Mapping
from typing import Any

from mock_platform.rules import fields
from mock_platform.rules.fields import Field
from mock_platform.rules.plain_keys import CLEAR_KEYS
from mock_platform.rules.user_data import INTEGER_KEYS

Schema = dict[str, Any]
_SCALARS = ["string", "number", "boolean"]
_ABSENT: Schema = {"enum": [None, ""]}
_TEXT: Schema = {"type": "string"}

_OF_CHECK: Mapping[Callable[[object], bool], Schema] = {
    fields.is_string: _TEXT,
    fields.is_integer: {"type": "integer"},
    fields.is_number: {
        "anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^(?:{fields.NUMERAL})$"}]
    },
    fields.is_boolean: {"type": "boolean"},
    fields.is_object: {"type": "object"},
    fields.is_array: {"type": "array"},
    fields.is_array_of_scalars: {"type": "array", "items": {"type": _SCALARS}},
    fields.is_array_of_objects: {"type": "array", "items": {"type": "object"}},
}


def server_event() -> Schema:
    """One entry of `data`."""
    members = {name: _member(field) for name, field in fields.EVENT.items()}
    for name in fields.REQUIRED:
        members[name] = _required(fields.EVENT[name])
    members["action_source"] = _required(fields.EVENT["action_source"])
    members["user_data"] = {"type": "object", "properties": _user_data()}
    members["custom_data"] = _or_absent(_custom_data())
    members["original_event_data"] = _or_absent(_holder(fields.ORIGINAL_EVENT))
    return {
        "type": "object",
        "properties": members,
        "required": [*fields.REQUIRED, "action_source"],
        "additionalProperties": False,
    }


def request() -> Schema:
    """The body of an upload; Graph takes further parameters and passes them by."""
    return {
        "type": "object",
        "properties": {"data": {"type": "array", "items": {"$ref": "#/$defs/event"}}},
        "required": ["data"],
        "$defs": {"event": server_event()},
    }


def _schema(field: Field) -> Schema:
    return {"enum": sorted(field.allowed)} if field.allowed else _OF_CHECK[field.check]


def _member(field: Field) -> Schema:
    return _or_absent(_schema(field))


def _required(field: Field) -> Schema:
    return {"allOf": [_schema(field), {"not": _ABSENT}]}


def _or_absent(schema: Schema) -> Schema:
    return {"anyOf": [_ABSENT, schema]}


def _holder(table: Mapping[str, Field]) -> Schema:
    return {
        "type": "object",
        "properties": {name: _member(field) for name, field in table.items()},
    }


def _custom_data() -> Schema:
    made = _holder(fields.CUSTOM_DATA)
    delivery = _member(fields.CUSTOM_DATA["delivery_category"])
    entry = {"type": "object", "properties": {"delivery_category": delivery}}
    made["properties"]["contents"] = _or_absent({"type": "array", "items": entry})
    return made


def _user_data() -> Schema:
    whole = {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^[0-9]+$"}]}
    clear = {"type": ["string", "null"]}
    return {
        **dict.fromkeys(sorted(INTEGER_KEYS), whole),
        **dict.fromkeys(sorted(CLEAR_KEYS), clear),
    }

"""Does an order keep the contract (cartridge_spec/contract/order.schema.json)?

Two validators read the one schema: jsonschema-rs says yes or no on the way of every order (at once
when it has no unknown members), and jsonschema lists what is wrong when the answer is no. They
agree, or the tests fail. What is reported names members and rules, never a value: an order is full
of personal data.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, TypeVar, cast

import jsonschema
import jsonschema_rs
from jsonschema.exceptions import ValidationError

SCHEMA: Final[dict[str, Any]] = json.loads(
    files("cartridge_spec").joinpath("contract/order.schema.json").read_bytes()
)
MOST_VIOLATIONS: Final = 200
MOST_WARNINGS: Final = 20


def _closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Answer `schema` with no members but those it lists; its conditions stay as they are."""
    closed = dict(schema)
    for members in ("properties", "$defs"):
        if members in schema:
            closed[members] = {name: _closed(below) for name, below in schema[members].items()}
    if "items" in schema:
        closed["items"] = _closed(schema["items"])
    if "properties" in schema:
        closed.setdefault("additionalProperties", False)
    return closed


_VERDICT = jsonschema_rs.Draft202012Validator(SCHEMA)
_CLOSED_VERDICT = jsonschema_rs.Draft202012Validator(_closed(SCHEMA))
_EXPLAINER = jsonschema.Draft202012Validator(SCHEMA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken rule: where (`$.lines[3].quantity`), which schema keyword, and what to do."""

    path: str
    rule: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractWarning:
    """A member that was ignored; `[*]` in its path stands for one or more items of an array."""

    path: str
    rule: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The verdict. The order keeps the contract when `violations` is empty."""

    violations: tuple[Violation, ...]
    warnings: tuple[ContractWarning, ...]


_FLAWLESS: Final = Checked(violations=(), warnings=())


def check(order: object) -> Checked:
    """Hold a value as JSON parsers make it against the contract; nothing is ever raised.

    Lists the first 200 violations, in the schema's order, and the first 20 unknown members.
    """
    if _is_valid(order, _CLOSED_VERDICT):
        return _FLAWLESS
    violations = () if _is_valid(order, _VERDICT) else _explain(order)
    return Checked(violations=violations, warnings=_warnings(order))


def _is_valid(order: object, verdict: jsonschema_rs.Draft202012Validator) -> bool:
    try:
        return verdict.is_valid(order)
    except ValueError:  # text that UTF-8 cannot carry, which some parsers let in
        return False


def _explain(order: object) -> tuple[Violation, ...]:
    try:
        found = _first(MOST_VIOLATIONS, _contract_violations(order))
    except (RecursionError, ValueError):  # jsonschema writes values out, whatever their size
        found = ()
    # The hot path's no stands even where the list finds no reason.
    return found or _first(MOST_VIOLATIONS, _not_json(order)) or (_UNEXPLAINED,)


_Item = TypeVar("_Item")


def _first(count: int, items: Iterator[_Item]) -> tuple[_Item, ...]:
    """Return the first `count` different items, in order, without looking at the rest."""
    seen: dict[_Item, None] = {}
    for item in items:
        seen[item] = None
        if len(seen) == count:
            break
    return tuple(seen)


# --- violations ---------------------------------------------------------------------------------

_UNEXPLAINED = Violation(
    path="$",
    rule="json",
    message="cannot be read: it nests too deeply or holds too long a number",
)
_TYPE_NAMES: Final[Mapping[str, str]] = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a JSON object",
    "array": "a JSON array",
    "null": "null",
}
_LONGEST_ENUM: Final = 12


def _contract_violations(order: object) -> Iterator[Violation]:
    for error in _EXPLAINER.iter_errors(order):
        rule = str(error.validator)
        message = MESSAGES[rule](error.validator_value, error.schema)
        rule = "required" if rule == "not" else rule
        for path in _places(error):
            yield Violation(path=_json_path(path), rule=rule, message=message)


def _places(error: ValidationError) -> Iterator[tuple[str | int, ...]]:
    """A missing member is reported at its own place, not at its parent's."""
    place = tuple(error.absolute_path)
    if error.validator != "required":
        yield place
        return
    given = cast("Mapping[str, object]", error.instance)
    for name in cast("list[str]", error.validator_value):
        if name not in given:
            yield (*place, name)


def _expected_type(types: str | list[str], _: Mapping[str, Any]) -> str:
    names = [types] if isinstance(types, str) else types
    also = "" if "string" in names or not {"number", "integer"} & set(names) else ", not a text"
    return f"must be {' or '.join(_TYPE_NAMES[name] for name in names)}{also}"


def _expected_value(values: list[Any], schema: Mapping[str, Any]) -> str:
    if len(values) > _LONGEST_ENUM:
        return _expected_form(values, schema)
    return f"must be one of {', '.join(json.dumps(value) for value in values)}"


def _expected_form(_: object, schema: Mapping[str, Any]) -> str:
    return f"must be {schema['title']}, such as {schema['examples'][0]}"


def _most_characters(limit: int, _: Mapping[str, Any]) -> str:
    if limit == 0:
        return "must be absent, null or empty for this kind"
    return f"must have at most {limit} characters"


MESSAGES: Final[Mapping[str, Callable[[Any, Mapping[str, Any]], str]]] = {
    # JSON Schema keyword -> what to do, from the keyword's own value and the schema around it
    "type": _expected_type,
    "const": lambda value, _: f"must be {json.dumps(value)}",
    "enum": _expected_value,
    "pattern": _expected_form,
    "required": lambda _value, _: "must be given",
    "not": lambda _value, _: "must be given: null is not enough",
    "minLength": lambda _value, _: "must not be empty",
    "maxLength": _most_characters,
    "minimum": lambda value, _: f"must be at least {value}",
    "maximum": lambda value, _: f"must be at most {value}",
    "minItems": lambda value, _: f"must have at least {value} item(s)",
    "maxItems": lambda value, _: f"must have at most {value} item(s)",
    "maxProperties": lambda value, _: f"must have at most {value} members",
}


def _not_json(order: object) -> Iterator[Violation]:
    """Name what no JSON text in UTF-8 can hold: an order read by a more forgiving parser."""
    message = "must be what JSON in UTF-8 can hold: Unicode text, finite numbers"
    waiting: list[tuple[tuple[str | int, ...], object]] = [((), order)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(((*place, name), below) for name, below in value.items())
        elif isinstance(value, list):
            waiting.extend(((*place, index), below) for index, below in enumerate(value))
        if not _is_json(value):
            yield Violation(path=_json_path(place), rule="json", message=message)


def _is_json(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_is_text, value))
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, int | list) or _is_text(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not _LONE_SURROGATE.search(value)


_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")


def _json_path(place: Iterable[str | int]) -> str:
    return "$" + "".join(
        f"[{step}]" if isinstance(step, int) else _member_step(step) for step in place
    )


def _member_step(name: object) -> str:
    """Show a member's name, or `.*` where the caller put something else than a name there."""
    return f".{name}" if isinstance(name, str) and _PLAIN_NAME.fullmatch(name) else ".*"


# --- warnings -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Level:
    """The members the contract knows in one object, and the objects and arrays below it."""

    known: frozenset[str]
    objects: tuple[tuple[str, "_Level"], ...]
    arrays: tuple[tuple[str, "_Level"], ...]


def _level(schema: Mapping[str, Any]) -> _Level:
    members = {name: _resolve(member) for name, member in schema["properties"].items()}
    objects = [(name, _level(m)) for name, m in members.items() if "properties" in m]
    items = {name: _resolve(member.get("items", {})) for name, member in members.items()}
    arrays = [(name, _level(item)) for name, item in items.items() if "properties" in item]
    return _Level(frozenset(members), tuple(objects), tuple(arrays))


def _resolve(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return schema


_ORDER_LEVEL: Final = _level(SCHEMA)
_MORE_UNKNOWN = ContractWarning(
    path="$", rule="unknown_member", message="more unknown members were ignored than are listed"
)


def _warnings(order: object) -> tuple[ContractWarning, ...]:
    places = _first(MOST_WARNINGS + 1, _unknown(order, _ORDER_LEVEL, "$"))
    listed = tuple(map(_unknown_member, places[:MOST_WARNINGS]))
    return listed if len(places) <= MOST_WARNINGS else (*listed, _MORE_UNKNOWN)


def _unknown_member(path: str) -> ContractWarning:
    message = "is not part of order/1 and was ignored: check its spelling, or update the bridge"
    return ContractWarning(path=path, rule="unknown_member", message=message)


def _unknown(value: object, level: _Level, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    if not level.known.issuperset(value):
        yield from (path + _member_step(name) for name in value if name not in level.known)
    for name, below in level.objects:
        if member := value.get(name):
            yield from _unknown(member, below, f"{path}.{name}")
    for name, below in level.arrays:
        if isinstance(items := value.get(name), list):
            place = f"{path}.{name}[*]"
            for item in items:
                yield from _unknown(item, below, place)

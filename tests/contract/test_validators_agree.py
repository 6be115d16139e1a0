"""jsonschema and jsonschema-rs give one verdict, whatever is done to an order."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

import cartridge_spec
from bridge.intake.contract import SCHEMA, check

READABLE = jsonschema.Draft202012Validator(SCHEMA)
FAST = jsonschema_rs.Draft202012Validator(SCHEMA)
READABLE_WITH_FORMATS = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)
FAST_WITH_FORMATS = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)

EXAMPLES = [
    json.loads(path.read_bytes())
    for path in sorted((Path(cartridge_spec.__file__).parent / "contract/examples").glob("*.json"))
    if path.stem != "200-lines"
]
TEXTS = [
    *("", " ", "x", "USD", "usd", "USD\n", "order/1", "order", "refund", "lead", "granted"),
    *("00012345\n", "a\x00b", "a\u0085b", "a\u2028", "é" * 50, "é" * 51, "🎉" * 50, "🎉" * 51),
    *("x" * 64, "x" * 65, "x" * 1000, "x" * 1001, "٢٠٢٦-11-22T07:00:00Z", "2026-11-22T07:00:00Z"),
    *(
        "2026-11-22T07:00:00",
        "2026-11-22t07:00:00z",
        "2026-11-22T23:59:60Z",
        "2026-11-22T24:00:00Z",
    ),
    *("2024-02-29T07:00:00Z", "2026-02-29T07:00:00Z", "2026-11-22T07:00:00+24:00", "2026-11-22"),
    *("2026-11-22T07:00:00.1234567890Z", "2026-11-22T07:00:00Z\n", "-0", "1e3"),
]
NUMBERS = [0, -0.0, 1, 1.0, -1, 0.001, 0.0009, 1e-320, 1e6, 1e12, 999999999999, 1e308, 2**53, 2**64]
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([*TEXTS, *NUMBERS, None, True, False, [], {}, [None], [{}], {"x": None}]),
    st.text(max_size=70),
    st.integers(-(2**63), 2**64),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.sampled_from(["LDU", "x", None, 1, {}]), max_size=12),
)


def test_an_example_is_valid_for_both(example: Any) -> None:
    assert verdicts(example) == {True}


def test_a_counterexample_is_invalid_for_both(counterexample: tuple[str, Any]) -> None:
    assert verdicts(counterexample[1]) == {False}


@given(st.data())
def test_a_changed_example_has_one_verdict_and_reasons_for_a_no(data: st.DataObject) -> None:
    order = copy.deepcopy(data.draw(st.sampled_from(EXAMPLES)))
    for _ in range(data.draw(st.integers(1, 3))):
        change(order, data)
    (verdict,) = verdicts(order)
    found = check(order).violations
    assert (not found) == verdict
    assert "json" not in {violation.rule for violation in found}


def verdicts(order: Any) -> set[bool]:
    validators = (READABLE, FAST, READABLE_WITH_FORMATS, FAST_WITH_FORMATS)
    return {validator.is_valid(order) for validator in validators}


def change(order: dict[str, Any], data: st.DataObject) -> None:
    """Replace, remove or add one member somewhere; new members may have known names."""
    holder, key = data.draw(st.sampled_from(list(places(order))))
    match data.draw(st.sampled_from(["replace", "remove", "add"])):
        case "replace":
            holder[key] = data.draw(VALUES)
        case "remove":
            del holder[key]
        case _ if isinstance(holder, dict):
            holder[data.draw(st.sampled_from(NAMES) | st.text(max_size=5))] = data.draw(VALUES)
        case _:
            holder.append(data.draw(VALUES))


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    keyed = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in keyed:
        yield value, key
        if isinstance(below, dict | list):
            yield from places(below)


def names(schema: dict[str, Any]) -> Iterator[str]:
    for name, member in schema.get("properties", {}).items():
        yield name
        yield from names(member)
        yield from names(member.get("items", {}))


NAMES = sorted({*names(SCHEMA), *names(SCHEMA["$defs"]["address"])})

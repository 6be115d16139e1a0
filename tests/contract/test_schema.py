import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.intake.contract import MESSAGES, SCHEMA
from bridge.order import model

ANNOTATIONS = {"$schema", "$id", "title", "description", "examples", "format", "$ref"}
STRUCTURE = {"properties", "items", "additionalProperties", "allOf", "if", "then", "$defs"}
ENUMS = {
    "kind": model.Kind,
    "instance": model.Instance,
    "channel": model.Channel,
}
INSTANT = SCHEMA["properties"]["placed_at"]


def test_the_schema_is_valid_json_schema_for_both_validators(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema_rs.meta.validate(schema)


def test_the_schema_in_the_package_is_the_one_the_bridge_reads(schema: dict[str, Any]) -> None:
    assert schema == SCHEMA


def test_every_member_and_definition_has_a_description(schema: dict[str, Any]) -> None:
    assert [place for place, member in members(schema, "$") if not member.get("description")] == []


def test_every_description_of_a_member_says_what_happens_when_it_cannot_be_used(
    schema: dict[str, Any],
) -> None:
    ends = re.compile(r"(Strict|Lenient( but for the times)?|Must be a boolean)\.$")
    silent = [
        place
        for name, member in schema["properties"].items()
        for place, below in members(member, f"$.{name}")
        if not place.endswith("[]") and not ends.search(below["description"])
    ]
    # What the digests have in common stands in their definition.
    assert [place for place in silent if not place.startswith("$.hashed.")] == []


def test_every_keyword_of_the_schema_has_a_message_of_its_own(schema: dict[str, Any]) -> None:
    used = set(keywords(schema))
    assert used - ANNOTATIONS - STRUCTURE == set(MESSAGES)


@pytest.mark.parametrize("member", ENUMS)
def test_the_contract_and_the_bridge_know_the_same_values(member: str) -> None:
    assert SCHEMA["properties"][member]["enum"] == list(ENUMS[member])


def test_consent_and_fulfilment_have_the_bridges_values_or_nothing() -> None:
    line = SCHEMA["properties"]["lines"]["items"]["properties"]
    assert line["fulfilment"]["enum"] == [*model.Fulfilment, "", None]
    assert SCHEMA["$defs"]["consent_answer"]["enum"] == [*model.ConsentState, "", None]


def test_currencies_are_codes_of_money_that_shoppers_pay_with() -> None:
    codes = [code for code in SCHEMA["properties"]["currency"]["enum"] if code]
    assert codes == sorted(set(codes))
    assert all(re.fullmatch("[A-Z]{3}", code) for code in codes)
    assert {"USD", "EUR", "GBP", "JPY", "KWD", "INR", "BRL", "PLN"} <= set(codes)
    assert not {"XXX", "XTS", "XAU", "BTC", "HRK", "DEM"} & set(codes)


@given(st.from_regex(INSTANT["pattern"].replace(r"(?!\n)$", r"\Z")))
def test_every_time_the_pattern_takes_is_a_time_for_everybody(text: str) -> None:
    checked = jsonschema.FormatChecker(["date-time"])
    assert checked.conforms(text, "date-time")
    assert jsonschema_rs.Draft202012Validator(INSTANT, validate_formats=True).is_valid(text)
    assert datetime.fromisoformat(text).utcoffset() is not None


@given(
    st.datetimes(min_value=datetime(2000, 1, 2), max_value=datetime(2099, 12, 30)),  # noqa: DTZ001  # the offset is drawn
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_the_pattern_takes_every_time_with_an_offset(when: datetime, minutes: int) -> None:
    text = when.replace(tzinfo=timezone(timedelta(minutes=minutes))).isoformat()
    assert re.search(INSTANT["pattern"], text)


@pytest.mark.parametrize(
    "day", ["2026-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "1999-12-31"]
)
def test_the_pattern_refuses_days_that_do_not_exist_or_are_long_gone(day: str) -> None:
    assert not re.search(INSTANT["pattern"], f"{day}T07:00:00Z")


def members(schema: dict[str, Any], place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield place, schema
    for name, member in schema.get("properties", {}).items():
        yield from members(member, f"{place}.{name}")
    for name, member in schema.get("$defs", {}).items():
        yield from members(member, f"{place}.$defs.{name}")
    for keyword in ("items", "additionalProperties"):
        if keyword in schema:
            yield from members(schema[keyword], f"{place}[]")


def keywords(schema: dict[str, Any]) -> Iterator[str]:
    for keyword, value in schema.items():
        yield keyword
        if keyword in {"properties", "$defs"}:
            for below in value.values():
                yield from keywords(below)
        elif keyword in {"items", "then", "if", "additionalProperties"}:
            yield from keywords(value)
        elif keyword == "allOf":
            for below in value:
                yield from keywords(below)

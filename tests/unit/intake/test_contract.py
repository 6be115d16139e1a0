import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.intake.contract import MOST_VIOLATIONS, MOST_WARNINGS, Checked, check

Order = dict[str, Any]
Maker = Callable[..., Order]

CANARY = "canary"
FULL = files("cartridge_spec").joinpath("contract/examples/full.json").read_bytes()


def places(checked: Checked) -> list[tuple[str, str]]:
    return [(violation.path, violation.rule) for violation in checked.violations]


def message(checked: Checked) -> str:
    (violation,) = checked.violations
    return violation.message


def unknown(checked: Checked) -> list[str]:
    return [warning.path for warning in checked.warnings]


def test_an_order_that_keeps_the_contract_has_no_violation_and_no_warning(
    make_order: Maker,
) -> None:
    assert check(make_order()) == Checked(violations=(), warnings=())


def test_every_violation_is_listed_with_its_json_path_and_rule(make_order: Maker) -> None:
    order = make_order(order_no="", currency="usd", **{"totals.gross": "12"})
    del order["lines"][1]["product_id"]
    order["lines"][1] |= {"quantity": 0, "gross": -1}
    assert sorted(places(check(order))) == [
        ("$.currency", "enum"),
        ("$.lines[1].gross", "minimum"),
        ("$.lines[1].quantity", "minimum"),
        ("$.order_no", "minLength"),
        ("$.totals.gross", "type"),
    ]


def test_what_is_missing_is_reported_at_its_own_place(make_order: Maker) -> None:
    order = make_order()
    del order["channel"], order["totals"]["gross"], order["lines"]
    assert sorted(places(check(order))) == [
        ("$.channel", "required"),
        ("$.lines", "required"),
        ("$.totals.gross", "required"),
    ]


def test_null_where_a_value_is_needed_is_a_missing_value(make_order: Maker) -> None:
    checked = check(make_order(currency=None))
    assert places(checked) == [("$.currency", "required")]
    assert message(checked) == "must be given: null is not enough"


@pytest.mark.parametrize("nothing", ["absent", None, "", [], {}])
def test_nothing_is_as_good_as_absent_for_what_is_not_required(
    make_order: Maker, nothing: object
) -> None:
    required = ("contract", "kind", "site_id", "instance", "order_no", "channel", "placed_at")
    order = make_order("full")
    for holder, name, value in list(members(order)):
        if name in {*required, "currency", "gross", "totals", "lines", "options"}:
            continue
        if nothing == "absent":
            del holder[name]
        elif nothing is None or isinstance(value, type(nothing)):
            holder[name] = nothing
    assert check(order).violations == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"contract": "order/2"}, 'must be "order/1"'),
        ({"taxation": "vat"}, 'must be one of "net", "gross", "", null'),
        ({"currency": "EUX"}, "must be an active ISO 4217 currency code in capitals, such as USD"),
        ({"order_no": 12}, "must be a text or null"),
        ({"totals.tax": "1"}, "must be a number or null, not a text"),
        ({"totals.tax": -1}, "must be at least 0"),
        ({"totals.tax": 1e12}, "must be at most 999999999999"),
        ({"order_no": "x" * 51}, "must have at most 50 characters"),
        ({"reference": "R1"}, "must be absent, null or empty for this kind"),
        ({"event_id": "a\tb"}, "must be text without control characters, such as 00012345"),
        ({"lines": []}, "must have at least 1 item(s)"),
        ({"touches": [{}] * 11}, "must have at most 10 item(s)"),
        ({"custom": {f"f{n}": n for n in range(51)}}, "must have at most 50 members"),
    ],
)
def test_a_message_says_what_to_do(make_order: Maker, change: Order, words: str) -> None:
    assert message(check(make_order(**change))) == words


def test_no_value_ever_stands_in_what_is_reported(make_order: Maker) -> None:
    order = make_order("full")
    for holder, name, _ in list(members(order)):
        for value in ([CANARY], {CANARY: CANARY}, CANARY, CANARY * 2000, f"{CANARY}\x00"):
            kept, holder[name] = holder[name], value
            assert CANARY not in repr(check(order).violations)
            holder[name] = kept


def test_a_member_name_that_is_no_name_is_not_shown(make_order: Maker) -> None:
    order = make_order(custom={f"{CANARY}@example.com": []}, **{f"{CANARY} 1 Street": 1})
    checked = check(order)
    assert places(checked) == [("$.custom.*", "type")]
    assert unknown(checked) == ["$.*"]


def test_unknown_members_are_named_at_every_level(make_order: Maker) -> None:
    order = make_order(
        colour=1, **{"customer.emial": "", "hashed": {"meta": {"mail": []}, "x": {}}}
    )
    order["lines"][0]["price"] = 1
    order["touches"][0]["msclkid"] = ""
    checked = check(order)
    assert checked.violations == ()
    assert sorted(unknown(checked)) == [
        "$.colour",
        "$.customer.emial",
        "$.hashed.meta.mail",
        "$.hashed.x",
        "$.lines[*].price",
        "$.touches[*].msclkid",
    ]
    assert {warning.rule for warning in checked.warnings} == {"unknown_member"}


@pytest.mark.parametrize(
    "parent",
    [
        "status", "totals", "customer", "hashed", "hashed.meta", "billing_address",
        "shipping_address", "store", "lines.0", "browser", "touches.0", "consent", "privacy",
    ],
)  # fmt: skip
def test_one_unknown_member_anywhere_is_found(make_order: Maker, parent: str) -> None:
    order = make_order(hashed={"meta": {}})
    place: Any = order
    for step in parent.split("."):
        place = place[int(step)] if isinstance(place, list) else place[step]
    place["misspelt"] = 1
    assert unknown(check(order)) == [f"$.{parent.replace('.0', '[*]')}.misspelt"]


def test_the_same_unknown_member_of_many_lines_is_one_warning(make_order: Maker) -> None:
    order = make_order("200-lines")
    for line in order["lines"]:
        line["price"] = 1
    assert unknown(check(order)) == ["$.lines[*].price"]


def test_custom_members_are_the_merchants_own_and_never_unknown(make_order: Maker) -> None:
    assert check(make_order(custom={"anything": 1})).warnings == ()


def test_an_unknown_member_may_hold_anything(make_order: Maker) -> None:
    assert check(make_order(extra={"deep": nested(900), "ä": [None]})).violations == ()


def test_very_many_unknown_members_are_not_all_listed(make_order: Maker) -> None:
    checked = check(make_order(**{f"unknown_{n}": n for n in range(1000)}))
    assert len(checked.warnings) == MOST_WARNINGS + 1
    assert "more" in checked.warnings[-1].message


def test_very_many_violations_are_not_all_listed(make_order: Maker) -> None:
    checked = check(make_order(lines=[1] * 5000))
    assert len(checked.violations) == MOST_VIOLATIONS


def test_one_mistake_in_each_of_200_lines_is_listed_200_times(make_order: Maker) -> None:
    order = make_order("200-lines")
    for line in order["lines"]:
        line["quantity"] = "1"
    assert places(check(order)) == [(f"$.lines[{n}].quantity", "type") for n in range(200)]


@pytest.mark.parametrize("order", [None, 5, "order", True, [], [{}], 1.5])
def test_what_is_not_an_object_is_one_violation_at_the_root(order: object) -> None:
    assert places(check(order)) == [("$", "type")]


@pytest.mark.parametrize("member", ["contract", "kind", "order_no", "totals", "lines", "custom"])
def test_deep_nesting_is_a_violation_like_any_other(make_order: Maker, member: str) -> None:
    deep = b"[" * 1000 + b"]" * 1000
    body = orjson.dumps(make_order(**{member: "HERE"})).replace(b'"HERE"', deep)
    assert check(orjson.loads(body)).violations


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"order_no": "a\ud800"}, "$.order_no"),
        ({"\udfff": 1}, "$"),
        ({"totals": {"gross": float("nan")}}, "$.totals.gross"),
        ({"totals": {"gross": float("inf")}}, "$.totals.gross"),
        ({7: 1}, "$"),
        ({"customer": {"email": b"x"}}, "$.customer.email"),
    ],
)
def test_what_json_cannot_hold_is_a_violation(make_order: Maker, change: Order, path: str) -> None:
    violations = check(make_order() | change).violations
    assert path in {violation.path for violation in violations}


@pytest.mark.parametrize("digits", [13, 30, 400, 4000])
def test_huge_numbers_are_violations(make_order: Maker, digits: int) -> None:
    assert check(make_order(**{"totals.gross": 10**digits})).violations


ANY_TEXT = st.text(st.characters(codec=None), max_size=5)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.binary(max_size=3),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(ANY_TEXT, below, max_size=3),
    max_leaves=8,
)


@given(ANYTHING)
def test_whatever_comes_in_nothing_is_raised(order: object) -> None:
    assert check(order).violations


@given(st.data())
def test_whatever_a_member_holds_nothing_is_raised(data: st.DataObject) -> None:
    order = json.loads(FULL)
    for _ in range(3):
        holder, name, _ = data.draw(st.sampled_from(list(members(order))))
        holder[name] = data.draw(ANYTHING)
    assert all(violation.path.startswith("$") for violation in check(order).violations)


def members(value: object) -> Iterator[tuple[Any, str, Any]]:
    """Every member below `value`, the deepest first, so that all may be replaced in turn."""
    if isinstance(value, list):
        for below in value:
            yield from members(below)
    if isinstance(value, dict):
        for name, below in value.items():
            yield from members(below)
            yield value, name, below


def nested(depth: int) -> list[Any]:
    deep: list[Any] = []
    for _ in range(depth - 1):
        deep = [deep]
    return deep

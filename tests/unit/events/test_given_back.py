"""What is left of an order after refunds, by every basis and whatever a refund carries."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.events.given_back import given_back, left_of
from bridge.operate.destinations import Site, ValueBasis
from bridge.order.conversion import conversion_of
from bridge.order.model import Facts
from bridge.order.parse import parse

SITE = Site(id="RefArch", secrets=("plain:whsec_c2VjcmV0c2VjcmV0c2VjcmV0",))
LINES = [
    {"product_id": "A", "quantity": 2, "gross": 60, "net": 50},
    {"product_id": "B", "quantity": 1, "gross": 48, "net": 40},
]
TOTALS = {"gross": 120, "net": 100, "tax": 20, "shipping": 12, "merchandise": 108}
ORDER = {"currency": "USD", "totals": TOTALS, "lines": LINES}

GROSS, NET, GOODS = ValueBasis(), ValueBasis(basis="net"), ValueBasis(basis="merchandise")
NET_GOODS = ValueBasis(basis="net", shipping=False)
NO_GIFTS = ValueBasis(gift_certificates=False)


def facts(kind: str = "order", **members: Any) -> Facts:
    plain = {
        "contract": "order/1",
        "kind": kind,
        "site_id": "RefArch",
        "instance": "production",
        "order_no": "1",
        "reference": None if kind == "order" else "r",
        "channel": "storefront",
        "placed_at": "2026-11-22T07:00:00Z",
    }
    return parse(plain | members, SITE).facts


def amounts(**totals: float) -> dict[str, Any]:
    return {"currency": "USD", "totals": totals}


# what the refund carries, basis, what is taken away, whether the order had to help
CASES: dict[str, tuple[dict[str, Any], ValueBasis, str, bool]] = {
    "totals, gross": (amounts(gross=30), GROSS, "30", True),
    "totals, net": (amounts(gross=30, net=25), NET, "25", True),
    "net from tax": (amounts(gross=30, tax=5), NET, "25", True),
    "gross alone for net": (amounts(gross=30), NET, "25", False),
    "all the gross for net": (amounts(gross=120), NET, "100", False),
    "gross alone for goods": (amounts(gross=30), GOODS, "27", False),
    "goods": (amounts(gross=42, merchandise=30), GOODS, "30", True),
    "gross beside lines for goods": (
        amounts(gross=42) | {"lines": [LINES[0]]}, GOODS, "60", True
    ),
    "lines, gross": ({"lines": [LINES[0]]}, GROSS, "60", True),
    "lines, net": ({"lines": LINES}, NET, "90", True),
    "a line at the order's price": (
        {"lines": [{"product_id": "A", "quantity": 1}]}, GROSS, "30", False
    ),
    "the same net": ({"lines": [{"product_id": "A", "quantity": 1}]}, NET_GOODS, "25", False),
    "more than was sold": (
        {"lines": [{"product_id": "A", "quantity": 9}]}, GROSS, "60", False
    ),
    "a line of something else": ({"lines": [{"product_id": "Z"}]}, GROSS, "0", False),
    "nothing said": ({}, GROSS, "120", True),
    "nothing said, goods": ({}, GOODS, "108", True),
    "by gift certificate": (amounts(gross=30, gift_certificate=10), NO_GIFTS, "20", True),
    "no currency given": ({"lines": [LINES[1]]}, GROSS, "48", True),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_refund_takes_away_what_it_says_or_what_the_order_tells_of_it(
    case: tuple[dict[str, Any], ValueBasis, str, bool],
) -> None:
    members, basis, amount, exact = case
    found = given_back(facts("refund", **members), facts(**ORDER), basis)
    assert found is not None
    assert (found.amount, found.exact) == (Decimal(amount), exact)


def test_a_refund_in_another_currency_takes_nothing_away() -> None:
    other = facts("refund", currency="EUR", totals={"gross": 30})
    assert given_back(other, facts(**ORDER), GROSS) is None
    conversion = conversion_of([facts(**ORDER), other], "1")
    assert conversion is not None
    left = left_of(conversion, GROSS)
    assert left is not None
    assert left.amount == 120


@given(
    shares=st.lists(st.integers(0, 12000).map(lambda cents: cents / 100), max_size=5),
    cancelled=st.booleans(),
    shuffle=st.randoms(),
)
def test_what_is_left_is_the_rest_and_never_less_than_nothing_in_any_order(
    shares: list[float], cancelled: bool, shuffle: Any
) -> None:
    known = [facts(**ORDER)] + [
        facts("refund", reference=str(number), **amounts(gross=share))
        for number, share in enumerate(shares)
    ]
    known += [facts("cancellation")] if cancelled else []
    shuffle.shuffle(known)
    conversion = conversion_of(known, "1")
    assert conversion is not None
    left = left_of(conversion, GROSS)
    rest = max(Decimal(120) - sum(Decimal(str(share)) for share in shares), Decimal(0))
    assert left is not None
    assert left.amount == (0 if cancelled else rest)


def edited(**members: Any) -> Facts:
    later = {"order_no": "2", "replaces_order_no": "1", "placed_at": "2026-11-22T09:00:00Z"}
    return facts(**(ORDER | {"totals": {"gross": 80}} | later | members))


EDITS: dict[str, tuple[list[Facts], str]] = {
    "edited": ([edited()], "80"),
    "edited twice": ([edited(), edited(order_no="3", replaces_order_no="2",
                                       totals={"gross": 70})], "70"),
    "refunded before": ([edited(), facts("refund", placed_at="2026-11-22T08:00:00Z",
                                         **amounts(gross=5))], "80"),
    "refunded later by the old number": (
        [edited(), facts("refund", placed_at="2026-11-22T10:00:00Z", **amounts(gross=5))], "75"),
    "refunded by the new number": (
        [edited(), facts("refund", order_no="2", placed_at="2026-11-22T08:00:00Z",
                         **amounts(gross=5))], "75"),
    "the old one cancelled": ([edited(), facts("cancellation")], "80"),
    "the new one cancelled": ([edited(), facts("cancellation", order_no="2")], "0"),
}  # fmt: skip


@pytest.mark.parametrize("case", EDITS.values(), ids=EDITS)
def test_an_edited_order_states_the_new_worth(case: tuple[list[Facts], str]) -> None:
    others, amount = case
    for known in ([facts(**ORDER), *others], [*others[::-1], facts(**ORDER)]):
        conversion = conversion_of(known, "1")
        assert conversion is not None
        left = left_of(conversion, GROSS)
        assert left is not None
        assert left.amount == Decimal(amount)


def test_what_adjusts_an_order_nobody_knows_is_no_conversion() -> None:
    assert conversion_of([facts("refund"), edited()], "1") is None

"""From contract JSON to facts and person."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert

from bridge.operate.destinations import Site
from bridge.order.model import Kind, Plain, Totals
from bridge.order.money import amount_of, quantum, rounded
from bridge.order.parse import parse
from bridge.order.stored import facts_from_json, facts_to_json

MakeOrder = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("nothing", [None, ""])
def test_null_empty_and_absent_are_the_same(
    make_order: MakeOrder, site: Site, nothing: str | None
) -> None:
    absent = make_order()
    del absent["customer"]["email"]

    given_nothing = parse(make_order(**{"customer.email": nothing}), site)

    assert given_nothing == parse(absent, site)
    assert given_nothing.person.customer.email is None


@pytest.mark.parametrize(
    "example", ["full", "minimal", "200-lines", "several-touches", "lead", "refund", "pre-hashed"]
)
def test_stored_facts_are_read_back_equal(make_order: MakeOrder, site: Site, example: str) -> None:
    facts = parse(make_order(example), site).facts

    assert facts_from_json(facts_to_json(facts)) == facts


def test_no_personal_text_shows_in_an_orders_repr(make_order: MakeOrder, site: Site) -> None:
    members = ("customer.email", "customer.phone", "billing_address.city", "browser.ip")

    shown = repr(parse(make_order(**dict.fromkeys(members, "canary")), site))

    assert "canary" not in shown


def test_plain_text_cannot_be_written_as_json() -> None:
    with pytest.raises(TypeError):
        json.dumps(Plain("ann@example.com"))


def test_what_the_contract_leaves_open_in_lists_is_left_out(
    make_order: MakeOrder, site: Site
) -> None:
    digest = "a" * 64
    hashed = {"meta": {"em": [None, digest, ""], "x": "y"}, "later": "text", "other": None}

    order = parse(make_order(hashed=hashed, coupons=[None, "SPRING"]), site)

    assert order.person.hashed == {"meta": {"em": (digest,)}}
    assert order.facts.coupons == ("SPRING",)


def test_lead_without_an_order_goes_by_its_reference(make_order: MakeOrder, site: Site) -> None:
    facts = parse(make_order("lead", order_no=None, reference="L-9", event_id=None), site).facts

    assert (facts.key.kind, facts.event_id) == (Kind.LEAD, "L-9")


def test_two_leads_of_one_order_are_two_events(make_order: MakeOrder, site: Site) -> None:
    leads = [make_order("lead", order_no="7", reference=r, event_id=None) for r in ("L-1", "L-2")]

    assert [parse(lead, site).facts.event_id for lead in leads] == ["L-1", "L-2"]


def test_event_id_follows_the_sites_template(make_order: MakeOrder, site: Site) -> None:
    shared = site.model_copy(update={"event_id": "{site_id}-{order_no}"})

    facts = parse(make_order(order_no="7", event_id=None), shared).facts

    assert facts.event_id == "RefArch-7"


@given(st.decimals(min_value=0, max_value=10**9, places=3))
def test_amounts_keep_every_digit_from_json_to_decimal(amount: Decimal) -> None:
    written = float(json.loads(f"{amount}"))
    assert amount_of(written) == amount
    assert convert({"gross": written}, Totals).gross == amount


@pytest.mark.parametrize(
    ("currency", "unit"), [("USD", "0.01"), ("JPY", "1"), ("KWD", "0.001"), ("EUR", "0.01")]
)
def test_each_currency_has_its_own_minor_unit(currency: str, unit: str) -> None:
    assert quantum(currency) == Decimal(unit)
    assert rounded(Decimal("2.5"), currency) == Decimal("2.5").quantize(
        Decimal(unit), "ROUND_HALF_UP"
    )

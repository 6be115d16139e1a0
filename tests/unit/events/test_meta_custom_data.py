"""Money and goods: digit for digit, by the configured basis."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from bridge.events.event import PlatformEvent

Event = Callable[..., dict[str, Any]]

TOTALS = {
    "gross": 123.45,
    "net": 113.26,
    "tax": 10.19,
    "shipping": 5.00,
    "merchandise": 118.45,
    "gift_certificate": 20,
}


@pytest.mark.parametrize(
    ("basis", "value"),
    [
        ({"basis": "gross"}, 123.45),
        ({"basis": "gross", "shipping": False}, 118.45),
        ({"basis": "gross", "gift_certificates": False}, 103.45),
        ({"basis": "net"}, 113.26),
        ({"basis": "merchandise"}, 118.45),
        ({"basis": "merchandise", "shipping": True}, 123.45),
        ({"basis": "merchandise", "shipping": False}, 118.45),
    ],
)
def test_value_follows_the_configured_basis(
    event: Event, basis: dict[str, Any], value: float
) -> None:
    assert event(settings={"value": basis}, totals=TOTALS)["custom_data"]["value"] == value


def test_net_value_without_shipping_is_the_sum_of_the_lines(event: Event) -> None:
    lines = [{"product_id": "a", "quantity": 1, "net": 10.10}, {"quantity": 1, "net": 20.20}]

    sent = event(settings={"value": {"basis": "net", "shipping": False}}, lines=lines)

    assert sent["custom_data"]["value"] == 30.30


@pytest.mark.parametrize(
    ("currency", "gross", "written"),
    [
        ("USD", 10, b'"value":10.00,'),
        ("USD", 0.1, b'"value":0.10,'),
        ("JPY", 12000, b'"value":12000,'),
        ("KWD", 14.25, b'"value":14.250,'),
        ("USD", 0.07, b'"value":0.07,'),
        ("USD", 1234567.89, b'"value":1234567.89,'),
    ],
)
def test_value_is_written_in_the_currencys_minor_unit(
    build: Callable[..., Any],
    make_order: Callable[..., Any],
    make_destination: Callable[..., Any],
    currency: str,
    gross: float,
    written: bytes,
) -> None:
    built = build(make_order(currency=currency, totals={"gross": gross}), make_destination())

    assert isinstance(built, PlatformEvent)
    assert written in built.body


def test_quantities_are_rounded_up_and_prices_still_add_up(event: Event) -> None:
    sent = event(lines=[{"product_id": "cloth", "quantity": 2.5, "gross": 30}])["custom_data"]

    assert sent["contents"] == [{"id": "cloth", "quantity": 3, "item_price": 10.0}]
    assert sent["num_items"] == 3


def test_content_ids_come_from_the_configured_member(event: Event) -> None:
    lines = [
        {"product_id": "p1", "sku": "s1", "quantity": 1},
        {"product_id": "p2", "quantity": 1},
        {"product_id": "p3", "sku": "s1", "quantity": 1},
    ]

    sent = event(settings={"content_id": "sku"}, lines=lines)["custom_data"]

    assert sent["content_ids"] == ["s1"]
    assert [content["id"] for content in sent["contents"]] == ["s1", "s1"]


def test_line_without_the_configured_id_is_left_out_with_a_note(
    build: Callable[..., Any], make_order: Callable[..., Any], make_destination: Callable[..., Any]
) -> None:
    order = make_order(lines=[{"product_id": "p", "quantity": 1}])

    built = build(order, make_destination(content_id="gtin"))

    assert built.notes == ("line_without_content_id",)
    assert "contents" not in orjson.loads(built.body)["custom_data"]


def test_missing_basis_falls_back_to_gross_with_a_note(
    build: Callable[..., Any], make_order: Callable[..., Any], make_destination: Callable[..., Any]
) -> None:
    built = build(make_order(totals={"gross": 9}), make_destination(value={"basis": "net"}))

    assert built.notes == ("value_basis_not_given_gross_used",)
    assert b'"value":9.00' in built.body


@pytest.mark.parametrize(
    ("fulfilment", "category"),
    [
        ("home_delivery", "home_delivery"),
        ("in_store", "in_store"),
        ("curbside", "curbside"),
        ("digital", None),
        (None, None),
    ],
)
def test_fulfilment_becomes_the_delivery_category(
    event: Event, fulfilment: str | None, category: str | None
) -> None:
    lines = [{"product_id": "p", "quantity": 1, "fulfilment": fulfilment}]

    assert event(lines=lines)["custom_data"]["contents"][0].get("delivery_category") == category


def test_store_purchase_names_its_store(event: Event) -> None:
    sent = event(channel="store", store={"store_id": "0042"})

    assert sent["custom_data"]["store_data"] == {"store_code": "0042"}


def test_only_allowed_custom_attributes_are_sent_and_never_over_a_standard_member(
    event: Event,
) -> None:
    custom = {"gift": True, "note": "for Ann", "value": 1}

    sent = event(settings={"allowed_custom": ["gift", "value"]}, custom=custom)["custom_data"]

    assert sent["gift"] is True
    assert "note" not in sent
    assert sent["value"] == 123.45

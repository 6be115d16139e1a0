"""What the core cartridge makes of an SFCC order."""

from collections.abc import Callable
from typing import Any

import pytest

from bridge.intake.admit import admit
from cartridge_spec.rig.order_records import capture_of, record_of
from cartridge_spec.rig.rhino import Rhino

Json = dict[str, Any]
Payload = Callable[..., Json]
CREATED, NEW, COMPLETED, CANCELLED, REPLACED, FAILED = 0, 3, 5, 6, 7, 8


@pytest.fixture
def payload(installed: Rhino, sfcc_order: Callable[..., str]) -> Payload:
    """The document for an order, its record changed by dotted path; valid under the contract."""

    def build(changes: Json | None = None, **members: object) -> Json:
        document: Json = installed.call("rig/cases", "payload", sfcc_order(changes, **members))
        _, warnings = admit(document, "RefArch")
        assert [warning for warning in warnings if warning.rule == "unknown_member"] == []
        return document

    return build


def line(**prices: float) -> Json:
    return {"productID": "P1", "quantityValue": 1, "prices": prices, "shipment": 0}


@pytest.mark.parametrize(
    ("taxation", "prorated", "gross", "net"),
    [("gross", 96.0, 96.0, 80.0), ("net", 80.0, 96.0, 80.0)],
)
def test_a_discount_on_the_whole_order_reduces_gross_and_net_of_a_line(
    installed: Rhino, payload: Payload, taxation: str, prorated: float, gross: float, net: float
) -> None:
    installed.call("rig/world", "change", {"taxation": taxation})
    lines = [line(adjustedGrossPrice=120, adjustedNetPrice=100, proratedPrice=prorated)]

    document = payload({"productLineItems": lines})

    assert document["taxation"] == taxation
    assert [(one["gross"], one["net"]) for one in document["lines"]] == [(gross, net)]


def test_an_option_is_part_of_its_product_and_the_parts_of_a_bundle_are_not_counted(
    payload: Payload,
) -> None:
    price = {"adjustedGrossPrice": 12, "adjustedNetPrice": 10, "proratedPrice": 10}
    bundle = line(**price) | {"options": [line(**price)]}
    part = line(**price) | {"bundledProductLineItem": True}

    document = payload({"productLineItems": [bundle, part]})

    assert [(one["gross"], one["net"]) for one in document["lines"]] == [(24, 20)]


def test_a_bonus_product_is_a_line_for_nothing(payload: Payload) -> None:
    bonus = line(adjustedGrossPrice=0, adjustedNetPrice=0, proratedPrice=0)
    document = payload({"productLineItems": [bonus | {"bonusProductLineItem": True}]})
    assert [(one["gross"], one["net"]) for one in document["lines"]] == [(0, 0)]


def test_gift_certificates_bought_are_lines_and_those_used_to_pay_are_a_total(
    payload: Payload,
) -> None:
    bought = {"giftCertificates": [{"grossPrice": 50, "netPrice": 50}], "productLineItems": []}

    document = payload(bought | {"giftCertificatePayments": [20, 5.5]})

    assert document["totals"]["gift_certificate"] == 25.5
    assert [(one["gross"], one["fulfilment"]) for one in document["lines"]] == [(50, "digital")]


def test_lines_follow_their_shipments(payload: Payload) -> None:
    home = {"ID": "s1", "shippingAddress": {"city": "Oakland"}, "custom": {}}
    shop = {"ID": "s2", "shippingAddress": None, "custom": {"fromStoreId": "0042"}}
    digital = {"ID": "s3", "shippingAddress": None, "custom": {}}
    price = {"adjustedGrossPrice": 12, "adjustedNetPrice": 10, "proratedPrice": 10}
    lines = [line(**price) | {"shipment": number} for number in (0, 1, 2)]

    document = payload({"shipments": [shop, home, digital], "productLineItems": lines})

    assert [(one["fulfilment"], one["store_id"], one["shipment"]) for one in document["lines"]] == [
        ("in_store", "0042", "s2"),
        ("home_delivery", None, "s1"),
        (None, None, "s3"),
    ]
    assert document["shipping_address"]["city"] == "Oakland"


def test_an_order_without_addresses_customer_product_or_shipment_is_valid(payload: Payload) -> None:
    nothing = {"billingAddress": None, "customer": None, "shipments": [], "coupons": []}
    without_product = line(adjustedGrossPrice=1, adjustedNetPrice=1, proratedPrice=1)
    document = payload(nothing | {"productLineItems": [without_product], "enums.channelType": None})
    assert document["billing_address"] is document["shipping_address"] is None
    assert document["customer"]["registered"] is document["new_customer"] is None


def test_what_the_contract_cannot_take_is_left_out_and_costs_no_order(payload: Payload) -> None:
    touches = [{"at": f"2026-11-0{day}T00:00:00Z", "gclid": f"G{day}"} for day in range(1, 10)]
    touches += [{"at": "2026-11-20 10:00", "gclid": "G10", "own": 1}, {"at": 7, "gclid": {}}, "x"]
    kept = '{"browser": 7, "touches": %s, "consent": {"ad_user_data": "yes", "recorded_at": "now"}}'
    document = payload(
        {
            "custom.cbSnapshot": kept % str(touches).replace("'", '"'),
            "coupons": [f"C{number}" for number in range(120)],
            "billingAddress.city": "x" * 1001,
        }
    )

    assert document["browser"] is document["billing_address"]["city"] is None
    assert [touch["gclid"] for touch in document["touches"]][:3] == ["G1", "G3", "G4"]
    assert len(document["touches"]) == 10
    assert [touch["at"] for touch in document["touches"]][-2:] == [None, None]
    assert document["consent"]["ad_user_data"] == "unknown"
    assert document["consent"]["recorded_at"] is None
    assert len(document["coupons"]) == 100


@pytest.mark.parametrize("snapshot", ["", "no JSON", "[]", '"text"', "null"])
def test_a_snapshot_nobody_can_read_counts_as_none(payload: Payload, snapshot: str) -> None:
    document = payload({"custom.cbSnapshot": snapshot})
    assert document["browser"] is document["consent"] is None
    assert document["touches"] == []


@pytest.mark.parametrize(
    ("channel", "by", "expected"),
    [
        (2, "agent7", "call_center"),
        (11, "agent7", "customer_service_center"),
        (1, "agent7", "storefront"),
    ],
)
def test_an_agents_browser_is_never_sent_as_the_shoppers(
    installed: Rhino, placed_order: Callable[..., Json], channel: int, by: str, expected: str
) -> None:
    order = placed_order()
    record = record_of(order)
    record["plain"]["createdBy"] = by
    record["enums"]["channelType"] = channel
    installed.call("rig/cases", "checkout", record, capture_of(order))

    document = installed.call("rig/cases", "payload", order["order_no"])

    assert (document["channel"], document["browser"]) == (expected, None)
    assert document["touches"] != []


@pytest.mark.parametrize(
    ("channel_type", "imported", "by", "expected"),
    [
        (5, True, "Customer", "store"),
        (4, False, "Customer", "dss"),
        (3, True, "Customer", "marketplace"),
        (9, False, "Customer", "subscription"),
        ("WhatsApp", False, "Customer", "whatsapp"),
        ("Tik Tok", False, "Customer", "social"),
        (99, False, "Customer", "other"),
        (None, True, "Customer", "other"),
        (None, False, "Customer", "storefront"),
        (None, False, "agent7", "call_center"),
    ],
)
def test_every_channel_type_has_the_contracts_name(
    payload: Payload, channel_type: object, imported: bool, by: str, expected: str
) -> None:
    changes = {"enums.channelType": channel_type, "plain.imported": imported, "plain.createdBy": by}
    assert payload(changes)["channel"] == expected


def test_a_guest_has_no_customer_number_and_a_deleted_customer_keeps_it(payload: Payload) -> None:
    guest = {"registered": False, "profile": None}
    assert payload({"customer": guest})["customer"]["customer_no"] is None
    assert payload({"customer": None})["customer"]["customer_no"] == "C123"


@pytest.mark.parametrize(
    ("status", "made", "is_new"),
    [
        (NEW, "2020-01-01T00:00:00Z", False),
        (COMPLETED, "2020-01-01T00:00:00Z", False),
        (COMPLETED, "2099-01-01T00:00:00Z", True),
        (CREATED, "2020-01-01T00:00:00Z", True),
        (FAILED, "2020-01-01T00:00:00Z", True),
        (CANCELLED, "2020-01-01T00:00:00Z", True),
        (REPLACED, "2020-01-01T00:00:00Z", True),
    ],
)
def test_a_customer_is_new_who_has_bought_nothing_before_this_order(
    payload: Payload, status: int, made: str, *, is_new: bool
) -> None:
    other = {"status": status, "creationDate": made}
    assert payload({"customer.earlierOrders": [other]})["new_customer"] is is_new


def test_a_history_that_cannot_be_read_leaves_open_whether_the_customer_is_new(
    payload: Payload,
) -> None:
    assert payload({"customer.earlierOrders": None})["new_customer"] is None


def test_a_birthday_keeps_its_day_wherever_the_server_stands(payload: Payload) -> None:
    assert payload()["customer"]["birth_date"] == "1985-12-10"


SENT = {"cbSentAt": "2026-11-20T10:00:00Z"}


@pytest.mark.parametrize(
    ("first", "second", "named"),
    [
        ({}, SENT, "second"),
        (SENT, {"cbAttempts": 1}, "second"),
        (SENT, {}, "first"),
        ({"cbStatus": "skipped", "cbAttempts": 0}, {}, None),
    ],
)
def test_an_edited_order_names_the_last_of_its_chain_that_the_bridge_may_know(
    payload: Payload, sfcc_order: Callable[..., str], first: Json, second: Json, named: str | None
) -> None:
    chain = {"first": sfcc_order({"custom": first})}
    chain["second"] = sfcc_order({"custom": second, "plain.originalOrderNo": chain["first"]})
    edited = payload({"plain.replacedOrderNo": chain["second"]})
    assert edited["replaces_order_no"] == (chain[named] if named else None)


def test_an_order_that_replaces_none_or_one_that_sfcc_has_not_names_none(payload: Payload) -> None:
    assert payload()["replaces_order_no"] is None
    assert payload({"plain.replacedOrderNo": "OLD-1"})["replaces_order_no"] is None


def test_the_event_id_follows_the_template_and_stays_what_it_was_at_placement(
    installed: Rhino, placed_order: Callable[..., Json], hook: tuple[str, Any]
) -> None:
    order = placed_order(order_no="no-$&-7")
    template = {"cbEnabled": True, "cbRealtime": False, "cbEventIdTemplate": "{site_id}/{order_no}"}
    installed.call("rig/world", "change", {"preferences": template})
    installed.call("rig/cases", "checkout", record_of(order), capture_of(order))
    installed.call("rig/world", "change", {"preferences": {"cbEventIdTemplate": "other"}})

    assert installed.call("rig/cases", "payload", "no-$&-7")["event_id"] == "RefArch/no-$&-7"


def test_an_event_id_that_gets_too_long_is_the_order_number(
    installed: Rhino, payload: Payload
) -> None:
    template = {"cbEventIdTemplate": "{site_id}" * 9 + "{order_no}"}
    installed.call("rig/world", "change", {"preferences": template})
    document = payload()
    assert document["event_id"] == document["order_no"]


@pytest.mark.parametrize(
    ("instance", "host", "expected"),
    [
        ("production", "www.example.com", "production"),
        ("staging", "staging-realm.example.net", "staging"),
        ("development", "development-realm-customer.demandware.net", "development"),
        ("sandbox", "zzxx-001.dx.commercecloud.salesforce.com", "sandbox"),
    ],
)
def test_the_instance_is_told_by_its_type_and_host(
    installed: Rhino, payload: Payload, instance: str, host: str, expected: str
) -> None:
    installed.call("rig/world", "change", {"instance": instance, "instanceHostname": host})
    assert payload()["instance"] == expected


@pytest.mark.parametrize(
    ("currency", "gross"), [("JPY", 1250), ("KWD", 12.345), ("USD", 0.1 + 0.2)]
)
def test_money_has_as_many_digits_as_any_currency_has(
    payload: Payload, currency: str, gross: float
) -> None:
    document = payload({"totals.totalGrossPrice": gross, "currencyCode": currency})
    assert (document["currency"], document["totals"]["gross"]) == (currency, round(gross, 3))


def test_who_refused_cookies_has_no_click_ids_and_no_cookies_kept_or_sent(
    installed: Rhino, placed_order: Callable[..., Json]
) -> None:
    order = placed_order(**{"consent.ad_storage": "denied"})
    installed.call("rig/cases", "checkout", record_of(order), capture_of(order))

    document = installed.call("rig/cases", "payload", order["order_no"])
    kept = installed.call("rig/cases", "state", order["order_no"])["cbSnapshot"]

    assert document["touches"] == []
    assert document["browser"]["fbc"] is document["browser"]["fbp"] is None
    assert document["browser"]["ip"] == order["browser"]["ip"]
    assert order["touches"][0]["fbclid"] not in kept
    assert order["browser"]["fbp"] not in kept

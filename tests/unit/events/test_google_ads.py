"""One order as one click conversion of the Google Ads API."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
import pytest
from google.ads.googleads.v26.services.types.conversion_upload_service import (
    UploadClickConversionsRequest,
)
from google.protobuf import json_format

from bridge.events.event import PlatformEvent, Unsendable
from bridge.identity.pseudonymise import Keys
from bridge.operate.destinations import Site
from bridge.operate.settings import Settings
from bridge.order.eligibility import SkipReason
from bridge.pipeline import prepare

Row = Callable[..., dict[str, Any]]
Make = Callable[..., Any]

CLICK = "CjwKCAjw-Case_Kept"
CART = {"merchant_id": "55", "feed_country": "US", "feed_language": "en"}
NOBODY = dict.fromkeys(
    ("customer", "billing_address", "shipping_address", "browser", "touches", "hashed")
)


@pytest.fixture
def row(build: Make, make_order: Make, make_google_ads: Make) -> Row:
    """The conversion of an example order with members replaced, as Google's protos read it too."""

    def row_of(
        example: str = "full", /, *, settings: dict[str, Any] | None = None, **changes: object
    ) -> dict[str, Any]:
        built = build(make_order(example, **changes), make_google_ads(**(settings or {})))
        assert isinstance(built, PlatformEvent), built
        body = dict(orjson.loads(built.body))
        request = UploadClickConversionsRequest.pb(UploadClickConversionsRequest())
        json_format.ParseDict({"conversions": [body]}, request)
        return body

    return row_of


def test_conversion_is_the_order_at_the_time_it_was_placed(row: Row) -> None:
    sent = row(order_no="7", event_id=None, placed_at="2026-11-22T08:00:00.987+01:00")

    assert sent["orderId"] == "7"
    assert sent["conversionDateTime"] == "2026-11-22 07:00:00+00:00"
    assert sent["conversionAction"] == "customers/1234567890/conversionActions/987"
    assert (sent["conversionValue"], sent["currencyCode"]) == (123.45, "USD")


@pytest.mark.parametrize(
    ("channel", "environment"),
    [("storefront", "WEB"), ("app", "APP"), ("store", None), ("call_center", None)],
)
def test_environment_is_told_where_it_was_web_or_app(
    row: Row, channel: str, environment: str | None
) -> None:
    assert row(channel=channel).get("conversionEnvironment") == environment


@pytest.mark.parametrize(
    ("touches", "expected"),
    [
        ([{"gclid": CLICK, "wbraid": "W", "gbraid": "G"}], {"gclid": CLICK}),
        ([{"wbraid": "Wb", "gbraid": "Gb"}], {"wbraid": "Wb"}),
        ([{"gbraid": "Gb"}], {"gbraid": "Gb"}),
        ([], {}),
    ],
)
def test_newest_google_click_is_sent_by_one_id_alone(
    row: Row, touches: list[dict[str, str]], expected: dict[str, str]
) -> None:
    sent = row(touches=touches)

    assert {name: sent[name] for name in ("gclid", "wbraid", "gbraid") if name in sent} == expected


def test_shopper_is_told_by_hashed_email_and_phone_only(row: Row) -> None:
    identifiers = row()["userIdentifiers"]

    assert {name for one in identifiers for name in one} == {
        "hashedEmail",
        "hashedPhoneNumber",
        "userIdentifierSource",
    }
    assert all(one["userIdentifierSource"] == "FIRST_PARTY" for one in identifiers)
    assert all(len(one) == 2 for one in identifiers)


def test_no_more_than_five_identifiers_are_sent(row: Row) -> None:
    hashes = [f"{number:064x}" for number in range(9)]

    assert len(row(hashed={"google": {"email": hashes}})["userIdentifiers"]) == 5


def test_hashes_are_those_of_the_data_manager_not_metas(row: Row, event: Row) -> None:
    email = "First.Last+shop@gmail.com"

    sent = row(**{"customer.email": email})["userIdentifiers"][0]["hashedEmail"]

    assert [sent] != event(**{"customer.email": email})["user_data"]["em"]


@pytest.mark.parametrize(
    ("changes", "sendable"),
    [
        ({}, False),
        ({"browser": {"ip": "192.0.2.1"}, "billing_address": {"country": "US"}}, False),
        ({"browser": {"session_attributes": "opaque"}}, False),
        ({"customer": {"customer_no": "C1"}}, False),
        ({"customer": {"email": "ann@example.com"}}, True),
        ({"touches": [{"gclid": CLICK}]}, True),
    ],
)
def test_order_without_click_and_shopper_is_skipped(
    build: Make, make_order: Make, make_google_ads: Make, changes: dict[str, Any], sendable: bool
) -> None:
    built = build(make_order(**(NOBODY | changes)), make_google_ads())

    assert (built != Unsendable(reason=SkipReason.NO_IDENTIFIERS)) is sendable


@pytest.mark.parametrize("channel", ["storefront", "store", "call_center", "other"])
@pytest.mark.parametrize("kind", ["order", "lead", "registration"])
def test_kinds_and_channels_make_rows_that_googles_protos_read(
    row: Row, kind: str, channel: str
) -> None:
    sent = row(kind=kind, reference=None if kind == "order" else "R1", channel=channel)

    assert sent["orderId"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("granted", {"adUserData": "GRANTED"}),
        ("denied", {"adUserData": "DENIED"}),
        ("unknown", None),
    ],
)
def test_consent_is_told_as_given_for_user_data_alone(
    row: Row, answer: str, told: dict[str, str] | None
) -> None:
    lenient = {"consent": {"regions": {"*": {"ad_user_data": {"denied": "send"}}}}}
    consent = {"ad_user_data": answer, "ad_personalization": "granted", "ad_storage": "granted"}

    assert row(consent=consent, settings=lenient).get("consent") == told


def test_cart_carries_the_feeds_ids_and_prices_without_tax(row: Row) -> None:
    lines = [{"product_id": "p", "quantity": 2.5, "gross": 36, "net": 30}, {"quantity": 1}]

    cart = row(settings={"cart": CART}, lines=lines)["cartData"]

    assert cart == {
        "merchantId": "55",
        "feedCountryCode": "US",
        "feedLanguageCode": "en",
        "items": [{"productId": "p", "quantity": 3, "unitPrice": 10.0}],
        "localTransactionCost": 10.0,
    }


def test_no_cart_without_a_feed(row: Row) -> None:
    assert "cartData" not in row()


def test_braid_goes_without_what_google_refuses_beside_it(
    build: Make, make_order: Make, make_google_ads: Make
) -> None:
    destination = make_google_ads(cart=CART, custom_variables={"gift": "11"})

    built = build(make_order(touches=[{"wbraid": "W"}], custom={"gift": True}), destination)

    sent = orjson.loads(built.body)
    assert sent["wbraid"] == "W"
    assert sent.keys().isdisjoint({"userIdentifiers", "cartData", "customVariables"})
    assert set(built.notes) == {
        "user_data_not_taken_with_braid",
        "cart_data_not_taken_with_braid",
        "custom_variables_not_taken_with_braid",
    }


def test_custom_variables_are_named_by_their_resource(row: Row) -> None:
    sent = row(settings={"custom_variables": {"gift": "11"}}, custom={"gift": True, "secret": "x"})

    assert sent["customVariables"] == [
        {
            "conversionCustomVariable": "customers/1234567890/conversionCustomVariables/11",
            "value": "true",
        }
    ]


@pytest.mark.parametrize(
    ("opened", "new_customer", "told"),
    [(False, True, None), (True, True, "NEW"), (True, False, "RETURNING"), (True, None, None)],
)
def test_customer_type_is_told_only_where_google_has_opened_it(
    row: Row, opened: bool, new_customer: bool | None, told: str | None
) -> None:
    sent = row(settings={"customer_type": opened}, new_customer=new_customer)

    assert sent.get("customerType") == told


def test_allow_list_keeps_every_other_field_at_home(row: Row) -> None:
    sent = row(settings={"allowed_fields": ["email"]})

    assert {name for one in sent["userIdentifiers"] for name in one} == {
        "hashedEmail",
        "userIdentifierSource",
    }
    assert "gclid" not in sent


def test_name_and_address_are_not_even_stored_for_these_uploads(
    make_order: Make, make_google_ads: Make, site: Site, keys: Keys, now: datetime
) -> None:
    settings = Settings(destinations=(make_google_ads(),))

    order = make_order(touches=[{"gclid": CLICK}])
    record = prepare(order, site, settings, keys, now).record

    assert record.sealed is not None
    kept = keys.sealer.unseal(record.sealed)
    assert orjson.loads(record.identities)["google"].keys() == {"email", "phone"}
    assert kept.keys() == {"clicks"}


def test_money_keeps_the_currencys_digits(
    build: Make, make_order: Make, make_google_ads: Make
) -> None:
    built = build(make_order(currency="JPY", totals={"gross": 12000}), make_google_ads())

    assert b'"conversionValue":12000,' in built.body


def test_equal_orders_give_equal_bytes(
    build: Make, make_order: Make, make_google_ads: Make
) -> None:
    bodies = {build(make_order("full"), make_google_ads(cart=CART)).body for _ in range(3)}

    assert len(bodies) == 1

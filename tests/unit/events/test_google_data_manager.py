"""One order as one event of Google's Data Manager API."""

import re
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from bridge.events.event import PlatformEvent, Unsendable
from bridge.events.opened import opened
from bridge.operate.google_destination import GoogleDestination
from bridge.operate.settings import Settings
from bridge.order.eligibility import SkipReason
from bridge.pipeline import prepare

Event = Callable[..., dict[str, Any]]
Make = Callable[..., Any]

CLICK = "CjwKCAjw-Case_Kept"


@pytest.fixture
def make_google() -> Callable[..., GoogleDestination]:
    def make(**settings: object) -> GoogleDestination:
        return GoogleDestination.model_validate(
            {
                "id": "google",
                "platform": "google_data_manager",
                "operating_account": "1234567890",
                "conversion_action": "987",
                "base_url": "http://127.0.0.1:9",
                "credentials": "plain:token",
                "enabled": True,
            }
            | settings
        )

    return make


@pytest.fixture
def google(build: Make, make_order: Make, make_google: Make) -> Event:
    """The event of an example order with members replaced, at a destination with settings."""

    def event_of(
        example: str = "full", /, *, settings: dict[str, Any] | None = None, **changes: object
    ) -> dict[str, Any]:
        built = build(make_order(example, **changes), make_google(**(settings or {})))
        assert isinstance(built, PlatformEvent), built
        return dict(orjson.loads(built.body))

    return event_of


def test_transaction_is_the_order_at_the_time_it_was_placed(google: Event) -> None:
    sent = google(order_no="7", event_id=None, placed_at="2026-11-22T08:00:00+01:00")

    assert sent["transactionId"] == "7"
    assert sent["eventTimestamp"] == "2026-11-22T07:00:00Z"
    assert (sent["conversionValue"], sent["currency"]) == (123.45, "USD")


@pytest.mark.parametrize(
    ("channel", "source"),
    [
        ("storefront", "WEB"),
        ("app", "APP"),
        ("store", "IN_STORE"),
        ("dss", "IN_STORE"),
        ("call_center", "PHONE"),
        ("customer_service_center", "PHONE"),
        ("whatsapp", "MESSAGE"),
        ("marketplace", "OTHER"),
        ("subscription", "OTHER"),
        ("social", "OTHER"),
        ("other", "OTHER"),
    ],
)
def test_channel_decides_the_event_source(google: Event, channel: str, source: str) -> None:
    assert google(channel=channel)["eventSource"] == source


@pytest.mark.parametrize(
    ("touches", "expected"),
    [
        ([{"gclid": CLICK}], {"gclid": CLICK}),
        ([{"gclid": CLICK, "wbraid": "W", "gbraid": "G"}], {"gclid": CLICK}),
        ([{"wbraid": "Wb", "gbraid": "Gb"}], {"wbraid": "Wb"}),
        ([{"gbraid": "Gb"}], {"gbraid": "Gb"}),
        (
            [
                {"at": "2026-11-20T10:00:00Z", "gclid": "older"},
                {"at": "2026-11-21T10:00:00Z", "wbraid": "newer"},
                {"at": "2026-11-22T06:00:00Z", "fbclid": "newest, another platform's"},
            ],
            {"wbraid": "newer"},
        ),
    ],
)
def test_newest_google_click_is_sent_by_its_most_telling_id(
    google: Event, touches: list[dict[str, str]], expected: dict[str, str]
) -> None:
    sent = google(touches=touches)["adIdentifiers"]

    assert {name: sent[name] for name in ("gclid", "wbraid", "gbraid") if name in sent} == expected


def test_address_goes_whole_with_region_and_postcode_in_clear(google: Event) -> None:
    identifiers = google()["userData"]["userIdentifiers"]

    (address,) = [one["address"] for one in identifiers if "address" in one]
    assert address["regionCode"] == "US"
    assert re.fullmatch(r"[0-9]{5}(-[0-9]{4})?", address["postalCode"])
    assert all(re.fullmatch("[0-9a-f]{64}", address[name]) for name in ("givenName", "familyName"))


def test_address_without_one_of_its_four_members_stays_at_home(google: Event) -> None:
    identifiers = google(**{"billing_address.postal_code": None})["userData"]["userIdentifiers"]

    assert {name for one in identifiers for name in one} == {"emailAddress", "phoneNumber"}


def test_google_hashes_are_not_metas(google: Event, event: Event) -> None:
    email = "First.Last+shop@gmail.com"

    sent = google(**{"customer.email": email})["userData"]["userIdentifiers"][0]["emailAddress"]

    assert [sent] != event(**{"customer.email": email})["user_data"]["em"]


@pytest.mark.parametrize(
    ("country", "sent"), [("US", True), ("DE", False), ("GB", False), ("CH", False), (None, False)]
)
def test_ip_is_never_sent_for_the_eea_the_uk_and_switzerland(
    google: Event, country: str | None, sent: bool
) -> None:
    event = google(billing_address={"country": country}, shipping_address=None)

    device = event["adIdentifiers"]["landingPageDeviceInfo"]
    assert ("ipAddress" in device) is sent
    assert "userAgent" in device


@pytest.mark.parametrize("channel", ["call_center", "store"])
def test_an_agents_or_tills_device_is_never_sent_as_the_shoppers(
    google: Event, channel: str
) -> None:
    assert "landingPageDeviceInfo" not in google(channel=channel).get("adIdentifiers", {})


def test_consent_is_told_as_given_and_never_asked_is_left_unsaid(google: Event) -> None:
    consent = {"ad_user_data": "granted", "ad_personalization": "unknown"}

    assert google(consent=consent)["consent"] == {"adUserData": "CONSENT_GRANTED"}


def test_denied_storage_keeps_click_ids_at_home(google: Event) -> None:
    sent = google(**{"consent.ad_storage": "denied", "browser.session_attributes": "opaque"})

    assert sent["adIdentifiers"].keys() == {"landingPageDeviceInfo"}


@pytest.mark.parametrize(
    ("changes", "sendable"),
    [
        ({}, False),
        ({"browser": {"user_agent": "Mozilla/5.0"}}, False),
        ({"browser": {"ip": "192.0.2.1"}, "billing_address": {"country": "US"}}, True),
        ({"customer": {"email": "ann@example.com"}}, True),
        ({"touches": [{"gclid": CLICK}]}, True),
        ({"browser": {"session_attributes": "opaque"}}, True),
        ({"customer": {"customer_no": "C1"}}, False),
    ],
)
def test_order_google_could_not_match_is_skipped(
    build: Make, make_order: Make, make_google: Make, changes: dict[str, Any], sendable: bool
) -> None:
    nobody = dict.fromkeys(
        ("customer", "billing_address", "shipping_address", "browser", "touches", "hashed")
    )

    built = build(make_order(**(nobody | changes)), make_google())

    assert (built != Unsendable(reason=SkipReason.NO_IDENTIFIERS)) is sendable


CART = {"merchant_id": "55", "feed_label": "US", "feed_language": "en"}


def test_cart_carries_the_feeds_ids_and_prices_without_tax(google: Event) -> None:
    lines = [{"product_id": "p", "quantity": 2.5, "gross": 36, "net": 30}, {"quantity": 1}]

    cart = google(settings={"cart": CART}, lines=lines, coupons=["SPRING"])["cartData"]

    assert cart == {
        "merchantId": "55",
        "merchantFeedLabel": "US",
        "merchantFeedLanguageCode": "en",
        "couponCodes": ["SPRING"],
        "items": [{"merchantProductId": "p", "quantity": 3, "unitPrice": 10.0}],
        "transactionDiscount": 10.0,
    }


def test_no_cart_without_a_feed_nor_with_a_braid(
    google: Event, build: Make, make_order: Make, make_google: Make
) -> None:
    with_braid = build(make_order(touches=[{"wbraid": "W"}]), make_google(cart=CART))

    assert "cartData" not in google()
    assert "cartData" not in orjson.loads(with_braid.body)
    assert with_braid.notes == ("cart_data_not_taken_with_braid",)


def test_store_sale_names_its_store_for_local_inventory_ads(google: Event) -> None:
    sent = google(channel="store", store={"store_id": "0042"}, settings={"cart": CART})

    assert sent["eventSource"] == "IN_STORE"
    assert sent["eventLocation"] == {"storeId": "0042"}
    assert sent["cartData"]["merchantFeedLabel"] == "US"


def test_custom_variables_and_customer_type_are_told(google: Event) -> None:
    sent = google(
        settings={"custom_variables": {"gift": "is_gift"}},
        custom={"gift": True, "secret": "x"},
        new_customer=False,
    )

    assert sent["customVariables"] == [{"variable": "is_gift", "value": "true"}]
    assert sent["userProperties"] == {"customerType": "RETURNING"}


def test_allow_list_keeps_every_other_field_at_home(google: Event) -> None:
    sent = google(settings={"allowed_fields": ["email"]})

    assert [list(one) for one in sent["userData"]["userIdentifiers"]] == [["emailAddress"]]
    assert "adIdentifiers" not in sent


def test_money_keeps_the_currencys_digits(build: Make, make_order: Make, make_google: Make) -> None:
    built = build(make_order(currency="JPY", totals={"gross": 12000}), make_google())

    assert b'"conversionValue":12000,' in built.body


NO_USER_DATA = {"consent": {"regions": {"*": {"ad_user_data": {"denied": "limit"}}}}}


def test_without_user_data_google_learns_of_the_click_alone(google: Event) -> None:
    consent = {"ad_user_data": "denied", "ad_storage": "granted", "ad_personalization": "denied"}
    touches = [{"at": "2026-11-20T10:00:00Z", "gclid": CLICK}]

    sent = google(settings=NO_USER_DATA, consent=consent, touches=touches)

    assert sent["adIdentifiers"] == {"gclid": CLICK}
    assert "userData" not in sent
    assert sent["consent"]["adUserData"] == "CONSENT_DENIED"


def test_what_one_destination_may_have_of_the_shopper_another_is_not_sent(
    make_order: Make, make_google: Make, site: Any, keys: Any, now: Any
) -> None:
    consent = {"ad_user_data": "denied", "ad_storage": "granted"}
    order = make_order(consent=consent, touches=[{"gclid": CLICK}])
    open_table = {"consent": {"regions": {"*": {"ad_user_data": {"denied": "send"}}}}}
    both = make_google(**open_table), make_google(id="limited", **NO_USER_DATA)
    record = prepare(order, site, Settings(destinations=both), keys, now).record

    told = [
        opened(record.facts, record.identities, record.sealed, one, keys.sealer) for one in both
    ]

    assert told[0].match_keys
    assert told[0].remainder.google_postal_code
    assert (told[1].match_keys, told[1].remainder.ip) == ({}, None)
    assert told[1].remainder.google_postal_code is None
    assert told[1].remainder.clicks


def test_of_a_shopper_without_user_data_no_hash_is_stored(
    make_order: Make, make_google: Make, site: Any, keys: Any, now: Any
) -> None:
    order = make_order(consent={"ad_user_data": "denied"})

    settings = Settings(destinations=(make_google(**NO_USER_DATA),))
    record = prepare(order, site, settings, keys, now).record

    assert orjson.loads(record.identities) == {"google": {}}
    assert record.deliveries[0].reason is None

"""One order as one event of Meta's Conversions API."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bridge.events.event import PlatformEvent, Unsendable
from bridge.order.eligibility import SkipReason

Event = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("channel", "action_source"),
    [
        ("storefront", "website"),
        ("store", "physical_store"),
        ("dss", "physical_store"),
        ("call_center", "phone_call"),
        ("customer_service_center", "phone_call"),
        ("app", "app"),
        ("whatsapp", "chat"),
        ("subscription", "system_generated"),
        ("marketplace", "other"),
        ("social", "other"),
        ("other", "other"),
    ],
)
def test_channel_decides_the_action_source(event: Event, channel: str, action_source: str) -> None:
    assert event(channel=channel)["action_source"] == action_source


@pytest.mark.parametrize(
    ("example", "name"),
    [("full", "Purchase"), ("lead", "Lead"), ("registration", "CompleteRegistration")],
)
def test_kind_decides_the_event_name(event: Event, example: str, name: str) -> None:
    assert event(example)["event_name"] == name


def test_event_time_is_when_the_order_was_placed_in_whole_seconds(event: Event) -> None:
    assert event(placed_at="2026-11-22T08:00:00.987+01:00")["event_time"] == 1795330800


def test_event_id_is_the_order_number_so_that_the_pixel_can_share_it(event: Event) -> None:
    assert event(order_no="A/7", event_id=None)["event_id"] == "A/7"


def test_event_id_given_by_the_storefront_wins(event: Event) -> None:
    assert event(event_id="pixel-1")["event_id"] == "pixel-1"


def test_page_url_loses_its_query_string(event: Event) -> None:
    url = "https://shop.example.com/confirm?email=a%40example.com#top"

    assert event(**{"browser.page_url": url})["event_source_url"] == (
        "https://shop.example.com/confirm"
    )


@pytest.mark.parametrize("channel", ["call_center", "store", "customer_service_center"])
def test_an_agents_or_tills_device_is_never_sent_as_the_shoppers(
    event: Event, channel: str
) -> None:
    sent = event(channel=channel)

    assert not {"client_ip_address", "client_user_agent"} & sent["user_data"].keys()
    assert "event_source_url" not in sent


def test_fbc_is_built_from_the_newest_click_with_its_own_milliseconds(event: Event) -> None:
    touches = [
        {"at": "2026-11-20T10:00:00.123Z", "fbclid": "Old-Click"},
        {"at": "2026-11-21T10:00:00.456Z", "fbclid": "IwAR_New-Click"},
        {"at": "2026-11-22T06:00:00Z", "gclid": "later, but another platform's"},
    ]

    sent = event(touches=touches, **{"browser.fbc": None})

    assert sent["user_data"]["fbc"] == "fb.1.1795255200456.IwAR_New-Click"


def test_whatsapp_order_with_click_and_page_is_business_messaging(event: Event) -> None:
    sent = event(
        settings={"page_id": "42"},
        channel="whatsapp",
        touches=[{"at": "2026-11-21T10:00:00Z", "ctwa_clid": "ARAk-click"}],
    )

    assert sent["action_source"] == "business_messaging"
    assert sent["messaging_channel"] == "whatsapp"
    assert sent["user_data"]["ctwa_clid"] == "ARAk-click"
    assert sent["user_data"]["page_id"] == "42"


def test_app_order_tells_the_device_as_far_as_the_user_agent_does(event: Event) -> None:
    agent = "Shop/7.1 (iPhone; iOS 18.2; Scale/3.00)"

    slots = event(channel="app", **{"browser.user_agent": agent})["app_data"]["extinfo"]

    assert (len(slots), slots[0], slots[4]) == (16, "i2", "18.2")


def test_allow_list_keeps_every_other_field_at_home(event: Event) -> None:
    sent = event(settings={"allowed_fields": ["em", "zp", "fbp"]})

    assert sent["user_data"].keys() == {"em", "zp", "fbp"}


def test_denied_storage_keeps_click_and_browser_ids_at_home(event: Event) -> None:
    sent = event(**{"consent.ad_storage": "denied"})

    assert not {"fbc", "fbp", "madid"} & sent["user_data"].keys()
    assert "em" in sent["user_data"]


def test_denied_personalization_opts_out_of_delivery_optimisation(event: Event) -> None:
    assert event(**{"consent.ad_personalization": "denied"})["opt_out"] is True
    assert "opt_out" not in event(**{"consent.ad_personalization": "granted"})


@pytest.mark.parametrize(
    ("mode", "privacy", "expected"),
    [
        ("off", {"options": ["LDU"], "country": 1, "state": 1000}, (None, None, None)),
        ("from_event", {"options": ["LDU"], "country": 1, "state": 1000}, (["LDU"], 1, 1000)),
        ("from_event", {"options": []}, ([], None, None)),
        ("from_event", {}, (None, None, None)),
        ("always", {}, (["LDU"], 0, 0)),
    ],
)
def test_limited_data_use_follows_its_mode(
    event: Event, mode: str, privacy: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    sent = event(settings={"limited_data_use": mode}, privacy=privacy)

    stem = "data_processing_options"
    assert (sent.get(stem), sent.get(f"{stem}_country"), sent.get(f"{stem}_state")) == expected


@pytest.mark.parametrize(
    ("country", "state", "privacy", "expected"),
    [
        ("US", "California", {}, (["LDU"], 1, 1000)),
        ("US", "RI", {"options": []}, (["LDU"], 1, 1013)),
        ("US", "NY", {}, (None, None, None)),
        ("US", "NY", {"options": ["LDU"], "country": 1, "state": 1000}, (["LDU"], 1, 1000)),
        ("US", "Atlantis", {}, (["LDU"], 0, 0)),
        ("US", None, {}, (["LDU"], 0, 0)),
        ("DE", "CA", {}, (None, None, None)),
    ],
)
def test_limited_data_use_by_state_goes_by_the_address(
    event: Event,
    country: str,
    state: str | None,
    privacy: dict[str, Any],
    expected: tuple[Any, ...],
) -> None:
    address = {"country": country, "state": state}
    granted = dict.fromkeys(("ad_storage", "ad_user_data", "ad_personalization"), "granted")
    sent = event(
        settings={"limited_data_use": "by_state"},
        billing_address=address,
        shipping_address=None,
        consent=granted,
        privacy=privacy,
    )
    stem = "data_processing_options"
    assert (sent.get(stem), sent.get(f"{stem}_country"), sent.get(f"{stem}_state")) == expected


NOBODY = {
    "customer": None,
    "billing_address": None,
    "shipping_address": None,
    "browser": None,
    "touches": [],
    "hashed": None,
}


@pytest.mark.parametrize(
    ("known", "weak"),
    [
        ({"billing_address": {"city": "Reno", "state": "NV", "country": "US"}}, True),
        ({"browser": {"user_agent": "Mozilla/5.0"}}, True),
        ({"customer": {"first_name": "Ann", "gender": "f"}}, True),
        ({"customer": {"last_name": "Li", "gender": "f"}}, True),
        ({"customer": {"birth_date": "1985-12-10"}, "browser": {"user_agent": "M"}}, True),
        ({"customer": {"birth_date": "1985-12-10"}, "billing_address": {"city": "Reno"}}, False),
        ({"customer": {"first_name": "Ann", "last_name": "Li"}}, False),
        ({"customer": {"email": "ann@example.com"}}, False),
        ({"browser": {"ip": "192.0.2.1"}}, False),
        ({"customer": {"customer_no": "C1"}}, False),
        ({}, True),
    ],
)
def test_too_little_customer_information_is_found_before_meta_refuses_it(
    build: Callable[..., Any],
    make_order: Callable[..., Any],
    make_destination: Callable[..., Any],
    known: dict[str, Any],
    weak: bool,
) -> None:
    built = build(make_order(**(NOBODY | known)), make_destination())

    expected = Unsendable(reason=SkipReason.WEAK_USER_DATA)
    assert (built == expected) is weak


def test_lead_id_no_64_bits_can_hold_costs_itself_only(event: Event) -> None:
    assert event(**{"customer.lead_id": "l:123456789012345"})["user_data"]["lead_id"] == (
        123456789012345
    )
    assert "lead_id" not in event(**{"customer.lead_id": "9" * 20})["user_data"]


def test_website_event_without_what_meta_documents_says_so(
    build: Callable[..., Any], make_order: Callable[..., Any], make_destination: Callable[..., Any]
) -> None:
    bare = build(make_order(browser=None), make_destination())
    store = build(make_order(browser=None, channel="store"), make_destination())

    assert bare.notes == ("website_without_user_agent", "website_without_page_url")
    assert store.notes == ()


def test_equal_orders_give_equal_bytes(
    build: Callable[..., Any], make_order: Callable[..., Any], make_destination: Callable[..., Any]
) -> None:
    first, second = (build(make_order(), make_destination()) for _ in range(2))

    assert isinstance(first, PlatformEvent)
    assert first.body == second.body


def test_every_hash_is_64_lower_case_hex_digits(event: Event) -> None:
    user_data = event()["user_data"]

    digests = [
        digest for values in user_data.values() if isinstance(values, list) for digest in values
    ]
    assert len(digests) >= 10
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)

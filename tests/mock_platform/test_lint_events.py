"""The lint of clicks, times, amounts, and of personal data in clear."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace

from .meta_cases import AGENT, DIGEST, ago

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]
SHOP = "https://shop.example.com/confirmation"
CLICK = "IwAR0abcDEF_-ghiJKLmno"
KNOWN = {
    "order_no": "order-1",
    "currency": "USD",
    "totals": {"gross": 123.45, "net": 113.26, "tax": 10.19, "shipping": 5, "merchandise": 118.45},
}


def fbc(click: str) -> Event:
    return {"user_data": {**AGENT, "em": DIGEST, "fbc": f"fb.1.{ago(60)}000.{click}"}}


def custom(**members: Any) -> Event:
    return {"custom_data": {"value": 12.5, "currency": "USD", "order_id": "order-1", **members}}


# what is changed, the rule, its place
BROKEN: dict[str, tuple[Event, str, str]] = {
    "e-mail in a property": (
        custom(note="call jane@example.com"), "meta.pii.custom_data", "custom_data.note"
    ),
    "e-mail as order id": (
        custom(order_id="jane@example.com"), "meta.pii.custom_data", "custom_data.order_id"
    ),
    "phone in a nested property": (
        custom(gift={"to": ["+442079460123"]}), "meta.pii.custom_data", "custom_data.gift.to[0]"
    ),
    "a property called firstName": (
        custom(firstName="Jane"), "meta.pii.custom_data", "custom_data.firstName"
    ),
    "e-mail in the address": (
        {"event_source_url": f"{SHOP}?u=jane@example.com"}, "meta.pii.url", "event_source_url"
    ),
    "encoded e-mail in the address": (
        {"event_source_url": f"{SHOP}?u=jane%40example.com"}, "meta.pii.url", "event_source_url"
    ),
    "phone in the referrer": (
        {"referrer_url": f"{SHOP}?phone=02079460123"}, "meta.pii.url", "referrer_url"
    ),
    "encoded fbclid": (fbc("IwAR0%2Babc"), "meta.fbc.recoded", "user_data.fbc"),
    "twice decoded fbclid": (fbc("IwAR0 abc"), "meta.fbc.recoded", "user_data.fbc"),
    "lower-cased long fbclid": (fbc(CLICK.lower()), "meta.fbc.lowercased", "user_data.fbc"),
    "lower-cased short fbclid": (
        {**fbc("iwar0"), "event_source_url": f"{SHOP}?fbclid=IwAR0"},
        "meta.fbc.lowercased",
        "user_data.fbc",
    ),
    "fbc in seconds": (
        {"user_data": {**AGENT, "em": DIGEST, "fbc": f"fb.1.{ago(60)}.{CLICK}"}},
        "meta.fbc.seconds",
        "user_data.fbc",
    ),
    "decimals of yen": (
        custom(value=1250.5, currency="JPY"),
        "meta.custom_data.currency_exponent",
        "custom_data.value",
    ),
    "four decimals of dinars": (
        custom(value=1.2345, currency="KWD"),
        "meta.custom_data.currency_exponent",
        "custom_data.value",
    ),
    "cents, by the lines": (
        custom(value=1250, contents=[{"id": "a", "quantity": 2, "item_price": 6.25}]),
        "meta.custom_data.minor_units",
        "custom_data.value",
    ),
    "cents, by the order": (
        custom(value=12345), "meta.custom_data.minor_units", "custom_data.value"
    ),
    "yen as if they had cents": (
        custom(value=590000, currency="JPY", contents=[{"id": "a", "item_price": 5900}]),
        "meta.custom_data.minor_units",
        "custom_data.value",
    ),
    "dinars as if they had two decimals": (
        custom(value=1234.5, currency="KWD", contents=[{"id": "a", "item_price": 12.345}]),
        "meta.custom_data.minor_units",
        "custom_data.value",
    ),
    "divided once too often": (
        custom(value=0.59, contents=[{"id": "a", "item_price": 59}]),
        "meta.custom_data.minor_units",
        "custom_data.value",
    ),
    "gross for merchandise": (
        custom(value=123.45), "meta.custom_data.value_basis", "custom_data.value"
    ),
    "net for merchandise": (
        custom(value=113.26), "meta.custom_data.value_basis", "custom_data.value"
    ),
}  # fmt: skip

SOUND: dict[str, Event] = {
    "properties": custom(gift={"wrapped": True, "note": "to my @home"}, phone="", coupon="A+1"),
    "hashed property": custom(email=DIGEST),
    "address with parameters": {"event_source_url": f"{SHOP}?fbclid={CLICK}&q=a%20b", **fbc(CLICK)},
    "another click of before": {"event_source_url": f"{SHOP}?fbclid=IwAR9", **fbc(CLICK)},
    "yen": custom(value=1250, currency="JPY"),
    "dinars": custom(value=1.234, currency="KWD"),
    "amount as text": custom(value="12.50"),
    "merchandise as declared": custom(value=118.45),
    "an amount of its own": custom(value=99.99),
    "a price a hundred times its line": custom(
        value=625, contents=[{"id": "a", "quantity": 100, "item_price": 6.25}]
    ),
    "lines without prices": custom(value=1250, contents=[{"id": "a", "quantity": 2}]),
}


@pytest.fixture
def told(workspace: MockWorkspace) -> MockWorkspace:
    workspace.know_orders(KNOWN)
    workspace.settings(value_basis="merchandise")
    return workspace


@pytest.mark.parametrize(("changes", "rule", "path"), BROKEN.values(), ids=BROKEN)
def test_the_lint_finds(
    told: MockWorkspace, event: EventFactory, post: Post, changes: Event, rule: str, path: str
) -> None:
    post(event(**changes))
    found = [(each["rule"], each["path"]) for each in told.events()[0]["findings"]]
    assert found == [(rule, path)]


@pytest.mark.parametrize("changes", SOUND.values(), ids=SOUND)
def test_the_lint_lets_pass(
    told: MockWorkspace, event: EventFactory, post: Post, changes: Event
) -> None:
    told.settings(mode="strict")
    answer = post(event(**changes))
    assert answer.status_code == 200, answer.text
    assert told.events()[0]["findings"] == []


def test_without_a_declared_basis_no_amount_is_wrong(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.know_orders(KNOWN)
    post(event(**custom(value=113.26)))
    assert workspace.events()[0]["findings"] == []


def test_a_retry_with_a_time_of_its_own_is_found(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event(event_time=ago(300)))
    post(event(event_time=ago(0)))
    first, second = workspace.events()
    assert first["findings"] == []
    assert (second["verdict"], second["duplicate_of"]) == ("deduplicated", first["id"])
    (finding,) = second["findings"]
    assert (finding["rule"], finding["path"]) == ("meta.event_time.changed", "event_time")
    assert f"event {first['id']} is the same" in finding["message"]


def test_a_store_sale_with_a_new_time_counts_twice_and_is_found(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    for seconds in (300, 0):
        post(event(event_time=ago(seconds), action_source="physical_store"))
    first, second = workspace.events()
    assert (first["verdict"], second["verdict"]) == ("counted", "counted")
    assert [each["rule"] for each in second["findings"]] == ["meta.event_time.changed"]


def test_a_true_retry_and_another_line_of_a_store_sale_have_no_findings(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    sent = event(event_time=ago(300))
    for _ in range(2):
        post(sent)
    for number, seconds in (("1", 300), ("2", 200)):
        line = custom(item_number=number)
        post(event(event_time=ago(seconds), action_source="physical_store", **line))
    assert [each["findings"] for each in workspace.events()] == [[]] * 4


def test_the_pixels_own_time_is_no_retry(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event(event_time=ago(300)))
    query = {"id": "1234567890", "ev": "Purchase", "eid": "order-1"}
    requests.get(f"{workspace.url}/tr", params=query, timeout=10)
    assert [each["findings"] for each in workspace.events()] == [[], []]

"""Clicks, amounts and personal data in clear, each wrong in one way, of an order the mock knows."""

from typing import Any

from .meta_cases import AGENT, DIGEST, ago

Event = dict[str, Any]
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

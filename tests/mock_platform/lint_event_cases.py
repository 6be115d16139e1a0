"""Clicks, amounts and personal data in clear, each wrong in one way, of an order the mock knows."""

from typing import Any

from .lint_cases import META, sha256
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


def external_id(*ids: str) -> Event:
    return {"user_data": {**AGENT, "em": DIGEST, "external_id": list(ids)}}


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
    "e-mail as a content's id": (
        custom(contents=[{"id": "jane@example.com"}]),
        "meta.pii.custom_data",
        "custom_data.contents[0].id",
    ),
    "e-mail among content_ids": (
        custom(content_ids=["A-1", "jane@example.com"]),
        "meta.pii.custom_data",
        "custom_data.content_ids[1]",
    ),
    "phone inside a text": (
        custom(note="call +49 170 1234567"), "meta.pii.custom_data", "custom_data.note"
    ),
    "phone with brackets inside a text": (
        custom(note="ring +1 (555) 123-4567, please"), "meta.pii.custom_data", "custom_data.note"
    ),
    "full name of somebody told": (
        custom(content_name="Gift for JANÉ-ANN O'Doe!"),
        "meta.pii.custom_data",
        "custom_data.content_name",
    ),
    "digits of a phone told": ({"event_id": "442079460123"}, "meta.pii.event", "event_id"),
    "digits of a phone told as external_id": (
        external_id("442079460123"), "meta.pii.external_id", "user_data.external_id[0]"
    ),
    "e-mail encoded twice in the address": (
        {"event_source_url": f"{SHOP}/jane%252540example.com"}, "meta.pii.url", "event_source_url"
    ),
    "e-mail in the fragment": (
        {"event_source_url": f"{SHOP}#u=jane%40example.com"}, "meta.pii.url", "event_source_url"
    ),
    "phone in the fragment": (
        {"event_source_url": f"{SHOP}#phone=02079460123"}, "meta.pii.url", "event_source_url"
    ),
    "full name in the address": (
        {"event_source_url": f"{SHOP}/o%27doe+jan%C3%A9-ann"}, "meta.pii.url", "event_source_url"
    ),
    "e-mail as event_id": ({"event_id": "jane@example.com"}, "meta.pii.event", "event_id"),
    "phone as event_id": ({"event_id": "+442079460123"}, "meta.pii.event", "event_id"),
    "e-mail in event_name": (
        {"event_name": "Order of jane@example.com"}, "meta.pii.event", "event_name"
    ),
    "e-mail of the original event": (
        {"original_event_data": {"order_id": "jane@example.com"}},
        "meta.pii.event",
        "original_event_data.order_id",
    ),
    "e-mail as external_id": (
        external_id("C-1", "jane@example.com"), "meta.pii.external_id", "user_data.external_id[1]"
    ),
    "nothing hashed as external_id": (
        external_id(sha256("")), "meta.hash.of_empty_string", "user_data.external_id[0]"
    ),
    "no value hashed as external_id": (
        external_id(sha256("undefined")), "meta.hash.of_placeholder", "user_data.external_id[0]"
    ),
    "digest hashed as external_id": (
        external_id(sha256(sha256(META["em"]))), "meta.hash.twice", "user_data.external_id[0]"
    ),
    "nothing hashed in a property": (
        custom(loyalty=sha256("")), "meta.hash.of_empty_string", "custom_data.loyalty"
    ),
    "digest hashed in a property": (
        custom(member={"mail": sha256(sha256(META["em"]))}),
        "meta.hash.twice",
        "custom_data.member.mail",
    ),
    "nothing hashed as a content's id": (
        custom(content_ids=[sha256("")]), "meta.hash.of_empty_string", "custom_data.content_ids[0]"
    ),
    "nothing hashed as event_id": (
        {"event_id": sha256("")}, "meta.hash.of_empty_string", "event_id"
    ),
    "digest hashed in event_id": (
        {"event_id": f"order-{sha256(sha256(META['em']))}"}, "meta.hash.twice", "event_id"
    ),
    "nothing hashed in the address": (
        {"event_source_url": f"{SHOP}?customer={sha256('').upper()}"},
        "meta.hash.of_empty_string",
        "event_source_url",
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
    "fbclid in capitals": (fbc(CLICK.upper()), "meta.fbc.lowercased", "user_data.fbc"),
    "another click": (
        {**fbc(CLICK), "event_source_url": f"{SHOP}?fbclid=IwAR9"},
        "meta.fbc.other_click",
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

"""What Meta's rules reject, and what they take without a word."""

import hashlib
import time
from typing import Any

Event = dict[str, Any]

DAY = 86_400
DIGEST = hashlib.sha256(b"jane@example.com").hexdigest()
AGENT = {"client_user_agent": "Mozilla/5.0"}
MONEY = {"value": 1, "currency": "USD"}


def ago(seconds: float) -> int:
    return int(time.time() - seconds)


def messaging(channel: str = "whatsapp", name: str = "Purchase", **user_data: str) -> Event:
    return {
        "action_source": "business_messaging",
        "event_name": name,
        "messaging_channel": channel,
        "user_data": {"ctwa_clid": "click", **user_data},
    }


PROCESSED_IN_CALIFORNIA = {
    "data_processing_options": ["LDU"],
    "data_processing_options_country": 1,
    "data_processing_options_state": 1000,
}
EXTINFO = ["i2", "", "", "", "17.2", *[""] * 11]

# what is changed, the subcode, the rule
REJECTED = {
    "unknown member": ({"evnt_id": "x"}, None, "meta.event.unknown_key"),
    "no event_name": ({"event_name": None}, None, "meta.event.missing_member"),
    "empty event_name": ({"event_name": ""}, None, "meta.event.missing_member"),
    "no event_time": ({"event_time": None}, None, "meta.event.missing_member"),
    "no user_data": ({"user_data": None}, None, "meta.event.missing_member"),
    "no action_source": ({"action_source": None}, None, "meta.action_source.missing"),
    "unknown action_source": ({"action_source": "web"}, None, "meta.event.enum"),
    "event_time as text": ({"event_time": "1700000000"}, None, "meta.event.type"),
    "event_time as boolean": ({"event_time": True}, None, "meta.event.type"),
    "event_time with a fraction": ({"event_time": 1.5}, None, "meta.event.type"),
    "event_id as number": ({"event_id": 7}, None, "meta.event.type"),
    "opt_out as text": ({"opt_out": "yes"}, None, "meta.event.type"),
    "value as object": ({"custom_data": {"value": {}}}, None, "meta.event.type"),
    "contents as object": ({"custom_data": {**MONEY, "contents": {}}}, None, "meta.event.type"),
    "8 days old": ({"event_time": ago(8 * DAY)}, 2804003, "meta.event_time.too_old"),
    "store event 63 days old": (
        {"event_time": ago(63 * DAY), "action_source": "physical_store"},
        2804003,
        "meta.event_time.too_old_store",
    ),
    "a day ahead": ({"event_time": ago(-DAY)}, 2804004, "meta.event_time.future"),
    "milliseconds": ({"event_time": ago(60) * 1000}, 2804004, "meta.event_time.milliseconds"),
    "entry of contents without id": (
        {"custom_data": {**MONEY, "contents": [{"id": "a"}, {"quantity": 1}]}},
        2804008,
        "meta.custom_data.contents_id",
    ),
    "Purchase without value": (
        {"custom_data": {"currency": "USD"}}, 2804009, "meta.custom_data.value_missing"
    ),
    "Purchase without custom_data": (
        {"custom_data": None}, 2804009, "meta.custom_data.value_missing"
    ),
    "Purchase without currency": (
        {"custom_data": {"value": 1}}, 2804011, "meta.custom_data.currency_missing"
    ),
    "unknown currency": (
        {"custom_data": {"value": 1, "currency": "EURO"}},
        2804011,
        "meta.custom_data.currency_invalid",
    ),
    "MRU": (
        {"custom_data": {"value": 1, "currency": "MRU"}},
        2804011,
        "meta.custom_data.currency_invalid",
    ),
    "value without currency": (
        {"event_name": "Lead", "custom_data": {"value": 1}},
        2804023,
        "meta.custom_data.value_without_currency",
    ),
    "negative value": (
        {"custom_data": {"value": -1, "currency": "USD"}}, None, "meta.custom_data.value_negative"
    ),
    "value that is not a number": (
        {"custom_data": {"value": "NaN", "currency": "USD"}},
        None,
        "meta.custom_data.value_negative",
    ),
    "short extinfo": (
        {"action_source": "app", "app_data": {"extinfo": ["i2"]}}, 2804043, "meta.app.extinfo"
    ),
    "no user_data members": (
        {"user_data": {}, "action_source": "system_generated"}, 2804050, "meta.user_data.too_weak"
    ),
    "only a user agent": ({"user_data": AGENT}, 2804050, "meta.user_data.too_weak"),
    "only plain text": (
        {"user_data": {"em": "jane@example.com", **AGENT}}, 2804050, "meta.user_data.too_weak"
    ),
    "only the hash of nothing": (
        {"user_data": {"em": hashlib.sha256(b"").hexdigest(), **AGENT}},
        2804050,
        "meta.user_data.too_weak",
    ),
    "Lead over messaging": (
        messaging(name="Lead", page_id="1"), 2804066, "meta.messaging.event_name"
    ),
    "Messenger without page": (messaging("messenger"), 2804069, "meta.messaging.page_id_missing"),
    "WhatsApp without account": (messaging(), 2804116, "meta.messaging.account_missing"),
    "Instagram without account": (
        messaging("instagram"), 2804079, "meta.messaging.instagram_account_missing"
    ),
    "messaging without channel": (
        {**messaging(), "messaging_channel": None}, None, "meta.messaging.channel_missing"
    ),
    "unknown processing option": (
        {**PROCESSED_IN_CALIFORNIA, "data_processing_options": ["CCPA"]}, None, "meta.ldu.option"
    ),
    "unknown processing country": (
        {"data_processing_options_country": 2}, None, "meta.ldu.country"
    ),
    "unknown processing state": ({"data_processing_options_state": 1014}, None, "meta.ldu.state"),
    "lead_id as text": (
        {"user_data": {"em": DIGEST, "lead_id": "l:123", **AGENT}}, None, "meta.event.type"
    ),
    "delivery_category": (
        {"custom_data": {**MONEY, "contents": [{"id": "a", "delivery_category": "van"}]}},
        None,
        "meta.event.enum",
    ),
}  # fmt: skip

ACCEPTED = {
    "6 days old": {"event_time": ago(6 * DAY)},
    "store event 61 days old": {"event_time": ago(61 * DAY), "action_source": "physical_store"},
    "30 seconds ahead": {"event_time": ago(-30)},
    "lower-case currency": {"custom_data": {"value": 1, "currency": "usd"}},
    "value as text": {"custom_data": {"value": "12.50", "currency": "USD"}},
    "free Purchase": {"custom_data": {"value": 0, "currency": "USD"}},
    "Lead without money": {"event_name": "Lead", "custom_data": None},
    "custom property": {"custom_data": {**MONEY, "gift": {"wrapped": True}}},
    "one text for a list": {"user_data": {"em": DIGEST, **AGENT}},
    "Parameter Builder mark": {"user_data": {"em": [f"{DIGEST}.AQIAAQMC"], **AGENT}},
    "old Parameter Builder mark": {"user_data": {"em": [f"{DIGEST}.AQ"], **AGENT}},
    "fbp and fbc with marks": {
        "user_data": {
            "fbp": "fb.1.1795418257000.123456789.AQIAAQMC",
            "fbc": f"fb.1.{ago(60)}000.IwAR0abcDEF_-ghi.AQIAAQMC",
            **AGENT,
        }
    },
    "IPv6": {"user_data": {"em": DIGEST, "client_ip_address": "2001:db8::1", **AGENT}},
    "California": PROCESSED_IN_CALIFORNIA,
    "located by address": {
        "data_processing_options": ["LDU"],
        "data_processing_options_country": 0,
        "data_processing_options_state": 0,
    },
    "no processing option": {"data_processing_options": []},
    "app with extinfo": {"action_source": "app", "app_data": {"extinfo": EXTINFO}},
    "WhatsApp": messaging(page_id="1"),
    "null members": {"referrer_url": None, "opt_out": False},
    "original event": {"original_event_data": {"event_name": "Purchase", "event_time": 1}},
    "lead_id": {"user_data": {"lead_id": 1234567890123456, **AGENT}},
}

# what is changed, the rule: accepted when faithful, rejected when strict
DOCUMENTED = {
    "plain e-mail": (
        {"em": ["jane@example.com", DIGEST]}, "meta.hash.plain_text", "user_data.em[0]"
    ),
    "upper-case digest": ({"em": DIGEST.upper()}, "meta.hash.uppercase", "user_data.em"),
    "MD5": (
        {"em": hashlib.md5(b"jane@example.com").hexdigest()}, "meta.hash.md5", "user_data.em"
    ),
    "hash of nothing": (
        {"em": DIGEST, "fn": [hashlib.sha256(b"").hexdigest()]},
        "meta.hash.of_empty_string",
        "user_data.fn[0]",
    ),
    "empty text": ({"em": DIGEST, "ph": ""}, "meta.user_data.empty_value", "user_data.ph"),
    "hashed address": (
        {"em": DIGEST, "client_ip_address": DIGEST},
        "meta.plain.hashed",
        "user_data.client_ip_address",
    ),
    "no address": (
        {"em": DIGEST, "client_ip_address": "192.0.2.300"},
        "meta.client_ip_address.format",
        "user_data.client_ip_address",
    ),
    "fbc without parts": ({"em": DIGEST, "fbc": "IwAR0"}, "meta.fbc.format", "user_data.fbc"),
    "undefined fbclid": (
        {"em": DIGEST, "fbc": "fb.1.1795418257000.undefined"}, "meta.fbc.format", "user_data.fbc"
    ),
    "fbc in seconds": (
        {"em": DIGEST, "fbc": "fb.1.1795418257.IwAR0abcDEF"}, "meta.fbc.seconds", "user_data.fbc"
    ),
    "fbp": ({"em": DIGEST, "fbp": "fb.1.abc"}, "meta.fbp.format", "user_data.fbp"),
}  # fmt: skip

WEBSITE = {
    "user agent": ({"user_data": {"em": DIGEST}}, "meta.website.client_user_agent_missing"),
    "URL": ({"event_source_url": None}, "meta.website.event_source_url_missing"),
    "odd URL": ({"event_source_url": "shop"}, "meta.website.event_source_url_format"),
    "broken URL": ({"event_source_url": "http://["}, "meta.website.event_source_url_format"),
    "app_data": ({"action_source": "app"}, "meta.app.app_data_missing"),
    "quantity": (
        {"custom_data": {**MONEY, "contents": [{"id": "a", "quantity": 0.5}]}},
        "meta.custom_data.quantity",
    ),
}

ADVISED = {
    "unknown member of user_data": (
        {"user_data": {"em": DIGEST, "email": DIGEST, **AGENT}}, "meta.user_data.unknown_key"
    ),
    "no event_id": ({"event_id": None}, "meta.event_id.missing"),
    "long event_name": ({"event_name": "x" * 51}, "meta.event_name.too_long"),
    "fbc ahead": (
        {"user_data": {"fbc": f"fb.1.{ago(-DAY)}000.IwAR0abcDEF", **AGENT}}, "meta.fbc.future"
    ),
    "old fbc": (
        {"user_data": {"fbc": f"fb.1.{ago(91 * DAY)}000.IwAR0abcDEF", **AGENT}}, "meta.fbc.old"
    ),
    "lower-cased fbclid": (
        {"user_data": {"fbc": f"fb.1.{ago(60)}000.iwar0abcdef_ghijklmnop", **AGENT}},
        "meta.fbc.lowercased",
    ),
    "another fbclid": (
        {
            "user_data": {"fbc": f"fb.1.{ago(60)}000.IwAR0abcDEF", **AGENT},
            "event_source_url": "https://shop.example.com/?fbclid=IwAR9",
        },
        "meta.fbc.other_click",
    ),
    "num_items": ({"custom_data": {**MONEY, "num_items": 1.5}}, "meta.custom_data.num_items"),
    "LDU without place": (
        {"data_processing_options": ["LDU"], "user_data": {"em": DIGEST, **AGENT}},
        "meta.ldu.incomplete",
    ),
}  # fmt: skip

# What cannot be broken without something else: the rules found beside the case's own.
COMPANIONS = {
    # an instant in milliseconds lies in the future
    "milliseconds": ("meta.event_time.future",),
    # money is missing as a whole
    "Purchase without custom_data": ("meta.custom_data.currency_missing",),
    # what nobody can match with is no customer information
    "only plain text": ("meta.hash.plain_text",),
    "only the hash of nothing": ("meta.hash.of_empty_string",),
}

import hashlib
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]

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
    "5 minutes ahead": ({"event_time": ago(-300)}, 2804004, "meta.event_time.future"),
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
    "no user_data members": ({"user_data": {}}, 2804050, "meta.user_data.too_weak"),
    "only a user agent": ({"user_data": AGENT}, 2804050, "meta.user_data.too_weak"),
    "only plain text": (
        {"user_data": {"em": "jane@example.com", **AGENT}}, 2804050, "meta.user_data.too_weak"
    ),
    "only the hash of nothing": (
        {"user_data": {"em": hashlib.sha256(b"").hexdigest()}}, 2804050, "meta.user_data.too_weak"
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
        {"data_processing_options": ["CCPA"]}, None, "meta.ldu.option"
    ),
    "unknown processing country": (
        {"data_processing_options_country": 2}, None, "meta.ldu.country"
    ),
    "unknown processing state": ({"data_processing_options_state": 1014}, None, "meta.ldu.state"),
    "lead_id as text": (
        {"user_data": {"em": DIGEST, "lead_id": "l:123"}}, None, "meta.event.type"
    ),
    "delivery_category": (
        {"custom_data": {**MONEY, "contents": [{"id": "a", "delivery_category": "van"}]}},
        None,
        "meta.event.enum",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "subcode", "rule"), REJECTED.values(), ids=REJECTED)
def test_a_broken_rule_rejects(
    workspace: MockWorkspace,
    event: EventFactory,
    post: Post,
    changes: Event,
    subcode: int | None,
    rule: str,
) -> None:
    answer = post(event(**changes))
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["code"] == 100
    assert answer.json()["error"].get("error_subcode") == subcode
    found = {each["rule"] for each in workspace.events(verdict="rejected")[0]["findings"]}
    assert rule in found


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
    "California": {
        "data_processing_options": ["LDU"],
        "data_processing_options_country": 1,
        "data_processing_options_state": 1000,
    },
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


@pytest.mark.parametrize("mode", ["faithful", "strict"])
@pytest.mark.parametrize("changes", ACCEPTED.values(), ids=ACCEPTED)
def test_a_sound_event_counts_without_findings_in_both_modes(
    workspace: MockWorkspace, event: EventFactory, post: Post, changes: Event, mode: str
) -> None:
    workspace.settings(mode=mode)
    answer = post(event(**changes))
    assert answer.status_code == 200, answer.text
    assert workspace.counted()[0]["findings"] == []


# what is changed, the rule: accepted when faithful, rejected when strict
DOCUMENTED = {
    "plain e-mail": ({"em": ["jane@example.com", DIGEST]}, "meta.hash.format", "user_data.em[0]"),
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


@pytest.mark.parametrize(("user_data", "rule", "path"), DOCUMENTED.values(), ids=DOCUMENTED)
def test_a_documented_format_warns_when_faithful_and_rejects_when_strict(
    workspace: MockWorkspace,
    event: EventFactory,
    post: Post,
    user_data: Event,
    rule: str,
    path: str,
) -> None:
    broken = event(user_data={**AGENT, **user_data})
    assert post(broken).status_code == 200
    finding = workspace.counted()[0]["findings"][0]
    assert (finding["rule"], finding["severity"], finding["path"]) == (rule, "warning", path)

    workspace.settings(mode="strict")
    answer = post(broken)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == 100
    finding = workspace.events(verdict="rejected")[0]["findings"][0]
    assert (finding["rule"], finding["severity"]) == (rule, "error")


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


@pytest.mark.parametrize(("changes", "rule"), WEBSITE.values(), ids=WEBSITE)
def test_what_an_action_source_needs_warns_when_faithful_and_rejects_when_strict(
    workspace: MockWorkspace, event: EventFactory, post: Post, changes: Event, rule: str
) -> None:
    assert post(event(**changes)).status_code == 200
    assert [each["rule"] for each in workspace.counted()[0]["findings"]] == [rule]
    workspace.settings(mode="strict")
    assert post(event(**changes)).status_code == 400


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
    "num_items": ({"custom_data": {**MONEY, "num_items": 1.5}}, "meta.custom_data.num_items"),
    "LDU without place": (
        {"data_processing_options": ["LDU"], "user_data": {"em": DIGEST, **AGENT}},
        "meta.ldu.incomplete",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mode", ["faithful", "strict"])
@pytest.mark.parametrize(("changes", "rule"), ADVISED.values(), ids=ADVISED)
def test_what_only_costs_matching_is_pointed_out_and_counts(
    workspace: MockWorkspace, event: EventFactory, post: Post, changes: Event, rule: str, mode: str
) -> None:
    workspace.settings(mode=mode)
    answer = post(event(**changes))
    assert answer.status_code == 200, answer.text
    assert [each["rule"] for each in workspace.counted()[0]["findings"]] == [rule]


@pytest.mark.parametrize(
    "keys",
    [
        ["ct"],
        ["st", "zp"],
        ["country", "ge", "ct"],
        ["db"],
        ["fn"],
        ["ln", "ge"],
        ["fn", "ge"],
        ["db", "client_user_agent"],
    ],
)
def test_too_broad_combinations_are_refused(
    event: EventFactory, post: Post, keys: list[str]
) -> None:
    user_data = {key: "agent" if key == "client_user_agent" else DIGEST for key in keys}
    error = post(event(user_data=user_data)).json()["error"]
    assert error["error_subcode"] == 2804050


@pytest.mark.parametrize("keys", [["em"], ["ph"], ["fn", "ln"], ["db", "zp"], ["fn", "ct"],
                                  ["client_ip_address"], ["fbp"], ["external_id"]])  # fmt: skip
def test_narrow_combinations_are_taken(event: EventFactory, post: Post, keys: list[str]) -> None:
    plain = {"client_ip_address": "192.0.2.1", "fbp": "fb.1.1795418257000.1"}
    user_data = {key: plain.get(key, DIGEST) for key in keys}
    assert post(event(user_data=user_data)).status_code == 200


def test_age_is_reported_before_weak_customer_information(event: EventFactory, post: Post) -> None:
    error = post(event(event_time=1, user_data={})).json()["error"]
    assert error["error_subcode"] == 2804003


def test_an_unknown_member_is_named_with_its_place(event: EventFactory, post: Post) -> None:
    error = post(event(), event(brand="x")).json()["error"]
    expected = (
        """Server Side Api Parameter Error: Unexpected key "brand" on param "$['data'][1]\""""
    )
    assert error["message"] == expected


def test_findings_never_repeat_a_value(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event(user_data={"em": "jane@example.com", "ph": "+1 555 0100", **AGENT}))
    assert "jane" not in str(workspace.events()[0]["findings"])
    assert "0100" not in str(workspace.events()[0]["findings"])


def test_an_event_that_is_no_object_is_refused(post: Post) -> None:
    assert post(["no object"]).json()["error"]["code"] == 100
    assert post(7).json()["error"]["code"] == 100


@pytest.mark.parametrize(("days", "status"), [(7, 400), (62, 200)])
def test_the_store_window_is_a_setting(
    workspace: MockWorkspace, event: EventFactory, post: Post, days: int, status: int
) -> None:
    workspace.settings(physical_store_max_age_days=days)
    old = event(action_source="physical_store", event_time=ago(30 * DAY))
    assert post(old).status_code == status


def test_the_tolerance_for_the_future_is_a_setting(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(future_tolerance_seconds=600)
    assert post(event(event_time=ago(-300))).status_code == 200


def test_a_missing_action_source_may_pass_by_setting(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(action_source_required=False)
    assert post(event(action_source=None)).status_code == 200
    rules = [each["rule"] for each in workspace.counted()[0]["findings"]]
    assert rules == ["meta.action_source.absent"]


def test_the_workspaces_clock_moves_the_window(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    sent = event()
    workspace.advance(7 * DAY + 120)
    assert post(sent).json()["error"]["error_subcode"] == 2804003

"""The capture route, from the link of an advertisement to session, profile and guest record."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

Prefer = Callable[..., None]


def outcome(answer: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(answer["body"])
    return told


def guest_records(shopper: Any) -> dict[str, Any]:
    kept: dict[str, Any] = shopper.rhino.call("rig/storefront", "guestRecords")
    return kept


def on_profile(shopper: Any, customer_no: str = "C1") -> list[str]:
    text = shopper.rhino.call("rig/storefront", "profileValue", customer_no, "cbTouches")
    return [touch["gclid"] for touch in json.loads(text or "[]")]


def test_before_an_answer_nothing_is_kept_anywhere(shopper: Any, prefer: Prefer) -> None:
    prefer(cbGuestClicks=True)
    answer = shopper.land("fbclid=AbC&gclid=x")
    assert outcome(answer) == {"captured": False, "consent": "unknown"}
    assert answer["cookies"] == []
    assert shopper.remembered() is None
    assert guest_records(shopper) == {}


def test_a_yes_keeps_click_page_and_time_and_writes_fbc_in_milliseconds(shopper: Any) -> None:
    shopper.answer_banner(consent=True)
    before = datetime.now(UTC) - timedelta(seconds=1)
    answer = shopper.land("fbclid=IwAR0AbC_d-&src=SUMMER")
    assert outcome(answer) == {"captured": True, "consent": "granted"}
    (touch,) = json.loads(shopper.remembered())
    assert touch["fbclid"] == "IwAR0AbC_d-"
    assert touch["landing_url"] == "https://www.shop.example.com/sale"
    assert touch["referrer"] == "https://ads.example.com/"
    assert touch["source_code"] == "SUMMER"
    clicked = datetime.fromisoformat(touch["at"])
    assert before < clicked < datetime.now(UTC) + timedelta(seconds=1)
    milliseconds = round(clicked.timestamp() * 1000)
    assert shopper.cookies["_fbc"] == f"fb.3.{milliseconds}.IwAR0AbC_d-"


def test_a_no_deletes_what_was_kept(shopper: Any, prefer: Prefer) -> None:
    prefer(cbGuestClicks=True)
    shopper.answer_banner(consent=True)
    shopper.land("gclid=x&fbclid=AbC")
    assert len(guest_records(shopper)) == 1
    assert {"cb_visitor", "_fbc"} <= shopper.cookies.keys()
    shopper.answer_banner(consent=False)
    answer = shopper.land("gclid=y")
    assert outcome(answer) == {"captured": False, "consent": "denied"}
    assert shopper.remembered() is None
    assert guest_records(shopper) == {}
    assert shopper.cookies.keys().isdisjoint({"cb_visitor", "_fbc"})


@pytest.mark.parametrize(
    ("routes", "asked"),
    [
        (["SetSession"], "SetSession"),
        (["SetSession", "SetConsent"], "SetSession"),
        (["SetSession", "SetConsent"], "SetConsent"),
        (["SetConsent"], "SetConsent"),
    ],
)
def test_a_no_at_the_banner_deletes_at_once_whatever_page_comes_next(
    shopper: Any, routes: list[str], asked: str
) -> None:
    shopper.rhino.call("rig/world", "change", {"consentRoutes": routes})
    shopper.answer_banner(consent=True, route=asked)
    shopper.log_in("C1")
    shopper.land("gclid=x&fbclid=AbC")
    assert on_profile(shopper) == ["x"]
    assert outcome(shopper.answer_banner(consent=False, route=asked)) == {"success": True}
    assert shopper.remembered() is None
    assert on_profile(shopper) == []
    assert "_fbc" not in shopper.cookies


def test_a_yes_after_landing_keeps_the_click_though_the_site_tracks_nobody_by_default(
    shopper: Any, checkout: Callable[..., str]
) -> None:
    shopper.ask("Home-Show", query="gclid=EAIaIQ")
    assert outcome(shopper.land("gclid=EAIaIQ")) == {"captured": False, "consent": "unknown"}
    shopper.answer_banner(consent=True)
    shopper.land("")
    checkout()
    shopper.ask("CheckoutServices-PlaceOrder", "POST")
    (order,) = (json.loads(call["body"]) for call in shopper.rhino.call("rig/world", "readCalls"))
    assert [touch["gclid"] for touch in order["touches"]] == ["EAIaIQ"]


def test_a_customer_who_has_not_answered_yet_keeps_the_clicks_of_another_visit(
    shopper: Any, checkout: Callable[..., str], prefer: Prefer
) -> None:
    shopper.answer_banner(consent=True)
    shopper.log_in("C1")
    shopper.land("gclid=with-consent")
    shopper.session = "the next day"
    shopper.log_in("C1")
    answer = shopper.land("gclid=unanswered")
    assert outcome(answer) == {"captured": False, "consent": "unknown"}
    assert on_profile(shopper) == ["with-consent"]
    prefer(cbConsentMode="require")
    order_no = checkout()
    shopper.ask("CheckoutServices-PlaceOrder", "POST")
    assert shopper.rhino.call("rig/cases", "state", order_no)["cbReason"] == "consent_unknown"
    prefer(cbConsentMode="opt_out")
    checkout()
    shopper.ask("CheckoutServices-PlaceOrder", "POST")
    (order,) = (json.loads(call["body"]) for call in shopper.rhino.call("rig/world", "readCalls"))
    assert (order["consent"]["ad_user_data"], order["touches"]) == ("unknown", [])


def test_a_click_on_a_page_where_no_script_ran_is_found_in_the_click_stream(shopper: Any) -> None:
    referrer = "https://ads.example.com/?email=jane@example.com"
    shopper.ask("Home-Show", query="gclid=landing", headers={"referer": referrer})
    shopper.answer_banner(consent=True)
    shopper.land("")
    (touch,) = json.loads(shopper.remembered())
    assert (touch["gclid"], touch["referrer"]) == ("landing", "https://ads.example.com/")


def test_script_and_click_stream_see_one_click(shopper: Any) -> None:
    shopper.answer_banner(consent=True)
    shopper.ask("Home-Show", query="gclid=x&fbclid=y")
    shopper.land("gclid=x&fbclid=y")
    assert len(json.loads(shopper.remembered())) == 1


def test_a_newer_click_replaces_fbc_and_an_older_one_does_not(shopper: Any) -> None:
    shopper.answer_banner(consent=True)
    shopper.cookies["_fbc"] = "fb.1.1700000000000.older"
    shopper.land("fbclid=newer")
    assert shopper.cookies["_fbc"].endswith(".newer")
    in_future = round((datetime.now(UTC) + timedelta(days=1)).timestamp() * 1000)
    shopper.cookies["_fbc"] = f"fb.1.{in_future}.newest"
    shopper.land("gclid=other")
    assert shopper.cookies["_fbc"] == f"fb.1.{in_future}.newest"


def test_a_customers_clicks_are_kept_on_the_profile_for_other_sessions(shopper: Any) -> None:
    shopper.answer_banner(consent=True)
    shopper.log_in("C1")
    shopper.land("gclid=at-home")
    shopper.session = "another device"
    shopper.answer_banner(consent=True)
    shopper.log_in("C1")
    shopper.land("gclid=on-the-road")
    assert on_profile(shopper) == ["at-home", "on-the-road"]


@pytest.mark.parametrize("route", ["Account-Login", "Account-SubmitRegistration"])
def test_a_guest_takes_the_clicks_along_when_becoming_a_customer(
    shopper: Any, prefer: Prefer, route: str
) -> None:
    prefer(cbGuestClicks=True)
    shopper.answer_banner(consent=True)
    shopper.land("gclid=as-guest")
    shopper.session = "the next day"
    shopper.answer_banner(consent=True)
    assert outcome(shopper.log_in("C1", route)) == {"success": True}
    assert on_profile(shopper) == ["as-guest"]
    assert guest_records(shopper) == {}


def test_a_guest_is_known_again_by_a_cookie_whose_value_stands_nowhere(
    shopper: Any, prefer: Prefer
) -> None:
    prefer(cbGuestClicks=True)
    shopper.answer_banner(consent=True)
    shopper.land("gclid=yesterday")
    shopper.session = "the next day"
    shopper.answer_banner(consent=True)
    shopper.land("gclid=today")
    ((key, kept),) = guest_records(shopper).items()
    assert [touch["gclid"] for touch in json.loads(kept)] == ["yesterday", "today"]
    assert len(key) == 64
    assert shopper.cookies["cb_visitor"] not in key + kept


def test_two_guests_never_share_a_record(shopper: Any, prefer: Prefer) -> None:
    prefer(cbGuestClicks=True)
    for name in ("one", "other"):
        shopper.session, shopper.cookies = name, {}
        shopper.answer_banner(consent=True)
        shopper.land(f"gclid={name}")
    kept = [json.loads(touches)[0]["gclid"] for touches in guest_records(shopper).values()]
    assert sorted(kept) == ["one", "other"]


def test_guests_leave_no_record_unless_the_merchant_wants_it(shopper: Any) -> None:
    shopper.answer_banner(consent=True)
    shopper.land("gclid=x")
    assert guest_records(shopper) == {}
    assert "cb_visitor" not in shopper.cookies


def test_where_nobody_has_to_be_asked_the_merchant_may_say_so(shopper: Any, prefer: Prefer) -> None:
    prefer(cbCaptureUnasked=True)
    assert outcome(shopper.land("gclid=x"))["captured"] is True


@pytest.mark.parametrize("preferences", [{"cbEnabled": False}, {"cbCapture": False}])
def test_switched_off_it_keeps_nothing(
    shopper: Any, prefer: Prefer, preferences: dict[str, bool]
) -> None:
    prefer(**preferences)
    shopper.answer_banner(consent=True)
    assert outcome(shopper.land("gclid=x")) == {"captured": False, "consent": "off"}
    assert shopper.remembered() is None


def test_another_sites_page_cannot_plant_a_click(shopper: Any) -> None:
    shopper.answer_banner(consent=True)
    answer = shopper.ask("ConversionBridge-Capture", "POST", form="query=gclid%3Dplanted")
    assert outcome(answer)["captured"] is False
    assert shopper.remembered() is None


def test_cookies_are_set_on_the_domain_of_the_merchants_choice(
    shopper: Any, prefer: Prefer
) -> None:
    prefer(cbCookieDomain="example.com")
    shopper.answer_banner(consent=True)
    answer = shopper.land("fbclid=AbC")
    (cookie,) = answer["cookies"]
    assert (cookie["domain"], cookie["path"], cookie["maxAge"]) == ("example.com", "/", 7776000)
    assert cookie["value"].startswith("fb.1.")


def test_many_long_clicks_never_break_the_session(shopper: Any) -> None:
    shopper.answer_banner(consent=True)
    for number in range(12):
        shopper.land(f"fbclid={number:0>300}&gclid={number:x>300}")
    kept = json.loads(shopper.remembered())
    assert len(shopper.remembered()) <= 2000
    assert int(kept[-1]["fbclid"]) == 11
    assert int(kept[0]["fbclid"]) == 0

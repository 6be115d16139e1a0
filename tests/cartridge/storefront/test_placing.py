"""CheckoutServices-PlaceOrder with our steps around it, whatever the route itself does."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Checkout = Callable[..., str]
PLACE = "CheckoutServices-PlaceOrder"


def place(shopper: Any, **asked: Any) -> dict[str, Any]:
    answer: dict[str, Any] = shopper.ask(PLACE, "POST", **asked)
    return answer


def state(shopper: Any, order_no: str) -> dict[str, Any]:
    found: dict[str, Any] = shopper.rhino.call("rig/cases", "state", order_no)
    return found


def placed_answer(order_no: str) -> dict[str, Any]:
    return {
        "error": False,
        "orderID": order_no,
        "orderToken": f"token-{order_no}",
        "continueUrl": "/Order-Confirm",
    }


def sent(shopper: Any) -> list[dict[str, Any]]:
    return [json.loads(call["body"]) for call in shopper.rhino.call("rig/world", "readCalls")]


def test_a_placed_order_is_sent_once_with_its_clicks_browser_and_consent(
    shopper: Any, checkout: Checkout
) -> None:
    shopper.answer_banner(consent=True)
    shopper.land("fbclid=IwAR0AbC&gclid=EAIaIQ")
    shopper.cookies["_fbp"] = "fb.1.1795418257000.42"
    order_no = checkout()
    answer = place(shopper, headers={"referer": "https://www.shop.example.com/checkout?stage=pay"})
    assert json.loads(answer["body"])["orderID"] == order_no
    assert state(shopper, order_no)["cbStatus"] == "sent"
    (order,) = sent(shopper)
    (touch,) = order["touches"]
    assert (touch["fbclid"], touch["gclid"]) == ("IwAR0AbC", "EAIaIQ")
    assert order["browser"]["fbc"] == shopper.cookies["_fbc"]
    assert order["browser"]["fbc"].endswith(".IwAR0AbC")
    assert order["browser"]["fbp"] == "fb.1.1795418257000.42"
    assert order["browser"]["ip"] == "203.0.113.7"
    assert order["browser"]["page_url"] == "https://www.shop.example.com/checkout"
    assert order["consent"]["ad_user_data"] == "granted"


@pytest.mark.parametrize(
    ("mode", "consent", "kept"),
    [
        ("require", None, False),
        ("require", True, True),
        ("require", False, False),
        ("opt_out", None, True),
        ("opt_out", False, False),
    ],
)
def test_address_and_browser_are_kept_as_the_consent_mode_says(
    shopper: Any,
    checkout: Checkout,
    prefer: Callable[..., None],
    mode: str,
    consent: bool | None,
    *,
    kept: bool,
) -> None:
    prefer(cbConsentMode=mode)
    if consent is not None:
        shopper.answer_banner(consent=consent)
    order_no = checkout()
    place(shopper)
    snapshot = state(shopper, order_no)["cbSnapshot"]
    assert (json.loads(snapshot)["browser"] is not None) is kept
    assert ("203.0.113.7" in snapshot) is kept


def test_a_route_that_redirects_after_placing_is_heard_all_the_same(
    shopper: Any, checkout: Checkout
) -> None:
    order_no = checkout("redirects after placing")
    answer = place(shopper)
    assert (answer["status"], answer["location"]) == (302, "/Order-Confirm")
    assert state(shopper, order_no)["cbStatus"] == "sent"


def test_a_route_that_redirects_to_the_bank_sends_nothing_yet(
    shopper: Any, checkout: Checkout
) -> None:
    order_no = checkout("redirects before placing")
    answer = place(shopper)
    assert (answer["status"], answer["location"]) == (302, "https://bank.example.com/3ds")
    assert state(shopper, order_no)["cbStatus"] is None
    assert sent(shopper) == []


def test_an_order_placed_by_a_notification_later_has_its_clicks_from_the_basket(
    shopper: Any, checkout: Checkout
) -> None:
    shopper.answer_banner(consent=True)
    shopper.land("gclid=EAIaIQ")
    checkout("redirects before placing")
    place(shopper)
    kept = json.loads(shopper.rhino.call("rig/storefront", "basketValue", "cbSnapshot"))
    assert [touch["gclid"] for touch in kept["touches"]] == ["EAIaIQ"]


def test_a_route_that_throws_fails_as_it_would_without_us(shopper: Any, checkout: Checkout) -> None:
    checkout("throws")
    answer = place(shopper)
    assert answer["status"] == 500
    assert "the payment processor is gone" in answer["body"]
    assert sent(shopper) == []


def test_a_refused_payment_sends_nothing(shopper: Any, checkout: Checkout) -> None:
    checkout("refuses")
    assert json.loads(place(shopper)["body"]) == {"error": True, "errorMessage": "declined"}
    assert sent(shopper) == []


@pytest.mark.parametrize(
    "trouble",
    [
        {"services": {}},
        {"hooks": {"app.conversion.bridge.consent": ["no/such/module"]}},
    ],
    ids=["no service", "consent hook"],
)
def test_whatever_goes_wrong_on_our_side_the_shopper_sees_the_same(
    shopper: Any, checkout: Checkout, trouble: dict[str, Any]
) -> None:
    order_no = checkout()
    shopper.rhino.call("rig/world", "change", trouble)
    answer = place(shopper)
    assert (answer["status"], json.loads(answer["body"])) == (200, placed_answer(order_no))


ODD = {
    "null": "null",
    "nothing": "undefined",
    "a text": "'card 4111111111111111'",
    "a number": "7",
    "an unreadable object": "Object.defineProperty({}, 'name', {get: function () { throw 1; }})",
}


@pytest.mark.parametrize("log", ["fine", "throws"])
@pytest.mark.parametrize("thrown", ODD)
def test_whatever_is_thrown_and_even_if_it_cannot_be_logged_the_shopper_sees_the_same(
    shopper: Any, checkout: Checkout, tmp_path: Path, thrown: str, log: str
) -> None:
    script = tmp_path / "consent.js"
    script.write_text(f"exports.read = function () {{ throw {ODD[thrown]}; }};")
    hooks = {"app.conversion.bridge.consent": [str(script)]}
    order_no = checkout()
    shopper.rhino.call("rig/world", "change", {"hooks": hooks, "faults": {"log": log == "throws"}})
    answer = place(shopper)
    assert (answer["status"], json.loads(answer["body"])) == (200, placed_answer(order_no))
    assert "4111" not in json.dumps(shopper.rhino.call("rig/world", "readLogs"))


def test_a_log_that_cannot_be_written_costs_no_order(shopper: Any, checkout: Checkout) -> None:
    order_no = checkout()
    shopper.rhino.call("rig/world", "change", {"faults": {"log": True}})
    place(shopper)
    assert state(shopper, order_no)["cbStatus"] == "sent"


def test_a_database_that_refuses_our_writing_costs_the_shopper_nothing(
    shopper: Any, checkout: Checkout
) -> None:
    order_no = checkout("places, then the database refuses")
    answer = place(shopper)
    assert (answer["status"], json.loads(answer["body"])) == (200, placed_answer(order_no))
    assert state(shopper, order_no)["cbStatus"] is None


def test_what_fails_is_logged_without_what_the_shopper_typed(
    shopper: Any, checkout: Checkout
) -> None:
    checkout()
    hooks = {"app.conversion.bridge.consent": ["no/such/module"]}
    shopper.rhino.call("rig/world", "change", {"hooks": hooks})
    place(shopper)
    logs = json.dumps(shopper.rhino.call("rig/world", "readLogs"))
    assert "the placed order failed with Error" in logs
    assert "no/such/module" not in logs


def test_an_agents_browser_is_not_the_customers(shopper: Any, checkout: Checkout) -> None:
    shopper.answer_banner(consent=True)
    shopper.land("gclid=EAIaIQ")
    shopper.rhino.call("rig/storefront", "actAsAgent", shopper.session)
    order_no = checkout(carries_over=False)
    place(shopper)
    assert state(shopper, order_no)["cbSnapshot"] is None


def test_switched_off_nothing_is_kept_and_nothing_sent(
    shopper: Any, checkout: Checkout, prefer: Callable[..., None]
) -> None:
    prefer(cbEnabled=False)
    order_no = checkout()
    place(shopper)
    assert set(state(shopper, order_no).values()) == {None}
    assert sent(shopper) == []


def test_a_refusal_sends_no_click_no_cookie_and_no_browser(
    shopper: Any, checkout: Checkout
) -> None:
    shopper.cookies = {"_fbc": "fb.1.1795418257000.x", "_fbp": "fb.1.1795418257000.42"}
    shopper.answer_banner(consent=False)
    order_no = checkout()
    place(shopper)
    snapshot = json.loads(state(shopper, order_no)["cbSnapshot"])
    assert snapshot["touches"] == []
    assert snapshot["browser"] is None
    assert snapshot["consent"]["ad_user_data"] == "denied"

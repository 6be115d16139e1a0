"""The confirmation page: what the tags are handed, and orders that came past our routes."""

import html
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

Checkout = Callable[..., str]
Prefer = Callable[..., None]


def confirm(shopper: Any, order_no: str, token: str | None = None, *, form: bool = True) -> str:
    token = token or f"token-{order_no}"
    if form:
        sent = {"orderID": order_no, "orderToken": token}
        answer = shopper.ask("Order-Confirm", "POST", form=urlencode(sent))
    else:
        answer = shopper.ask("Order-Confirm", query=urlencode({"ID": order_no, "token": token}))
    assert answer["status"] == 200
    return str(answer["body"])


def purchase(body: str) -> dict[str, Any] | None:
    found = re.search(r'data-purchase="([^"]*)"', body)
    return json.loads(html.unescape(found[1])) if found else None


def place(shopper: Any, checkout: Checkout, **members: object) -> str:
    order_no = checkout(**members)
    shopper.ask("CheckoutServices-PlaceOrder", "POST")
    return order_no


@pytest.mark.parametrize("form", [True, False], ids=["posted form", "query"])
def test_the_page_hands_the_tags_the_event_id_that_the_server_sent(
    shopper: Any, checkout: Checkout, prefer: Prefer, *, form: bool
) -> None:
    prefer(cbEventIdTemplate="{site_id}-{order_no}")
    order_no = place(shopper, checkout)
    (call,) = shopper.rhino.call("rig/world", "readCalls")
    told = purchase(confirm(shopper, order_no, form=form))
    assert told is not None
    assert told["event_id"] == json.loads(call["body"])["event_id"] == f"RefArch-{order_no}"
    assert (told["value"], told["currency"]) == (123.45, "USD")
    assert told["content_ids"] == ["701643421084M", "701644329402M"]


def test_a_page_that_is_loaded_again_says_so_and_never_fires_the_pixel_twice(
    shopper: Any, checkout: Checkout, prefer: Prefer
) -> None:
    prefer(cbPixelPurchase=True)
    shopper.answer_banner(consent=True)
    order_no = place(shopper, checkout)
    views = [purchase(confirm(shopper, order_no)) for _ in range(2)]
    assert [(view["pixel"], view["repeated"]) for view in views if view] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize(("preferred", "consent"), [(False, True), (True, False), (True, None)])
def test_the_pixel_fires_only_when_wanted_and_allowed(
    shopper: Any, checkout: Checkout, prefer: Prefer, preferred: bool, consent: bool | None
) -> None:
    prefer(cbPixelPurchase=preferred)
    if consent is not None:
        shopper.answer_banner(consent=consent)
    told = purchase(confirm(shopper, place(shopper, checkout)))
    assert told is not None
    assert told["pixel"] is False


def test_whoever_has_not_the_orders_token_is_told_nothing(shopper: Any, checkout: Checkout) -> None:
    order_no = place(shopper, checkout)
    assert purchase(confirm(shopper, order_no, token="guessed")) is None


def test_an_order_that_was_placed_past_our_routes_is_sent_from_its_page(
    shopper: Any, checkout: Checkout
) -> None:
    shopper.answer_banner(consent=True)
    shopper.land("gclid=EAIaIQ")
    order_no = checkout("redirects before placing")
    shopper.ask("CheckoutServices-PlaceOrder", "POST")
    assert shopper.rhino.call("rig/world", "readCalls") == []
    confirm(shopper, order_no)
    confirm(shopper, order_no)
    (call,) = shopper.rhino.call("rig/world", "readCalls")
    assert [touch["gclid"] for touch in json.loads(call["body"])["touches"]] == ["EAIaIQ"]


def test_a_page_opened_long_after_tells_nothing(shopper: Any, checkout: Checkout) -> None:
    order_no = checkout("redirects before placing")
    shopper.ask("CheckoutServices-PlaceOrder", "POST")
    shopper.rhino.call("rig/storefront", "age", order_no, 2 * 60 * 60 * 1000)
    confirm(shopper, order_no)
    assert shopper.rhino.call("rig/world", "readCalls") == []


def test_an_order_the_sweep_has_looked_at_is_left_to_it(shopper: Any, checkout: Checkout) -> None:
    order_no = checkout("redirects before placing")
    shopper.ask("CheckoutServices-PlaceOrder", "POST")
    shopper.rhino.call("rig/storefront", "mark", order_no, "pending")
    confirm(shopper, order_no)
    assert shopper.rhino.call("rig/world", "readCalls") == []


def test_what_an_order_holds_cannot_break_out_of_the_page(shopper: Any, checkout: Checkout) -> None:
    order_no = place(shopper, checkout, order_no='"><script>alert(1)</script>&')
    body = confirm(shopper, order_no)
    assert "<script>alert" not in body
    told = purchase(body)
    assert told is not None
    assert told["order_id"] == order_no


def test_every_page_carries_the_script_and_nothing_of_the_shopper(shopper: Any) -> None:
    pages = []
    for session in ("one", "two"):
        shopper.session = session
        shopper.answer_banner(consent=session == "one")
        pages.append(shopper.ask("Home-Show", query="fbclid=secret", cached=True)["body"])
    assert pages[0] == pages[1]
    assert "secret" not in pages[0]
    assert (
        'data-capture="/on/demandware.store/Sites-RefArch-Site/en_US/ConversionBridge-Capture"'
        in (pages[0])
    )


def test_switched_off_the_pages_are_as_before(shopper: Any, prefer: Prefer) -> None:
    prefer(cbEnabled=False)
    assert "conversion-bridge" not in shopper.ask("Home-Show")["body"]

"""What a tester sees of the mock, in a real browser."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from loadtests.curl import curl_line
from loadtests.hook_client import HookClient
from loadtests.orders import orders
from loadtests.wish import Wish

Purchase = Callable[..., dict[str, Any]]
PLAIN = {"em": ["not a digest"], "client_user_agent": "x", "client_ip_address": "192.0.2.7"}


def test_an_event_sent_with_curl_appears_without_reload(
    mock_page: Any, purchase: Purchase, curl: Callable[..., str]
) -> None:
    tab = mock_page.open()
    expect(tab.get_by_role("heading", name="Nothing has come in yet")).to_be_visible()
    tab.evaluate("window.untouched = true")

    body = json.dumps({"data": [purchase("CURL-1")]})
    curl(
        f"{mock_page.workspace.url}/v26.0/1/events",
        *("-H", "authorization: Bearer any", "-H", "content-type: application/json"),
        *("--data-raw", body),
    )

    expect(tab.get_by_role("row", name="CURL-1")).to_contain_text("counted")
    assert tab.evaluate("window.untouched") is True


def test_the_list_follows_a_verdict_that_changes(mock_page: Any) -> None:
    tab = mock_page.open()
    mock_page.tab.request.get(f"{mock_page.workspace.url}/tr?id=1&ev=Purchase&eid=P-1&fbp=x")
    expect(tab.get_by_role("row", name="P-1")).to_have_count(1)

    mock_page.tab.request.get(f"{mock_page.workspace.url}/tr?id=1&ev=Purchase&eid=P-1&fbp=x")

    expect(tab.get_by_role("row", name="P-1")).to_have_count(2)
    expect(tab.get_by_role("row", name="deduplicated")).to_have_count(1)


def test_the_checklist_names_the_broken_rule(mock_page: Any, purchase: Purchase) -> None:
    broken = purchase("BAD-1", user_data=PLAIN)
    mock_page.post(broken)
    tab = mock_page.open()

    tab.get_by_role("link", name="Purchase").click()

    broken_rules = tab.get_by_role("region", name="Rule by rule").locator(".broken")
    expect(broken_rules.get_by_role("listitem")).to_have_count(1)
    expect(broken_rules).to_contain_text("meta.hash.plain_text at user_data.em[0]")
    expect(tab.get_by_role("region", name="As it came").first).not_to_contain_text("TOKEN-THAT")
    mock_page.keep("event")


def test_a_fault_switched_on_from_the_page_hits_the_next_request(
    mock_page: Any, purchase: Purchase
) -> None:
    tab = mock_page.open("/controls")

    tab.get_by_role("button", name="Server error, next 3").click()

    expect(tab.get_by_role("row", name="error")).to_contain_text("every request")
    assert mock_page.post(purchase()).status_code == 500
    tab.reload()
    expect(tab.get_by_role("row", name="error")).to_contain_text("1 of 3")
    mock_page.keep("controls")
    tab.get_by_role("button", name="Switch off", exact=False).first.click()
    expect(tab.get_by_text("None: everything is answered")).to_be_visible()
    assert mock_page.post(purchase()).status_code == 200


def test_the_shops_pixel_and_the_servers_event_are_shown_as_one(
    mock_page: Any, purchase: Purchase
) -> None:
    tab = mock_page.open("/shop")
    goods = tab.get_by_role("listitem").filter(has_text="Reading lamp")
    goods.get_by_text("Choose the number").click()
    goods.get_by_label("Order number").fill("LAMP-7")
    goods.get_by_role("button", name="Buy Reading lamp").click()
    expect(tab.locator("html")).to_have_attribute("data-sent", re.compile("Purchase"))
    (kept,) = mock_page.workspace.events(event_id="LAMP-7")
    assert (kept["source"], kept["payload"]["custom_data"]["value"]) == ("browser", "89.00")
    assert kept["payload"]["user_data"]["fbp"].startswith("fb.1.")

    mock_page.post(purchase("LAMP-7"))
    tab = mock_page.open("/?q=order:LAMP-7+verdict:deduplicated")
    tab.get_by_role("link", name="Purchase").click()

    pair = tab.get_by_role("region", name="Side by side")
    if not pair.count():
        pair = tab.get_by_role("table", name="The two events")
    expect(pair.get_by_role("columnheader", name="Pixel")).to_contain_text("counted")
    expect(pair.get_by_role("columnheader", name="Server")).to_contain_text("deduplicated")
    mock_page.keep("pair")


def test_an_order_sent_with_curl_goes_through_a_bridge_to_the_page(
    mock_page: Any,
    bridge_to: Callable[[str], str],
    curl: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And orders asked for on the page go the same way."""
    secret = "whsec_YSBzZWNyZXQgZm9yIHRlc3RzIG9ubHkgMDAwMDAwMDE="
    monkeypatch.setenv("BRIDGE_SITE_SECRET", secret)
    hook = bridge_to(mock_page.workspace.url)
    tab = mock_page.open("/orders")
    tab.get_by_label("How many").fill("3")
    tab.get_by_label("From").select_option("store")
    tab.get_by_label("Country").select_option(label="Germany")
    tab.get_by_label("Bridge", exact=True).fill(hook)
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_text("3 of 3 orders accepted")).to_be_visible()
    mock_page.keep("orders")

    tab = mock_page.open()
    order = _agreeing_order()
    with HookClient(hook, {order["site_id"]: secret}) as client:
        call = client.signed(order)
    answer = json.loads(
        curl(
            *(part for each in call.headers.items() for part in ("-H", ": ".join(each))),
            *("--data-raw", call.body.decode(), call.url),
        )
    )

    assert answer["status"] == "accepted"
    expect(tab.get_by_role("row", name=order["order_no"]).first).to_be_visible()
    assert "curl" in curl_line(call)


def _agreeing_order() -> dict[str, Any]:
    """An order of the storefront that wants to be sent."""
    granted = dict.fromkeys(("ad_storage", "ad_user_data", "ad_personalization"), "granted")
    made = orders(20, 3, datetime.now(UTC), wish=Wish(country="US", channel="storefront"))
    order = next(each for each in made if (each.get("customer") or {}).get("email"))
    return order | {"consent": granted, "instance": "production"}

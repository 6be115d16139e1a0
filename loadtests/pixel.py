"""The shopper's browser: Meta's pixel fires on the confirmation page, with the order's number."""

import requests

from loadtests.traffic import Call

CHANNEL_WITH_A_PAGE = "storefront"


def fire_pixel(platform_url: str, dataset: str, call: Call) -> None:
    """Send the image request a Purchase tag makes, where there is a page and consent to one."""
    order = call.order
    consent = order.get("consent") or {}
    agreed = {consent.get("ad_storage"), consent.get("ad_user_data")} == {"granted"}
    if call.broken_rule or not agreed or order.get("channel") != CHANNEL_WITH_A_PAGE:
        return
    browser = order.get("browser") or {}
    query = {
        "id": dataset,
        "ev": "Purchase",
        "eid": order.get("event_id") or order.get("order_no"),
        "dl": browser.get("page_url"),
        "fbp": browser.get("fbp"),
        "fbc": browser.get("fbc"),
        "cd[value]": (order.get("totals") or {}).get("gross"),
        "cd[currency]": order.get("currency"),
    }
    requests.get(f"{platform_url}/tr", params=query, timeout=10).raise_for_status()

"""An order of SFCC's export as the contract has it: what the cartridge would have sent of it.

Element names are those of order.xsd. What the cartridge kept on the order comes along as custom
attributes: event id, time of placement, browser, clicks, consent.
"""

from collections.abc import Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element

import orjson

from bridge.intake.files.sfcc_amounts import lines, totals

CHANNELS: Final[Mapping[str, str]] = {  # order.xsd, simpleType.OrderChannelType -> contract
    "storefront": "storefront",
    "callcenter": "call_center",
    "marketplace": "marketplace",
    "dss": "dss",
    "store": "store",
    "pinterest": "social",
    "twitter": "social",
    "facebookads": "social",
    "subscriptions": "subscription",
    "onlinereservation": "other",
    "customerservicecenter": "customer_service_center",
    "instagramcommerce": "social",
    "google": "marketplace",
    "tiktok": "social",
    "snapchat": "social",
    "whatsapp": "whatsapp",
    "youtube": "social",
}
_IN_SHOPS: Final = {"store", "dss"}
_WITH_A_BROWSER: Final = {"storefront", "app", "whatsapp", "social"}
_TOLD_BY_THE_STOREFRONT: Final = {"app", "whatsapp", "social", "subscription"}
_SHOPPER: Final = "Customer"  # what created-by says when no agent typed the order in

Members = dict[str, Any]


def is_deletion(order: Element) -> bool:
    """Whether it only tells an importing system to delete an order."""
    return order.get("mode") == "delete"


def contract_order(order: Element, site_id: str | None, instance: str | None) -> Members:
    """Answer the order in the contract's members; what the export does not say is None."""
    attributes = _attributes(order)
    kept = _snapshot(attributes.get("cbSnapshot"))
    channel = _channel(order, kept)
    return {
        "contract": "order/1",
        "kind": "order",
        "site_id": site_id,
        "instance": instance,
        "order_no": order.get("order-no"),
        "replaces_order_no": _replaced(order),
        "event_id": attributes.get("cbEventId"),
        "channel": channel,
        "placed_at": attributes.get("cbPlacedAt") or _text(order, "order-date"),
        "currency": _text(order, "currency"),
        "taxation": _text(order, "taxation"),
        "locale": _text(order, "customer-locale"),
        "status": _status(order),
        "totals": totals(order),
        "lines": lines(order),
        "coupons": sorted({one.text for one in order.iter("coupon-id") if one.text}),
        "store": {"store_id": _store(order)} if channel in _IN_SHOPS else None,
        "customer": _customer(order, kept),
        "billing_address": _address(order.find("customer/billing-address")),
        "shipping_address": _shipping_address(order),
        "browser": _given(kept, "browser", dict) if _has_browser(order, channel) else None,
        "touches": _given(kept, "touches", list),
        "consent": _given(kept, "consent", dict),
    }


def _text(element: Element, path: str) -> str | None:
    return (element.findtext(path) or "").strip() or None


def _attributes(element: Element) -> dict[str, str]:
    return {
        one.get("attribute-id", ""): one.text or ""
        for one in element.iterfind("custom-attributes/custom-attribute")
    }


def _snapshot(text: str | None) -> Members:
    try:
        kept = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        return {}
    return kept if isinstance(kept, dict) else {}


def _given(kept: Members, member: str, kind: type) -> Any:
    value = kept.get(member)
    return value if isinstance(value, kind) else None


def _channel(order: Element, kept: Members) -> str:
    """Take the channel type; without one, who typed the order in, as the cartridge does."""
    told = "".join(filter(str.isalpha, _text(order, "channel-type") or "")).lower()
    if told:
        channel = CHANNELS.get(told, "other")
    else:
        channel = "storefront" if _is_shoppers_own(order) else "call_center"
    more = kept.get("channel")
    return str(more) if channel == "storefront" and more in _TOLD_BY_THE_STOREFRONT else channel


def _is_shoppers_own(order: Element) -> bool:
    return _text(order, "created-by") in {None, _SHOPPER, _SHOPPER.lower(), "storefront"}


def _has_browser(order: Element, channel: str) -> bool:
    return channel in _WITH_A_BROWSER and _is_shoppers_own(order)


def _replaced(order: Element) -> str | None:
    original = _text(order, "replaced-order-no") or _text(order, "original-order-no")
    return original if original != order.get("order-no") else None


def _status(order: Element) -> Members:
    def told(name: str) -> str | None:
        return (_text(order, f"status/{name}") or "").lower() or None

    return {
        "order": told("order-status"),
        "confirmation": told("confirmation-status"),
        "payment": told("payment-status"),
    }


def _customer(order: Element, kept: Members) -> Members:
    guest = _text(order, "customer/guest")
    ids = [one for one in _given(kept, "external_ids", list) or () if isinstance(one, str)]
    return {
        "customer_no": None if guest == "true" else _text(order, "customer/customer-no"),
        "external_ids": ids,
        "registered": {"true": False, "false": True}.get(guest or ""),
        "email": _text(order, "customer/customer-email"),
        "name": _text(order, "customer/customer-name"),
    }


def _address(address: Element | None) -> Members | None:
    if address is None:
        return None
    return {
        "first_name": _text(address, "first-name"),
        "last_name": _text(address, "last-name"),
        "phone": _text(address, "phone"),
        "city": _text(address, "city"),
        "state": _text(address, "state-code"),
        "postal_code": _text(address, "postal-code"),
        "country": _text(address, "country-code"),
    }


def _shipping_address(order: Element) -> Members | None:
    for shipment in order.iterfind("shipments/shipment"):
        address = shipment.find("shipping-address")
        if address is not None and "fromStoreId" not in _attributes(shipment):
            return _address(address)
    return None


def _store(order: Element) -> str | None:
    places = (order, *order.iterfind("shipments/shipment"))
    return next(filter(None, (_attributes(one).get("fromStoreId") for one in places)), None)

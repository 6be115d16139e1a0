"""Cart data for a Merchant Center feed, as each of Google's two interfaces wants it."""

from typing import Any

from orjson import Fragment

from bridge.events.amounts import number, units
from bridge.events.worth import unit_price
from bridge.operate.destinations import Basis
from bridge.operate.google_ads_destination import GoogleAdsDestination
from bridge.operate.google_destination import GoogleDestination
from bridge.order.model import Facts, Line
from bridge.order.money import rounded

LINE_WITHOUT_ID = "line_without_content_id"
CART_LEFT_OUT = "cart_data_not_taken_with_braid"


def cart_data(facts: Facts, destination: GoogleDestination) -> tuple[dict[str, Any], list[str]]:
    """Answer cartData and notes (Data Manager API: CartData, Item).

    Nothing where no feed is set or no line can be found in it.
    """
    cart = destination.cart
    items = _items(facts, destination, "merchantProductId") if cart.merchant_id else []
    if not items:
        return {}, []
    known = {
        "merchantId": cart.merchant_id,
        "merchantFeedLabel": cart.feed_label,
        "merchantFeedLanguageCode": cart.feed_language,
        "couponCodes": list(facts.coupons) or None,
        "items": items,
        "transactionDiscount": _discount(facts),
    }
    return _known(known), _notes(items, facts)


def ads_cart_data(
    facts: Facts, destination: GoogleAdsDestination
) -> tuple[dict[str, Any], list[str]]:
    """Answer cartData and notes (Google Ads API: CartData); nothing as for `cart_data`."""
    cart = destination.cart
    items = _items(facts, destination, "productId") if cart.merchant_id else []
    if not items:
        return {}, []
    known = {
        "merchantId": cart.merchant_id,
        "feedCountryCode": cart.feed_country,
        "feedLanguageCode": cart.feed_language,
        "items": items,
        "localTransactionCost": _discount(facts),
    }
    return _known(known), _notes(items, facts)


def _items(
    facts: Facts, destination: GoogleDestination | GoogleAdsDestination, id_member: str
) -> list[dict[str, Any]]:
    basis = destination.cart.unit_price
    return [
        {id_member: product_id, **_amounts(line, facts.currency, basis)}
        for line in facts.lines
        if (product_id := getattr(line, destination.content_id)) is not None
    ]


def _amounts(line: Line, currency: str | None, basis: Basis) -> dict[str, Any]:
    quantity = units(line.quantity)
    price = unit_price(line, quantity, basis, currency)
    if price is None:
        return {"quantity": quantity}
    return {"quantity": quantity, "unitPrice": number(price)}


def _discount(facts: Facts) -> Fragment | None:
    discount = facts.totals.discount
    return number(rounded(discount, facts.currency)) if discount else None


def _known(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _notes(items: list[dict[str, Any]], facts: Facts) -> list[str]:
    return [LINE_WITHOUT_ID] if len(items) < len(facts.lines) else []

"""Cart data for a Merchant Center feed (Data Manager API: CartData, Item)."""

from typing import Any

from bridge.events.amounts import number, units
from bridge.events.worth import line_total
from bridge.operate.destinations import ValueBasis
from bridge.operate.google_destination import GoogleDestination
from bridge.order.model import Facts, Line
from bridge.order.money import rounded

LINE_WITHOUT_ID = "line_without_content_id"


def cart_data(facts: Facts, destination: GoogleDestination) -> tuple[dict[str, Any], list[str]]:
    """Answer cartData, or nothing where no feed is set or no line can be found in it, and notes."""
    cart = destination.cart
    items = [item for line in facts.lines if (item := _item(line, facts, destination))]
    if cart.merchant_id is None or not items:
        return {}, []
    known: dict[str, Any] = {
        "merchantId": cart.merchant_id,
        "merchantFeedLabel": cart.feed_label,
        "merchantFeedLanguageCode": cart.feed_language,
        "couponCodes": list(facts.coupons) or None,
        "items": items,
    }
    if facts.totals.discount:
        known["transactionDiscount"] = number(rounded(facts.totals.discount, facts.currency))
    notes = [LINE_WITHOUT_ID] if len(items) < len(facts.lines) else []
    return {name: value for name, value in known.items() if value is not None}, notes


def _item(line: Line, facts: Facts, destination: GoogleDestination) -> dict[str, Any] | None:
    product_id = getattr(line, destination.content_id)
    if product_id is None:
        return None
    quantity = units(line.quantity)
    item: dict[str, Any] = {"merchantProductId": product_id, "quantity": quantity}
    total = line_total(line, ValueBasis(basis=destination.cart.unit_price))
    if total is not None:
        item["unitPrice"] = number(rounded(total / quantity, facts.currency))
    return item

"""A basket as the contract's `lines` and `totals`."""

from decimal import Decimal
from typing import Any

from loadtests.baskets import Basket, Line, Situation
from loadtests.markets import Currency

STORE_ID = "0042"
_COLLECTED = {Situation.PICK_UP: "in_store", Situation.CURBSIDE: "curbside"}
_SECOND_SHIPMENT = frozenset({Situation.SPLIT, *_COLLECTED})


def money(amount: Decimal, currency: Currency) -> float | int:
    """`amount` as a JSON number; a float's shortest form has the same digits as the Decimal."""
    return float(amount) if currency.digits else int(amount)


def totals_of(basket: Basket) -> dict[str, float | int]:
    """The contract's `totals`; every amount but `net` and `tax` includes tax."""
    amounts = {
        "gross": basket.gross,
        "net": basket.net,
        "tax": basket.gross - basket.net,
        "shipping": basket.shipping_gross,
        "merchandise": basket.merchandise,
        "discount": basket.discount,
        "gift_certificate": basket.gift_certificate,
    }
    return {member: money(amount, basket.currency) for member, amount in amounts.items()}


def lines_of(basket: Basket, *, in_shop: bool) -> list[dict[str, Any]]:
    """The contract's `lines`: sold over the counter when `in_shop`, else as the situation says."""
    last = len(basket.lines) - 1
    return [
        _line(
            line, basket, in_shop=in_shop, apart=at == last and basket.situation in _SECOND_SHIPMENT
        )
        for at, line in enumerate(basket.lines)
    ]


def _line(line: Line, basket: Basket, *, in_shop: bool, apart: bool) -> dict[str, Any]:
    product = line.item.product
    fulfilment = _fulfilment(line, basket.situation, in_shop=in_shop, apart=apart)
    return {
        "product_id": product.product_id,
        "sku": product.sku,
        "group_id": product.group_id,
        "gtin": product.gtin,
        "name": product.name,
        "brand": product.brand,
        "category": product.category,
        "quantity": _quantity(line.item.quantity),
        "gross": money(line.gross, basket.currency),
        "net": money(line.net, basket.currency),
        "fulfilment": fulfilment,
        "store_id": STORE_ID if fulfilment in {"in_store", "curbside"} else None,
        "shipment": "s2" if apart else "s1",
    }


def _fulfilment(line: Line, situation: Situation, *, in_shop: bool, apart: bool) -> str:
    if in_shop:
        return "in_store"
    if line.item.product.is_digital:
        return "digital"
    return _COLLECTED.get(situation, "home_delivery") if apart else "home_delivery"


def _quantity(quantity: Decimal) -> float | int:
    return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)

"""Money and lines of an order in SFCC's export, as the contract wants them.

The export has a line's price before its discounts, and these as price adjustments of the line and
of the whole order. The contract wants line totals after all of them.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from xml.etree.ElementTree import Element

from bridge.order.money import rounded

_PRICES: Final = (("gross", "gross-price"), ("net", "net-price"))

Members = dict[str, Any]
Amount = float | str | None
"""A number; text that is none stays as it is, for the contract to refuse it by its name."""


def amount(text: str | None) -> Amount:
    """Take the text of an amount as a JSON number."""
    text = (text or "").strip()
    value = _decimal(text)
    return float(value) if value is not None else text or None


def totals(order: Element) -> Members:
    """Answer the contract's totals, gross and net explicit."""
    merchandise = order.findtext("totals/adjusted-merchandize-total/gross-price")
    shipping = order.findtext("totals/adjusted-shipping-total/gross-price")
    return {
        "gross": amount(order.findtext("totals/order-total/gross-price")),
        "net": amount(order.findtext("totals/order-total/net-price")),
        "tax": amount(order.findtext("totals/order-total/tax")),
        "shipping": amount(shipping),
        "merchandise": amount(merchandise),
        "discount": _discount(order),
        "gift_certificate": _paid_by_certificate(order),
    }


def lines(order: Element) -> list[Members]:
    """Answer the contract's lines: products with their options, then gift certificates bought."""
    currency = order.findtext("currency")
    shares = {name: _share(order, price) for name, price in _PRICES}
    made = [
        _product(line, order) | _after_discounts(line, shares, currency)
        for line in order.iterfind("product-lineitems/product-lineitem")
    ]
    bought = order.iterfind("giftcertificate-lineitems/giftcertificate-lineitem")
    return made + [_certificate(line) for line in bought]


def _decimal(text: str | None) -> Decimal | None:
    try:
        value = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _sum(element: Element, path: str) -> Decimal:
    found = (_decimal(one.text) for one in element.iterfind(path))
    return sum((one for one in found if one is not None), Decimal(0))


def _discount(order: Element) -> float:
    before_and_after = [
        (
            _sum(order, f"totals/{name}/gross-price"),
            _sum(order, f"totals/adjusted-{name}/gross-price"),
        )
        for name in ("merchandize-total", "shipping-total")
    ]
    less = sum((before - after for before, after in before_and_after), Decimal(0))
    return float(max(less, Decimal(0)))


def _paid_by_certificate(order: Element) -> float:
    paid = [
        _sum(one, "amount")
        for one in order.iterfind("payments/payment")
        if one.find("gift-certificate") is not None
    ]
    return float(sum(paid, Decimal(0)))


def _share(order: Element, price: str) -> Decimal:
    """Answer what discounts on the whole order have left of its merchandise."""
    before = _sum(order, f"totals/merchandize-total/{price}")
    after = _sum(order, f"totals/adjusted-merchandize-total/{price}")
    known = order.find("totals/adjusted-merchandize-total") is not None
    return after / before if known and before else Decimal(1)


def _parts(line: Element) -> Iterator[Element]:
    yield line
    yield from line.iterfind("option-lineitems/option-lineitem")


def _after_discounts(line: Element, shares: dict[str, Decimal], currency: str | None) -> Members:
    made: Members = {}
    for name, price in _PRICES:
        if line.find(price) is None:
            made[name] = None
            continue
        paths = (price, f"price-adjustments/price-adjustment/{price}")
        left = sum((_sum(part, path) for part in _parts(line) for path in paths), Decimal(0))
        made[name] = float(rounded(max(left, Decimal(0)) * shares[name], currency))
    return made


def _product(line: Element, order: Element) -> Members:
    shipment = line.findtext("shipment-id")
    quantity = amount(line.findtext("quantity"))
    return {
        "product_id": line.findtext("product-id"),
        "name": line.findtext("product-name"),
        "brand": line.findtext("brand"),
        "quantity": quantity or None,
        "fulfilment": _fulfilment(order, shipment),
        "shipment": shipment,
    }


def _certificate(line: Element) -> Members:
    return {
        "product_id": None,
        "name": "Gift certificate",
        "quantity": 1,
        "gross": amount(line.findtext("gross-price")),
        "net": amount(line.findtext("net-price")),
        "fulfilment": "digital",
        "shipment": line.findtext("shipment-id"),
    }


def _fulfilment(order: Element, shipment_id: str | None) -> str | None:
    for shipment in order.iterfind("shipments/shipment"):
        if shipment.get("shipment-id") == shipment_id:
            kept = shipment.iterfind("custom-attributes/custom-attribute")
            if any(one.get("attribute-id") == "fromStoreId" for one in kept):
                return "in_store"
            return "home_delivery" if shipment.find("shipping-address") is not None else None
    return None

"""What a workspace was told of, read from JSON: shoppers, or orders as the shop sends them.

An order brings its shopper along. Members that are not known are passed over, so orders of the
contract can be given as they are.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from mock_platform.rules.known import KnownOrder, ValueBasis
from mock_platform.rules.normal_forms import Kind
from mock_platform.rules.shoppers import Shoppers

ORDERS_MAX = 100_000
_KINDS = {
    "email": Kind.EMAIL,
    "phone": Kind.PHONE,
    "first_name": Kind.FIRST_NAME,
    "last_name": Kind.LAST_NAME,
    "street": Kind.STREET,
    "city": Kind.CITY,
    "state": Kind.STATE,
    "postal_code": Kind.POSTAL_CODE,
    "country": Kind.COUNTRY,
    "birth_date": Kind.BIRTH_DATE,
    "gender": Kind.GENDER,
}
_ADDRESSES = ("billing_address", "shipping_address")


class KnownError(ValueError):
    """A shopper or an order that cannot be read; the message names it, never a value."""


class KnownOrders:
    """The orders and the shoppers a workspace was told of."""

    def __init__(self) -> None:
        self.shoppers = Shoppers()
        self.orders: dict[str, KnownOrder] = {}

    def clear(self) -> None:
        """Forget everything."""
        self.shoppers.clear()
        self.orders = {}

    def add_shoppers(self, asked: Iterable[object]) -> dict[str, int]:
        """Know these shoppers; how many are known and how many were too many."""
        told = [_shopper(_object(each, f"[{index}]")) for index, each in enumerate(asked)]
        added = [self.shoppers.add(values, country) for values, country in told]
        return {"known": self.shoppers.known, "left_out": added.count(False)}

    def add_orders(self, asked: Iterable[object]) -> dict[str, Any]:
        """Know these orders and who placed them."""
        orders = [_object(each, f"[{index}]") for index, each in enumerate(asked)]
        known = {order.order_id: order for order in map(_order, orders)}
        if len(self.orders.keys() | known.keys()) > ORDERS_MAX:
            raise KnownError(f"more than {ORDERS_MAX} orders")
        shoppers = self.add_shoppers(each for order in orders for each in _shoppers_of(order))
        self.orders = {**self.orders, **known}
        return {"orders": {"known": len(self.orders)}, "shoppers": shoppers}


def _object(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise KnownError(f"{path}: expected an object")
    return value


def _shopper(told: Mapping[str, Any]) -> tuple[dict[Kind, str], str]:
    values = {kind: told[name] for name, kind in _KINDS.items() if isinstance(told.get(name), str)}
    country = values.get(Kind.COUNTRY, "").strip().upper()
    return values, country if len(country) == len("US") else ""


def _shoppers_of(order: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The customer at each address, the one of the account first."""
    customer = order.get("customer") or {}
    given = {name: value for name, value in customer.items() if value}
    addresses = [order.get(name) or {} for name in _ADDRESSES]
    for address in filter(None, addresses):
        yield {**address, **given}
        yield dict(address)
    if not any(addresses):
        yield given


def _order(told: Mapping[str, Any]) -> KnownOrder:
    order_id = told.get("order_id") or told.get("order_no")
    if not isinstance(order_id, str) or not order_id:
        raise KnownError("order_no: expected a text that is not empty")
    totals = told.get("totals") or {}
    amounts = {
        name: _amount(name, totals[name]) for name in _TOTALS if totals.get(name) is not None
    }
    return KnownOrder(
        order_id=order_id, currency=str(told.get("currency") or ""), amounts=_bases(amounts)
    )


_TOTALS = ("gross", "net", "tax", "shipping", "merchandise")


def _amount(name: str, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise KnownError(f"totals.{name}: expected a number")
    return Decimal(str(value))


def _bases(totals: Mapping[str, Decimal]) -> dict[ValueBasis, Decimal]:
    """The amounts told, and those that follow from them."""
    gross, tax, shipping = (totals.get(name) for name in ("gross", "tax", "shipping"))
    net = totals.get("net")
    if net is None and gross is not None and tax is not None:
        net = gross - tax
    merchandise = totals.get("merchandise")
    if merchandise is None and gross is not None and shipping is not None:
        merchandise = gross - shipping
    told = {
        ValueBasis.GROSS: gross,
        ValueBasis.NET: net,
        ValueBasis.MERCHANDISE: merchandise,
    }
    return {basis: amount for basis, amount in told.items() if amount is not None}

"""Refunds and cancellations among the orders, as a back office sends them, some too early."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import count

from loadtests.orders import Order
from loadtests.traffic import Call

EVERY_NTH_IS_REFUNDED = 9
EVERY_NTH_IS_CANCELLED = 25
EVERY_NTH_REFUND_COMES_FIRST = 3
SHARE = Decimal("0.3")


def with_adjustments(calls: Iterable[Call], at: datetime) -> Iterator[Call]:
    """The calls, some valid orders among them refunded in part or cancelled at that time.

    Every third refund comes before its order, as it may where two systems call.
    """
    numbers, refunds = count(1), count(1)
    for call in calls:
        if call.is_duplicate or call.broken_rule is not None:
            yield call
            continue
        number = next(numbers)
        after = [Call(order=cancellation(call.order, at))] * (number % EVERY_NTH_IS_CANCELLED == 0)
        if number % EVERY_NTH_IS_REFUNDED == 0:
            refunded = Call(order=refund(call.order, at))
            if next(refunds) % EVERY_NTH_REFUND_COMES_FIRST == 0:
                yield refunded
            else:
                after.append(refunded)
        yield call
        yield from after


def refund(order: Order, at: datetime) -> Order:
    """Three tenths of an order given back, stated by their gross total alone."""
    gross = Decimal(str(order["totals"]["gross"]))
    digits = Decimal(1) if gross == gross.to_integral_value() else Decimal("0.01")
    amount = float((gross * SHARE).quantize(digits, ROUND_HALF_UP))
    money = {"currency": order["currency"], "totals": {"gross": amount}}
    return _adjusting("refund", "R", order, at) | money


def cancellation(order: Order, at: datetime) -> Order:
    """A whole order taken back."""
    return _adjusting("cancellation", "C", order, at)


def _adjusting(kind: str, prefix: str, order: Order, at: datetime) -> Order:
    return {
        "contract": order["contract"],
        "kind": kind,
        "site_id": order["site_id"],
        "instance": order["instance"],
        "order_no": order["order_no"],
        "reference": f"{prefix}-{order['order_no']}",
        "channel": "customer_service_center",
        "placed_at": at.isoformat(),
    }


class Worth:
    """What each order is worth after all that adjusts it, as the books of a shop say."""

    def __init__(self) -> None:
        self._gross: dict[str, Decimal] = {}
        self._given_back: dict[tuple[str, str], Decimal] = {}
        self._cancelled: set[str] = set()

    def add(self, message: Order) -> None:
        """Take an order or what adjusts one into account; the same twice counts once."""
        number = message["order_no"]
        if message["kind"] == "cancellation":
            self._cancelled.add(number)
            return
        gross = Decimal(str(message["totals"]["gross"]))
        if message["kind"] == "order":
            self._gross.setdefault(number, gross)
        else:
            self._given_back[number, message["reference"]] = gross

    def of(self, order_no: str) -> Decimal | None:
        """What is left of an order; None where nobody knows it."""
        gross = self._gross.get(order_no)
        if gross is None or order_no in self._cancelled:
            return gross and Decimal(0)
        given = (amount for (number, _), amount in self._given_back.items() if number == order_no)
        return max(gross - sum(given, Decimal(0)), Decimal(0))

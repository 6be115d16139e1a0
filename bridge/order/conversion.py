"""One purchase over time: what it was edited into, and what was given back of it.

The answer depends on what is known, never on the order in which it came in.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from bridge.order.model import Facts, Kind


class Conversion(Struct, frozen=True, kw_only=True):
    """A purchase: its `first` order is what platforms know it by, `current` says what it is now.

    `refunds` are those that count against `current`. `changed_at` is when the latest of what makes
    it differ from `first` happened; None when nothing does.
    """

    first: Facts
    current: Facts
    refunds: tuple[Facts, ...] = ()
    cancelled: bool = False
    changed_at: datetime | None = None


def conversion_of(known: Iterable[Facts], number: str) -> Conversion | None:
    """Answer the purchase whose first order has that number; None while it is not known."""
    about = list(known)
    orders = [one for one in about if one.key.kind is Kind.ORDER]
    first = next((one for one in orders if one.key.order_no == number), None)
    if first is None:
        return None
    current = _current(orders)
    refunds = [one for one in about if one.key.kind is Kind.REFUND and _counts(one, current)]
    cancellations = [one for one in about if _cancels(one, current)]
    edited = [] if current is first else [current]
    times = [one.placed_at for one in (*edited, *refunds, *cancellations)]
    return Conversion(
        first=first,
        current=current,
        refunds=tuple(sorted(refunds, key=lambda one: one.key.reference)),
        cancelled=bool(cancellations),
        changed_at=max(times, default=None),
    )


def _current(orders: Sequence[Facts]) -> Facts:
    """Answer the order that no other has replaced; of several the latest."""
    replaced = {one.replaces_order_no for one in orders}
    last = [one for one in orders if one.key.order_no not in replaced] or orders
    return max(last, key=lambda one: (one.placed_at, one.key.order_no))


def _counts(refund: Facts, current: Facts) -> bool:
    """Whether a refund lowers the current order, which states what was left after earlier ones.

    Payment systems often know the first order's number only, so the time decides as well.
    """
    return refund.key.order_no == current.key.order_no or refund.placed_at >= current.placed_at


def _cancels(one: Facts, current: Facts) -> bool:
    """Whether it cancels the current order: one that was replaced is often cancelled for that."""
    return one.key.kind is Kind.CANCELLATION and one.key.order_no == current.key.order_no

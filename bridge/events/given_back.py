"""What a refund gave back, by the basis on which its order was counted.

A refund states its own amount, never what is left. The basis is applied to the refund's totals as
to an order's. Where it lacks what the basis needs, the order tells what part of its gross total
counts. Without totals the lines say it; without either, everything was given back.
"""

from decimal import Decimal

from bridge.events.worth import BASES, Worth, line_total, worth
from bridge.operate.destinations import ValueBasis
from bridge.order.conversion import Conversion
from bridge.order.model import Facts, Line
from bridge.order.money import rounded

NOTHING = Decimal(0)


def left_of(conversion: Conversion, basis: ValueBasis) -> Worth | None:
    """Answer what the purchase is worth now: never less than nothing, None where nobody said."""
    whole = worth(conversion.current, basis)
    if whole is None or not (conversion.cancelled or conversion.refunds):
        return whole
    if conversion.cancelled:
        return Worth(amount=NOTHING)
    given = [given_back(refund, conversion.current, basis) for refund in conversion.refunds]
    known = [one for one in given if one is not None]
    left = max(whole.amount - sum((one.amount for one in known), NOTHING), NOTHING)
    return Worth(amount=left, exact=whole.exact and all(one.exact for one in known))


def given_back(refund: Facts, order: Facts, basis: ValueBasis) -> Worth | None:
    """Answer what a refund or a cancellation takes away from its order.

    None where it is in another currency, which nobody can take away. `exact` is False where the
    order's totals or prices had to help.
    """
    whole = worth(order, basis)
    if whole is None or (refund.currency or order.currency) != order.currency:
        return None
    if refund.totals.gross is not None:
        amount, exact = _of_totals(refund, order, whole, basis)
    elif refund.lines:
        amount, exact = _of_lines(refund, order, basis)
    else:
        amount, exact = whole.amount, True
    return Worth(amount=rounded(max(amount, NOTHING), order.currency), exact=exact)


def _of_totals(
    refund: Facts, order: Facts, whole: Worth, basis: ValueBasis
) -> tuple[Decimal, bool]:
    amount = BASES[basis.basis](refund, basis)
    if amount is not None:
        gift = NOTHING if basis.gift_certificates else refund.totals.gift_certificate
        return amount - (gift or NOTHING), True
    gross, of_the_order = refund.totals.gross or NOTHING, order.totals.gross
    if not of_the_order:
        return gross, False
    return gross * whole.amount / of_the_order, False


def _of_lines(refund: Facts, order: Facts, basis: ValueBasis) -> tuple[Decimal, bool]:
    stated = [line_total(line, basis.basis) for line in refund.lines]
    amounts = [
        _at_the_orders_price(line, order, basis) if amount is None else amount
        for line, amount in zip(refund.lines, stated, strict=True)
    ]
    return sum(amounts, NOTHING), None not in stated


def _at_the_orders_price(line: Line, order: Facts, basis: ValueBasis) -> Decimal:
    """Answer what so many were sold for; nothing for what the order does not hold."""
    sold = next((one for one in order.lines if _same_product(one, line)), None)
    total = None if sold is None else line_total(sold, basis.basis)
    if sold is None or total is None:
        return NOTHING
    return total * min(line.quantity / sold.quantity, Decimal(1))


def _same_product(one: Line, other: Line) -> bool:
    mine = one.product_id or one.sku
    return mine is not None and mine == (other.product_id or other.sku)

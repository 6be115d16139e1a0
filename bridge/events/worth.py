"""What a conversion is worth: the order's money by a destination's configured basis."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from msgspec import Struct

from bridge.events.amounts import number
from bridge.operate.destinations import Basis, ValueBasis
from bridge.order.model import Facts, Line
from bridge.order.money import rounded

GROSS_USED_INSTEAD = "value_basis_not_given_gross_used"


class Worth(Struct, frozen=True, kw_only=True, gc=False):
    """An amount in the order's currency; `exact` is False where the gross total stood in."""

    amount: Decimal
    exact: bool = True


def worth(facts: Facts, basis: ValueBasis) -> Worth | None:
    """Answer the conversion's value, or None when the order states no total at all.

    Where the order lacks what the basis needs, the gross total stands in and `exact` says so: a
    conversion of slightly other value is better than none.
    """
    amount = BASES[basis.basis](facts, basis)
    exact = amount is not None
    if amount is None:
        amount = facts.totals.gross
    if amount is None:
        return None
    if not basis.gift_certificates:
        amount -= facts.totals.gift_certificate or Decimal(0)
    return Worth(amount=rounded(max(amount, Decimal(0)), facts.currency), exact=exact)


def money(
    value: Worth | None, currency: str | None, member: str, currency_member: str = "currency"
) -> tuple[dict[str, Any], list[str]]:
    """Answer value and currency under those names, or neither; a note where gross stood in."""
    if value is None or currency is None:
        return {}, []
    notes = [] if value.exact else [GROSS_USED_INSTEAD]
    return {member: number(value.amount), currency_member: currency}, notes


def line_total(line: Line, basis: Basis) -> Decimal | None:
    """Answer a line's total on the tax side of the basis, else on the other."""
    preferred, other = (line.net, line.gross) if basis == "net" else (line.gross, line.net)
    return other if preferred is None else preferred


def unit_price(line: Line, units: int, basis: Basis, currency: str | None) -> Decimal | None:
    """Answer what each of the line's units was sold for, None where nobody said."""
    total = line_total(line, basis)
    if total is None:
        return None
    return rounded(total if units == 1 else total / units, currency)


def _gross(facts: Facts, basis: ValueBasis) -> Decimal | None:
    totals = facts.totals
    if basis.with_shipping or totals.gross is None:
        return totals.gross
    return None if totals.shipping is None else totals.gross - totals.shipping


def _net(facts: Facts, basis: ValueBasis) -> Decimal | None:
    totals = facts.totals
    if not basis.with_shipping:
        return _sum(line.net for line in facts.lines)
    if totals.net is not None or totals.gross is None or totals.tax is None:
        return totals.net
    return totals.gross - totals.tax


def _merchandise(facts: Facts, basis: ValueBasis) -> Decimal | None:
    totals = facts.totals
    goods = totals.merchandise
    if goods is None:
        goods = _sum(line.gross for line in facts.lines)
    if goods is None or not basis.with_shipping:
        return goods
    return goods + (totals.shipping or Decimal(0))


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = list(amounts)
    stated = [amount for amount in known if amount is not None]
    return sum(stated, Decimal(0)) if stated and len(stated) == len(known) else None


BASES: dict[Basis, Callable[[Facts, ValueBasis], Decimal | None]] = {
    "gross": _gross,
    "net": _net,
    "merchandise": _merchandise,
}

"""Amounts that are wrong without looking so: cents, too many decimals, another basis."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from mock_platform.rules.currencies import exponent
from mock_platform.rules.known import Known, KnownOrder
from mock_platform.rules.lint_catalogue import LintRules
from mock_platform.rules.model import Finding, Path, Rule

# An amount in minor units, or converted with another currency's, is this many decimals off.
_SHIFTS = (-3, -2, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What an event says its order is worth; `items` is the sum of its lines, where it has them."""

    value: Decimal
    currency: str
    order_id: str
    items: Decimal | None = None


def check_amount(amount: Amount, path: Path, known: Known, rules: LintRules) -> Iterator[Finding]:
    """The findings on one amount in a known currency."""
    decimals = exponent(amount.currency)
    order = known.orders.get(amount.order_id)
    found = _decimals(amount, decimals, rules) or _minor_units(amount, order, rules)
    found = found or _basis(amount, order, known, rules)
    if found is not None:
        rule, message = found
        yield Finding(rule=rule, path=path, message=message)


def _decimals(amount: Amount, decimals: int, rules: LintRules) -> tuple[Rule, str] | None:
    if amount.value == round(amount.value, decimals):
        return None
    return rules.exponent, f"{amount.currency} has {decimals} decimals"


def _minor_units(
    amount: Amount, order: KnownOrder | None, rules: LintRules
) -> tuple[Rule, str] | None:
    main = [*(order.amounts.values() if order else ()), *([amount.items] if amount.items else ())]
    if not amount.value or amount.value in main:
        return None
    shifts = [shift for shift in _SHIFTS for each in main if amount.value == each.scaleb(shift)]
    return (
        (rules.minor_units, f"{Decimal(1).scaleb(shifts[0]):f} times the order's amount")
        if shifts
        else None
    )


def _basis(
    amount: Amount, order: KnownOrder | None, known: Known, rules: LintRules
) -> tuple[Rule, str] | None:
    declared = order.amounts.get(known.basis) if order and known.basis else None
    if order is None or declared is None or amount.value == declared:
        return None
    for basis, worth in order.amounts.items():
        if amount.value == worth:
            return rules.value_basis, f"the order's {basis} amount; {known.basis} is declared"
    return None

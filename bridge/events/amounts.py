"""Amounts and quantities as JSON numbers, digit for digit."""

from decimal import ROUND_CEILING, Decimal

import orjson


def number(amount: Decimal) -> orjson.Fragment:
    """Write a decimal as a JSON number, digit for digit."""
    text = str(amount)  # much quicker, and without an exponent for all that is money
    return orjson.Fragment(f"{amount:f}" if "E" in text else text)


def units(quantity: Decimal) -> int:
    """Round a quantity up to whole units: 0.5 m of cloth is one item."""
    return 1 if quantity == 1 else int(quantity.to_integral_value(rounding=ROUND_CEILING))

"""Money keeps its decimals to the end: Decimal in, the currency's own minor unit out."""

from decimal import ROUND_HALF_UP, Decimal

MINOR_UNITS: dict[str, int] = dict.fromkeys(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
) | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
"""ISO 4217 currencies whose minor unit is not two digits."""

_CENT = Decimal("0.01")
_QUANTA = {currency: Decimal(1).scaleb(-digits) for currency, digits in MINOR_UNITS.items()}


def quantum(currency: str | None) -> Decimal:
    """Answer the smallest amount of a currency: 0.01 for USD, 1 for JPY, 0.001 for KWD."""
    return _QUANTA.get(currency or "", _CENT)


def rounded(amount: Decimal, currency: str | None) -> Decimal:
    """Round half up to the currency's minor unit, as shops and their accountants do."""
    return amount.quantize(quantum(currency), ROUND_HALF_UP)


def amount_of(number: float | None) -> Decimal | None:
    """Take a JSON number as the decimal it was written as; exact up to 15 digits."""
    return None if number is None else Decimal(str(number))

"""What an event says it is worth, as the books keep it."""

import math
from typing import Any, TypedDict


class Worth(TypedDict):
    """The columns of the books; None where the event says nothing usable."""

    value: float | None
    currency: str | None


def worth(custom_data: Any) -> Worth:
    """Value and currency of an event's `custom_data`, whatever was sent there."""
    members = custom_data if isinstance(custom_data, dict) else {}
    currency = members.get("currency")
    return {
        "value": _number(members.get("value")),
        "currency": currency if isinstance(currency, str) and currency else None,
    }


def _number(value: object) -> float | None:
    """A number, also one sent as text, as the pixel does."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None

"""Reading single values out of JSON nobody has promised the shape of."""

import re


def integer(value: object) -> int | None:
    """Read an integer of 64 bits, also one written as a string or as a float."""
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
        return int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None

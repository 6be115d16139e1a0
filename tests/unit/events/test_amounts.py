from decimal import Decimal

import orjson
from hypothesis import given
from hypothesis import strategies as st

from bridge.events.amounts import number


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_has_every_digit_of_its_decimal_and_no_exponent(amount: Decimal) -> None:
    assert orjson.dumps(number(amount)).decode() == f"{amount:f}"

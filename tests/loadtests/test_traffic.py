from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadtests.breakages import BrokenRule
from loadtests.orders import orders
from loadtests.traffic import Mix, traffic

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)


def test_without_a_mix_the_calls_are_the_orders() -> None:
    calls = [call.order for call in traffic(30, 3, NOW, mix=Mix())]
    assert calls == list(orders(30, 3, NOW))


@settings(max_examples=40, deadline=None)
@given(count=st.integers(0, 120), duplicates=st.floats(0, 1), share=st.floats(0, 1))
def test_the_mix_is_kept_exactly(count: int, duplicates: float, share: float) -> None:
    mix = Mix(duplicates=duplicates, broken=share * (1 - duplicates))
    calls = list(traffic(count, 3, NOW, mix=mix))
    assert len(calls) == mix.calls(count)
    assert sum(call.broken_rule is not None for call in calls) == round(count * mix.broken)
    assert sum(call.is_duplicate for call in calls) == mix.repeated_of(count)
    assert abs(mix.repeated_of(count) - count * duplicates) <= 1


def test_a_duplicate_comes_after_its_valid_first_call_and_is_equal() -> None:
    first: dict[str, object] = {}
    repeated = 0
    for call in traffic(200, 3, NOW, mix=Mix(duplicates=0.3, broken=0.2)):
        if call.is_duplicate:
            assert first[call.order["order_no"]] == call.order
            repeated += 1
        elif call.broken_rule is None:
            first[call.order["order_no"]] = call.order
    assert repeated == 60


def test_enough_broken_orders_show_every_rule() -> None:
    calls = traffic(100, 3, NOW, mix=Mix(broken=0.5))
    assert {call.broken_rule for call in calls} - {None} == set(BrokenRule)


def test_the_same_seed_makes_the_same_traffic() -> None:
    mix = Mix(duplicates=0.2, broken=0.2)
    assert list(traffic(80, 4, NOW, mix=mix)) == list(traffic(80, 4, NOW, mix=mix))


@pytest.mark.parametrize(("duplicates", "broken"), [(-0.1, 0), (0, -0.1), (0.6, 0.6), (1.1, 0)])
def test_shares_that_cannot_be_are_refused(duplicates: float, broken: float) -> None:
    with pytest.raises(ValueError, match="shares"):
        Mix(duplicates=duplicates, broken=broken)

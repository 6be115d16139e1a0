from datetime import UTC, datetime, timedelta

import pytest

from bridge.delivery.throttle import Pace, pause_length, slow_down

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_pauses_in_a_row_double_until_the_cap() -> None:
    lengths = [pause_length(pauses, 30, 900).total_seconds() for pauses in range(8)]
    assert lengths == [30, 60, 120, 240, 480, 900, 900, 900]
    assert pause_length(10**9, 30, 900) == timedelta(seconds=900)


@pytest.mark.parametrize("used", [0, 10, 79, 79.9])
def test_below_80_per_cent_nothing_slows_down(used: float) -> None:
    assert slow_down({"x-app-usage": f'{{"call_count":{used}}}'}, 30) is None


@pytest.mark.parametrize(
    "header",
    [
        ("x-app-usage", '{"call_count":1,"total_time":%d}'),
        ("x-business-use-case-usage", '{"17":[{"type":"a"},{"total_cputime":%d}]}'),
        ("x-ad-account-usage", '{"acc_id_util_pct":%d}'),
    ],
)
def test_from_80_per_cent_of_any_limit_the_rest_grows_with_usage(header: tuple[str, str]) -> None:
    name, template = header
    rests = [slow_down({name: template % used}, 30) for used in (80, 90, 100)]
    assert all(rests)
    assert rests == sorted(rests, key=lambda rest: rest or timedelta())
    assert rests[-1] == timedelta(seconds=30)


def test_high_usage_rests_that_destination_only_and_only_for_a_while() -> None:
    pace = Pace(30)
    pace.note("one", {"x-app-usage": '{"call_count":100}'}, NOW)
    assert pace.rests("one", NOW + timedelta(seconds=29))
    assert not pace.rests("one", NOW + timedelta(seconds=30))
    assert not pace.rests("other", NOW)


def test_the_time_to_regain_access_is_rested_in_full() -> None:
    pace = Pace(30)
    usage = '{"1":[{"call_count":100,"estimated_time_to_regain_access":5}]}'
    pace.note("one", {"x-business-use-case-usage": usage}, NOW)
    assert pace.rests("one", NOW + timedelta(minutes=4, seconds=59))

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Call = Callable[..., Any]
Touch = dict[str, Any]

START = datetime(2026, 11, 1, tzinfo=UTC)
MEMBERS = ["fbclid", "gclid", "landing_url", "referrer", "source_code", "entry_point"]


def at(minutes: int) -> str:
    moment = START + timedelta(minutes=minutes, milliseconds=123)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


touch_lists = st.lists(
    st.fixed_dictionaries(
        {"at": st.integers(0, 10_000).map(at)},
        optional={member: st.text("abcÄ", min_size=1, max_size=300) for member in MEMBERS},
    ),
    max_size=14,
    unique_by=lambda touch: touch["at"],
)
with_rhino = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def touches(capture: Callable[[str], Call]) -> Call:
    return capture("touches")


@with_rhino
@given(first=touch_lists, second=touch_lists)
def test_a_merged_list_is_in_order_short_and_free_of_doubles(
    touches: Call, first: list[Touch], second: list[Touch]
) -> None:
    merged = touches("merge", first, second)
    times = [touch["at"] for touch in merged]
    ids = [(touch.get("fbclid"), touch.get("gclid")) for touch in merged]
    named = [pair for pair in ids if any(pair)]
    assert times == sorted(times)
    assert len(merged) <= 10
    assert len(named) == len(set(named))
    assert touches("merge", merged, merged) == merged


@with_rhino
@given(given_touches=touch_lists, limit=st.integers(2, 3000))
def test_text_is_never_longer_than_its_limit_and_keeps_the_last_click(
    touches: Call, given_touches: list[Touch], limit: int
) -> None:
    merged = touches("merge", given_touches)
    text = touches("toText", merged, limit)
    kept = json.loads(text)
    assert len(text) <= limit
    times = [touch["at"] for touch in kept]
    assert times == sorted(times)
    if kept:
        assert kept[-1]["at"] == merged[-1]["at"]
    if limit >= 3000 and merged:
        assert kept[0]["at"] == merged[0]["at"]


def test_first_and_last_keep_their_own_times_when_there_are_too_many(touches: Call) -> None:
    many = [{"at": at(n), "gclid": f"click-{n}"} for n in range(25)]
    merged = touches("merge", many)
    assert [touch["gclid"] for touch in merged] == [
        "click-0",
        *(f"click-{n}" for n in range(16, 25)),
    ]
    assert (merged[0]["at"], merged[-1]["at"]) == (at(0), at(24))


def test_a_reload_does_not_move_a_click_in_time(touches: Call) -> None:
    merged = touches("merge", [{"at": at(0), "fbclid": "A"}], [{"at": at(9), "fbclid": "A"}])
    assert merged == [{"at": at(0), "fbclid": "A"}]


def test_the_same_letters_in_another_case_are_another_click(touches: Call) -> None:
    merged = touches("merge", [{"at": at(0), "fbclid": "A"}, {"at": at(1), "fbclid": "a"}])
    assert [touch["fbclid"] for touch in merged] == ["A", "a"]


def test_when_room_is_short_pages_go_before_clicks(touches: Call) -> None:
    page = "https://shop.example.com/" + "x" * 400
    two = [{"at": at(n), "gclid": f"click-{n}", "landing_url": page} for n in range(2)]
    kept = json.loads(touches("toText", two, 200))
    assert kept == [{"at": at(n), "gclid": f"click-{n}"} for n in range(2)]


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "not json",
        "{}",
        "null",
        '"text"',
        "[null, 1, [], {}]",
        '[{"at": "yesterday", "gclid": "x"}]',
        '[{"at": "2026-13-45T99:00:00Z", "gclid": "x"}]',
        '[{"at": 1795418257, "gclid": "x"}]',
    ],
)
def test_text_that_anyone_wrote_costs_nothing(touches: Call, text: str | None) -> None:
    assert touches("fromText", text) == []


def test_members_that_are_no_text_or_too_long_or_unknown_are_left_out(touches: Call) -> None:
    written = [{"at": at(0), "gclid": "x", "fbclid": 7, "referrer": "r" * 501, "email": "a@b.c"}]
    assert touches("fromText", json.dumps(written)) == [{"at": at(0), "gclid": "x"}]

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Call = Callable[..., Any]

CLICK_IDS = ["fbclid", "gclid", "gbraid", "wbraid", "ctwa_clid"]


@pytest.fixture
def read(capture: Callable[[str], Call]) -> Call:
    module = capture("clickParameters")
    return lambda query: module("read", query)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    value=st.text(st.characters(min_codepoint=33, max_codepoint=0x2FFF), min_size=1, max_size=60),
    name=st.sampled_from(CLICK_IDS),
)
def test_a_click_id_arrives_as_it_was_whatever_it_holds(read: Call, value: str, name: str) -> None:
    assert read(f"?a=1&{name}={quote(value, safe='')}&b=2")[name] == value


def test_case_and_plus_signs_are_left_alone_and_nothing_is_decoded_twice(read: Call) -> None:
    touch = read("?fbclid=IwAR0AbC_d-%2541+x&gclid=EAIaIQobChMI")
    assert (touch["fbclid"], touch["gclid"]) == ("IwAR0AbC_d-%41+x", "EAIaIQobChMI")


def test_a_value_that_is_badly_encoded_is_kept_as_it_stands(read: Call) -> None:
    assert read("?fbclid=abc%ZZ")["fbclid"] == "abc%ZZ"


def test_of_a_parameter_given_twice_the_first_counts(read: Call) -> None:
    assert read("?gclid=first&gclid=second")["gclid"] == "first"


def test_a_value_no_platform_would_send_is_left_out(read: Call) -> None:
    assert read(f"?gclid=x&fbclid={'a' * 501}") == {"gclid": "x", "entry_point": "landing"}


@pytest.mark.parametrize("query", ["", "?", None, "?utm_medium=email&q=shoes", "?fbclid=", "?&&="])
def test_a_link_that_speaks_of_no_click_is_none(read: Call, query: str | None) -> None:
    assert read(query) is None


@pytest.mark.parametrize(
    ("query", "entry_point"),
    [
        ("fbclid=a", "landing"),
        ("src=SUMMER", "landing"),
        ("utm_medium=qr&src=STORE-42", "qr"),
        ("utm_source=QR", "qr"),
        ("utm_source=whatsapp&utm_medium=chat", "whatsapp"),
        ("ctwa_clid=ARAk", "whatsapp"),
    ],
)
def test_a_link_says_where_it_was_found(read: Call, query: str, entry_point: str) -> None:
    assert read(query)["entry_point"] == entry_point


def test_the_browser_passes_on_what_is_read_and_nothing_else(
    capture: Callable[[str], Call],
) -> None:
    names = capture("clickParameters")("names")
    assert sorted(names) == sorted([*CLICK_IDS, "src", "utm_medium", "utm_source"])

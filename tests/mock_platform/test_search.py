"""The search of the journal, as the page and `GET /_mock/events?q=` take it."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from mock_platform.client import MockPlatformError, MockWorkspace
from mock_platform.closed_values import EVENT_APIS
from mock_platform.google import ads_upload, ingest
from mock_platform.meta import pixel, routes
from mock_platform.search import NAMES, SearchError, parse_search

from .meta_cases import AGENT, DIGEST

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]


@pytest.fixture
def books(workspace: MockWorkspace, event: EventFactory, post: Post) -> MockWorkspace:
    """Four events: a good one, its repetition, one of an odd hash, one that is refused."""
    post(event(event_id="a-1"))
    post(event(event_id="a-1"))
    odd = {**AGENT, "em": DIGEST.upper()}
    post(event(event_id="b*1", user_data=odd, custom_data={"value": 1, "currency": "EUR"}))
    post(event(event_id="c 1", custom_data={"value": 1, "currency": "EURO"}))
    return workspace


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["a-1", "a-1", "b*1", "c 1"]),
        ("event:a-1", ["a-1", "a-1"]),
        ("event:a-1 verdict:counted", ["a-1"]),
        ("verdict:counted", ["a-1", "b*1"]),
        ("verdict:counted,rejected", ["a-1", "b*1", "c 1"]),
        ("-verdict:counted", ["a-1", "c 1"]),
        ("-rule:*", ["a-1"]),
        ("rule:hash.*", ["b*1"]),
        ("rule:meta.hash.uppercase", ["b*1"]),
        ("rule:dedup.event_id", ["a-1"]),
        ("severity:error", ["c 1"]),
        ("field:user_data.em", ["b*1"]),
        ("field:custom_data.*", ["c 1"]),
        ('event:"c 1"', ["c 1"]),
        ("name:Purchase platform:meta source:server", ["a-1", "a-1", "b*1", "c 1"]),
        ("order:order-1 -event:a*", []),
        ("currency:EUR platform:meta", ["b*1"]),
        ("repeats:1", ["a-1"]),
        ("id:3,4", ["b*1", "c 1"]),
        ("b*1", ["b*1"]),
        ("urchas", ["a-1", "a-1", "b*1", "c 1"]),
        ("' OR 1=1 --", []),
        ("event:[a-z]*", []),
        ("event:?-1", []),
    ],
)
def test_a_search_finds(books: MockWorkspace, search: str, found: list[str]) -> None:
    assert [each["event_id"] for each in books.events(q=search)] == found


def test_a_search_and_the_filters_must_both_fit(books: MockWorkspace) -> None:
    assert [each["id"] for each in books.events(q="event:a-1", verdict="deduplicated")] == [2]


def test_waiting_takes_a_search_too(books: MockWorkspace) -> None:
    (found,) = books.wait(q="rule:hash.*")
    assert found["event_id"] == "b*1"


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("verdict:rejcted", "q: verdict: expected one of counted, deduplicated"),
        ("verdict:counted,rejcted", "q: verdict: expected one of counted, deduplicated"),
        ("-platform:facebook", "q: platform: expected one of meta, google"),
        ("api:capi", "q: api: expected one of conversions_api, pixel"),
        ("source:app", "q: source: expected one of browser, server"),
        ("severity:fatal", "q: severity: expected one of error, warning, advice"),
        ("rule:hsh.*", "q: rule: no rule is called 'hsh"),
        ("rule:hash.upper", "q: rule: no rule is called 'hash.upper'"),
    ],
)
def test_a_value_that_nothing_can_have_is_refused(
    workspace: MockWorkspace, search: str, said: str
) -> None:
    for path in ("events", "wait"):
        with pytest.raises(MockPlatformError, match=said):
            workspace._get(path, {"q": search})


@pytest.mark.parametrize(
    "given", [{"verdict": "count*"}, {"platform": "Meta"}, {"api": "graph"}, {"dedup_rule": "x"}]
)
def test_a_filter_that_nothing_can_fit_is_refused(
    workspace: MockWorkspace, given: dict[str, str]
) -> None:
    for path in ("events", "wait"):
        with pytest.raises(MockPlatformError, match=f"{min(given)}: "):
            workspace._get(path, given)


def test_the_interfaces_that_can_be_asked_for_are_those_events_come_in_by() -> None:
    ads = (ads_upload.CONVERSIONS.api, ads_upload.ADJUSTMENTS.api)
    assert (routes.API, pixel.API, ingest.API, *ads) == EVENT_APIS


@pytest.mark.parametrize("search", ["colour:red", "order:", "order:,"])
def test_what_cannot_be_searched_is_said(books: MockWorkspace, search: str) -> None:
    with pytest.raises(MockPlatformError, match=r"q: .*(use order, event|a value is missing)"):
        books.events(q=search)


def test_the_newest_come_first_and_pages_go_back(books: MockWorkspace) -> None:
    page = books._get("events", {"newest": "true", "limit": 3})
    assert [each["id"] for each in page["events"]] == [4, 3, 2]
    page = books._get("events", {"newest": "true", "limit": 3, "before": page["cursor"]})
    assert [each["id"] for each in page["events"]] == [1]


@pytest.mark.parametrize("query", [{"newest": "yes"}, {"before": "x"}, {"before": "²"}])
def test_a_page_that_cannot_be_turned_to_is_said(
    books: MockWorkspace, query: dict[str, str]
) -> None:
    with pytest.raises(MockPlatformError, match=f"{min(query)}: expected"):
        books._get("events", query)


COLUMNS = (
    "order_id", "event_id", "event_name", "verdict", "platform", "api", "dataset", "source",
    "test_event_code", "request_id", "id", "duplicate_of", "currency", "dedup_rule", "findings",
)  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "-"]),
            st.sampled_from(["", *(f"{name}:" for name in NAMES)]),
            st.text(alphabet="a1*?[]^'\"-:, %²", min_size=1, max_size=8),
        ),
        max_size=5,
    )
)
def test_whatever_is_typed_is_a_search_or_says_why_not(words: list[tuple[str, str, str]]) -> None:
    text = " ".join("".join(word) for word in words)
    try:
        condition, parameters = parse_search(text)
    except SearchError:
        return
    books = sqlite3.connect(":memory:")
    books.execute(f"CREATE TABLE events ({', '.join(COLUMNS)})")
    books.execute(f"SELECT * FROM events WHERE {condition}", parameters)
    books.close()

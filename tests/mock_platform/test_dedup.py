from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_platform.rules.dedup import (
    BROWSER_PREFERENCE,
    HOUR,
    OFFLINE_WINDOW,
    ONLINE_WINDOW,
    Decision,
    IdentityDedup,
    Receipt,
    Remembered,
    Source,
    decide,
)

SERVER = Receipt(
    dataset="1",
    source=Source.SERVER,
    offline=False,
    event_name="Purchase",
    event_id="order-1",
    event_time=1_795_000_000,
    order_id="order-1",
    item_number="",
    fbp="",
    external_ids=(),
    customer="customer",
)
BROWSER = replace(SERVER, source=Source.BROWSER, order_id="", customer="")
STORE = replace(SERVER, offline=True, event_id="")


class DictMemory:
    def __init__(self) -> None:
        self.held: dict[str, Remembered] = {}

    def find(self, key: str) -> Remembered | None:
        return self.held.get(key)

    def remember(self, key: str, remembered: Remembered) -> None:
        self.held[key] = remembered


def judge(
    *arrivals: tuple[Receipt, float], identity: IdentityDedup = IdentityDedup.WITHOUT_EVENT_ID
) -> list[Decision]:
    """Decide each (receipt, seconds after the first) in turn."""
    memory = DictMemory()
    return [
        decide(receipt, number, 1000.0 + at, memory, identity)
        for number, (receipt, at) in enumerate(arrivals)
    ]


def rule_of(decision: Decision) -> str | None:
    return decision.rule.id if decision.rule else None


@pytest.mark.parametrize("gap", [0, HOUR, ONLINE_WINDOW])
def test_the_same_name_and_id_counts_once_within_48_hours(gap: int) -> None:
    _, second = judge((SERVER, 0), (SERVER, gap))
    assert rule_of(second) == "meta.dedup.event_id"
    assert second.partner == 0
    assert not second.counted


def test_the_same_name_and_id_counts_again_after_48_hours() -> None:
    decisions = judge((SERVER, 0), (SERVER, ONLINE_WINDOW + 1), (SERVER, ONLINE_WINDOW + 2))
    assert [each.counted for each in decisions] == [True, True, False]


def test_the_window_runs_from_the_first_receipt_and_a_duplicate_does_not_extend_it() -> None:
    decisions = judge((SERVER, 0), (SERVER, ONLINE_WINDOW), (SERVER, ONLINE_WINDOW + 1))
    assert [each.counted for each in decisions] == [True, False, True]


@pytest.mark.parametrize(
    "other", [{"event_name": "Lead"}, {"event_id": "order-2"}, {"dataset": "2"}]
)
def test_another_name_id_or_dataset_is_another_event(other: dict[str, Any]) -> None:
    assert judge((SERVER, 0), (replace(SERVER, **other), 1))[1].counted


def test_the_browser_wins_over_a_server_event_within_5_minutes() -> None:
    _, second = judge((SERVER, 0), (BROWSER, BROWSER_PREFERENCE))
    assert second.counted
    assert second.supersedes
    assert second.partner == 0


def test_the_server_event_stays_when_the_browser_is_more_than_5_minutes_late() -> None:
    _, second = judge((SERVER, 0), (BROWSER, BROWSER_PREFERENCE + 1))
    assert not second.counted
    assert rule_of(second) == "meta.dedup.event_id"


@pytest.mark.parametrize("gap", [0, BROWSER_PREFERENCE, HOUR])
def test_a_server_event_after_the_browser_is_dropped(gap: int) -> None:
    _, second = judge((BROWSER, 0), (SERVER, gap))
    assert not second.counted


def test_after_a_browser_took_over_both_sides_are_duplicates_of_it() -> None:
    decisions = judge((SERVER, 0), (BROWSER, 10), (SERVER, 20), (BROWSER, 30))
    assert [each.partner for each in decisions[2:]] == [1, 1]


def test_a_takeover_by_the_browser_does_not_extend_the_window() -> None:
    decisions = judge((SERVER, 0), (BROWSER, 200), (SERVER, ONLINE_WINDOW + 100))
    assert decisions[2].counted


IDENTITY = [{"fbp": "fb.1.2.3"}, {"external_ids": ("a", "b")}]


@pytest.mark.parametrize("identity", IDENTITY)
def test_a_server_event_without_id_is_dropped_after_a_browser_event_of_the_visitor(
    identity: dict[str, Any],
) -> None:
    browser = replace(BROWSER, event_id="", **identity)
    server = replace(SERVER, event_id="", **identity)
    _, second = judge((browser, 0), (server, ONLINE_WINDOW))
    assert rule_of(second) == "meta.dedup.browser_identity"
    assert judge((browser, 0), (server, ONLINE_WINDOW + 1))[1].counted


def test_one_shared_external_id_is_enough() -> None:
    browser = replace(BROWSER, event_id="", external_ids=("a", "b"))
    server = replace(SERVER, event_id="", external_ids=("c", "b"))
    assert not judge((browser, 0), (server, 1))[1].counted


@pytest.mark.parametrize(
    ("first", "second"), [(SERVER, SERVER), (BROWSER, BROWSER), (SERVER, BROWSER)]
)
def test_the_visitor_never_removes_server_after_server_or_any_browser_event(
    first: Receipt, second: Receipt
) -> None:
    without: dict[str, Any] = {"event_id": "", "fbp": "fb.1.2.3"}
    decisions = judge((replace(first, **without), 0), (replace(second, **without), 1))
    assert all(each.counted for each in decisions)


@pytest.mark.parametrize(
    ("policy", "counted"),
    [
        (IdentityDedup.WITHOUT_EVENT_ID, True),
        (IdentityDedup.ALWAYS, False),
        (IdentityDedup.OFF, True),
    ],
)
def test_two_orders_of_one_visitor_with_their_own_ids_follow_the_setting(
    policy: IdentityDedup, counted: bool
) -> None:
    browser = replace(BROWSER, fbp="fb.1.2.3", event_id="order-0")
    server = replace(SERVER, fbp="fb.1.2.3")
    assert judge((browser, 0), (server, 1), identity=policy)[1].counted is counted


def test_a_browser_event_without_id_removes_the_server_event_with_one() -> None:
    browser = replace(BROWSER, fbp="fb.1.2.3", event_id="")
    assert not judge((browser, 0), (replace(SERVER, fbp="fb.1.2.3"), 1))[1].counted


def test_store_events_of_one_order_count_once_within_7_days() -> None:
    _, second = judge((STORE, 0), (STORE, OFFLINE_WINDOW))
    assert rule_of(second) == "meta.dedup.offline_order"
    assert judge((STORE, 0), (STORE, OFFLINE_WINDOW + 1))[1].counted


@pytest.mark.parametrize(
    "other",
    [
        {"event_time": 1_795_000_001},
        {"event_name": "Lead"},
        {"item_number": "2"},
        {"order_id": "order-2"},
        {"dataset": "2"},
    ],
)
def test_a_store_event_that_differs_in_its_key_counts(other: dict[str, Any]) -> None:
    assert judge((STORE, 0), (replace(STORE, **other), 1))[1].counted


def test_store_events_without_order_compare_the_whole_customer_information() -> None:
    anonymous = replace(STORE, order_id="")
    _, second = judge((anonymous, 0), (anonymous, 1))
    assert rule_of(second) == "meta.dedup.offline_customer"
    assert judge((anonymous, 0), (replace(anonymous, customer="corrected"), 1))[1].counted


def test_store_events_and_web_events_never_remove_each_other() -> None:
    store = replace(STORE, event_id="order-1", fbp="fb.1.2.3")
    decisions = judge((store, 0), (SERVER, 1), (replace(store, event_time=7), 2))
    assert all(each.counted for each in decisions)


receipts = st.builds(
    Receipt,
    dataset=st.just("1"),
    source=st.sampled_from(Source),
    offline=st.booleans(),
    event_name=st.sampled_from(["Purchase", "Lead"]),
    event_id=st.sampled_from(["", "a", "b"]),
    event_time=st.sampled_from([1, 2]),
    order_id=st.sampled_from(["", "o"]),
    item_number=st.just(""),
    fbp=st.sampled_from(["", "fb.1.2.3"]),
    external_ids=st.sampled_from([(), ("x",), ("x", "y")]),
    customer=st.sampled_from(["c", "d"]),
)


@given(st.lists(receipts, max_size=20), st.sampled_from(IdentityDedup))
def test_within_the_window_one_event_of_each_name_and_id_is_counted(
    arrivals: list[Receipt], policy: IdentityDedup
) -> None:
    """Whatever the order of arrival, no two counted online events share name and id."""
    memory = DictMemory()
    counted: dict[int, Receipt] = {}
    for number, receipt in enumerate(arrivals):
        decision = decide(receipt, number, 1000.0 + number, memory, policy)
        if decision.supersedes and decision.partner is not None:
            del counted[decision.partner]
        if decision.counted:
            counted[number] = receipt
    online = [(r.event_name, r.event_id) for r in counted.values() if r.event_id and not r.offline]
    assert len(online) == len(set(online))


@given(st.lists(receipts, max_size=20), st.sampled_from(IdentityDedup))
def test_a_duplicate_always_names_an_event_that_counts(
    arrivals: list[Receipt], policy: IdentityDedup
) -> None:
    memory = DictMemory()
    counted: set[int] = set()
    for number, receipt in enumerate(arrivals):
        decision = decide(receipt, number, 1000.0 + number, memory, policy)
        if not decision.counted or decision.supersedes:
            assert decision.partner in counted
        if decision.supersedes and decision.partner is not None:
            counted.discard(decision.partner)
        if decision.counted:
            counted.add(number)

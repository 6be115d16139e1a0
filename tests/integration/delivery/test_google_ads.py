"""Uploads to Google Ads: every conversion is judged by itself, and ends by itself."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bridge.operate.destinations import Destination
from bridge.operate.settings import Settings
from mock_platform.client import MockWorkspace

REASON = "google_ads:{}".format


@pytest.fixture
def settings(
    tmp_path: Path,
    workspace: MockWorkspace,
    site: Any,
    make_google_ads: Callable[..., Destination],
) -> Settings:
    destination = make_google_ads(base_url=workspace.url, batch_size=1000)
    return Settings(data_dir=tmp_path, sites=(site,), destinations=(destination,))


def click_id(number: int) -> str:
    return f"CjwKCAjw-an-example-of-a-click-id-{number}"


def take_clicked(sender: Any, *numbers: int, kind: str = "gclid", **changes: object) -> None:
    """Take one order a number, each from a click of its own."""
    for number in numbers:
        sender.take(first=number, touches=[{kind: click_id(number)}], **changes)


def refuse(sender: Any, error: str, *order_numbers: str, **more: Any) -> None:
    sender.workspace.fault(
        "platform_rejects", error=error, match={"order_id": list(order_numbers)}, **more
    )


def test_conversions_go_out_in_one_request_and_are_counted_once(sender: Any) -> None:
    sender.take(20)
    sender.rounds()
    assert sender.requests == 1
    assert sorted(sender.counted, key=int) == [str(number) for number in range(1, 21)]
    assert sender.states == {("accepted", None): 20}
    assert all(one.request_id for one in sender.deliveries.values())


def test_rows_that_fail_cost_the_others_neither_a_request_nor_a_word(sender: Any) -> None:
    sender.take(100)
    refuse(sender, "UNPARSEABLE_GCLID", "7", "50")
    sender.rounds()
    assert sender.requests == 1
    assert len(sender.counted) == 98
    assert sender.states == {("accepted", None): 98, ("rejected", REASON("UNPARSEABLE_GCLID")): 2}
    assert sender.deliveries["7"].attempts == 1
    assert sender.paused_for is None


def test_an_order_google_has_already_counts_as_delivered(sender: Any) -> None:
    sender.take(3)
    sender.workspace.fault("answer_lost", times=1)
    sender.rounds()
    sender.wait(minutes=30)
    sender.rounds()
    assert sorted(sender.counted) == ["1", "2", "3"]
    assert sender.states == {("accepted", REASON("ORDER_ID_ALREADY_IN_USE")): 3}


def test_a_shopper_no_ad_has_led_here_is_nobodys_mistake(sender: Any) -> None:
    sender.workspace.settings(google_unknown_clicks="refused")
    sender.take(40, touches=[])
    sender.rounds()
    assert sender.requests == 1
    assert sender.states == {("accepted", REASON("CLICK_NOT_FOUND")): 40}
    assert sender.paused_for is None


def test_many_clicks_of_another_account_do_not_pause_the_destination(sender: Any) -> None:
    sender.workspace.settings(google_unknown_clicks="refused")
    take_clicked(sender, *range(1, 41))
    sender.rounds()
    assert sender.states == {("rejected", REASON("EVENT_NOT_FOUND")): 40}
    assert sender.paused_for is None


def test_many_rows_refused_for_what_may_be_our_mistake_pause_and_dead_letter_nobody(
    sender: Any,
) -> None:
    sender.take(40)
    refuse(sender, "INVALID_USER_IDENTIFIER", *(str(number) for number in range(1, 11)))
    sender.round()
    assert len(sender.counted) == 30
    assert sender.states == {
        ("accepted", None): 30,
        ("pending", REASON("INVALID_USER_IDENTIFIER")): 10,
    }
    assert sender.paused_for == 30


def test_a_click_too_fresh_for_google_goes_again_six_hours_later(sender: Any) -> None:
    clicked, placed = sender.clock() - timedelta(hours=2), sender.clock() - timedelta(hours=1)
    take_clicked(sender, 1, 2, placed_at=placed.isoformat())
    clicks = {click_id(number): {"at": clicked.timestamp()} for number in (1, 2)}
    sender.workspace.settings(google_clicks=clicks)
    sender.rounds()
    assert sender.states == {("pending", REASON("TOO_RECENT_EVENT")): 2}
    sender.wait(hours=5, minutes=59)
    assert sender.rounds() == 0
    sender.wait(minutes=2)
    sender.rounds()
    assert sender.requests == 2
    assert sorted(sender.counted) == ["1", "2"]


def test_an_account_that_may_not_upload_pauses_and_says_what_to_use(sender: Any) -> None:
    sender.take(5)
    sender.workspace.fault("error", error="CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE")
    sender.rounds()
    reason = REASON("CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE:use_google_data_manager")
    assert sender.states == {("pending", reason): 5}
    assert sender.paused_for == 30
    assert {one.attempts for one in sender.deliveries.values()} == {0}
    sender.workspace.clear_faults()
    sender.wait(minutes=1)
    sender.rounds()
    assert len(sender.counted) == 5


def test_what_was_taken_beside_a_fault_of_the_account_is_not_sent_again(sender: Any) -> None:
    take_clicked(sender, 1, 2)
    take_clicked(sender, 3, 4, kind="wbraid")
    problem = "CUSTOMER_NOT_ENABLED_ENHANCED_CONVERSIONS_FOR_LEADS"
    sender.workspace.settings(google_accounts={"1234567890": [problem]})
    sender.rounds()
    assert sorted(sender.counted) == ["3", "4"]
    assert sender.states == {("accepted", None): 2, ("pending", REASON(problem)): 2}
    assert sender.paused_for == 30


def test_a_quota_is_rested_for_as_long_as_google_says(sender: Any) -> None:
    sender.take(2)
    sender.workspace.fault("error", error="RESOURCE_EXHAUSTED", times=1)
    sender.rounds()
    assert sender.paused_for == 60
    sender.wait(seconds=61)
    sender.rounds()
    assert sorted(sender.counted) == ["1", "2"]


def test_an_order_number_that_looks_personal_is_refused_alone(sender: Any) -> None:
    sender.take(1)
    sender.take(1, first=2, event_id="jane@example.com")
    sender.rounds()
    assert sender.states == {
        ("accepted", None): 1,
        ("rejected", REASON("ORDER_ID_CONTAINS_PII")): 1,
    }

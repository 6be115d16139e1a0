"""The demo's bookkeeping finds what is lost, doubled or sent without a promise."""

from typing import Any

import pytest

from loadtests.hook_client import Answer
from loadtests.story import Story


def taken(event_id: str, state: str = "pending", reason: str | None = None) -> Answer:
    delivery = {"destination": "meta-mock", "state": state, "reason": reason}
    body = {"status": "accepted", "event_id": event_id, "deliveries": [delivery]}
    return Answer(status=202, body=body)


def at_platform(event_id: str, verdict: str = "counted", source: str = "server") -> dict[str, Any]:
    return {"platform": "meta", "event_id": event_id, "verdict": verdict, "source": source}


@pytest.fixture
def story() -> Story:
    return Story()


def test_books_that_agree_have_no_differences(story: Story) -> None:
    story.add_answer(taken("1"))
    story.add_answer(taken("2", "skipped", "consent_denied"))
    story.add_answer(Answer(status=400, body={"code": "contract_violated"}))
    story.add_platform([at_platform("1")])

    assert story.differences() == []


def test_order_the_browser_reported_first_is_counted_as_well(story: Story) -> None:
    story.add_answer(taken("1"))
    story.add_platform([at_platform("1", source="browser"), at_platform("1", "deduplicated")])

    assert story.differences() == []


def test_lost_order_is_named(story: Story) -> None:
    story.add_answer(taken("1"))
    story.add_platform([])

    assert story.differences() == ["1 was acknowledged, but meta never counted it"]


def test_order_that_ended_with_a_reason_is_not_lost(story: Story) -> None:
    story.add_answer(taken("1"))
    story.add_platform([])
    delivery = {
        "destination": "meta-mock",
        "state": "skipped",
        "reason": "insufficient_match_keys",
    }
    story.add_endings([{"event_id": "1", "deliveries": [delivery]}])

    assert story.differences() == []


def test_order_counted_twice_is_named(story: Story) -> None:
    story.add_answer(taken("1"))
    story.add_platform([at_platform("1"), at_platform("1")])

    assert story.differences() == ["1 was counted more than once by meta"]


def test_order_sent_without_a_promise_is_named(story: Story) -> None:
    story.add_answer(taken("1", "skipped", "consent_denied"))
    story.add_platform([at_platform("1")])

    assert story.differences() == ["1 was sent to meta though no answer promised it"]


def test_order_counted_by_one_platform_only_is_lost_at_the_other(story: Story) -> None:
    both = [{"destination": f"{name}-mock", "state": "pending"} for name in ("meta", "google")]
    body = {"status": "accepted", "event_id": "1", "deliveries": both}
    story.add_answer(Answer(status=202, body=body))
    story.add_platform([at_platform("1")])

    assert story.differences() == ["1 was acknowledged, but google never counted it"]


def test_an_order_whose_call_had_no_answer_may_be_counted_or_not(story: Story) -> None:
    story.add_unanswered("1")
    story.add_unanswered("2")
    story.add_platform([at_platform("1")])

    assert story.differences() == []


ORDER = {"kind": "order", "order_no": "1", "totals": {"gross": 100}}
REFUND = {"kind": "refund", "order_no": "1", "reference": "R-1", "totals": {"gross": 30}}


def worth_at_google(value: float) -> dict[str, Any]:
    return at_platform("1") | {"platform": "google", "current_value": value}


@pytest.mark.parametrize("refund_first", [True, False])
def test_value_that_is_not_what_a_refund_left_is_named(story: Story, refund_first: bool) -> None:
    google = {"destination": "google-mock", "state": "pending", "reason": None}
    order = Answer(status=202, body={"status": "accepted", "event_id": "1", "deliveries": [google]})
    refund = taken("R-1", "held")
    messages = [(order, ORDER), (refund, REFUND)]
    for answer, message in messages[::-1] if refund_first else messages:
        story.add_answer(answer, message)
    story.add_platform([worth_at_google(100)])
    assert story.differences() == ["1 is worth 70, but 100 to google"]


def test_cancelled_order_is_worth_nothing(story: Story) -> None:
    google = {"destination": "google-mock", "state": "pending", "reason": None}
    body = {"status": "accepted", "event_id": "1", "deliveries": [google]}
    story.add_answer(Answer(status=202, body=body), ORDER)
    story.add_answer(taken("C-1", "held"), {"kind": "cancellation", "order_no": "1"})
    story.add_platform([worth_at_google(0)])
    assert story.differences() == []

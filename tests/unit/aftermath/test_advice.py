"""A dead letter is explained by its reason."""

import pytest

from bridge.aftermath.advice import OURS, REFUSED, advice_on
from bridge.delivery.outcome import EndReason

WAIT = {EndReason.CANNOT_OPEN}  # these wait and end by their deadline, never as a letter of theirs


@pytest.mark.parametrize("reason", [one for one in EndReason if one not in WAIT])
def test_every_reason_of_ours_is_explained(reason: EndReason) -> None:
    assert advice_on(reason) is OURS[reason]
    assert OURS[reason].check


def test_what_is_not_ours_is_the_platforms_refusal() -> None:
    assert advice_on("meta:100/2804009") is REFUSED
    assert advice_on(None) is REFUSED


def test_a_refusal_after_an_attempt_without_answer_is_looked_up_before_it_is_sent_again() -> None:
    advice = advice_on("meta:100/2804009", unanswered=True)
    assert "look the order up at the platform" in advice.check[0]
    assert "counted twice" in advice.retry
    assert "counted twice" not in REFUSED.retry


def test_an_unknown_outcome_is_looked_up_before_it_is_sent_again() -> None:
    advice = advice_on("outcome_unknown")
    assert "Look the order up at the platform" in advice.check[0]
    assert "counted twice" in advice.retry

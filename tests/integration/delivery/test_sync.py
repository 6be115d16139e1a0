"""What a sync sends again is counted once: the platform's books are the judge."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bridge.aftermath.dead_letter import DeadLetters
from bridge.aftermath.sync import Stays, Sync, Synced
from bridge.outbox.states import State


@pytest.fixture
def dead_of_odd_answers(sender: Any) -> None:
    """Two orders whose answers nobody could read, until nobody tried any more."""
    sender.take(2)
    sender.workspace.fault("garbage", times=100)
    patience = sender.context.sender.max_unrecognised + 1
    for _ in range(patience):
        sender.rounds()
        sender.wait(minutes=20)
    assert sender.states == {("dead", "unrecognised_answer"): 2}
    sender.workspace.clear_faults()


def sync(sender: Any, days: float = 3) -> Synced:
    store, queries = sender.installation.store, sender.installation.queries
    desk = DeadLetters(store, queries, sender.installation.clock, enabled={sender.destination.id})
    made = Sync(desk=desk, queries=queries, clock=sender.clock)
    return made.run(sender.clock() - timedelta(days=days))


@pytest.mark.usefixtures("dead_of_odd_answers")
def test_what_is_sent_again_is_counted_once(sender: Any) -> None:
    counted_before = Counter(sender.counted)

    told = sync(sender)
    sender.rounds()

    assert told.resent == {"meta": 2}
    assert sender.states == {("accepted", None): 2}
    assert Counter(sender.counted) == {"1": 1, "2": 1}
    assert counted_before <= Counter(sender.counted)
    assert not sync(sender).resent


@pytest.mark.usefixtures("dead_of_odd_answers")
def test_what_the_platform_would_no_longer_recognise_is_not_sent_again(sender: Any) -> None:
    sender.wait(hours=47)
    before = sender.requests

    sync(sender)
    sender.rounds()

    assert sender.requests == before
    assert sender.states == {(State.DEAD, "outcome_unknown"): 2}
    assert sync(sender).staying == {("meta", Stays.OUTCOME_UNKNOWN): 2}

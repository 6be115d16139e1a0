"""Pauses: one sender's bad news holds all of them back, and one delivery tries the ground after."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bridge.errors import DestinationPaused
from bridge.outbox.destinations import DestinationState
from bridge.outbox.queries import Queries
from bridge.outbox.records import Claim, Record, Sending
from bridge.outbox.states import State
from bridge.outbox.store import Store

Maker = Callable[..., Record]
Claimer = Callable[..., list[Claim]]
Settler = Callable[..., set[int]]
Dial = Any  # the conftest's clock
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def five_orders(store: Store, make_record: Maker) -> None:
    store.record([make_record(str(n), destinations=("meta", "google")) for n in range(5)])


@pytest.fixture
def paused(store: Store, dial: Dial) -> None:
    store.pause("meta", until=dial() + MINUTE, reason="token_expired")


def test_a_paused_destination_gives_nothing_and_the_others_everything(
    paused: None, claim: Claimer
) -> None:
    assert claim("meta") == []
    assert len(claim("google")) == 5


def test_after_a_pause_one_delivery_goes_at_a_time_until_someone_resumes(
    store: Store, paused: None, claim: Claimer, settle: Settler, dial: Dial
) -> None:
    dial.turn(minutes=1)
    [probe] = claim()
    assert claim(owner="another sender") == []
    settle(probe, State.PENDING)
    [probe] = claim()
    settle(probe, State.ACCEPTED)
    store.resume("meta")
    assert len(claim()) == 4


def test_a_probe_that_dies_with_its_sender_is_followed_by_another(
    paused: None, claim: Claimer, dial: Dial
) -> None:
    dial.turn(minutes=1)
    [lost] = claim()
    dial.turn(minutes=1)
    [next_probe] = claim()
    assert next_probe.delivery_id == lost.delivery_id


def test_a_pause_ends_to_the_microsecond(paused: None, claim: Claimer, dial: Dial) -> None:
    dial.turn(seconds=59, microseconds=999_999)
    assert claim() == []
    dial.turn(microseconds=1)
    assert len(claim()) == 1


def test_of_pauses_that_overlap_the_longest_holds_and_they_count_as_one(
    store: Store, paused: None, dial: Dial
) -> None:
    store.pause("meta", until=dial() + MINUTE / 2, reason="throttled")
    assert store.destination_states() == [
        DestinationState(
            destination="meta",
            paused_until=dial() + MINUTE,
            pause_reason="token_expired",
            pauses=1,
        )
    ]
    store.pause("meta", until=dial() + 2 * MINUTE, reason="throttled")
    [state] = store.destination_states()
    assert (state.paused_until, state.pause_reason) == (dial() + 2 * MINUTE, "throttled")
    assert state.pauses == 1


def test_pauses_in_a_row_are_counted_until_the_destination_is_well(
    store: Store, paused: None, dial: Dial
) -> None:
    dial.turn(minutes=1)
    store.pause("meta", until=dial() + MINUTE, reason="token_expired")
    assert store.destination_states()[0].pauses == 2
    store.resume("meta")
    [state] = store.destination_states()
    assert (state.paused_until, state.pause_reason, state.pauses) == (None, None, 0)


def test_resuming_what_was_never_paused_is_harmless(store: Store, claim: Claimer) -> None:
    store.resume("meta")
    assert store.destination_states() == []
    assert len(claim()) == 5


def test_what_was_claimed_before_a_pause_is_not_sent_in_it(
    store: Store, claim: Claimer, queries: Queries, dial: Dial
) -> None:
    claimed = claim()
    sendings = [
        Sending(delivery_id=one.delivery_id, fence=one.fence, payload=b"event") for one in claimed
    ]
    store.pause("meta", until=dial() + MINUTE, reason="throttled")
    with pytest.raises(DestinationPaused) as paused:
        store.mark_sending(sendings, at=dial(), lease=MINUTE, destination="meta")
    assert paused.value.reason == "throttled"
    assert queries.order_status("1")[0].deliveries[0].first_sent_at is None
    dial.turn(minutes=1)
    ours = store.mark_sending(sendings, at=dial(), lease=MINUTE, destination="meta")
    assert ours == {one.delivery_id for one in claimed}


def test_what_was_accepted_of_old_does_not_end_a_pause_early(
    store: Store, paused: None, claim: Claimer, dial: Dial
) -> None:
    store.resume("meta", early=False)
    assert claim() == []
    dial.turn(minutes=1)
    store.resume("meta", early=False)
    assert len(claim()) == 5

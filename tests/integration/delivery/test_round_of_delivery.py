"""What becomes of orders, whatever the platform answers."""

from collections import Counter
from dataclasses import replace
from math import ceil, log2
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bridge.delivery.throttle import Pace
from bridge.events.event import Built
from bridge.operate.destinations import Destination
from bridge.outbox.records import Claim
from bridge.outbox.schema import deliveries
from bridge.outbox.states import State


def frozen(sender: Any) -> list[bytes | None]:
    with sender.installation.engine.connect() as connection:
        rows = connection.execute(select(deliveries.c.payload).order_by(deliveries.c.id))
        return list(rows.scalars())


def test_orders_go_out_in_one_request_and_are_counted_once(sender: Any) -> None:
    sender.take(20)
    assert sender.round() == 20
    assert sender.round() == 0
    assert sender.requests == 1
    assert sorted(sender.counted, key=int) == [str(number) for number in range(1, 21)]
    assert sender.states == {("accepted", None): 20}
    assert all(one.request_id.startswith("A") for one in sender.deliveries.values())


def test_one_poison_among_a_thousand_costs_nobody_else_and_few_requests(sender: Any) -> None:
    sender.take(1000)
    sender.workspace.fault("platform_rejects", match={"event_id": ["617"]})
    sender.rounds()
    assert len(sender.counted) == 999
    assert "617" not in sender.counted
    assert sender.requests <= 2 * ceil(log2(1000)) + 1
    assert sender.states == {("accepted", None): 999, ("rejected", "meta:100/2804014"): 1}
    assert sender.deliveries["617"].detail
    assert sender.deliveries["617"].attempts == 1
    assert sender.paused_for is None


def test_a_rejection_of_many_pauses_the_destination_and_dead_letters_nobody(sender: Any) -> None:
    sender.take(40)
    sender.workspace.fault("platform_rejects", times=20)
    sender.round()
    assert {state for state, _ in sender.states} == {"pending"}
    assert sender.paused_for == 30
    sender.workspace.clear_faults()
    for _ in range(5):
        sender.wait(minutes=5)
        sender.rounds()
    assert sorted(sender.counted, key=int) == [str(number) for number in range(1, 41)]
    assert sender.states == {("accepted", None): 40}


def test_a_probe_refused_for_the_suspected_reason_pauses_again(sender: Any) -> None:
    sender.take(40)
    sender.workspace.fault("platform_rejects")
    sender.round()
    for pause in (60, 120):
        sender.wait(minutes=5)
        before = sender.requests
        assert sender.round() == 1
        assert sender.requests == before + 1
        assert sender.paused_for == pause
    assert {state for state, _ in sender.states} == {"pending"}


def test_a_probe_refused_for_its_own_sake_shows_a_destination_that_is_well(sender: Any) -> None:
    sender.take(5)
    sender.workspace.fault("error", error="token_expired")
    sender.round()
    sender.workspace.fault("platform_rejects", match={"event_id": ["1"]})
    sender.wait(seconds=30)
    assert sender.round() == 1
    assert sender.deliveries["1"].state is State.REJECTED
    assert sender.round() == 4
    assert len(sender.counted) == 4


def test_an_expired_token_pauses_loses_nothing_and_heals_when_the_token_works_again(
    sender: Any,
) -> None:
    sender.take(10)
    sender.workspace.fault("error", error="token_expired", times=2)
    assert sender.round() == 10
    assert sender.round() == 0
    assert sender.requests == 1
    assert sender.states == {("pending", "meta:190/463"): 10}
    assert {one.attempts for one in sender.deliveries.values()} == {0}
    sender.wait(seconds=sender.paused_for)
    assert sender.round() == 1
    sender.wait(seconds=sender.paused_for)
    sender.rounds()
    assert len(sender.counted) == 10
    assert sender.states == {("accepted", None): 10}
    assert sender.paused_for is None


def test_a_rotated_token_is_used_at_once(sender: Any, token_file: Path) -> None:
    sender.take(10)
    sender.workspace.fault("error", error="token_expired")
    sender.round()
    token_file.write_text("another-token")
    assert sender.round() == 10
    assert sender.states == {("accepted", None): 10}


def test_a_missing_token_pauses_until_it_is_there(sender: Any, token_file: Path) -> None:
    sender.take(3)
    token_file.unlink()
    sender.round()
    assert sender.requests == 0
    assert sender.states == {("pending", "token_unavailable"): 3}
    token_file.write_text("a-token")
    sender.rounds()
    assert len(sender.counted) == 3


def test_an_answer_lost_after_the_platform_stored_the_event_ends_counted_once(
    sender: Any,
) -> None:
    sender.take(5)
    sender.workspace.fault("answer_lost")
    sender.round()
    assert sender.states == {("pending", "connection_broken"): 5}
    before = frozen(sender)
    assert None not in before
    sender.wait(seconds=5)
    sender.rounds()
    assert frozen(sender) == [None] * 5
    assert Counter(sender.counted) == {str(number): 1 for number in range(1, 6)}
    assert sender.states == {("accepted", None): 5}
    assert sender.requests == 2


def test_a_refusal_leaves_in_doubt_what_became_of_the_attempt_before(sender: Any) -> None:
    sender.take()
    sender.workspace.fault("answer_lost")
    sender.round()
    sender.workspace.fault("platform_rejects")
    sender.wait(seconds=5)
    sender.rounds()
    assert sender.counted == ["1"]
    refused = sender.deliveries["1"]
    assert (refused.state, refused.unanswered_since is None) == (State.REJECTED, False)


def test_a_resend_is_the_same_bytes_whatever_has_changed_meanwhile(sender: Any) -> None:
    sender.take()
    sender.workspace.fault("answer_lost")
    sender.round()

    def build_otherwise(claim: Claim, destination: Destination) -> Built:
        raise AssertionError

    sender.with_builder(build_otherwise)
    sender.wait(seconds=5)
    sender.round()
    bodies = [request["request_body"] for request in sender.workspace.requests()]
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]


def test_an_answer_never_seen_is_not_asked_for_again_when_that_could_count_twice(
    sender: Any,
) -> None:
    sender.take()
    sender.workspace.fault("answer_lost")
    sender.round()
    sender.wait(hours=47)
    sender.rounds()
    assert sender.requests == 1
    assert sender.states == {("dead", "outcome_unknown"): 1}


def test_a_throttle_is_waited_for_in_full_and_costs_no_attempt(sender: Any) -> None:
    sender.take(10)
    sender.workspace.fault("error", error="app_throttled", retry_after=600)
    sender.round()
    sender.wait(seconds=599)
    assert sender.round() == 0
    assert sender.requests == 1
    sender.wait(seconds=1)
    sender.rounds()
    assert len(sender.counted) == 10
    assert {one.attempts for one in sender.deliveries.values()} == {1}


def test_high_usage_slows_down_although_the_request_was_taken(sender: Any) -> None:
    sender.take()
    usage = '{"call_count": 100, "total_time": 1, "total_cputime": 1}'
    sender.workspace.fault("headers", headers={"X-App-Usage": usage})
    sender.round()
    sender.take(first=2)
    assert sender.round() == 0
    sender.wait(seconds=30)
    assert sender.round() == 1


def test_a_failing_platform_is_given_a_breath_whatever_else_is_due(sender: Any) -> None:
    sender.take()
    sender.workspace.fault("error", error="service_unavailable")
    sender.round()
    sender.take(first=2)
    assert sender.round() == 0
    sender.wait(seconds=2)
    assert sender.rounds() > 0
    assert sorted(sender.counted) == ["1", "2"]


def test_a_failing_platform_that_says_how_long_is_left_alone_by_all_senders(sender: Any) -> None:
    sender.take()
    sender.workspace.fault("error", error="service_unavailable", retry_after=600)
    sender.round()
    another = replace(sender, context=replace(sender.context, pace=Pace(1)))
    another.take(first=2)
    another.wait(seconds=599)
    assert (another.round(), another.requests) == (0, 1)
    assert another.paused_for == 1
    another.wait(seconds=1)
    assert another.round() == 1
    another.wait(seconds=5)  # the first one's jitter
    another.rounds()
    assert sorted(another.counted) == ["1", "2"]
    assert another.paused_for is None


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"kind": "html"}, "meta:no_events_received"),
        ({"kind": "malformed_json"}, "meta:no_events_received"),
        ({"kind": "wrong_count"}, "meta:events_received_differs"),
        ({"kind": "reset"}, "connection_broken"),
        ({"kind": "error", "error": "service_unavailable"}, "meta:2"),
        ({"kind": "error", "error": "service_unavailable", "store": True}, "meta:2"),
        ({"kind": "error", "error": "upload_not_ready"}, "meta:21009"),
    ],
)
def test_trouble_that_passes_is_tried_again_and_counted_once(
    sender: Any, fault: dict[str, Any], reason: str
) -> None:
    sender.take(3)
    sender.workspace.fault(**fault)
    sender.round()
    assert sender.states == {("pending", reason): 3}
    sender.wait(minutes=1)
    sender.rounds()
    assert Counter(sender.counted) == {"1": 1, "2": 1, "3": 1}
    assert sender.states == {("accepted", None): 3}


def test_an_order_the_platform_would_refuse_is_skipped_with_its_reason(sender: Any) -> None:
    personal = ("customer", "hashed", "billing_address", "shipping_address", "browser")
    nobody: dict[str, Any] = {member: {} for member in personal}
    sender.take(2, touches=[], **nobody)
    sender.round()
    assert sender.requests == 0
    assert {state for state, _ in sender.states} == {"skipped"}
    assert all(reason for _, reason in sender.states)


def test_what_is_past_its_deadline_by_the_time_it_is_claimed_expires(sender: Any) -> None:
    sender.take()
    sender.wait(days=7)
    sender.round()
    assert sender.requests == 0
    assert sender.states == {("expired", "deadline_passed"): 1}


def test_a_frozen_event_rests_encrypted(sender: Any) -> None:
    sender.take()
    sender.workspace.fault("answer_lost")
    sender.round()
    (payload,) = frozen(sender)
    assert payload
    assert b"Purchase" not in payload

"""What becomes of orders when the sender itself fails, stops, or is overtaken."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog

from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.transport import HttpTransport
from bridge.events.event import Built, PlatformEvent
from bridge.operate.destinations import Destination
from bridge.outbox.records import Claim
from bridge.outbox.states import State


class Watching(HttpTransport):
    """Calls `seen` before each request is really posted."""

    def __init__(self, seen: Any) -> None:
        super().__init__()
        self._seen = seen

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], deadline_seconds: float
    ) -> Answer | NoAnswer:
        self._seen()
        return super().post(url, body, headers, deadline_seconds)


def test_the_start_of_the_attempt_is_durable_before_anything_leaves(sender: Any) -> None:
    seen = []
    transport = Watching(lambda: seen.append(sender.deliveries["1"].first_sent_at))
    sender.context = replace(sender.context, transport=transport)
    sender.take()
    sender.round()
    transport.close()
    assert seen == [sender.clock()]


def test_a_stop_ends_the_request_in_flight_and_gives_the_rest_back(sender: Any) -> None:
    transport = Watching(sender.context.stop.set)
    sender.context = replace(sender.context, transport=transport)
    sender.take(8)
    sender.workspace.fault("platform_rejects", match={"event_id": ["5"]})
    sender.round()
    assert sender.requests == 1
    assert sender.states == {("pending", None): 8}
    assert {one.attempts for one in sender.deliveries.values()} == {0}
    sender.context.stop.clear()
    sender.context = replace(sender.context, transport=Watching(lambda: None))
    sender.rounds()
    sender.context.transport.close()
    transport.close()
    assert len(sender.counted) == 7


def test_a_long_search_keeps_its_leases(sender: Any) -> None:
    taken: list[Claim] = []

    def dawdle() -> None:
        sender.wait(seconds=0.6 * sender.context.sender.lease)
        lease = timedelta(seconds=60)
        taken.extend(sender.installation.store.claim("meta", limit=9, owner="other", lease=lease))

    sender.context = replace(sender.context, transport=Watching(dawdle))
    sender.take(8)
    sender.workspace.fault("platform_rejects", match={"event_id": ["8"]})
    sender.round()
    sender.context.transport.close()
    assert not taken
    assert len(sender.counted) == 7
    assert sender.deliveries["8"].state is State.REJECTED


def test_what_another_sender_has_taken_over_is_not_posted(sender: Any) -> None:
    sender.take(3)
    build = sender.context.build
    taken: list[Claim] = []

    def dawdle(claim: Claim, destination: Destination) -> Built:
        if not taken:
            sender.wait(seconds=sender.context.sender.lease)
            lease = timedelta(seconds=60)
            store = sender.installation.store
            taken.extend(store.claim("meta", limit=1, owner="other", lease=lease))
        built: Built = build(claim, destination)
        return built

    sender.with_builder(dawdle)
    sender.round()
    assert [claim.event_id for claim in taken] == ["1"]
    assert sorted(sender.counted) == ["2", "3"]
    assert sender.deliveries["1"].state is State.LEASED


def test_what_keeps_killing_its_sender_goes_alone_and_is_given_up(sender: Any) -> None:
    sender.take(3)

    def die(claim: Claim, destination: Destination) -> PlatformEvent:
        if claim.event_id == "2":
            raise KeyboardInterrupt
        built = build(claim, destination)
        assert isinstance(built, PlatformEvent)
        return built

    build = sender.context.build
    sender.with_builder(die)
    for _ in range(sender.context.sender.max_crashes + 9):
        try:
            sender.round()
        except KeyboardInterrupt:
            sender.wait(seconds=sender.context.sender.lease)
    assert sorted(sender.counted) == ["1", "3"]
    assert sender.states == {("accepted", None): 2, ("dead", "crashes_sender"): 1}


def test_logs_hold_neither_token_nor_shopper(sender: Any, token_file: Path) -> None:
    token_file.write_text("EAAB-very-secret")
    sender.take(2)
    sender.workspace.fault("error", error="token_expired")
    with structlog.testing.capture_logs() as lines:
        sender.round()
    assert [line["event"] for line in lines] == ["request_answered", "destination_paused"]
    assert "very-secret" not in str(lines)
    assert "@" not in str(lines)


def test_what_the_builder_fails_on_is_a_dead_letter_and_its_neighbours_go_on(sender: Any) -> None:
    sender.take(5)
    build = sender.context.build

    def fail_on_three(claim: Claim, destination: Destination) -> Built:
        if claim.event_id == "3":
            raise ValueError("jane@example.org")
        built: Built = build(claim, destination)
        return built

    sender.with_builder(fail_on_three)
    with structlog.testing.capture_logs() as lines:
        sender.round()
    assert sorted(sender.counted) == ["1", "2", "4", "5"]
    failed = sender.deliveries["3"]
    assert (failed.state, failed.reason) == (State.DEAD, "builder_failed")
    assert failed.detail == "ValueError"
    assert "jane" not in str(lines)

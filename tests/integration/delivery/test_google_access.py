"""A real sender and the mock's Google: tokens, and the quota of requests."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bridge.operate.google_destination import GoogleDestination
from bridge.operate.settings import Settings
from bridge.outbox.records import Claim
from bridge.pipeline import deliver
from mock_platform.client import MockWorkspace

USER = {
    "type": "authorized_user",
    "client_id": "the-client",
    "client_secret": "the-secret",
    "refresh_token": "the-refresh-token",
}


@pytest.fixture
def credentials_file(tmp_path: Path) -> Path:
    file = tmp_path / "credentials.json"
    file.write_text(json.dumps(USER))
    return file


@pytest.fixture
def google(
    workspace: MockWorkspace, credentials_file: Path, make_google: Callable[..., GoogleDestination]
) -> GoogleDestination:
    return make_google(
        credentials=f"file:{credentials_file}",
        token_url=f"{workspace.url}/token",
        requests_per_minute=3,
        batch_size=2,
    )


@pytest.fixture
def settings(tmp_path: Path, site: Any, google: GoogleDestination) -> Settings:
    return Settings(data_dir=tmp_path, sites=(site,), destinations=(google,))


def test_a_refused_token_is_replaced_and_the_request_sent_again_at_once(sender: Any) -> None:
    sender.take(2)
    sender.workspace.fault("error", error="ACCESS_TOKEN_EXPIRED")
    sender.round()
    assert sender.states == {("accepted", None): 2}
    assert sender.paused_for is None


def test_a_token_refused_twice_pauses_until_there_are_other_credentials(
    sender: Any, credentials_file: Path
) -> None:
    sender.take(2)
    sender.workspace.fault("error", error="ACCESS_TOKEN_EXPIRED", times=2)
    sender.round()
    assert sender.states == {("pending", "google:ACCESS_TOKEN_EXPIRED"): 2}
    assert sender.round() == 0
    credentials_file.write_text(json.dumps(USER | {"refresh_token": "another"}))
    assert sender.round() == 2
    assert sender.states == {("accepted", None): 2}


def test_refused_credentials_pause_with_googles_reason_and_lose_nothing(
    sender: Any, credentials_file: Path
) -> None:
    sender.take(2)
    sender.workspace.settings(token_error="invalid_grant")
    sender.round()
    assert sender.states == {("pending", "google:invalid_grant"): 2}
    assert sender.paused_for == 30
    sender.workspace.settings(token_error=None)
    credentials_file.write_text(json.dumps(USER | {"refresh_token": "another"}))
    sender.rounds()
    assert sender.states == {("accepted", None): 2}


def test_a_token_endpoint_in_trouble_is_waited_for_without_blaming_anybody(sender: Any) -> None:
    sender.take(2)
    sender.workspace.settings(token_error="temporarily_unavailable")
    sender.round()
    assert sender.states == {("pending", "token_delayed"): 2}
    assert sender.paused_for == 2
    sender.workspace.settings(token_error=None)
    sender.wait(seconds=2)
    sender.rounds()
    assert sender.states == {("accepted", None): 2}


class TurningStop(threading.Event):
    """Instead of waiting, lets the time pass by the clock; notes for how long."""

    def __init__(self, sender: Any) -> None:
        super().__init__()
        self.waits: list[float] = []
        self._sender = sender

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        self._sender.wait(seconds=timeout)
        return self.is_set()


def test_no_more_requests_are_sent_in_a_minute_than_the_quota_allows(sender: Any) -> None:
    stop = TurningStop(sender)
    sender.context = replace(sender.context, stop=stop)
    sender.take(14)
    start, asked_for_a_token, sent_at = sender.clock(), 1, []
    while sender.round():
        seconds = (sender.clock() - start).total_seconds()
        sent_at += [seconds] * (sender.requests - asked_for_a_token - len(sent_at))
    assert sent_at == [0, 0, 0, 60, 60, 60, 120]
    assert sum(stop.waits) == 120
    assert sender.states == {("accepted", None): 14}


def test_another_sender_of_the_same_destination_shares_the_quota(sender: Any) -> None:
    other = sender.installation.store
    for _ in range(2):
        other.reserve_request("google", per_minute=3)
    stop = TurningStop(sender)
    sender.context = replace(sender.context, stop=stop)
    sender.take(4)
    sender.rounds()
    assert sum(stop.waits) == 60


def test_a_search_for_a_culprit_keeps_to_the_quota_and_its_leases(sender: Any) -> None:
    stop = TurningStop(sender)
    google = sender.destination.model_copy(update={"batch_size": 100})
    sender.context = replace(sender.context, stop=stop)
    sender.take(16)
    sender.workspace.fault("platform_rejects", match={"event_id": ["11"]}, named=False)
    sender.lane(google).run_once()
    assert sender.states == {("accepted", None): 15, ("rejected", "google:INVALID_ARGUMENT"): 1}
    assert sum(stop.waits) >= 120


class Covetous(TurningStop):
    """While one sender waits, another takes what it can."""

    def __init__(self, sender: Any) -> None:
        super().__init__(sender)
        self.taken: list[Claim] = []

    def wait(self, timeout: float | None = None) -> bool:
        super().wait(timeout)
        lease = timedelta(seconds=30)
        store = self._sender.installation.store
        self.taken.extend(store.claim("google", limit=9, owner="other", lease=lease))
        return False


@pytest.fixture
def covetous(sender: Any) -> Covetous:
    """With a lease that ends before the quota has room again."""
    stop = Covetous(sender)
    short = sender.context.sender.model_copy(update={"lease": 21})
    sender.context = replace(sender.context, sender=short, stop=stop)
    return stop


def use_up_the_quota(sender: Any) -> None:
    for _ in range(3):
        sender.installation.store.reserve_request("google", per_minute=3)


def test_what_is_about_to_be_sent_stays_in_its_senders_hands_while_it_waits_for_its_turn(
    sender: Any, covetous: Covetous
) -> None:
    sender.take(2)
    store, lease = sender.installation.store, timedelta(seconds=21)
    claims = store.claim("google", limit=9, owner="we", lease=lease)
    use_up_the_quota(sender)

    deliver(sender.context, sender.destination, claims)

    assert covetous.waits
    assert not covetous.taken
    assert sender.states == {("accepted", None): 2}


def test_what_no_quota_is_left_for_is_nobodys_meanwhile_and_blamed_for_no_crash(
    sender: Any, covetous: Covetous
) -> None:
    use_up_the_quota(sender)
    sender.take(2)

    sender.round()

    assert [claim.crashes for claim in covetous.taken] == [0, 0]
    assert sender.requests == 0


class Stopping(TurningStop):
    """Tells to stop as soon as somebody waits."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


def test_a_stop_while_waiting_for_a_turn_sends_nothing_more(sender: Any) -> None:
    sender.context = replace(sender.context, stop=Stopping(sender))
    use_up_the_quota(sender)
    sender.take(2)
    sender.round()
    assert sender.requests == 0
    assert {one.first_sent_at for one in sender.deliveries.values()} == {None}


def test_a_stop_while_waiting_for_a_turn_gives_back_what_was_about_to_be_sent(sender: Any) -> None:
    sender.context = replace(sender.context, stop=Stopping(sender))
    sender.take(4)
    claims = sender.installation.store.claim(
        "google", limit=9, owner="we", lease=timedelta(seconds=21)
    )
    use_up_the_quota(sender)

    deliver(sender.context, sender.destination, claims)

    assert sender.states == {("pending", None): 4}
    assert {one.attempts for one in sender.deliveries.values()} == {0}

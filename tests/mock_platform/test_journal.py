"""The journal: bounded, without secrets, and still there after a restart."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace
from mock_platform.server import MockServer
from mock_platform.workspace import Workspaces

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]


def orders(event: EventFactory, count: int) -> list[Event]:
    return [event(event_id=f"order-{number}") for number in range(count)]


def test_the_journal_is_bounded_and_deduplication_remembers_longer(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(journal_events=3, journal_requests=2)
    for each in orders(event, 5):
        post(each)
    assert [each["event_id"] for each in workspace.events()] == ["order-2", "order-3", "order-4"]
    assert len(workspace.requests()) == 2
    post(*orders(event, 1))
    assert workspace.events()[-1]["verdict"] == "deduplicated"


def test_a_reset_looks_at_no_entry_and_leaves_nothing_on_disk(tmp_path: Path) -> None:
    with MockServer(data=tmp_path) as server:
        workspace = MockWorkspace(server.url)
        post_to = f"{server.url}/tr"
        for number in range(3):
            requests.get(post_to, params={"id": "1", "ev": "Lead", "eid": number}, timeout=10)
        statements: list[str] = []
        connection = server.workspaces.get().ledger._connection
        connection.set_trace_callback(statements.append)
        workspace.reset()
        assert statements == []
        for thread in threading.enumerate():
            if thread.name == "discards-books":
                thread.join()
        names = {"default.sqlite", "default.sqlite-wal", "default.sqlite-shm"}
        assert {path.name for path in tmp_path.iterdir()} <= names
        assert workspace.events() == []


def test_what_a_process_that_ended_was_forgetting_is_removed_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / "default.sqlite.forgotten-1a2b3c4d"
    left.touch()
    Workspaces(tmp_path).close()
    assert not left.exists()


def test_the_memory_of_deduplication_is_bounded_too(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(memory_events=2)
    for each in orders(event, 3):
        post(each)
    post(*orders(event, 1))
    assert workspace.events()[-1]["verdict"] == "counted"


def test_bodies_are_cut_to_the_settings_length(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(journal_body_bytes=20)
    post(event())
    (request,) = workspace.requests()
    assert len(request["request_body"]) == len(request["response_body"]) == 20
    assert request["request_bytes"] > 20


TOKEN_PLACES: dict[str, dict[str, Any]] = {
    "query": {"params": {"access_token": "SECRET/1"}, "json": {"data": []}},
    "JSON": {"json": {"data": [], "access_token": "SECRET/1"}},
    "spaced JSON": {"data": b'{ "access_token" : "SECRET/1", "data": [] }'},
    "cut JSON": {"data": b'{"access_token":"SECRET/1' + b"9" * 40 + b'"}'},
    "form": {"data": {"data": "[]", "access_token": "SECRET/1"}},
    "multipart": {"files": {"access_token": (None, "SECRET/1"), "data": (None, "[]")}},
    "header": {"headers": {"Authorization": "Bearer SECRET/1"}, "json": {"data": []}},
    "proof": {"json": {"appsecret_proof": "SECRET/1"}},
}


@pytest.mark.parametrize("place", TOKEN_PLACES)
def test_no_token_is_ever_written_down(tmp_path: Path, place: str) -> None:
    with MockServer(data=tmp_path) as server:
        workspace = MockWorkspace(server.url)
        workspace.settings(
            journal_body_bytes=40 if place == "cut JSON" else 4000, invalid_tokens=["SECRET/1"]
        )
        request = TOKEN_PLACES[place]
        requests.post(f"{server.url}/v26.0/1/events", timeout=10, **request)
        shown = str(workspace.requests()) + str(workspace.settings())
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "SECRET" not in shown
    assert b"SECRET" not in written


def test_books_in_a_directory_outlive_the_server(tmp_path: Path, event: EventFactory) -> None:
    def send(url: str) -> None:
        requests.post(f"{url}/v26.0/1/events?access_token=T", json={"data": [event()]}, timeout=10)

    with MockServer(data=tmp_path) as server:
        send(server.url)
    with MockServer(data=tmp_path) as server:
        send(server.url)
        verdicts = [each["verdict"] for each in MockWorkspace(server.url).events()]
    assert verdicts == ["counted", "deduplicated"]

"""Answers that go wrong on their way: slow, half, short, empty, garbage, of another shape."""

import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from mock_platform.client import MockWorkspace

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]
INGEST = "v1/events:ingest"


@pytest.fixture(params=["meta", "google"])
def send(
    request: Any, workspace: MockWorkspace, event: EventFactory
) -> Iterator[Callable[[], Any]]:
    """Send one sound request to either platform, and hand out the unread answer."""
    parts = urlsplit(workspace.url)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=10)) as connection:

        def call() -> http.client.HTTPResponse:
            if request.param == "meta":
                path, body = "v26.0/1/events", {"data": [event()]}
            else:
                path, body = INGEST, google_request()
            headers = {"Authorization": "Bearer T", "Content-Type": "application/json"}
            text = json.dumps(body)
            connection.request("POST", f"{parts.path}/{path}", text, headers)
            return connection.getresponse()

        yield call


def google_request() -> Event:
    account = {"accountType": "GOOGLE_ADS", "accountId": "1"}
    return {
        "destinations": [{"operatingAccount": account, "productDestinationId": "2"}],
        "events": [
            {
                "eventTimestamp": "2026-11-22T07:00:00Z",
                "transactionId": "order-1",
                "eventSource": "WEB",
                "adIdentifiers": {"gclid": "EAIaIQobChMI0123456789"},
            }
        ],
    }


def test_a_slow_body_arrives_whole_in_the_end(
    workspace: MockWorkspace, send: Callable[[], Any]
) -> None:
    workspace.fault("slow_body", seconds=0.1)
    answer = send()
    assert answer.status == 200
    assert answer.read().endswith(b"}")
    assert len(workspace.events()) == 1


def test_a_slow_head_arrives_whole_in_the_end(
    workspace: MockWorkspace, send: Callable[[], Any]
) -> None:
    workspace.fault("slow_headers", seconds=0.1)
    answer = send()
    assert (answer.status, answer.headers["Content-Type"][:16]) == (200, "application/json")
    assert answer.read().endswith(b"}")
    assert len(workspace.events()) == 1


def test_a_slow_head_ends_at_the_clients_timeout(
    workspace: MockWorkspace, event: EventFactory
) -> None:
    workspace.fault("slow_headers", seconds=30)
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{workspace.url}/v26.0/1/events",
            params={"access_token": "T"},
            json={"data": [event()]},
            timeout=0.2,
        )


def test_a_chunk_ends_in_its_middle(workspace: MockWorkspace, send: Callable[[], Any]) -> None:
    workspace.fault("truncated_chunk")
    answer = send()
    assert answer.headers["Transfer-Encoding"] == "chunked"
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    assert len(workspace.events()) == 1


def test_half_an_answer_is_followed_by_silence(
    workspace: MockWorkspace, send: Callable[[], Any]
) -> None:
    workspace.fault("half_open", seconds=0.05)
    answer = send()
    with pytest.raises(http.client.IncompleteRead) as cut:
        answer.read()
    assert 0 < len(cut.value.partial) <= (cut.value.expected or 0) + 1
    (request,) = workspace.requests()
    assert (request["status"], request["fault"]) == (200, "half_open")
    assert len(workspace.events()) == 1


def test_a_wrong_length_promises_more_than_comes(
    workspace: MockWorkspace, send: Callable[[], Any]
) -> None:
    workspace.fault("wrong_length")
    answer = send()
    with pytest.raises(http.client.IncompleteRead) as cut:
        answer.read()
    assert cut.value.expected == 10
    assert len(workspace.events()) == 1


@pytest.mark.parametrize(("store", "taken"), [(None, 0), (True, 1)])
@pytest.mark.parametrize("kind", ["empty", "garbage"])
def test_what_is_no_json_comes_with_200(
    workspace: MockWorkspace,
    send: Callable[[], Any],
    kind: str,
    store: bool | None,
    taken: int,
) -> None:
    workspace.fault(kind, **({} if store is None else {"store": store}))
    answer = send()
    body = answer.read()
    assert answer.status == 200
    assert (body == b"") is (kind == "empty")
    with pytest.raises(ValueError, match=r"Expecting value|codec|surrogate"):
        json.loads(body)
    assert len(workspace.events()) == taken


def test_another_shape_is_good_json_without_what_was_agreed(
    workspace: MockWorkspace, send: Callable[[], Any]
) -> None:
    workspace.fault("other_shape")
    document = json.loads(send().read())
    assert not {"events_received", "requestId"} & document.keys()
    assert len(workspace.events()) == 1


def test_after_a_broken_answer_the_next_one_is_whole(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    for kind in ("half_open", "wrong_length", "truncated_chunk"):
        workspace.fault(kind, seconds=0.05)
        with pytest.raises(requests.RequestException):
            post(event())
        assert post(event()).json()["events_received"] == 1

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]

JSON_ERROR_KEYS = {"message", "type", "code", "fbtrace_id"}


def url(workspace: MockWorkspace) -> str:
    return f"{workspace.url}/v26.0/1234567890/events"


DATA_FORMS = {
    "array of objects": json.dumps,
    "array of JSON texts": lambda events: json.dumps([json.dumps(each) for each in events]),
}


@pytest.mark.parametrize("form", DATA_FORMS.values(), ids=DATA_FORMS)
@pytest.mark.parametrize("encoding", ["json", "json with data as text", "urlencoded", "multipart"])
@pytest.mark.parametrize("token_place", ["query", "body", "header"])
def test_every_encoding_data_form_and_token_place_is_taken(
    workspace: MockWorkspace,
    event: EventFactory,
    form: Callable[[list[Event]], str],
    encoding: str,
    token_place: str,
) -> None:
    data = form([event(), event(event_id="order-2")])
    body = {"access_token": "TOKEN"} if token_place == "body" else {}
    arguments: dict[str, Any] = {
        "params": {"access_token": "TOKEN"} if token_place == "query" else {},
        "headers": {"Authorization": "Bearer TOKEN"} if token_place == "header" else {},
    }
    if encoding == "json":
        arguments["json"] = {"data": json.loads(data), **body}
    elif encoding == "json with data as text":
        arguments["json"] = {"data": data, **body}
    elif encoding == "urlencoded":
        arguments["data"] = {"data": data, **body}
    else:
        arguments["files"] = {name: (None, text) for name, text in {"data": data, **body}.items()}

    answer = requests.post(url(workspace), timeout=10, **arguments)

    assert answer.status_code == 200, answer.text
    assert answer.json().keys() == {"events_received", "messages", "fbtrace_id"}
    assert answer.json()["events_received"] == 2
    assert [each["event_id"] for each in workspace.counted()] == ["order-1", "order-2"]


def test_a_thousand_events_fit_in_one_urlencoded_request(
    workspace: MockWorkspace, event: EventFactory
) -> None:
    events = [event(event_id=f"order-{number}") for number in range(1000)]
    answer = requests.post(
        url(workspace), data={"data": json.dumps(events), "access_token": "T"}, timeout=30
    )
    assert answer.json()["events_received"] == 1000
    assert len(workspace.counted()) == 1000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "The parameter data is required"),
        ([], "1 to 1000"),
        ("[", "must be an array"),
        ({"event_name": "Purchase"}, "must be an array"),
        ("{}", "must be an array"),
        ([{}] * 1001, "1 to 1000"),
    ],
    ids=["absent", "empty", "broken text", "object", "text of an object", "1001 events"],
)
def test_unusable_data_is_refused_with_code_100(
    workspace: MockWorkspace, data: object, message: str
) -> None:
    body = {} if data is None else {"data": data}
    answer = requests.post(url(workspace), params={"access_token": "T"}, json=body, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == 100
    assert message in answer.json()["error"]["message"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b""])
def test_a_body_that_is_no_json_object_is_refused(workspace: MockWorkspace, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Authorization": "Bearer T"}
    answer = requests.post(url(workspace), data=body, headers=headers, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == 100
    assert answer.json()["error"].keys() == JSON_ERROR_KEYS


def test_one_invalid_event_rejects_the_whole_request(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    answer = post(event(event_id="a"), event(event_id="b", event_time=1), event(event_id="c"))
    assert answer.status_code == 400
    rejected = workspace.events(verdict="rejected")
    rules = {each["event_id"]: [f["rule"] for f in each["findings"]] for each in rejected}
    assert rules == {
        "a": ["meta.request.rejected_with_batch"],
        "b": ["meta.event_time.too_old"],
        "c": ["meta.request.rejected_with_batch"],
    }
    assert workspace.counted() == []


def test_a_rejected_event_may_be_corrected_and_counts_then(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event(custom_data={"currency": "USD"}))
    assert post(event()).status_code == 200
    assert [each["verdict"] for each in workspace.events()] == ["rejected", "counted"]


def test_an_event_error_carries_graphs_eight_keys(event: EventFactory, post: Post) -> None:
    error = post(event(event_time=1)).json()["error"]
    assert error.pop("fbtrace_id").startswith("A")
    assert error.pop("error_user_msg")
    assert error == {
        "message": "Invalid parameter",
        "type": "OAuthException",
        "code": 100,
        "error_subcode": 2804003,
        "is_transient": False,
        "error_user_title": "Event Timestamp Too Old",
    }


def test_an_unversioned_path_is_served(workspace: MockWorkspace, event: EventFactory) -> None:
    answer = requests.post(
        f"{workspace.url}/1234567890/events",
        params={"access_token": "T"},
        json={"data": [event()]},
        timeout=10,
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v26.0/1/events/2"), ("POST", "/v26.0/1/nothing"), ("DELETE", "/v26.0/1/events")],
)
def test_unknown_edges_answer_in_graphs_words(
    workspace: MockWorkspace, method: str, path: str
) -> None:
    answer = requests.request(method, workspace.url + path, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "OAuthException"


def test_a_test_event_code_is_kept_and_the_event_counts(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event(), test_event_code="TEST123")
    assert [each["test_event_code"] for each in workspace.counted()] == ["TEST123"]

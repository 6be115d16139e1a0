from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace

Event = dict[str, Any]
EventFactory = Callable[..., Event]
Post = Callable[..., requests.Response]


def get(
    workspace: MockWorkspace, path: str, token: str | None = "TOKEN", **parameters: str
) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.get(f"{workspace.url}{path}", params=parameters, headers=headers, timeout=10)


def test_any_token_is_good_by_default(event: EventFactory, post: Post) -> None:
    assert post(event(), token="anything").status_code == 200


def test_a_missing_token_is_graphs_error_104(workspace: MockWorkspace, event: EventFactory) -> None:
    answer = requests.post(f"{workspace.url}/v26.0/1/events", json={"data": [event()]}, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == 104
    assert workspace.events() == []


def test_an_invalid_token_is_401_with_code_190(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(invalid_tokens=["BAD"])
    answer = post(event(), token="BAD")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == 190
    assert answer.json()["error"]["message"].startswith("Invalid OAuth access token")
    assert post(event(), token="GOOD").status_code == 200


def test_an_expired_token_says_so_in_its_subcode(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(expired_tokens=["OLD"])
    answer = post(event(), token="OLD")
    assert (answer.status_code, answer.json()["error"]["error_subcode"]) == (401, 463)


def test_only_accepted_tokens_are_good_when_they_are_named(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(accepted_tokens=["ONE"])
    assert post(event(), token="ONE").status_code == 200
    assert post(event(), token="TWO").status_code == 401


def test_tokens_are_kept_as_fingerprints_that_can_be_posted_back(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    shown = workspace.settings(invalid_tokens=["BAD"])["invalid_tokens"]
    assert "BAD" not in str(shown)
    workspace.settings(invalid_tokens=shown)
    assert post(event(), token="BAD").status_code == 401


def test_an_expired_version_is_refused(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(expired_versions=["v26.0"])
    answer = post(event())
    assert answer.status_code == 400
    assert "deprecated version" in answer.json()["error"]["message"]


def test_an_unknown_dataset_is_100_33(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    workspace.settings(known_datasets=["7"])
    error = post(event(), dataset="8").json()["error"]
    assert (error["code"], error["error_subcode"]) == (100, 33)
    assert error["type"] == "GraphMethodException"
    assert post(event(), dataset="7").status_code == 200


def test_a_dataset_that_is_no_number_is_803(event: EventFactory, post: Post) -> None:
    answer = post(event(), dataset="my-pixel")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, 803)


@pytest.mark.parametrize("prefix", ["", "/v26.0"])
def test_a_dataset_tells_its_id_and_name(workspace: MockWorkspace, prefix: str) -> None:
    node = get(workspace, f"{prefix}/77").json()
    assert node == {"id": "77", "name": "Mock dataset 77"}
    fields = get(workspace, f"{prefix}/77", fields="id,is_consolidated_container").json()
    assert fields["is_consolidated_container"] is True


@pytest.mark.parametrize("prefix", ["", "/v26.0"])
def test_me_tells_id_and_name(workspace: MockWorkspace, prefix: str) -> None:
    assert get(workspace, f"{prefix}/me").json().keys() == {"id", "name"}
    assert get(workspace, f"{prefix}/me", token=None).json()["error"]["code"] == 104


def test_debug_token_tells_whether_a_token_is_valid(workspace: MockWorkspace) -> None:
    workspace.settings(expired_tokens=["OLD"])
    good = get(workspace, "/v26.0/debug_token", input_token="NEW").json()["data"]
    bad = get(workspace, "/v26.0/debug_token", input_token="OLD").json()["data"]
    assert (good["is_valid"], "ads_management" in good["scopes"]) == (True, True)
    assert (bad["is_valid"], bad["scopes"], bad["error"]["subcode"]) == (False, [], 463)


def test_a_dataset_is_refused_to_a_bad_token(workspace: MockWorkspace) -> None:
    workspace.settings(invalid_tokens=["BAD"])
    assert get(workspace, "/v26.0/77", token="BAD").status_code == 401


def test_dataset_quality_tells_the_coverage_of_web_events(
    workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    post(event(), dataset="77")
    weaker = {"client_ip_address": "192.0.2.7", "client_user_agent": "Mozilla/5.0"}
    post(event(event_id="order-2", user_data=weaker), dataset="77")
    post(event(event_id="order-3", action_source="other"), dataset="77")
    (web,) = get(workspace, "/v26.0/dataset_quality", dataset_id="77").json()["web"]
    assert web["event_name"] == "Purchase"
    quality = web["event_match_quality"]
    coverage = {
        each["identifier"]: each["coverage"]["percentage"] for each in quality["match_key_feedback"]
    }
    assert coverage == {"email": 50.0, "user_agent": 100.0, "ip_address": 100.0}
    assert quality["composite_score"] == 2.5


def test_dataset_quality_needs_a_dataset_and_a_token(workspace: MockWorkspace) -> None:
    missing = get(workspace, "/v26.0/dataset_quality")
    assert (missing.status_code, missing.json()["error"]["code"]) == (400, 100)
    unknown = get(workspace, "/v26.0/dataset_quality", token=None, dataset_id="1")
    assert unknown.json()["error"]["code"] == 104

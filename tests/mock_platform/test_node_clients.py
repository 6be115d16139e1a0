"""Meta's own JavaScript against the mock: the Node SDK, and what Parameter Builder hands out."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mock_platform.client import MockWorkspace

SCRIPT = Path(__file__).parent / "node/official_clients.js"


def node(workspace: MockWorkspace, *words: str, code: int = 0) -> dict[str, Any]:
    done = subprocess.run(
        ["node", SCRIPT, workspace.url, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == code, done.stdout + done.stderr
    answered: dict[str, Any] = json.loads(done.stdout)
    return answered


def test_the_node_sdk_is_understood_and_understands(workspace: MockWorkspace) -> None:
    answer = node(workspace, "sdk")
    assert (answer["_events_received"], answer["_messages"]) == (1, [])
    (event,) = workspace.counted()
    assert (event["order_id"], event["findings"]) == ("order-1", [])
    (request,) = workspace.requests()
    assert "TOKEN" not in str(request)


def test_a_rejection_becomes_the_node_sdks_own_error(workspace: MockWorkspace) -> None:
    error = node(workspace, "old", code=3)
    assert (error["name"], error["status"]) == ("FacebookRequestError", 400)
    assert error["body"]["error_subcode"] == 2804003


@pytest.mark.parametrize(
    ("name", "code", "status"), [("token_expired", 190, 401), ("app_throttled", 4, 400)]
)
def test_a_fault_becomes_the_node_sdks_own_error(
    workspace: MockWorkspace, name: str, code: int, status: int
) -> None:
    workspace.fault("error", error=name)
    error = node(workspace, "sdk", code=3)
    assert (error["name"], error["status"]) == ("FacebookRequestError", status)
    assert error["body"]["code"] == code


def test_the_node_sdk_reads_whose_token_it_has(workspace: MockWorkspace) -> None:
    assert node(workspace, "me")["name"] == "Mock System User"


def test_what_parameter_builder_hands_out_has_no_findings(workspace: MockWorkspace) -> None:
    workspace.know_shoppers({"email": "jane@example.com", "phone": "+44 20 7946 0123"})
    workspace.settings(mode="strict")
    answer = node(workspace, "builder", "IwAR0abcDEF_-ghiJKLmno")
    assert answer["events_received"] == 1
    (event,) = workspace.counted()
    assert event["findings"] == []
    marked = answer["sent"]
    assert all(
        len(value.rsplit(".", 1)[1]) == 8
        for value in (marked["fbc"], marked["fbp"], *marked["em"], *marked["ph"])
    )

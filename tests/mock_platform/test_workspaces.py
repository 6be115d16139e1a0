"""Workspaces: worlds of their own under one server."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace
from mock_platform.server import MockServer
from mock_platform.workspace import WORKSPACES_MAX, WorkspaceError, Workspaces

EventFactory = Callable[..., dict[str, Any]]
Post = Callable[..., requests.Response]


def test_workspaces_never_meet(
    mock_platform: MockServer, workspace: MockWorkspace, event: EventFactory, post: Post
) -> None:
    other = MockWorkspace(mock_platform.url, "other")
    other.fault("error", times=None)
    other.settings(mode="strict")
    other.set_clock(7)
    assert post(event()).status_code == 200
    assert other.events() == []
    other.delete()
    assert len(workspace.events()) == 1


def test_a_deleted_workspace_is_made_anew(mock_platform: MockServer) -> None:
    passing = MockWorkspace(mock_platform.url, "passing")
    passing.settings(mode="strict")
    passing.delete()
    assert MockWorkspace(mock_platform.url, "passing").settings()["mode"] == "faithful"


@pytest.mark.parametrize("name", ["a.b", "x" * 65, "%20"])
def test_a_workspace_needs_a_plain_name(mock_platform: MockServer, name: str) -> None:
    answer = requests.get(f"{mock_platform.url}/ws/{name}/_mock/health", timeout=10)
    assert answer.status_code == 400


def test_the_number_of_workspaces_is_bounded(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("mock_platform.workspace.WORKSPACES_MAX", 2)
    assert WORKSPACES_MAX > 2
    workspaces = Workspaces(tmp_path)
    workspaces.get("a")
    workspaces.get("b")
    with pytest.raises(WorkspaceError, match="delete some"):
        workspaces.get("c")
    workspaces.delete("a")
    workspaces.get("c")
    workspaces.close()

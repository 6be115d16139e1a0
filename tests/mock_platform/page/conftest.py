from collections.abc import Callable
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace


@pytest.fixture
def get(workspace: MockWorkspace, connection: requests.Session) -> Callable[..., Any]:
    """Ask the workspace for a page."""

    def call(path: str = "/", headers: dict[str, str] | None = None) -> requests.Response:
        return connection.get(workspace.url + path, headers=headers, timeout=10)

    return call


@pytest.fixture
def press(workspace: MockWorkspace, connection: requests.Session) -> Callable[..., Any]:
    """Send a form of the workspace's pages; redirects are not followed."""

    def call(path: str, origin: str | None = None, **form: str) -> requests.Response:
        return connection.post(
            workspace.url + path,
            data=form,
            headers={"Origin": origin} if origin else None,
            allow_redirects=False,
            timeout=10,
        )

    return call

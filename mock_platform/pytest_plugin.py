"""Fixtures for tests against the mock: `pytest_plugins = ["mock_platform.pytest_plugin"]`.

`mock_platform` is one server for the whole run on a free port; `workspace` is an empty world on it
for one test, so that parallel tests never meet.
"""

import uuid
from collections.abc import Iterator

import pytest

from mock_platform.client import MockWorkspace
from mock_platform.server import MockServer


@pytest.fixture(scope="session", name="mock_platform")
def mock_platform_server() -> Iterator[MockServer]:
    """A running mock platform."""
    with MockServer() as server:
        yield server


@pytest.fixture
def workspace(mock_platform: MockServer) -> Iterator[MockWorkspace]:
    """An isolated workspace; its `url` is usable as the platform's base URL."""
    made = MockWorkspace(mock_platform.url, uuid.uuid4().hex)
    yield made
    made.delete()

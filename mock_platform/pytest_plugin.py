"""Fixtures for tests against the mock. Installing the package is enough: pytest finds the plugin.

`mock_platform` is one server for the whole run on a free port; `workspace` is an empty world on it
for one test, so that parallel tests never meet. When a test fails, what its workspace has seen is
part of the report.
"""

import uuid
from collections.abc import Generator, Iterator

import pytest
import requests

from mock_platform.client import MockWorkspace
from mock_platform.server import MockServer

_SHOWN = 20


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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Put the journal of a failed test's workspace beside its traceback."""
    report = yield
    seen = getattr(item, "funcargs", {}).get("workspace")
    if report.when == "call" and report.failed and isinstance(seen, MockWorkspace):
        report.sections.append(("mock platform", _journal(seen)))
    return report


def _journal(workspace: MockWorkspace) -> str:
    try:
        events = workspace.events()
    except requests.RequestException:
        return "not reachable any more"
    lines = [
        f"{event['id']} {event['platform']} {event['verdict']} {event['event_name']}"
        f" order {event['order_id']} {' '.join(each['rule'] for each in event['findings'])}"
        for event in events[-_SHOWN:]
    ]
    return "\n".join([f"{len(events)} events", *lines])

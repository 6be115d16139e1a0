"""Fixtures for tests against the mock. Installing the package is enough: pytest finds the plugin.

`mock_platform` is one server for the whole run on a free port; `workspace` is an empty world on it
for one test, so that parallel tests never meet. When a test fails, what its workspace has seen is
part of the report. With the mark `mock_platform_no_errors`, or the setting of the same name for all
tests, a test also fails when an event of its workspace broke a rule that rejects.
"""

import uuid
from collections.abc import Generator, Iterator

import pytest
import requests

from mock_platform.client import MockWorkspace
from mock_platform.server import MockServer

_SHOWN = 20
_NO_ERRORS = "mock_platform_no_errors"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The setting that asks of every test what the mark asks of one."""
    told = "fail every test whose workspace received an event with an error"
    parser.addini(_NO_ERRORS, told, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    told = "fail when the workspace received an event with an error; (False) takes it back"
    config.addinivalue_line("markers", f"{_NO_ERRORS}(wanted=True): {told}")


@pytest.fixture(scope="session", name="mock_platform")
def mock_platform_server() -> Iterator[MockServer]:
    """A running mock platform."""
    with MockServer() as server:
        yield server


@pytest.fixture
def workspace(mock_platform: MockServer, request: pytest.FixtureRequest) -> Iterator[MockWorkspace]:
    """An isolated workspace; its `url` is usable as the platform's base URL."""
    made = MockWorkspace(mock_platform.url, uuid.uuid4().hex)
    yield made
    wrong = _wants_no_errors(request) and made.page(q="severity:error")["events"]
    seen = _journal(made) if wrong else ""
    made.delete()
    if wrong:
        pytest.fail(f"the mock platform received events with errors\n{seen}", pytrace=False)


def _wants_no_errors(request: pytest.FixtureRequest) -> bool:
    mark = request.node.get_closest_marker(_NO_ERRORS)
    if mark is None:
        return bool(request.config.getini(_NO_ERRORS))
    return bool(mark.args[0] if mark.args else mark.kwargs.get("wanted", True))


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

"""The plugin in another project's tests: found by its entry point, and telling when one fails."""

import sys
from importlib.metadata import entry_points
from pathlib import Path
from subprocess import run

TESTS = """
import pytest
import requests

def test_passes(workspace):
    requests.get(f"{workspace.url}/tr?id=1&ev=Purchase&eid=1", timeout=10)
    workspace.assert_received(event_id="1", verdict="counted")

def test_fails(workspace):
    requests.get(f"{workspace.url}/tr?id=1&ev=Purchase&eid=2&ud[em]=jane", timeout=10)
    workspace.assert_received(event_id="3", timeout=0)

def test_fails_without_the_mock():
    assert False

def send_an_error(workspace):
    event = {"event_name": "Purchase", "event_time": 1, "action_source": "other", "user_data": {}}
    url = f"{workspace.url}/v26.0/1/events?access_token=T"
    requests.post(url, json={"data": [event]}, timeout=10)

def test_lets_errors_pass(workspace):
    send_an_error(workspace)

@pytest.mark.mock_platform_no_errors
def test_wants_no_errors(workspace):
    send_an_error(workspace)

@pytest.mark.mock_platform_no_errors
def test_has_none(workspace):
    requests.get(f"{workspace.url}/tr?id=1&ev=Purchase&eid=1", timeout=10)

@pytest.mark.mock_platform_no_errors(False)
def test_takes_it_back(workspace):
    send_an_error(workspace)
"""


def test_the_plugin_is_an_entry_point() -> None:
    (found,) = (each for each in entry_points(group="pytest11") if "mock_platform" in each.value)
    assert found.value == "mock_platform.pytest_plugin"


def test_another_project_needs_no_more_than_the_package(tmp_path: Path) -> None:
    done = run_theirs(tmp_path)
    assert "2 failed, 5 passed, 1 error" in done, done
    assert "AssertionError: FAIL event_id=3" in done
    assert done.count("- mock platform -") == 1
    assert "1 meta counted Purchase order None meta.hash.plain_text" in done
    assert "ERROR at teardown of test_wants_no_errors" in done
    assert "the mock platform received events with errors" in done


def test_the_setting_asks_it_of_every_test(tmp_path: Path) -> None:
    done = run_theirs(tmp_path, "-o", "mock_platform_no_errors=true", "-k", "errors or takes")
    assert "4 passed" in done, done
    assert "2 errors" in done
    assert "ERROR at teardown of test_takes_it_back" not in done


def run_theirs(directory: Path, *options: str) -> str:
    (directory / "test_theirs.py").write_text(TESTS)
    arguments = ["-p", "no:randomly", "-p", "no:cacheprovider", "-q", *options, str(directory)]
    done = run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.stdout + done.stderr

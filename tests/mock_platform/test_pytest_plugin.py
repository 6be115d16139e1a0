"""The plugin in another project's tests: found by its entry point, and telling when one fails."""

import sys
from importlib.metadata import entry_points
from pathlib import Path
from subprocess import run

TESTS = """
import requests

def test_passes(workspace):
    requests.get(f"{workspace.url}/tr?id=1&ev=Purchase&eid=1", timeout=10)
    workspace.assert_received(event_id="1", verdict="counted")

def test_fails(workspace):
    requests.get(f"{workspace.url}/tr?id=1&ev=Purchase&eid=2&ud[em]=jane", timeout=10)
    workspace.assert_received(event_id="3", timeout=0)

def test_fails_without_the_mock():
    assert False
"""


def test_the_plugin_is_an_entry_point() -> None:
    (found,) = (each for each in entry_points(group="pytest11") if "mock_platform" in each.value)
    assert found.value == "mock_platform.pytest_plugin"


def test_another_project_needs_no_more_than_the_package(tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text(TESTS)
    arguments = ["-p", "no:randomly", "-p", "no:cacheprovider", "-q", str(tmp_path)]
    done = run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert "2 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "AssertionError: FAIL event_id=3" in done.stdout
    assert done.stdout.count("- mock platform -") == 1
    assert "1 meta counted Purchase order None meta.hash.plain_text" in done.stdout

"""The mock's page in Chromium, beside a workspace of its own."""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from mock_platform.client import MockWorkspace

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCREENSHOTS = Path(__file__).parents[2] / "var/screenshots"
SECRET = "whsec_YSBzZWNyZXQgZm9yIHRlc3RzIG9ubHkgMDAwMDAwMDE="
DATASET = "1234567890"


@dataclass(frozen=True)
class MockPage:
    """A tab on the page of a workspace."""

    tab: "Page"
    workspace: MockWorkspace

    def open(self, path: str = "/") -> "Page":
        self.tab.goto(self.workspace.url + path)
        return self.tab

    def post(self, *events: dict[str, Any]) -> requests.Response:
        return requests.post(
            f"{self.workspace.url}/v26.0/{DATASET}/events",
            json={"data": list(events)},
            headers={"Authorization": "Bearer TOKEN-THAT-NOBODY-MAY-SEE"},
            timeout=10,
        )

    def keep(self, name: str) -> None:
        """Keep what is on the screen, for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.tab.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@pytest.fixture
def mock_page(workspace: MockWorkspace, tab: "Page") -> MockPage:
    from playwright.sync_api import expect  # noqa: PLC0415  # slow, and for these tests only

    # Only how long a test that fails waits: a loaded machine must not fail one.
    tab.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    return MockPage(tab, workspace)


@pytest.fixture
def purchase() -> Callable[..., dict[str, Any]]:
    """A website Purchase without findings; keyword arguments replace members."""

    def make(order: str = "W-1", **changes: Any) -> dict[str, Any]:
        return {
            "event_name": "Purchase",
            "event_time": int(time.time()) - 60,
            "event_id": order,
            "action_source": "website",
            "event_source_url": "https://shop.example.com/confirmation",
            "user_data": {
                "em": [hashlib.sha256(b"jane@example.com").hexdigest()],
                "client_user_agent": "Mozilla/5.0",
                "client_ip_address": "192.0.2.7",
            },
            "custom_data": {"value": 89.0, "currency": "EUR", "order_id": order},
        } | changes

    return make


@pytest.fixture
def bridge_to(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Start `bridge up` as a stranger does, its platforms at a mock; gives the hook's URL."""
    running: list[subprocess.Popen[str]] = []

    def start(mock_url: str) -> str:
        (tmp_path / "var").mkdir()
        (tmp_path / "var/site.secret").write_text(SECRET.removeprefix("whsec_"))
        (tmp_path / "var/site.secret").chmod(0o600)
        port = _free_port()
        with (tmp_path / "bridge.log").open("w") as log:
            running.append(
                subprocess.Popen(
                    [sys.executable, "-m", "bridge", "up"],
                    cwd=tmp_path,
                    env=os.environ
                    | {"MOCK_PLATFORM_URL": mock_url, "BRIDGE_HOOK__PORT": str(port)},
                    stdout=log,
                    stderr=log,
                    text=True,
                )
            )
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url, running[-1], tmp_path / "bridge.log")
        return url

    yield start
    for process in running:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(url: str, process: subprocess.Popen[str], log: Path) -> None:
    ends = time.monotonic() + 120
    while time.monotonic() < ends:
        assert process.poll() is None, "the bridge ended"
        try:
            if requests.get(f"{url}/health/ready", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError(f"the bridge is not ready: {log.read_text()}")


@pytest.fixture
def curl() -> Callable[..., str]:
    program = shutil.which("curl")
    assert program, "install the system package curl; make test does"

    def call(*arguments: str) -> str:
        done = subprocess.run(
            [program, "-sS", *arguments], capture_output=True, text=True, check=True, timeout=30
        )
        return done.stdout

    return call

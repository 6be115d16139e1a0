"""The README's first steps do what it says, on free ports and in an empty folder."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from mock_platform.client import MockWorkspace


@dataclass(frozen=True)
class Desk:
    """A folder with a running bridge, and a shell whose ports are the page's."""

    folder: Path
    environment: dict[str, str]
    url: str
    ports: dict[str, str]

    def wait_until_ready(self) -> None:
        """Poll; the limit only ends a test that has failed already."""
        ends = time.monotonic() + 120
        with requests.Session() as session:
            while time.monotonic() < ends:
                try:
                    if session.get(f"{self.url}/health/ready", timeout=5).ok:
                        return
                except requests.ConnectionError:
                    time.sleep(0.05)
        pytest.fail((self.folder / "bridge.log").read_text())

    def run(self, script: str) -> str:
        for told, real in self.ports.items():
            script = script.replace(told, real)
        done = subprocess.run(
            ["sh", "-eu"],
            input=script.replace(". .venv/bin/activate", ""),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def desk(tmp_path: Path, root: Path, workspace: MockWorkspace) -> Iterator[Desk]:
    (tmp_path / "cartridge_spec").symlink_to(root / "cartridge_spec")
    url = f"http://127.0.0.1:{free_port()}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BRIDGE_")}
    environment = kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "BRIDGE_HOOK__PORT": url.rpartition(":")[2],
        "MOCK_PLATFORM_URL": workspace.url,
    }
    ports = {"http://127.0.0.1:8080": url, "http://127.0.0.1:8090": workspace.url}
    with (
        (tmp_path / "bridge.log").open("w") as log,
        subprocess.Popen(
            ["bridge", "up"], cwd=tmp_path, env=environment, stdout=log, stderr=log
        ) as bridge,
    ):
        yield Desk(tmp_path, environment, url, ports)
        bridge.terminate()


def test_the_first_steps_work_as_they_stand(desk: Desk, read_page: Callable[[str], Any]) -> None:
    page = read_page("README.md")
    steps = page.text.partition("## First steps by hand")[2].partition("\n## ")[0]
    mock, bridge, many, one, look, later, offline = (
        block.partition("```")[0] for block in steps.split("```sh\n")[1:]
    )
    promised = json.loads(steps.partition("```json\n")[2].partition("```")[0])

    assert "mock-platform serve" in mock
    assert "bridge up" in bridge
    assert "442079460958" in desk.run(offline)  # needs no bridge; ours starts meanwhile
    desk.wait_until_ready()
    assert "Every order is accounted for" in desk.run(many)
    assert json.loads(desk.run(one)) == promised
    assert json.loads(desk.run(one))["status"] == "duplicate"
    assert '"verdict":"counted"' in desk.run(look)
    assert '"verdict":"counted"' in desk.run(later)

"""A mock platform and a bridge as their users run them: two commands, on free ports."""

import base64
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from rich.console import Console

from loadtests.processes import running
from mock_platform.client import MockWorkspace

SITES = ("RefArch", "RefArchGlobal")
DATASET = "1234567890"
OPEN_STATES = ("held", "pending", "leased")
REPORTED_LATER = '{destination="google-mock",state="accepted"}'
READY_WITHIN = 120.0
KEY_BYTES = 32
NO_SETTINGS: Mapping[str, str] = {}


class StageFailed(Exception):
    """A part did not come up or finish in time; the message says which and where to look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The running pair. `secrets` are the bridge's own, by site.

    `mock_process` and `bridges` are processes. There may be several bridges on one database, each
    with a hook at one of `hooks`; `bridge_url` is the first's.
    """

    directory: Path
    mock: MockWorkspace
    bridge_url: str
    secrets: dict[str, str]
    environment: dict[str, str]
    mock_process: int
    bridges: tuple[int, ...]
    hooks: tuple[str, ...]
    dataset: str = DATASET

    def bridge(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one `bridge` command on this installation."""
        return subprocess.run(  # noqa: S603  # our own command
            [sys.executable, "-m", "bridge", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def orders(self, order_numbers: list[str]) -> list[dict[str, Any]]:
        """Answer what the bridge knows of these orders."""
        if not order_numbers:
            return []
        found: list[dict[str, Any]] = json.loads(
            self.bridge("status", "--json", *order_numbers).stdout
        )["orders"]
        return found

    def delivered(self, wanted: int, *, within: float) -> Iterator[int]:
        """Give the number of ended deliveries until there are as many as `wanted`."""
        ends = time.monotonic() + within
        while (done := self._ended()) < wanted:
            yield done
            if time.monotonic() > ends:
                raise StageFailed(f"{wanted - done} deliveries are still open after {within:g} s")
            time.sleep(0.1)
        yield done

    def stay(self, console: Console) -> None:
        """Keep everything up until Ctrl-C."""
        console.print("Everything stays up. Press Ctrl-C to stop.")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            console.print("Stopping.")

    def _ended(self) -> int:
        lines = requests.get(f"{self.bridge_url}/metrics", timeout=10).text.splitlines()
        return sum(
            int(float(line.rsplit(" ", 1)[1]))
            for line in lines
            if line.startswith("bridge_deliveries{")
            and not any(f'state="{state}"' in line for state in OPEN_STATES)
            and REPORTED_LATER not in line
        )


@contextmanager
def open_stage(
    directory: Path, settings: Mapping[str, str] = NO_SETTINGS, *, bridges: int = 1
) -> Iterator[Stage]:
    """Start both in `directory`, emptied first, and stop both at the end.

    `settings` are variables for the bridge beside those that bring the two together. With more than
    one bridge they must name a PostgreSQL database.
    """
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    with ExitStack() as stack:
        mock = stack.enter_context(
            _running(directory, "mock_platform", "serve", "--port", "0", "--json")
        )
        mock_url = _url(mock, "mock platform", directory)
        environments = [
            {**_environment(directory, mock_url, free_port()), **settings} for _ in range(bridges)
        ]
        started = [_start_bridge(stack, directory, one) for one in environments]
        secret = (directory / "site.secret").read_text().strip()
        yield Stage(
            directory=directory,
            mock=MockWorkspace(mock_url),
            bridge_url=started[0][1],
            secrets=dict.fromkeys(SITES, secret),
            environment=environments[0],
            mock_process=mock.pid,
            bridges=tuple(process for process, _ in started),
            hooks=tuple(url for _, url in started),
        )


def _start_bridge(
    stack: ExitStack, directory: Path, environment: dict[str, str]
) -> tuple[int, str]:
    bridge = stack.enter_context(
        _running(directory, "bridge", "up", "--json", environment=environment)
    )
    url = _url(bridge, "bridge", directory)
    wait_until_ready(url, f"{directory}/bridge.log")
    return bridge.pid, url


def _environment(directory: Path, mock_url: str, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BRIDGE_")}
    return kept | {
        "BRIDGE_DATA_DIR": str(directory),
        "BRIDGE_HOOK__PORT": str(port),
        "MOCK_PLATFORM_URL": mock_url,
    }


@contextmanager
def _running(
    directory: Path, module: str, *arguments: str, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", module, *arguments]
    log = directory / f"{module}.log"
    with (
        log.open("a", encoding="utf-8") as errors,
        running(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        yield process


def _url(process: subprocess.Popen[str], name: str, directory: Path) -> str:
    line = process.stdout.readline() if process.stdout else ""
    try:
        return str(json.loads(line)["url"])
    except (json.JSONDecodeError, KeyError):
        raise StageFailed(
            f"the {name} did not start: {line.strip() or 'it said nothing'}; see its log in "
            f"{directory}"
        ) from None


def on_database(url: str | None) -> dict[str, str]:
    """Answer what all bridges on one PostgreSQL database must be told alike; nothing for SQLite."""
    if url is None:
        return {}
    key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return {
        "BRIDGE_DATABASE_URL": url,
        "BRIDGE_ENCRYPTION_KEYS": '["env:LOAD_ENCRYPTION_KEY"]',
        "LOAD_ENCRYPTION_KEY": key,
    }


def wait_until_ready(url: str, log: str) -> None:
    """Return when an order could be sent; StageFailed names `log` when that takes too long."""
    ends = time.monotonic() + READY_WITHIN
    while time.monotonic() < ends:
        try:
            if requests.get(f"{url}/health/ready", timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise StageFailed(f"the bridge is not ready after {READY_WITHIN:g} s: see {log}")


def free_port() -> int:
    """Answer a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

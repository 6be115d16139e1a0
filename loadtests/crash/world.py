"""One installation to be killed in: settings, processes, and a workspace of the mock platform."""

import json
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from loadtests.crash.points import Death, Part
from loadtests.crash.victims import Victim, run_command
from mock_platform.client import MockWorkspace

SITE = "RefArch"
SECRET = "whsec_YSBzZWNyZXQgZm9yIGNyYXNoIHRlc3RzIDAwMDAwMDE="  # noqa: S105  # opens nothing
ENCRYPTION_KEY = "YW4gZW5jcnlwdGlvbiBrZXkgZm9yIGNyYXNoZXMgMDE="
READY_WITHIN = 60.0
SETTLED_WITHIN = 60.0

SETTINGS = """
data_dir = "{directory}/data"
database_url = "{database}"
encryption_keys = ["env:CRASH_ENCRYPTION_KEY"]
[hook]
port = {port}
[sender]
lease = 5
idle_wait = 0.05
retry_base = 0.05
retry_cap = 1
pause_base = 0.2
pause_cap = 1
[[sites]]
id = "RefArch"
secrets = ["env:CRASH_SITE_SECRET"]
[[destinations]]
id = "meta"
platform = "meta_capi"
dataset = "1234567890"
base_url = "{platform}"
token = "plain:mock-token"
enabled = true
timeout_seconds = 4
batch_size = 5
[[destinations]]
id = "google"
platform = "google_data_manager"
operating_account = "1234567890"
conversion_action = "987654321"
base_url = "{platform}"
credentials = "plain:mock-token"
status_after_minutes = 0.02
enabled = true
timeout_seconds = 4
batch_size = 50
"""
"""As shipped where it decides what is lost or given up; quicker where it only decides how soon.

Meta's batches are so small that senders often die with one in flight and another built ahead;
Google's are not, or its 300 requests a minute would be all that is waited for in the end.
"""


class World:
    """A bridge in `directory` that sends to `mock`; nothing runs until it is asked for."""

    def __init__(self, directory: Path, mock: MockWorkspace, database: str = "") -> None:
        self.mock = mock
        self.database = database or f"sqlite:///{directory}/data/bridge.sqlite3"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._directory = directory
        self._log = directory / "bridge.log"
        config = directory / "bridge.toml"
        config.write_text(
            SETTINGS.format(
                directory=directory, database=self.database, port=self.port, platform=mock.url
            )
        )
        self.environment: Mapping[str, str] = {
            "BRIDGE_CONFIG": str(config),
            "CRASH_SITE_SECRET": SECRET,
            "CRASH_ENCRYPTION_KEY": ENCRYPTION_KEY,
        }
        mock.settings(processing_delay_seconds=0)
        self.run("migrate")

    def start(self, part: Part, death: Death | None = None) -> Victim:
        """Start one life."""
        return Victim(part, self.environment, self._log, death)

    @contextmanager
    def running(self, part: Part) -> Iterator[Victim]:
        """Have one life without a death of ours; it is stopped in good order."""
        victim = self.start(part)
        try:
            yield victim
        finally:
            victim.stop()

    def run(self, *arguments: str) -> dict[str, Any]:
        """Run one `bridge` command, and answer its JSON whatever its exit code says."""
        said = self._directory / "said.json"
        run_command([*arguments, "--json"], self.environment, said)
        answer: dict[str, Any] = json.loads(said.read_bytes())
        return answer

    def is_ready(self) -> bool:
        """Whether the hook would take an order now."""
        try:
            return requests.get(f"{self.url}/health/ready", timeout=5).ok
        except requests.RequestException:
            return False

    def await_ready(self, hook: Victim) -> bool:
        """Wait for the hook; False when it died first."""
        ends = time.monotonic() + READY_WITHIN
        while not self.is_ready():
            if not hook.lives or time.monotonic() > ends:
                return False
            time.sleep(0.02)
        return True

    def settle(self) -> None:
        """Wait until nothing is open any more; what still is then, an examination finds."""
        ends = time.monotonic() + SETTLED_WITHIN
        while self._open_deliveries() or self.mock.events(verdict="processing"):
            if time.monotonic() > ends:
                return
            time.sleep(0.2)

    def _open_deliveries(self) -> int:
        """How many deliveries the running hook's metrics count as not ended."""
        lines = requests.get(f"{self.url}/metrics", timeout=30).text.splitlines()
        waiting = ('state="held"', 'state="pending"', 'state="leased"')
        return sum(
            int(float(line.rsplit(" ", 1)[1]))
            for line in lines
            if line.startswith("bridge_deliveries{") and any(state in line for state in waiting)
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""A whole bridge in one process, on a real database, with the signed client of the load tools."""

import os
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
import requests
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from standardwebhooks.webhooks import Webhook
from werkzeug.test import TestResponse

from bridge.cli import main
from bridge.clock import Clock
from bridge.operate.destinations import Destination, Site
from bridge.operate.settings import Hook, Settings
from bridge.outbox.database import migrate, open_database
from bridge.outbox.records import Sending, Settlement
from bridge.outbox.states import State
from bridge.wiring import Installation, open_installation
from bridge.wsgi import make_app

SECRET = "whsec_YSBzZWNyZXQgZm9yIHRlc3RzIG9ubHkgMDAwMDAwMDE="
BRIDGE = (sys.executable, "-m", "bridge")
OLD_SECRET = "whsec_YSBzZWNyZXQgZm9yIHRlc3RzIG9ubHkgMDAwMDAwMDI="


@dataclass
class TickingClock:
    """A clock that tests move by hand."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Caller:
    """Signs and posts like a cartridge."""

    client: FlaskClient
    clock: TickingClock
    secret: str = SECRET

    def headers(
        self, body: bytes, *, site: str = "RefArch", signed_at: datetime | None = None
    ) -> dict[str, str]:
        at = signed_at or self.clock()
        return {
            "content-type": "application/json",
            "bridge-site": site,
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(self.secret).sign("msg_1", at, body.decode()),
        }

    def send(self, order: object, path: str = "/v1/orders", **signing: Any) -> TestResponse:
        body = orjson.dumps(order)
        return self.client.post(path, data=body, headers=self.headers(body, **signing))


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(datetime(2026, 11, 22, 19, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path, make_destination: Callable[..., Destination]) -> Settings:
    return Settings(
        data_dir=tmp_path,
        hook=Hook(max_body=64 * 1024, max_batch_body=256 * 1024),
        sites=(
            Site(id="RefArch", secrets=(f"plain:{SECRET}", f"plain:{OLD_SECRET}")),
            Site(id="Closed", secrets=(f"plain:{SECRET}",), enabled=False),
        ),
        destinations=(make_destination(),),
    )


@pytest.fixture
def installation(settings: Settings, clock: TickingClock) -> Iterator[Installation]:
    engine = open_database(settings.database)
    migrate(engine)
    engine.dispose()
    opened = open_installation(settings, clock)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def app(installation: Installation) -> Flask:
    return make_app(installation)


@pytest.fixture
def make_caller(clock: TickingClock) -> Callable[[Flask], Caller]:
    return lambda app: Caller(app.test_client(), clock)


@pytest.fixture
def caller(app: Flask, make_caller: Callable[[Flask], Caller]) -> Caller:
    return make_caller(app)


@dataclass(frozen=True)
class BridgeProcess:
    """`bridge up` as an operator runs it, in a folder of its own."""

    directory: Path
    url: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    session: requests.Session

    def send(
        self, order: object, path: str = "/v1/orders", timeout: float = 120
    ) -> requests.Response:
        body, at = orjson.dumps(order), datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "bridge-site": "RefArch",
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(SECRET).sign("msg_1", at, body.decode()),
        }
        return self.session.post(f"{self.url}{path}", data=body, headers=headers, timeout=timeout)

    def run(self, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*BRIDGE, *arguments],
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(120)


def poll_until(condition: Callable[[], bool], what: str, within: float = 120) -> None:
    """Poll until it is so; the limit only ends a test that has failed already."""
    ends = time.monotonic() + within
    while not condition():
        assert time.monotonic() < ends, f"not within {within} s: {what}"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def bridge_up(tmp_path: Path) -> Iterator[Callable[..., BridgeProcess]]:
    """Start bridges against a platform; stopped at the end of the test."""
    with ExitStack() as running:

        def start(
            platform_url: str, *, command: str = "up", under: Sequence[str] = ()
        ) -> BridgeProcess:
            port = free_port()
            environment = _environment(tmp_path, platform_url, port)
            if command == "serve":
                subprocess.run([*BRIDGE, "migrate"], env=environment, check=True)
            bridge = BridgeProcess(
                tmp_path,
                f"http://127.0.0.1:{port}",
                environment,
                _started(running, tmp_path, [*under, *BRIDGE, command], environment),
                running.enter_context(requests.Session()),
            )
            poll_until(lambda: _is_ready(bridge.url), "the bridge is ready")
            return bridge

        yield start


def _environment(directory: Path, platform_url: str, port: int) -> dict[str, str]:
    config = directory / "bridge.toml"
    config.write_text(
        f"""
        data_dir = "{directory / "data"}"
        [sender]
        lease = 5
        idle_wait = 0.05
        retry_base = 0.05
        retry_cap = 0.2
        pause_base = 0.1
        [hook]
        port = {port}
        [[sites]]
        id = "RefArch"
        secrets = ["env:SITE_SECRET"]
        [[destinations]]
        id = "meta"
        platform = "meta_capi"
        dataset = "1234567890"
        base_url = "{platform_url}"
        token = "env:META_TOKEN"
        enabled = true
        timeout_seconds = 3
        """
    )
    return os.environ | {
        "BRIDGE_CONFIG": str(config),
        "SITE_SECRET": SECRET,
        "META_TOKEN": "EAAB-canary-token",
    }


def _started(
    running: ExitStack, directory: Path, command: Sequence[str], environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    log = running.enter_context((directory / "bridge.log").open("w"))
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    running.callback(_stop, process, directory)
    return process


def _stop(process: subprocess.Popen[bytes], directory: Path) -> None:
    """End it, and leave what it logged to the report of a test that failed."""
    process.terminate()
    process.wait(120)
    sys.stdout.write((directory / "bridge.log").read_text()[-20_000:])


def _is_ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/ready", timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.fixture
def wait_until() -> Callable[..., None]:
    return poll_until


@pytest.fixture
def share(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the bridges of this test share the PostgreSQL database at a URL."""

    def share_database(url: str) -> None:
        monkeypatch.setenv("BRIDGE_DATABASE_URL", url)
        monkeypatch.setenv("BRIDGE_ENCRYPTION_KEYS", '["env:MASTER_KEY"]')
        monkeypatch.setenv("MASTER_KEY", b64encode(b"a master key for the tests alone").decode())

    return share_database


@pytest.fixture
def shared_database(postgres_url: str, share: Callable[[str], None]) -> str:
    """A migrated PostgreSQL database that the bridges of this test share; answers its URL."""
    share(postgres_url)
    return postgres_url


@pytest.fixture
def installed(settings: Settings, clock: Clock) -> Iterator[Callable[[str], Installation]]:
    """Open installations on databases, by their URLs."""
    opened: list[Installation] = []
    patient = settings.hook.model_copy(update={"store_timeout": 60})

    def open_on(url: str) -> Installation:
        changes = {"database_url": url, "hook": patient}
        opened.append(open_installation(settings.model_copy(update=changes), clock))
        return opened[-1]

    yield open_on
    for installation in opened:
        installation.engine.dispose()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """The command line on the installation in tmp_path, without a settings file."""
    monkeypatch.delenv("BRIDGE_CONFIG", raising=False)
    monkeypatch.setenv("BRIDGE_DATA_DIR", str(tmp_path))
    runner = CliRunner()
    return lambda *arguments, **options: runner.invoke(main, arguments, **options)


@pytest.fixture
def rejected(installation: Installation, caller: Any, make_order: Callable[..., Any]) -> int:
    """One order the platform refused; answers its delivery's number."""
    placed_at = datetime.now(UTC) - timedelta(hours=1)
    caller.clock.at = datetime.now(UTC)
    caller.send(make_order(placed_at=placed_at.isoformat()))
    store, lease = installation.store, timedelta(minutes=1)
    (claim,) = store.claim("meta", limit=1, owner="test", lease=lease)
    sending = Sending(delivery_id=claim.delivery_id, fence=claim.fence, payload=b"sealed")
    store.mark_sending([sending], at=installation.clock(), lease=lease)
    end = Settlement(
        delivery_id=claim.delivery_id,
        fence=claim.fence,
        state=State.REJECTED,
        reason="meta:100/2804009",
        detail="Missing Value for Purchase Event",
    )
    store.settle([end])
    return claim.delivery_id

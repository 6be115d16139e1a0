"""A whole bridge in one process, on a real database, with the signed client of the load tools."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from standardwebhooks.webhooks import Webhook
from werkzeug.test import TestResponse

from bridge.operate.destinations import Destination, Site
from bridge.operate.settings import Hook, Settings
from bridge.outbox.database import migrate, open_database
from bridge.wiring import Installation, open_installation
from bridge.wsgi import make_app

SECRET = "whsec_YSBzZWNyZXQgZm9yIHRlc3RzIG9ubHkgMDAwMDAwMDE="
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
    migrate(open_database(settings.database))
    opened = open_installation(settings, clock)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def app(installation: Installation) -> Flask:
    return make_app(installation)


@pytest.fixture
def caller(app: Flask, clock: TickingClock) -> Caller:
    return Caller(app.test_client(), clock)

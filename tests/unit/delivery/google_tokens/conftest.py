"""An endpoint that gives tokens, and credentials to ask it with."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import orjson
import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.google_tokens import GoogleTokens
from bridge.delivery.tokens import Tokens
from bridge.operate.google_destination import GoogleDestination

MakeGoogle = Callable[..., GoogleDestination]
ENDPOINT = "http://127.0.0.1:9/token"
USER = {
    "type": "authorized_user",
    "client_id": "the-client",
    "client_secret": "the-secret",
    "refresh_token": "the-refresh-token",
}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Any) -> str:
    text: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return text.decode()


ROBOT = {
    "type": "service_account",
    "client_email": "robot@project.iam.gserviceaccount.com",
    "private_key_id": "key-1",
    "private_key": pem(KEY),
    "token_uri": ENDPOINT,
}


@dataclass
class Dial:
    """A clock that stands still until turned."""

    time: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def turn(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass
class Endpoint:
    """Gives tokens numbered from 1 on, or the answers it was told to give first."""

    life: object = 3600
    answers: list[Answer | NoAnswer] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], deadline_seconds: float
    ) -> Answer | NoAnswer:
        assert headers == {"Content-Type": "application/x-www-form-urlencoded"}
        assert deadline_seconds > 0
        self.gate.wait(10)
        self.asked.append((url, dict(parse_qsl(body.decode(), strict_parsing=True))))
        if self.answers:
            return self.answers.pop(0)
        return said(200, access_token=f"ya29.{len(self.asked)}", expires_in=self.life)

    def get(self, *_: Any) -> Answer | NoAnswer:
        raise AssertionError

    def close(self) -> None:
        raise AssertionError


def said(status: int, **members: object) -> Answer:
    return Answer(status=status, headers={}, body=orjson.dumps(members))


@pytest.fixture
def dial() -> Dial:
    return Dial()


@pytest.fixture
def endpoint() -> Endpoint:
    endpoint = Endpoint()
    endpoint.gate.set()
    return endpoint


@pytest.fixture
def tokens(endpoint: Endpoint, dial: Dial) -> Tokens:
    return Tokens(GoogleTokens(endpoint, dial))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "credentials.json"


@pytest.fixture
def credentials(file: Path, make_google: MakeGoogle) -> Callable[..., GoogleDestination]:
    """A destination whose credentials stand in `file`."""

    def write(members: Mapping[str, object], **settings: object) -> GoogleDestination:
        file.write_bytes(orjson.dumps(members))
        return make_google(credentials=f"file:{file}", **({"token_url": ENDPOINT} | settings))

    return write


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines

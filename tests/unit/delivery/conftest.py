import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.delivery.batch import Outgoing
from bridge.delivery.outcome import Rules
from bridge.delivery.retry import META_MEMORY
from bridge.delivery.transport import HttpTransport
from bridge.events.event import Grouping
from bridge.operate.destinations import PlatformApi
from bridge.operate.google_destination import GoogleDestination
from bridge.operate.settings import Sender
from bridge.outbox.records import Claim

Talk = Callable[[socket.socket, threading.Event], None]

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def rules() -> Rules:
    return Rules(sender=Sender(), memory=META_MEMORY, now=NOW, random=lambda: 0.5)


@pytest.fixture
def make_claim() -> Callable[..., Claim]:
    def make(**members: Any) -> Claim:
        defaults: dict[str, Any] = {
            "delivery_id": 1,
            "fence": 1,
            "destination": "meta",
            "attempts": 1,
            "odd_answers": 0,
            "crashes": 0,
            "deadline": NOW + timedelta(days=6),
            "first_sent_at": None,
            "unanswered_since": None,
            "event_id": "1",
            "facts": b"",
            "identities": b"",
            "sealed": None,
            "payload": None,
            "claimed_at": NOW,
        }
        return Claim(**(defaults | members))

    return make


@pytest.fixture
def make_outgoing(make_claim: Callable[..., Claim]) -> Callable[..., Outgoing]:
    def make(*, physical_store: bool = False, **members: Any) -> Outgoing:
        return Outgoing(
            claim=make_claim(**members),
            body=b'{"event_name":"Purchase"}',
            payload=b"sealed",
            grouping=Grouping(physical_store=physical_store),
            event_time=NOW,
        )

    return make


@pytest.fixture
def make_google() -> Callable[..., GoogleDestination]:
    """A Google destination at a mock, switched on, with settings replaced."""

    def make(**settings: object) -> GoogleDestination:
        return GoogleDestination.model_validate(
            {
                "id": "google",
                "platform": PlatformApi.GOOGLE_DATA_MANAGER,
                "operating_account": "1234567890",
                "conversion_action": "987654321",
                "base_url": "http://127.0.0.1:9",
                "credentials": "plain:token",
                "enabled": True,
            }
            | settings
        )

    return make


class Server:
    """Accepts connections one after another and has each talked to; remembers how many."""

    def __init__(self, talk: Talk) -> None:
        self.connections = 0
        self.over = threading.Event()
        self._talk = talk
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/v26.0/1/events"

    def close(self) -> None:
        self.over.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._socket.accept()
                self.connections += 1
                with client, suppress(OSError):
                    client.settimeout(20)
                    self._talk(client, self.over)


@pytest.fixture
def serve() -> Iterator[Callable[[Talk], Server]]:
    servers: list[Server] = []

    def start(talk: Talk) -> Server:
        servers.append(Server(talk))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def transport() -> Iterator[HttpTransport]:
    transport = HttpTransport()
    yield transport
    transport.close()

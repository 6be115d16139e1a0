"""A platform that no request gets through to, until one does."""

import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def refusing() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> str:
    """A host that no resolver knows, whatever the resolver of this machine makes of it."""
    resolve = socket.getaddrinfo

    def unless_invalid(host: str, *rest: Any, **more: Any) -> Any:
        if host.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return resolve(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", unless_invalid)
    return "http://nowhere.invalid"


@pytest.fixture
def self_signed(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("refusing", "connection_refused"),
        ("nowhere", "name_unresolved"),
        ("self_signed", "tls_failed"),
    ],
)
def test_what_no_request_got_through_with_waits_and_is_counted_once_when_one_does(
    sender: Any, trouble: str, reason: str, request: pytest.FixtureRequest
) -> None:
    unreachable = sender.destination.model_copy(
        update={"base_url": request.getfixturevalue(trouble)}
    )
    sender.take(3)
    sender.lane(unreachable).run_once()
    assert sender.states == {("pending", reason): 3}
    sender.wait(minutes=1)
    sender.rounds()
    assert Counter(sender.counted) == {"1": 1, "2": 1, "3": 1}
    assert sender.states == {("accepted", None): 3}

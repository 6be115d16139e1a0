import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from click.testing import CliRunner

from mock_platform.cli import main
from mock_platform.client import MockWorkspace
from mock_platform.server import MockServer

Event = dict[str, Any]
EventFactory = Callable[..., Event]


def address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 0)


def test_one_connection_serves_many_requests(mock_platform: MockServer) -> None:
    connection = HTTPConnection(*address(mock_platform.url))
    connection.connect()
    first = connection.sock
    for _ in range(3):
        connection.request("GET", "/_mock/health")
        assert connection.getresponse().read()
    assert connection.sock is first
    connection.close()


def test_a_chunked_body_is_read(workspace: MockWorkspace, event: EventFactory) -> None:
    body = json.dumps({"data": [event()], "access_token": "T"}).encode()
    chunks = (body[start : start + 100] for start in range(0, len(body), 100))
    answer = requests.post(
        f"{workspace.url}/v26.0/1/events",
        data=chunks,
        headers={"Content-Type": "application/json"},
        timeout=10,
    )
    assert answer.json()["events_received"] == 1


def test_a_client_that_asks_before_sending_is_told_to_continue(mock_platform: MockServer) -> None:
    with socket.create_connection(address(mock_platform.url), timeout=10) as client:
        client.sendall(
            b"POST /_mock/reset HTTP/1.1\r\nHost: x\r\nContent-Length: 19\r\n"
            b"Expect: 100-continue\r\n\r\n"
        )
        assert client.recv(100).startswith(b"HTTP/1.1 100")
        client.sendall(b'{"parts": ["clock"]')
        assert client.recv(1000).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("length", ["99999999999", "-1", "many"])
def test_a_body_without_usable_length_is_refused(mock_platform: MockServer, length: str) -> None:
    with socket.create_connection(address(mock_platform.url), timeout=10) as client:
        head = f"POST /v26.0/1/events HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
        client.sendall(head.encode())
        assert client.recv(1000).startswith(b"HTTP/1.1 413")


def test_stopping_releases_hanging_and_waiting_requests(event: EventFactory) -> None:
    ended: list[type[BaseException] | int] = []

    def ask(method: str, url: str, **arguments: Any) -> None:
        try:
            ended.append(requests.request(method, url, timeout=30, **arguments).status_code)
        except requests.ConnectionError as error:
            ended.append(type(error))

    with MockServer() as server:
        workspace = MockWorkspace(server.url)
        workspace.fault("hang", store=True)
        events = f"{server.url}/v26.0/1/events?access_token=T"
        waits = f"{server.url}/_mock/wait?count=9&timeout=60"
        sent = {"json": {"data": [event()]}}
        threads = [
            threading.Thread(target=ask, args=("POST", events), kwargs=sent),
            threading.Thread(target=ask, args=("GET", waits)),
        ]
        for thread in threads:
            thread.start()
        workspace.wait(count=1)
    for thread in threads:
        thread.join(timeout=10)
    assert len(ended) == 2
    with pytest.raises(requests.ConnectionError):
        requests.get(server.url, timeout=1)


def test_a_server_without_directory_leaves_no_file_behind() -> None:
    with MockServer() as server:
        path = server.workspaces.get().path
        assert path.exists()
    assert not path.parent.exists()


def test_a_taken_port_is_an_error_of_the_system(mock_platform: MockServer) -> None:
    with pytest.raises(OSError, match="in use"):
        MockServer(port=address(mock_platform.url)[1])


def test_the_command_serves_says_where_and_ends_on_a_signal(tmp_path: Path) -> None:
    arguments = ["serve", "--port", "0", "--mode", "strict", "--data", str(tmp_path), "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "mock_platform", *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        health = requests.get(f"{said['url']}/_mock/health", timeout=10).json()
        os.kill(said["pid"], signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert health["mode"] == said["mode"] == "strict"


def test_the_command_names_a_taken_port(mock_platform: MockServer) -> None:
    port = str(address(mock_platform.url)[1])
    answer = CliRunner().invoke(main, ["serve", "--port", port])
    assert answer.exit_code == 1
    assert "another --port" in answer.output


def test_the_reset_command_resets_a_workspace(
    mock_platform: MockServer, workspace: MockWorkspace
) -> None:
    workspace.settings(mode="strict")
    name = workspace.url.rsplit("/", 1)[1]
    asked = ["reset", "--url", mock_platform.url, "--workspace", name, "--json"]
    answer = CliRunner().invoke(main, asked)
    assert json.loads(answer.output) == {"workspace": name, "reset": True}
    assert workspace.settings()["mode"] == "faithful"


def test_the_reset_command_says_when_nothing_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = CliRunner().invoke(main, ["reset", "--url", f"http://127.0.0.1:{port}"])
    assert answer.exit_code == 2
    assert "mock-platform serve" in answer.output


@pytest.mark.parametrize("command", [[], ["serve"], ["reset"], ["orders"]])
def test_every_command_explains_itself(command: list[str]) -> None:
    answer = CliRunner().invoke(main, [*command, "--help"])
    assert answer.exit_code == 0
    assert "Usage:" in answer.output

"""Asking without a body: the same promises as posting."""

import socket
import threading
from collections.abc import Callable
from typing import Any

from bridge.delivery.answer import Answer, NoAnswer, NoAnswerKind
from bridge.delivery.transport import HttpTransport

Talk = Callable[[socket.socket, threading.Event], None]
Serve = Callable[[Talk], Any]


def test_a_question_carries_its_headers_and_no_body(serve: Serve, transport: HttpTransport) -> None:
    asked: list[bytes] = []

    def talk(client: socket.socket, over: threading.Event) -> None:
        asked.append(client.recv(65536))
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    url = f"{serve(talk).url}?requestId=a%2Fb"
    answer = transport.get(url, {"Authorization": "Bearer secret"}, 20)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (200, b"{}")
    head, _, body = asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"GET /v26.0/1/events?requestId=a%2Fb HTTP/1.1\r\n")
    assert b"Authorization: Bearer secret" in head
    assert not body


def test_a_silent_server_costs_the_deadline_and_no_more(
    serve: Serve, transport: HttpTransport
) -> None:
    server = serve(lambda client, over: over.wait(20) and None)
    answer = transport.get(server.url, {}, 0.3)
    assert answer == NoAnswer(kind=NoAnswerKind.TIMEOUT, certain_not_received=False)

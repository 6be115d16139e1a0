"""Real HTTP against servers that misbehave on the level of bytes."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.delivery.answer import Answer, NoAnswer, NoAnswerKind
from bridge.delivery.transport import MAX_BODY, HttpTransport

LONG = 20.0
SHORT = 0.3

Talk = Callable[[socket.socket, threading.Event], None]


def read_request(client: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += client.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += client.recv(65536)
    return head + b"\r\n\r\n" + body


def answering(answer: bytes) -> Talk:
    def talk(client: socket.socket, over: threading.Event) -> None:
        read_request(client)
        client.sendall(answer)

    return talk


def ok(body: bytes, headers: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def post(
    transport: HttpTransport, url: str, deadline: float = LONG, body: bytes = b"{}"
) -> Answer | NoAnswer:
    return transport.post(url, body, {"Authorization": "Bearer secret"}, deadline)


def unknown(kind: NoAnswerKind) -> NoAnswer:
    return NoAnswer(kind=kind, certain_not_received=False)


Serve = Callable[[Talk], Any]


def test_an_answer_comes_back_whole_with_lower_case_headers(
    serve: Serve, transport: HttpTransport
) -> None:
    server = serve(answering(ok(b'{"a":1}', "X-App-Usage: {}\r\n")))
    answer = post(transport, server.url)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body, answer.headers["x-app-usage"]) == (200, b'{"a":1}', "{}")


def test_the_request_carries_the_body_as_it_is_and_no_cookie(
    serve: Serve, transport: HttpTransport
) -> None:
    requests: list[bytes] = []

    def talk(client: socket.socket, over: threading.Event) -> None:
        for _ in range(2):
            requests.append(read_request(client))
            client.sendall(ok(b"", "Set-Cookie: tracked=1\r\n"))

    server = serve(talk)
    for _ in range(2):
        post(transport, server.url, body=b'{"data" : [1]}')
    assert all(request.endswith(b'\r\n\r\n{"data" : [1]}') for request in requests)
    assert not any(b"cookie" in request.lower() for request in requests)
    assert server.connections == 1


def test_an_error_status_is_an_answer(serve: Serve, transport: HttpTransport) -> None:
    server = serve(answering(b"HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nno"))
    answer = post(transport, server.url)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (500, b"no")


def test_a_redirect_is_an_answer_and_not_followed(serve: Serve, transport: HttpTransport) -> None:
    elsewhere = serve(answering(ok(b"")))
    redirect = f"HTTP/1.1 307 Go\r\nLocation: {elsewhere.url}\r\nContent-Length: 0\r\n\r\n"
    answer = post(transport, serve(answering(redirect.encode())).url)
    assert isinstance(answer, Answer)
    assert answer.status == 307
    assert elsewhere.connections == 0


def test_proxies_of_the_environment_are_not_used(
    serve: Serve, transport: HttpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = serve(answering(ok(b"proxy"))), serve(answering(ok(b"server")))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    answer = post(transport, server.url)
    assert isinstance(answer, Answer)
    assert answer.body == b"server"


def test_a_refused_connection_certainly_delivered_nothing(transport: HttpTransport) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    answer = post(transport, f"http://127.0.0.1:{port}/")
    assert answer == NoAnswer(kind=NoAnswerKind.REFUSED, certain_not_received=True)


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 64 + ".invalid", "x..invalid"])
def test_a_host_without_address_certainly_received_nothing(
    transport: HttpTransport, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(name: str, *rest: object, **more: object) -> None:
        name.encode("idna")
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    answer = post(transport, f"http://{host}/")
    assert answer == NoAnswer(kind=NoAnswerKind.NAME_UNRESOLVED, certain_not_received=True)


def test_a_server_that_speaks_no_tls_certainly_received_nothing(
    serve: Serve, transport: HttpTransport
) -> None:
    def talk(client: socket.socket, over: threading.Event) -> None:
        client.recv(10)
        client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    answer = post(transport, serve(talk).url.replace("http:", "https:"))
    assert answer == NoAnswer(kind=NoAnswerKind.TLS_FAILED, certain_not_received=True)


def test_a_tls_handshake_that_never_ends_is_cut_and_certainly_delivered_nothing(
    serve: Serve, transport: HttpTransport
) -> None:
    server = serve(lambda client, over: drip(client, over, b"\x16\x03\x03\x3f\xff"))
    answer = post(transport, server.url.replace("http:", "https:"), SHORT)
    assert answer == NoAnswer(kind=NoAnswerKind.TIMEOUT, certain_not_received=True)


def over_tls(certificate: Path, talk: Talk) -> Talk:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def wrapped(client: socket.socket, over: threading.Event) -> None:
        with context.wrap_socket(client, server_side=True) as secured:
            talk(secured, over)

    return wrapped


def test_a_certificate_nobody_vouches_for_is_not_sent_a_byte(
    serve: Serve, transport: HttpTransport, certificate: Path
) -> None:
    server = serve(over_tls(certificate, answering(ok(b""))))
    answer = post(transport, server.url.replace("http:", "https:"))
    assert answer == NoAnswer(kind=NoAnswerKind.TLS_FAILED, certain_not_received=True)


def test_dribbling_over_tls_is_cut_at_the_deadline_too(
    serve: Serve, transport: HttpTransport, certificate: Path
) -> None:
    def talk(client: socket.socket, over: threading.Event) -> None:
        read_request(client)
        client.sendall(ok(b"whole"))
        read_request(client)
        drip(client, over, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")

    url = serve(over_tls(certificate, talk)).url.replace("http:", "https:")
    transport._session()[0].verify = str(certificate)
    first = post(transport, url)
    assert isinstance(first, Answer)
    assert first.body == b"whole"
    assert post(transport, url, SHORT) == unknown(NoAnswerKind.TIMEOUT)


def drip(client: socket.socket, over: threading.Event, first: bytes = b"") -> None:
    """Send a byte again and again, faster than any limit on a single read."""
    client.sendall(first)
    while not over.wait(SHORT / 10):
        client.sendall(b"\x02")


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Endless: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n{",
    ],
    ids=["status", "header", "body", "body to the end of the connection", "chunk"],
)
def test_a_server_that_dribbles_is_cut_at_the_deadline(
    serve: Serve, transport: HttpTransport, first: bytes
) -> None:
    def talk(client: socket.socket, over: threading.Event) -> None:
        read_request(client)
        drip(client, over, first)

    assert post(transport, serve(talk).url, SHORT) == unknown(NoAnswerKind.TIMEOUT)


def say_nothing(client: socket.socket, over: threading.Event) -> None:
    over.wait(LONG)


def test_a_server_that_never_answers_is_cut_at_the_deadline(
    serve: Serve, transport: HttpTransport
) -> None:
    server = serve(say_nothing)
    assert post(transport, server.url, SHORT) == unknown(NoAnswerKind.TIMEOUT)


def test_a_server_that_does_not_read_is_cut_at_the_deadline(
    serve: Serve, transport: HttpTransport
) -> None:
    server = serve(say_nothing)
    answer = post(transport, server.url, SHORT, body=b" " * 64 * 1024 * 1024)
    assert answer == unknown(NoAnswerKind.TIMEOUT)


def test_a_kept_connection_is_cut_at_the_deadline_of_its_next_request(
    serve: Serve, transport: HttpTransport
) -> None:
    def talk(client: socket.socket, over: threading.Event) -> None:
        read_request(client)
        client.sendall(ok(b"1"))
        read_request(client)
        drip(client, over, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")

    server = serve(talk)
    assert isinstance(post(transport, server.url), Answer)
    assert post(transport, server.url, SHORT) == unknown(NoAnswerKind.TIMEOUT)
    assert server.connections == 1


def test_after_a_cut_the_next_request_gets_a_fresh_connection(
    serve: Serve, transport: HttpTransport
) -> None:
    turns = iter([drip, answering(ok(b"fine"))])

    def talk(client: socket.socket, over: threading.Event) -> None:
        next(turns)(client, over)

    server = serve(talk)
    assert isinstance(post(transport, server.url, SHORT), NoAnswer)
    answer = post(transport, server.url)
    assert isinstance(answer, Answer)
    assert answer.body == b"fine"


def reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    client.close()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", NoAnswerKind.BROKEN),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", NoAnswerKind.TRUNCATED),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{}",
            NoAnswerKind.TRUNCATED,
        ),
        (b"SSH-2.0-OpenSSH_9.2\r\n", NoAnswerKind.UNREADABLE),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", NoAnswerKind.UNREADABLE),
        (b"HTTP/1.1 200 OK\r\nA: " + b"b" * 100_000 + b"\r\n\r\n", NoAnswerKind.UNREADABLE),
        (ok(b"no gzip", "Content-Encoding: gzip\r\n"), NoAnswerKind.UNREADABLE),
    ],
)
def test_an_answer_that_is_none_leaves_the_outcome_unknown(
    serve: Serve, transport: HttpTransport, answer: bytes, kind: NoAnswerKind
) -> None:
    assert post(transport, serve(answering(answer)).url) == unknown(kind)


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"])
def test_a_reset_connection_leaves_the_outcome_unknown(
    serve: Serve, transport: HttpTransport, before: bytes
) -> None:
    def talk(client: socket.socket, over: threading.Event) -> None:
        read_request(client)
        client.sendall(before)
        reset(client)

    answer = post(transport, serve(talk).url)
    assert isinstance(answer, NoAnswer)
    assert answer.kind in {NoAnswerKind.BROKEN, NoAnswerKind.TRUNCATED}
    assert not answer.certain_not_received


def test_a_body_without_end_is_read_to_the_limit_only(
    serve: Serve, transport: HttpTransport
) -> None:
    sent = 0

    def talk(client: socket.socket, over: threading.Event) -> None:
        nonlocal sent
        read_request(client)
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sent += client.send(b"x" * 65536)

    server = serve(talk)
    assert post(transport, server.url) == unknown(NoAnswerKind.TOO_LARGE)
    assert sent < 64 * MAX_BODY


def test_a_small_body_that_decompresses_to_a_huge_one_is_not_unpacked(
    serve: Serve, transport: HttpTransport
) -> None:
    bomb = gzip.compress(b"\0" * 100 * MAX_BODY)
    assert len(bomb) < MAX_BODY
    server = serve(answering(ok(bomb, "Content-Encoding: gzip\r\n")))
    assert post(transport, server.url) == unknown(NoAnswerKind.TOO_LARGE)


def test_neither_token_nor_body_shows_in_what_comes_back(
    serve: Serve, transport: HttpTransport
) -> None:
    answer = post(transport, serve(answering(ok(b"echo secret"))).url)
    assert "secret" not in repr(answer)


def test_each_thread_has_its_own_connections(serve: Serve, transport: HttpTransport) -> None:
    server = serve(answering(ok(b"")))
    answers = [post(transport, server.url)]

    def elsewhere() -> None:
        answers.append(post(transport, server.url))
        transport.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert all(isinstance(answer, Answer) for answer in answers)
    assert server.connections == 2

"""A small threaded HTTP/1.1 server for the mock, in this process or as a program.

Built on Werkzeug's so that a fault can reach the socket. Werkzeug closes every connection after
one answer; this handler reads each body whole and keeps connections open, as the platform does.
"""

import selectors
import socket
import struct
import threading
from io import BytesIO
from pathlib import Path
from typing import IO, Self, cast

from werkzeug.serving import DechunkedInput, ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app

from mock_platform.app import BODY_MAX, create_app
from mock_platform.connection import ENVIRON_KEY, ConnectionEnd, Ending
from mock_platform.settings import Settings
from mock_platform.workspace import Workspaces

_BACKLOG = 128
_DRAIN_SECONDS = 2.0
_PIECES = 20
_PROMISED_MORE = 10
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Handler(WSGIRequestHandler):
    """One connection: requests in turn until either side closes."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "ConnectionServer"
    _headers_buffer: list[bytes]  # what the standard library gathers the head in

    def run_wsgi(self) -> None:
        """Answer one request, or end the connection as a fault asks."""
        self.environ = environ = self.make_environ()
        body = self._read_body(environ)
        if body is None:
            self.send_error(413)
            self.close_connection = True
            return
        ending = Ending()
        environ.update({"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))})
        environ[ENVIRON_KEY] = ending
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        if ending.end is not None and not ending.end.answered:
            self._end(ending.end, ending.seconds)
            return
        content = b"" if self.command == "HEAD" else b"".join(chunks)
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for header in headers:
            self.send_header(*_promising(*header, ending.end))
        self._send_head(ending)
        self._send(content, ending)

    def _send_head(self, ending: Ending) -> None:
        if ending.end is ConnectionEnd.SLOW_HEAD:
            head, self._headers_buffer = b"".join(self._headers_buffer), []
            self._write(head + b"\r\n", ending.seconds)
        else:
            self.end_headers()

    def _send(self, content: bytes, ending: Ending) -> None:
        """The body, whole and at once unless a fault asks for less."""
        half = content[: len(content) // 2]
        if ending.end is ConnectionEnd.CUT:
            self.wfile.write(b"%x\r\n%b" % (len(content), half))
        elif ending.end is ConnectionEnd.HALF:
            self.wfile.write(half)
        else:
            self._write(content, ending.seconds if ending.end is ConnectionEnd.SLOW else 0)
        self.wfile.flush()
        if ending.end is ConnectionEnd.HALF:
            self._wait_for_client(ending.seconds)
        if ending.end is not None:
            self.close_connection = True

    def _write(self, content: bytes, seconds: float) -> None:
        """In pieces spread over so many seconds, or at once."""
        pieces = _PIECES if seconds else 1
        size = max(1, -(-len(content) // pieces))
        for start in range(0, len(content), size):
            if seconds:
                self._wait_for_client(seconds / pieces)
            self.wfile.write(content[start : start + size])
            self.wfile.flush()

    def _read_body(self, environ: dict[str, object]) -> bytes | None:
        """The whole body; None when it is too long."""
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        if environ.get("wsgi.input_terminated"):
            body = DechunkedInput(cast("IO[bytes]", self.rfile)).read(BODY_MAX + 1)
            return body if len(body) <= BODY_MAX else None
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > BODY_MAX:
            return None
        return self.rfile.read(int(length))

    def _end(self, end: ConnectionEnd, seconds: float) -> None:
        self.close_connection = True
        if end is ConnectionEnd.HOLD:
            self._wait_for_client(seconds)
        elif end is ConnectionEnd.RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self.server.forget(self.connection)
            self.connection.close()

    def _wait_for_client(self, seconds: float) -> None:
        """Until the client closes, `stop` shuts the connection down, or the time is over."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.connection, selectors.EVENT_READ)
            selector.select(seconds)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: the journal keeps the requests, without their tokens."""


def _promising(name: str, value: str, end: ConnectionEnd | None) -> tuple[str, str]:
    """A header as it is sent: a fault may promise another length, or chunks."""
    if name == "Content-Length" and end is ConnectionEnd.SHORT:
        return name, str(int(value) + _PROMISED_MORE)
    if name == "Content-Length" and end is ConnectionEnd.CUT:
        return "Transfer-Encoding", "chunked"
    return name, value


class ConnectionServer(ThreadedWSGIServer):
    """Knows its open connections, and stops at once instead of at the next poll."""

    def __init__(self, host: str, port: int, workspaces: Workspaces) -> None:
        # Bound here, because Werkzeug ends the whole process when a port is taken.
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family, backlog=_BACKLOG) as listening:
            bound, fd = listening.getsockname()[1], listening.fileno()
            super().__init__(host, bound, create_app(workspaces), Handler, fd=fd)
        self._open: set[socket.socket] = set()
        self._none_open = threading.Condition()
        self._wake_reader, self._wake_writer = socket.socketpair()

    def serve(self) -> None:
        """Accept connections until `stop`."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            selector.register(self._wake_reader, selectors.EVENT_READ)
            while all(key.fileobj is self.socket for key, _ in selector.select()):
                self.handle_request()
        self.server_close()

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept one connection and remember it."""
        connection, address = super().get_request()
        with self._none_open:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        """Close one connection."""
        self.forget(request)
        super().shutdown_request(request)

    def forget(self, connection: socket.socket) -> None:
        """This connection is closed."""
        with self._none_open:
            self._open.discard(connection)
            self._none_open.notify_all()

    def wake(self) -> None:
        """Make `serve` return."""
        self._wake_writer.send(b"x")

    def drop_connections(self) -> None:
        """End every open connection and wait for its thread to let go."""
        with self._none_open:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client was faster
            self._none_open.wait_for(lambda: not self._open, _DRAIN_SECONDS)
        self._wake_reader.close()
        self._wake_writer.close()


class MockServer:
    """The mock on a port of this machine, served from a thread of this process.

    Use as a context manager, or `start` and `stop`. Port 0 takes a free one; `url` is usable as
    the platform's base URL as soon as the object exists, and served once `start` returned.

    Raises:
        OSError: when the address cannot be listened on.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        data: Path | None = None,
        settings: Settings | None = None,
    ) -> None:
        self.workspaces = Workspaces(data, settings)
        try:
            self._server = ConnectionServer(host, port, self.workspaces)
        except OSError:
            self.workspaces.close()
            raise
        self._thread = threading.Thread(
            target=self._server.serve, name="mock-platform", daemon=True
        )
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._server.port}"

    def start(self) -> Self:
        """Serve; the socket listens already."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, end what is open, close the books. Takes milliseconds; may be repeated."""
        if not self._thread.is_alive():
            return
        self._server.wake()
        self._thread.join()
        self.workspaces.release()
        self._server.drop_connections()
        self.workspaces.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

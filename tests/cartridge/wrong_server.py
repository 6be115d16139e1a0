"""A server that is no bridge: one answer for everybody, or none."""

import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self


class WrongServer(ThreadingHTTPServer):
    """Answers every POST alike: a status and a body, or `silent` until it is shut down.

    Use it with `with`. `seen` holds the headers of the requests that arrived.
    """

    daemon_threads = True

    def __init__(
        self, status: int, body: str = "", *, silent: bool = False, certificate: Path | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.status, self.body, self.silent = status, body, silent
        self.ended = threading.Event()
        self.seen: list[dict[str, str]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        if certificate:
            self.url = self.url.replace("http:", "https:")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that gave up is what these tests are about."""


class _Answering(BaseHTTPRequestHandler):
    server: WrongServer

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.server.seen.append({name.lower(): value for name, value in self.headers.items()})
        if self.server.silent:
            self.server.ended.wait()
            return
        body = self.server.body.encode()
        self.send_response(self.server.status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the test's output is not a web server's log."""


def self_signed_certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody but itself vouches for, and its key in one file."""
    made = folder / "self-signed.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(made), "-out", str(folder / "certificate")),
        ],
        check=True,
        capture_output=True,
    )
    with made.open("a") as both:
        both.write((folder / "certificate").read_text())
    return made

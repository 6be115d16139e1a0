"""A platform that answers when it is told to, over real HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

import orjson

PATIENCE = 120


@dataclass
class Arrived:
    """A request that waits for its answer."""

    events: list[str]
    answered: Queue[tuple[int, dict[str, Any]]] = field(default_factory=Queue)

    def accept(self) -> None:
        self.answer(200, {"events_received": len(self.events), "fbtrace_id": "Abcdefgh123"})

    def answer(self, status: int, document: dict[str, Any]) -> None:
        self.answered.put((status, document))


class PatientPlatform:
    """Hands over one request after the other as it arrives; knows how many were there at once."""

    def __init__(self) -> None:
        self.requests: list[list[str]] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._arrived: Queue[Arrived] = Queue()
        self.url = ""

    def next(self) -> Arrived:
        return self._arrived.get(timeout=PATIENCE)

    def take(self, events: list[str]) -> tuple[int, dict[str, Any]]:
        one = Arrived(events)
        with self._lock:
            self.requests.append(events)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        self._arrived.put(one)
        answer = one.answered.get(timeout=PATIENCE)
        with self._lock:
            self._at_once -= 1
        return answer


@contextmanager
def patient_platform() -> Iterator[PatientPlatform]:
    platform = PatientPlatform()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, document = platform.take([one["event_id"] for one in body["data"]])
            answer = orjson.dumps(document)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        platform.url = f"http://127.0.0.1:{server.server_port}"
        yield platform
        server.shutdown()
        thread.join()

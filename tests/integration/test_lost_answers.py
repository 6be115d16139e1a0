"""A connection that breaks during COMMIT: the hook finds out what became of the order first."""

import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from bridge.wiring import Installation
from bridge.wsgi import make_app

SOCKET = ".s.PGSQL.5432"


class Cutter:
    """Stands before a server, and cuts one connection at its next COMMIT: before it, or after."""

    def __init__(self, folder: Path, server: Path) -> None:
        self.folder, self._server = folder, server
        self.cut_next: str | None = None
        self.cuts = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / SOCKET))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._server / SOCKET))
                for half in (self._ask, self._answer):
                    threading.Thread(target=half, args=(client, server), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError), closing(client), closing(server):
            while asked := client.recv(65536):
                if b"COMMIT\x00" in asked and self.cut_next:
                    return self._cut(client, server, asked)
                server.sendall(asked)
        return None

    def _cut(self, client: socket.socket, server: socket.socket, asked: bytes) -> None:
        cut, self.cut_next = self.cut_next, None
        self.cuts += 1
        client.shutdown(socket.SHUT_RDWR)  # from here on it hears nothing
        if cut == "after":
            server.sendall(asked)
        server.shutdown(socket.SHUT_WR)  # a COMMIT that was passed on is read before this end

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while told := server.recv(65536):
                client.sendall(told)


@pytest.fixture
def cutter(postgres: Any) -> Iterator[Cutter]:
    with tempfile.TemporaryDirectory() as folder:
        cutter = Cutter(Path(folder), postgres.folder)
        yield cutter
        cutter.close()


@pytest.fixture
def behind_the_cutter(
    cutter: Cutter, postgres_url: str, installed: Callable[[str], Installation]
) -> Installation:
    return installed(f"{postgres_url.partition('?')[0]}?host={cutter.folder}")


@pytest.mark.parametrize(
    ("cut", "answered"), [("before", (202, "accepted")), ("after", (200, "duplicate"))]
)
def test_an_order_whose_commit_got_no_answer_is_looked_up_before_the_hook_answers(
    cutter: Cutter,
    behind_the_cutter: Installation,
    make_caller: Callable[..., Any],
    make_order: Callable[..., dict[str, Any]],
    cut: str,
    answered: tuple[int, str],
) -> None:
    caller = make_caller(make_app(behind_the_cutter))
    cutter.cut_next = cut
    answer = caller.send(make_order())
    assert cutter.cuts == 1
    assert (answer.status_code, answer.json["status"]) == answered, answer.json
    [order] = behind_the_cutter.queries.order_status(make_order()["order_no"])
    assert len(order.deliveries) == order.wanted == 1

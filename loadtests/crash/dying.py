"""A store and a transport that are the real ones, and kill their own process at one point."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, event

from bridge.clock import Clock
from bridge.delivery.answer import Answer, NoAnswer
from bridge.delivery.transport import HttpTransport
from bridge.outbox.records import AcceptedRequest, Claim, Record, Recorded, Settlement
from bridge.outbox.store import Store
from loadtests.crash.points import Death, Point

TRACED_WITHIN = 10.0


class Fate:
    """Counts how often the point was passed, and kills when it is time."""

    def __init__(self, death: Death) -> None:
        self._death = death
        self._passed = 0
        self._lock = threading.Lock()

    def comes(self, point: Point) -> bool:
        """Answer whether this passing is the last."""
        if point is not self._death.point:
            return False
        with self._lock:
            self._passed += 1
            return self._passed == self._death.passing

    def at(self, point: Point) -> None:
        """Die here if it is time."""
        if self.comes(point):
            die()


def die() -> None:
    """End this process as the kernel does when memory is short: at once, with nothing tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


class DyingStore(Store):
    """The outbox of a process that will be killed at one of the store's points."""

    def __init__(self, engine: Engine, clock: Clock, *, fate: Fate) -> None:
        super().__init__(engine, clock)
        self._dying_engine = engine
        self._fate = fate

    def record(self, records: Sequence[Record]) -> list[Recorded]:
        """Record, and perhaps die before, in the middle or after."""
        self._fate.at(Point.HOOK_BEFORE_COMMIT)
        if self._fate.comes(Point.HOOK_INSIDE_COMMIT):
            die_inside_next_commit(self._dying_engine)
        recorded = super().record(records)
        self._fate.at(Point.HOOK_AFTER_COMMIT)
        return recorded

    def claim(
        self,
        destination: str,
        *,
        limit: int,
        owner: str,
        lease: timedelta,
        whole: bool = False,
    ) -> list[Claim]:
        """Claim, and perhaps die with what was claimed."""
        claims = super().claim(destination, limit=limit, owner=owner, lease=lease, whole=whole)
        if claims:
            self._fate.at(Point.AFTER_CLAIM)
        return claims

    def settle(
        self, settlements: Sequence[Settlement], *, accepted: AcceptedRequest | None = None
    ) -> set[int]:
        """Settle, and perhaps die in the middle or after."""
        if self._fate.comes(Point.INSIDE_COMMIT):
            die_inside_next_commit(self._dying_engine)
        settled = super().settle(settlements, accepted=accepted)
        self._fate.at(Point.AFTER_COMMIT)
        return settled


class DyingTransport(HttpTransport):
    """The HTTP of a sender that will be killed at one of the transport's points."""

    def __init__(self, *, fate: Fate) -> None:
        super().__init__()
        self._fate = fate

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], deadline_seconds: float
    ) -> Answer | NoAnswer:
        """Post, and perhaps die before, in the middle or after."""
        self._fate.at(Point.BEFORE_POST)
        if self._fate.comes(Point.MID_POST):
            _send(url, body, headers, len(body) // 2)
            die()
        if self._fate.comes(Point.UNREAD_ANSWER):
            _send(url, body, headers, len(body))
            die()
        answer = super().post(url, body, headers, deadline_seconds)
        self._fate.at(Point.AFTER_ANSWER)
        return answer


def _send(url: str, body: bytes, headers: Mapping[str, str], size: int) -> None:
    """Send the head and the first `size` bytes of the body; of an answer nothing is kept."""
    where = urlsplit(url)
    head = {**headers, "Host": where.netloc, "Content-Length": str(len(body))}
    lines = [f"POST {where.path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    wire = socket.create_connection((where.hostname, where.port))
    wire.sendall("\r\n".join([*lines, "", ""]).encode() + body[:size])
    if size == len(body):
        with suppress(ConnectionResetError):
            wire.recv(1)  # the platform has begun to answer: it has taken what it was sent


def die_inside_next_commit(engine: Engine) -> None:
    """Have the next commit killed half done."""
    if engine.dialect.name == "sqlite":
        _kill_at_write_to(Path(f"{engine.url.database}-wal"))
    else:
        event.listen(engine, "commit", _ask_to_commit_and_die)


def _kill_at_write_to(log: Path) -> None:
    """Have the kernel kill this process at its next write to the write-ahead log.

    The first writes of a commit have then been done, and the last one, which makes it one, has not.
    """
    inject = "inject=pwrite64:signal=KILL:when=2"
    strace = ["strace", "-f", "-qq", "-o", os.devnull, "-P", str(log)]
    what = ["-e", "trace=pwrite64", "-e", inject, "-p", str(os.getpid())]
    subprocess.Popen([*strace, *what])  # noqa: S603  # our own arguments
    ends = time.monotonic() + TRACED_WITHIN
    while not all(map(_is_traced, Path("/proc/self/task").iterdir())):
        if time.monotonic() > ends:
            raise TimeoutError("strace does not trace this process: is it installed and allowed?")
        time.sleep(0.001)


def _is_traced(task: Path) -> bool:
    try:
        return "TracerPid:\t0\n" not in (task / "status").read_text()
    except FileNotFoundError:  # it has ended meanwhile
        return True


def _ask_to_commit_and_die(connection: Connection) -> None:
    """Let the server have the COMMIT, and never hear what became of it."""
    raw = connection.connection.driver_connection
    if raw is not None:
        raw.pgconn.send_query(b"COMMIT")
        raw.pgconn.flush()
    die()

"""One request under one total deadline, whatever the other side does.

Time limits on a socket start anew with every byte, so a server that dribbles could hold a sender
for ever. Here a timer shuts the connection down when the time is over, and sending and reading fail
at that moment; connecting and TLS get the time that is left. Only name resolution cannot be cut
short; the system's resolver has limits of its own.
"""

import os
import socket
import threading
import time
from types import TracebackType
from typing import Any, Self, TypeVar

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection


class Exchange:
    """The deadline of one request, and whether a byte of it has left."""

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self.sent = False
        self._ends = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._wire: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._let_go()

    @property
    def remaining(self) -> float:
        """Seconds left; never zero, which a socket would take for "do not wait"."""
        return max(self._ends - time.monotonic(), 0.001)

    def watch(self, connected: socket.socket) -> None:
        """Have the deadline cut this connection.

        The connection is held by a second descriptor: TLS takes the first one away and wraps it.
        """
        with self._lock:
            self._let_go()
            self._wire = socket.socket(fileno=os.dup(connected.fileno()))
            if self.expired:
                self._cut()

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            self._cut()

    def _cut(self) -> None:
        if self._wire is not None:
            try:
                self._wire.shutdown(socket.SHUT_RDWR)
            except OSError:  # the other side was faster
                return

    def _let_go(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None


class WatchedAdapter(HTTPAdapter):
    """Connections that belong to the exchange under way; for one thread's session."""

    exchange: Exchange

    def init_poolmanager(self, *args: Any, **settings: Any) -> None:
        """Have the pools make connections that report to this adapter."""
        super().init_poolmanager(*args, **settings)
        self.poolmanager.pool_classes_by_scheme = {"http": self._plain, "https": self._tls}

    def _plain(self, *args: Any, **settings: Any) -> HTTPConnectionPool:
        pool = HTTPConnectionPool(*args, **settings)
        pool.ConnectionCls = _reporting(_Watched, self)
        return pool

    def _tls(self, *args: Any, **settings: Any) -> HTTPSConnectionPool:
        pool = HTTPSConnectionPool(*args, **settings)
        pool.ConnectionCls = _reporting(_WatchedTls, self)
        return pool


class _Watched(HTTPConnection):
    adapter: WatchedAdapter

    def _new_conn(self) -> socket.socket:
        """Try each address of the host in turn, all within the one deadline.

        The limit set here also bounds a TLS handshake as a whole.
        """
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            failure = error if isinstance(error, socket.gaierror) else socket.gaierror()
            raise NameResolutionError(self.host, self, failure) from error
        problem: OSError | None = None
        for *_, address in found:
            if self.adapter.exchange.expired:
                break
            try:
                return self._connect_to(str(address[0]))
            except OSError as error:
                problem = error
        if problem is None or isinstance(problem, TimeoutError):
            raise ConnectTimeoutError(self, "the deadline passed") from problem
        raise NewConnectionError(self, "no address of the host could be reached") from problem

    def _connect_to(self, address: str) -> socket.socket:
        remaining = self.adapter.exchange.remaining
        return create_connection(
            (address, self.port), remaining, socket_options=self.socket_options
        )

    def send(self, data: Any) -> None:
        """Send, and know from here on that the other side may have the request."""
        if self.sock is None:
            self.connect()
        if not self.adapter.exchange.sent:
            self.adapter.exchange.watch(self.sock)
        self.adapter.exchange.sent = True
        super().send(data)


class _WatchedTls(_Watched, HTTPSConnection):
    pass


Connection = TypeVar("Connection", bound=_Watched)


def _reporting(base: type[Connection], owner: WatchedAdapter) -> type[Connection]:
    return type(base.__name__, (base,), {"adapter": owner})

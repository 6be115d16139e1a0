"""Sends a request and always answers: with an HTTP answer, or with why there is none."""

import http.client
import ssl
import threading
from collections.abc import Iterator, Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Protocol

import requests
from urllib3 import exceptions

from bridge.delivery.answer import Answer, NoAnswer, NoAnswerKind
from bridge.delivery.exchange import Exchange, WatchedAdapter

MAX_BODY = 1024 * 1024
_CHUNK = 16 * 1024

# The most telling cause first: urllib3 derives some of these from others.
KINDS: tuple[tuple[type[BaseException], NoAnswerKind], ...] = (
    (exceptions.NameResolutionError, NoAnswerKind.NAME_UNRESOLVED),
    (ConnectionRefusedError, NoAnswerKind.REFUSED),
    (exceptions.NewConnectionError, NoAnswerKind.UNREACHABLE),
    (exceptions.TimeoutError, NoAnswerKind.TIMEOUT),
    (TimeoutError, NoAnswerKind.TIMEOUT),
    (exceptions.SSLError, NoAnswerKind.TLS_FAILED),
    (ssl.SSLError, NoAnswerKind.TLS_FAILED),
    (http.client.IncompleteRead, NoAnswerKind.TRUNCATED),
    (ConnectionError, NoAnswerKind.BROKEN),
    (exceptions.DecodeError, NoAnswerKind.UNREADABLE),
    (http.client.HTTPException, NoAnswerKind.UNREADABLE),
    (requests.exceptions.InvalidURL, NoAnswerKind.NAME_UNRESOLVED),
)


class Transport(Protocol):
    """What the sender needs of HTTP."""

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], deadline_seconds: float
    ) -> Answer | NoAnswer:
        """Promise an answer within the deadline, and never an error of the network."""
        ...

    def get(
        self, url: str, headers: Mapping[str, str], deadline_seconds: float
    ) -> Answer | NoAnswer:
        """Promise the same of a request without a body."""
        ...

    def close(self) -> None:
        """Promise that this thread's connections are closed; a later post opens new ones."""
        ...


class HttpTransport:
    """HTTP/1.1 over kept-alive connections, one session a thread.

    No redirects, no retries, no cookies, no proxies or passwords from the environment. An answer
    is at most 1 MiB, decompressed. The deadline covers everything from connecting to the last byte.
    """

    def __init__(self) -> None:
        self._threads = threading.local()

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], deadline_seconds: float
    ) -> Answer | NoAnswer:
        """Post `body` and answer what came back, or why nothing did."""
        return self._send(requests.Request("POST", url, headers, data=body), deadline_seconds)

    def get(
        self, url: str, headers: Mapping[str, str], deadline_seconds: float
    ) -> Answer | NoAnswer:
        """Ask for `url` and answer what came back, or why nothing did."""
        return self._send(requests.Request("GET", url, headers), deadline_seconds)

    def _send(self, request: requests.Request, deadline_seconds: float) -> Answer | NoAnswer:
        session, adapter = self._session()
        with Exchange(deadline_seconds) as exchange:
            adapter.exchange = exchange
            try:
                answer = _exchanged(session, request, deadline_seconds)
            except (
                requests.RequestException,
                exceptions.HTTPError,
                http.client.HTTPException,
                OSError,
            ) as error:
                answer = _no_answer(_kind(error), exchange)
            # A connection cut by the deadline can look like the end of a body.
            return _no_answer(NoAnswerKind.TIMEOUT, exchange) if exchange.expired else answer

    def _session(self) -> tuple[requests.Session, WatchedAdapter]:
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session, self._threads.adapter = _new_session()
            self._threads.session = session
        return session, self._threads.adapter

    def close(self) -> None:
        """Close this thread's connections."""
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is not None:
            session.close()
            del self._threads.session


def _new_session() -> tuple[requests.Session, WatchedAdapter]:
    session, adapter = requests.Session(), WatchedAdapter(max_retries=0)
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["User-Agent"] = "sfcc-conversions-bridge"
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session, adapter


def _exchanged(
    session: requests.Session, request: requests.Request, seconds: float
) -> Answer | NoAnswer:
    prepared = session.prepare_request(request)
    with session.send(prepared, timeout=seconds, stream=True, allow_redirects=False) as response:
        received = bytearray()
        for chunk in _chunks(response):
            received += chunk
            if len(received) > MAX_BODY:
                response.raw.close()
                return NoAnswer(kind=NoAnswerKind.TOO_LARGE, certain_not_received=False)
        return Answer(
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=bytes(received),
        )


def _chunks(response: requests.Response) -> Iterator[bytes]:
    # Not iter_content: it hides which of urllib3's errors broke the body off.
    chunks: Iterator[bytes] = response.raw.stream(_CHUNK, decode_content=True)
    return chunks


def _no_answer(kind: NoAnswerKind, exchange: Exchange) -> NoAnswer:
    return NoAnswer(kind=kind, certain_not_received=not exchange.sent)


def _kind(error: BaseException) -> NoAnswerKind:
    causes = list(_causes(error))
    fitting = (kind for type_, kind in KINDS if any(isinstance(cause, type_) for cause in causes))
    return next(fitting, NoAnswerKind.BROKEN)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk what an error wraps; requests and urllib3 each have their own way to say it."""
    rest: list[object] = [error]
    seen: set[int] = set()
    while rest:
        cause = rest.pop()
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        rest += [*cause.args, cause.__cause__, cause.__context__, getattr(cause, "reason", None)]

"""The routes that take orders, each in the order a call is looked at: type, size, site, signature.

They stand on WSGI itself in front of Flask, whose requests and answers took a fifth of the time of
an order. What is refused or fails is told by Flask, like everything else.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import orjson
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wsgi import get_content_length, get_input_stream

from bridge.errors import BodyTooLarge, MediaTypeUnsupported
from bridge.intake.reception import Reception
from bridge.operate.destinations import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FAILED: Final = "bridge.failed"
"""Where in a call's environment Flask finds what went wrong with it."""

SITE: Final = "bridge.site"
"""Where it finds the site that signed the call."""

DRAINED: Final = 2
"""How many times the limit is read, and thrown away, of a body that is too large."""


class Taking:
    """Answers the calls that bring orders, and leaves all others to `flask`."""

    def __init__(self, flask: "WSGIApplication", reception: Reception) -> None:
        self._flask = flask
        self._reception = reception
        self._routes = {"/v1/orders": self._one, "/v1/orders/batch": self._many}

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer as WSGI asks for."""
        # As Flask reads them: what it took for these routes, and we did not, nobody would answer.
        path, method = f"/{environ['PATH_INFO'].lstrip('/')}", environ["REQUEST_METHOD"].upper()
        take = self._routes.get(path)
        if take is None or method != "POST":
            return self._flask(environ, start_response)
        try:
            status, answer = take(environ)
            body = orjson.dumps(answer)
        except Exception as error:  # noqa: BLE001 - Flask tells the caller, and the log
            environ[FAILED] = error
            return self._flask(environ, start_response)
        headers = [("content-type", "application/json"), ("content-length", str(len(body)))]
        start_response(f"{status} {HTTP_STATUS_CODES[status]}", headers)
        return [body]

    def _one(self, environ: "WSGIEnvironment") -> tuple[int, Any]:
        """Take one signed order: 202 when new and durable, 200 when it was already."""
        with self._reception.metrics.accept_seconds.time():
            site, body = self._signed_body(environ, self._reception.settings.hook.max_body)
            return self._reception.take_one(site, body)

    def _many(self, environ: "WSGIEnvironment") -> tuple[int, Any]:
        """Take a signed array of orders: always 200, with one result an item, in order."""
        site, body = self._signed_body(environ, self._reception.settings.hook.max_batch_body)
        return 200, self._reception.take_batch(site, body)

    def _signed_body(self, environ: "WSGIEnvironment", limit: int) -> tuple[Site, bytes]:
        media_type = environ.get("CONTENT_TYPE", "").partition(";")[0]
        if media_type.strip().lower() != "application/json":
            raise MediaTypeUnsupported("Send the order as application/json.")
        body = _limited_body(environ, limit)
        headers = _Headers(environ)
        site = self._reception.site_of(headers)
        self._reception.verify(site, headers, body)
        environ[SITE] = site.id
        return site, body


class _Headers:
    """A call's headers, looked up without regard to case."""

    def __init__(self, environ: "WSGIEnvironment") -> None:
        self._environ = environ

    def get(self, name: str, /) -> str | None:
        value: str | None = self._environ.get("HTTP_" + name.upper().replace("-", "_"))
        return value


def _limited_body(environ: "WSGIEnvironment", limit: int) -> bytes:
    """Read no more than the limit, whatever length was or was not announced."""
    announced = get_content_length(environ) or 0
    if 0 < announced <= limit:
        whole: bytes = environ["wsgi.input"].read(announced)
        return whole
    stream = get_input_stream(environ)
    body = b"" if announced > limit else stream.read(limit + 1)
    if max(announced, len(body)) > limit:
        # A caller still writing would see a broken connection, not our answer, and try for ever.
        stream.read(DRAINED * limit)
        raise BodyTooLarge(f"This route takes {limit} bytes at most: split the batch.")
    return body

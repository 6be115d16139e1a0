"""The storefront over HTTP: a web server and its cache before the cartridges in Rhino."""

import threading
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from cartridge_spec.rig.rhino import CARTRIDGES, Rhino

STATIC = CARTRIDGES / "int_conversion_bridge_sfra/cartridge/static/default"
SITE = Path(__file__).parent / "site"
CACHED = "/cached/"


@dataclass
class WebServer:
    """One storefront; pages below /cached/ come from the cache: no controller runs for them."""

    rhino: Rhino
    policy: str
    captures: Queue[str] = field(default_factory=Queue)
    """What the capture route has answered, in its order."""

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"shop": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://localhost:{self._server.server_port}"

    def handle(self, asked: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self.rhino.call("rig/storefront", "handle", asked)
        if asked["controller"] == "ConversionBridge":
            self.captures.put(answer["body"])
        return answer


class _Handler(BaseHTTPRequestHandler):
    shop: ClassVar[WebServer]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        name = path.rsplit("/", 1)[-1]
        if path.startswith("/on/demandware.static/"):
            self._file(STATIC / "js" / name)
        elif path.startswith("/site/"):
            self._file(SITE / name)
        elif path == "/favicon.ico":
            self._answer(204, {}, b"")
        else:
            self._page("GET")

    def do_POST(self) -> None:
        self._page("POST")

    def log_message(self, *_: object) -> None:
        """Tests have a log of their own."""

    def _page(self, method: str) -> None:
        asked = urlsplit(self.path)
        last = asked.path.rsplit("/", 1)[-1]
        controller, _, route = (last if "-" in last else "Home-Show").partition("-")
        cookies = {name: one.value for name, one in SimpleCookie(self.headers["cookie"]).items()}
        body = self.rfile.read(int(self.headers["content-length"] or 0)).decode()
        answer = self.shop.handle(
            {
                "controller": controller,
                "route": route,
                "method": method,
                "path": asked.path,
                "query": asked.query,
                "form": body,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "cookies": cookies,
                "sessionId": cookies.get("dwsid", "of the browser"),
                "host": "localhost",
                "address": "203.0.113.7",
                "cached": asked.path.startswith(CACHED),
            }
        )
        self._answer(answer["status"], _headers(answer), str(answer.get("body", "")).encode())

    def _file(self, path: Path) -> None:
        self._answer(200, {"content-type": "text/javascript"}, path.read_bytes())

    def _answer(self, status: int, headers: dict[str, str | list[str]], body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-security-policy", self.shop.policy)
        self.send_header("content-length", str(len(body)))
        for name, values in headers.items():
            for value in values if isinstance(values, list) else [values]:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _headers(answer: dict[str, Any]) -> dict[str, str | list[str]]:
    headers: dict[str, str | list[str]] = {"content-type": answer.get("contentType", "text/plain")}
    headers["set-cookie"] = [
        f"{one['name']}={one['value']}; Path={one['path']}; Max-Age={one['maxAge']}; Secure"
        for one in answer["cookies"]
    ]
    return headers

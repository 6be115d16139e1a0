"""Whatever the bridge does, the checkout ends the same, and no order is lost."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from cartridge_spec.rig.instance import JOB, REALTIME, services
from cartridge_spec.rig.order_records import capture_of, record_of
from cartridge_spec.rig.rhino import Rhino

Json = dict[str, Any]

PROBLEM = {
    "code": "contract_violated",
    "violations": [{"path": "$.totals.gross", "rule": "required", "message": "must be given"}],
}


class WrongServer(ThreadingHTTPServer):
    """Answers every POST alike: a status and a body, or `silent` until it is shut down."""

    daemon_threads = True

    def __init__(self, status: int, body: str, *, silent: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.status, self.body, self.silent = status, body, silent
        self.ended = threading.Event()
        self.seen: list[dict[str, str]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that gave up is what these tests are about."""


class Answering(BaseHTTPRequestHandler):
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


@pytest.fixture
def wrong_server() -> Iterator[Callable[..., WrongServer]]:
    with ExitStack() as running:

        def start(status: int, body: str = "", **options: Any) -> WrongServer:
            server = WrongServer(status, body, **options)
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            running.callback(server.server_close)
            running.callback(thread.join)
            running.callback(server.shutdown)
            running.callback(server.ended.set)
            return server

        yield start


def closed_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


ANSWERS = {
    "400": (
        400,
        json.dumps(PROBLEM),
        "failed",
        "http_400 contract_violated $.totals.gross required",
    ),
    "400 of a proxy": (400, "<html>", "failed", "http_400"),
    "401": (401, '{"code": "signature_invalid"}', "pending", "http_401 signature_invalid"),
    "403": (403, '{"code": "site_unknown"}', "pending", "http_403 site_unknown"),
    "409": (409, "", "pending", "http_409"),
    "413": (413, '{"code": "body_too_large"}', "failed", "http_413 body_too_large"),
    "429": (429, "", "pending", "http_429"),
    "500": (500, "<h1>oops</h1>", "pending", "http_500"),
    "503": (503, '{"code": "store_unavailable"}', "pending", "http_503 store_unavailable"),
    "redirect": (302, "", "pending", "http_302"),
    "garbage": (200, "<html>welcome to our proxy</html>", "pending", "answer_unreadable"),
    "somebody else's JSON": (200, '{"ok": true}', "pending", "answer_unreadable"),
    "JSON null": (202, "null", "pending", "answer_unreadable"),
}

SETTINGS = {
    "no such host": ({"url": "http://bridge.invalid"}, "unreachable"),
    "no host at all": ({"url": "http://"}, "unreachable|call_failed"),
    "credential missing": ({"url": None}, "call_failed"),
    "secret missing": ({"password": ""}, "call_failed"),
    "service disabled": ({"enabled": False}, "disabled"),
    "circuit open": ({"breaker": 0}, "circuit_broken"),
    "rate limited": ({"rateLimit": 0}, "rate_limited"),
    "quota exceeded": ({"quota": 0}, "call_failed"),
}


@pytest.fixture
def check(
    installed: Rhino, hook: tuple[str, Any], placed_order: Callable[..., Json], secret: str
) -> Callable[..., None]:
    """Place an order while the bridge misbehaves, then let the sweep find the bridge mended."""

    def run(settings: Json, status: str, reason: str) -> None:
        order = placed_order()
        url = settings.get("url", hook[0])
        rest = {name: value for name, value in settings.items() if name != "url"}
        wrong = services(url, secret) | {REALTIME: services(url, secret)[REALTIME] | rest}
        installed.call("rig/world", "change", {"services": wrong})

        ended = installed.call("rig/cases", "checkout", record_of(order), capture_of(order))

        assert ended == {"orderID": order["order_no"], "status": 3, "returned": "nothing"}
        kept = installed.call("rig/cases", "state", order["order_no"])
        assert (kept["cbStatus"], kept["cbAttempts"]) == (status, 1)
        assert kept["cbReason"] in reason.split("|")
        assert (kept["cbNextAttemptAt"] is not None) == (status == "pending")
        installed.call("rig/world", "change", {"services": services(hook[0], secret)})
        installed.call("rig/cases", "waitUntilDue")
        installed.call("rig/cases", "run", "sweep")
        kept = installed.call("rig/cases", "state", order["order_no"])
        assert kept["cbStatus"] == ("failed" if status == "failed" else "sent")

    return run


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_that_takes_no_order_leaves_the_checkout_alone(
    case: str, check: Callable[..., None], wrong_server: Callable[..., WrongServer]
) -> None:
    code, body, status, reason = ANSWERS[case]
    check({"url": wrong_server(code, body).url}, status, reason)


@pytest.mark.parametrize("case", SETTINGS)
def test_a_call_that_cannot_be_made_leaves_the_checkout_alone(
    case: str, check: Callable[..., None]
) -> None:
    settings, reason = SETTINGS[case]
    check(settings, "pending", reason)


def test_nobody_listening_leaves_the_checkout_alone(check: Callable[..., None]) -> None:
    check({"url": f"http://127.0.0.1:{closed_port()}"}, "pending", "unreachable")


def test_plain_http_where_tls_is_wanted_leaves_the_checkout_alone(
    check: Callable[..., None], wrong_server: Callable[..., WrongServer]
) -> None:
    url = wrong_server(200).url.replace("http:", "https:")
    check({"url": url}, "pending", "unreachable")


def test_a_silent_bridge_is_given_up_after_the_preferences_time_limit(
    check: Callable[..., None], wrong_server: Callable[..., WrongServer], installed: Rhino
) -> None:
    installed.call("rig/world", "change", {"preferences": {"cbEnabled": True, "cbTimeoutMs": 50}})
    # Without the preference the service's own 20 seconds would count, and so would this test.
    check({"url": wrong_server(200, silent=True).url}, "pending", "timeout")


def test_a_service_that_was_never_imported_leaves_the_checkout_alone(
    installed: Rhino, placed_order: Callable[..., Json]
) -> None:
    installed.call("rig/world", "change", {"services": {}})
    order = placed_order()

    installed.call("rig/cases", "checkout", record_of(order), capture_of(order))

    kept = installed.call("rig/cases", "state", order["order_no"])
    assert (kept["cbStatus"], kept["cbReason"]) == ("pending", "call_failed")


def test_a_snapshot_that_cannot_be_kept_makes_no_call_and_the_sweep_sends_the_order(
    installed: Rhino, placed_order: Callable[..., Json]
) -> None:
    order = placed_order()
    installed.call("rig/world", "change", {"faults": {"transaction": 0}})

    ended = installed.call("rig/cases", "checkout", record_of(order), capture_of(order))

    assert ended["returned"] == "nothing"
    assert installed.call("rig/world", "readCalls") == []
    installed.call("rig/world", "change", {"faults": {}})
    installed.call("rig/cases", "run", "sweep", {"GraceMinutes": 0})
    assert installed.call("rig/cases", "state", order["order_no"])["cbStatus"] == "sent"


def test_a_crash_between_the_call_and_the_mark_makes_one_order(
    installed: Rhino, hook: tuple[str, Any], placed_order: Callable[..., Json]
) -> None:
    order = placed_order()
    installed.call("rig/world", "change", {"faults": {"transaction": 1}})

    installed.call("rig/cases", "checkout", record_of(order), capture_of(order))

    kept = installed.call("rig/cases", "state", order["order_no"])
    assert (kept["cbStatus"], kept["cbAttempts"], kept["cbSentAt"]) == ("pending", None, None)
    installed.call("rig/world", "change", {"faults": {}})
    installed.call("rig/cases", "run", "sweep", {"GraceMinutes": 0})
    kept = installed.call("rig/cases", "state", order["order_no"])
    assert (kept["cbStatus"], kept["cbReason"]) == ("sent", "duplicate")
    assert len(installed.call("rig/world", "readCalls")) == 2


def test_an_open_circuit_of_the_checkout_does_not_stop_the_job(
    installed: Rhino, hook: tuple[str, Any], placed_order: Callable[..., Json], secret: str
) -> None:
    broken = services(hook[0], secret)
    broken[REALTIME] = broken[REALTIME] | {"breaker": 0}
    installed.call("rig/world", "change", {"services": broken})
    order = placed_order()
    installed.call("rig/cases", "checkout", record_of(order), capture_of(order))
    installed.call("rig/cases", "waitUntilDue")

    installed.call("rig/cases", "run", "sweep")

    assert installed.call("rig/cases", "state", order["order_no"])["cbStatus"] == "sent"
    assert {call["service"] for call in installed.call("rig/world", "readCalls")} == {JOB}


def test_the_secret_signs_and_never_travels(
    installed: Rhino,
    placed_order: Callable[..., Json],
    secret: str,
    wrong_server: Callable[..., WrongServer],
) -> None:
    server, order = wrong_server(503), placed_order(order_no="Ä№-7")
    installed.call("rig/world", "change", {"services": services(server.url, secret)})

    installed.call("rig/cases", "checkout", record_of(order), capture_of(order))

    [headers] = server.seen
    assert headers["webhook-id"] == "RefArch.order.%C3%84%E2%84%96-7"
    assert headers["bridge-site"] == "RefArch"
    assert headers["webhook-signature"].startswith("v1,")
    assert "authorization" not in headers
    assert secret[6:] not in str(headers)


def test_nothing_personal_and_no_secret_is_logged(
    installed: Rhino,
    placed_order: Callable[..., Json],
    secret: str,
    wrong_server: Callable[..., WrongServer],
) -> None:
    order = placed_order()
    echo = wrong_server(400, json.dumps(PROBLEM | {"detail": order["customer"]["email"]}))
    for url in (None, echo.url):
        if url:
            installed.call("rig/world", "change", {"services": services(url, secret)})
        order["order_no"] += "x"
        installed.call("rig/cases", "checkout", record_of(order), capture_of(order))

    logs = json.dumps(installed.call("rig/world", "readLogs"), ensure_ascii=False)

    assert order["order_no"] in logs
    personal = (*order["customer"].values(), *order["billing_address"].values(), secret[6:], "v1,")
    found = [p for p in personal if isinstance(p, str) and len(p) > 2 and p in logs]
    assert found == []

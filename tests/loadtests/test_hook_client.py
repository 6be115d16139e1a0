import json
import shlex
import socket
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote

import pytest
import requests

from loadtests.curl import curl_line
from loadtests.hook_client import HookClient, HookUnreachable, SecretUnusable
from loadtests.orders import Order, orders

from .conftest import SECRETS, Hook

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)


@pytest.fixture
def client(hook: Hook) -> Iterator[HookClient]:
    with HookClient(hook.url, SECRETS) as signed:
        yield signed


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port nobody listens on, kept from others while the test runs."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def order_with(**members: object) -> Order:
    return {**next(orders(1, 1, NOW, site_id="RefArch")), **members}


def test_every_order_arrives_signed_and_unchanged(hook: Hook, client: HookClient) -> None:
    sent = list(orders(30, 9, NOW))
    answers = [client.send(order) for order in sent]
    assert [answer.status for answer in answers] == [202] * 30
    assert answers[0].body["order_no"] == sent[0]["order_no"]
    assert hook.orders == sent


def test_a_batch_arrives_signed_and_in_order(hook: Hook, client: HookClient) -> None:
    sent = list(orders(40, 9, NOW, site_id="RefArchGlobal"))
    answer = client.send_batch(sent)
    assert answer.status == 200
    assert [item["order_no"] for item in answer.body] == [order["order_no"] for order in sent]
    assert hook.orders == sent


class KeepingHandler(BaseHTTPRequestHandler):
    """Answers over a connection that stays open, and remembers from which ports calls came."""

    protocol_version = "HTTP/1.1"
    ports: ClassVar[set[int]] = set()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.ports.add(self.client_address[1])
        self.send_response(202)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None: ...


def test_calls_share_one_connection() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), KeepingHandler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        with HookClient(f"http://127.0.0.1:{server.server_port}", SECRETS) as client:
            answers = [client.send(order) for order in orders(10, 9, NOW)]
        server.shutdown()
        thread.join()
    assert [answer.status for answer in answers] == [202] * 10
    assert len(KeepingHandler.ports) == 1


def test_the_webhook_id_names_the_order_in_ascii(hook: Hook, client: HookClient) -> None:
    client.send(order_with(order_no="Bestellung Nr. 7 ü\r\nx: y"))
    sent = hook.headers[0]["webhook-id"]
    assert sent.isascii()
    assert " " not in sent
    assert unquote(sent) == "RefArch.order.Bestellung Nr. 7 ü\r\nx: y"


def test_the_reference_is_part_of_the_webhook_id(hook: Hook, client: HookClient) -> None:
    client.send(order_with(kind="refund", order_no="A-1", reference="R-2"))
    assert unquote(hook.headers[0]["webhook-id"]) == "RefArch.refund.A-1.R-2"


def test_the_same_order_keeps_its_webhook_id(hook: Hook, client: HookClient) -> None:
    client.send(order_with())
    client.send(order_with())
    first, second = (headers["webhook-id"] for headers in hook.headers)
    assert first == second


def test_an_old_signature_is_refused(hook: Hook) -> None:
    late = HookClient(hook.url, SECRETS, clock=lambda: datetime.now(UTC) - timedelta(minutes=6))
    with late as client:
        answer = client.send(order_with())
    assert answer.status == 401
    assert answer.body["code"] == "signature_invalid"


def test_a_clock_in_another_zone_signs_the_same_moment(hook: Hook) -> None:
    def local() -> datetime:
        return datetime.now(timezone(timedelta(hours=9)))

    with HookClient(hook.url, SECRETS, clock=local) as client:
        assert client.send(order_with()).status == 202


def test_a_wrong_secret_is_refused(hook: Hook) -> None:
    with HookClient(hook.url, {"RefArch": SECRETS["RefArchGlobal"]}) as client:
        assert client.send(order_with()).status == 401


def test_the_address_may_name_the_hook_itself(hook: Hook) -> None:
    for path in ("/", "/v1/orders", "/v1/orders/batch"):
        with HookClient(hook.url + path, SECRETS) as client:
            assert client.send(order_with()).status in {200, 202}


def test_an_order_is_not_taken_elsewhere_by_a_redirect(hook: Hook) -> None:
    with HookClient(f"{hook.url}/moved", SECRETS) as client:
        assert client.send(order_with()).status == 307
    assert hook.orders == []


def test_an_answer_that_is_not_json_has_no_body(hook: Hook) -> None:
    with HookClient(f"{hook.url}/elsewhere", SECRETS) as client:
        answer = client.send(order_with())
    assert answer.status == 404
    assert answer.body is None


def test_a_site_without_secret_is_named(client: HookClient) -> None:
    with pytest.raises(SecretUnusable, match=r"no secret for site Outlet .*RefArch, RefArchGlobal"):
        client.send(order_with(site_id="Outlet"))


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "not base64!", "whsec_abcde", "whsec_c2VjcmV0IQ!"]
)
def test_a_secret_that_cannot_be_one_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(SecretUnusable, match="secret of site RefArch") as refusal:
        HookClient("http://127.0.0.1:9", {"RefArch": secret})
    assert not secret.removeprefix("whsec_") or secret not in str(refusal.value)


def test_nobody_listening_is_said_plainly(closed_port: int) -> None:
    address = f"http://127.0.0.1:{closed_port}"
    with HookClient(address, SECRETS) as client, pytest.raises(HookUnreachable) as raised:
        client.send(order_with())
    advice = "is a bridge running there? `bridge up` starts one"
    assert str(raised.value) == f"cannot connect to {address}: {advice}"


def test_a_hook_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with (
            HookClient(address, SECRETS, timeout=0.2) as client,
            pytest.raises(HookUnreachable, match=r"did not answer within 0\.2 s"),
        ):
            client.send(order_with())


def test_an_address_that_is_none_is_said_plainly() -> None:
    with (
        HookClient("localhost:8080", SECRETS) as client,
        pytest.raises(HookUnreachable, match="http://host:port"),
    ):
        client.send(order_with())


def test_a_batch_of_several_sites_or_none_is_refused(client: HookClient) -> None:
    with pytest.raises(ValueError, match="same site"):
        client.send_batch(list(orders(40, 9, NOW)))
    with pytest.raises(ValueError, match="same site"):
        client.send_batch([])


def awkward_order() -> Order:
    return order_with(
        order_no="it's `$HOME` \\ 7",
        customer={"first_name": 'D\'Arcy "Q"', "last_name": "!Élan\n%s $(id) 東京", "email": "@x"},
    )


def test_a_curl_line_says_what_the_client_would_send(hook: Hook, client: HookClient) -> None:
    words = shlex.split(curl_line(client.signed(awkward_order())))
    headers = dict(
        value.split(": ", 1) for option, value in pairwise(words) if option == "--header"
    )
    body = words[words.index("--data-raw") + 1].encode()
    assert requests.post(words[-1], data=body, headers=headers, timeout=5).status_code == 202
    assert hook.orders == [awkward_order()]


@pytest.mark.parametrize("in_file", [False, True])
def test_a_shell_runs_the_curl_line(
    hook: Hook, client: HookClient, tmp_path: Path, *, in_file: bool
) -> None:
    body_file = tmp_path / "an order.json" if in_file else None
    line = curl_line(client.signed(awkward_order()), body_file=body_file)
    result = subprocess.run(["sh", "-c", line], capture_output=True, check=True)
    assert json.loads(result.stdout)["status"] == "accepted"
    assert hook.orders == [awkward_order()]

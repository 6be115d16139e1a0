"""A body is read whole in whatever pieces it comes, and answered when it is too large."""

import http.client
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from loadtests.hook_client import ONE_PATH, HookClient

from .conftest import SECRET

BODY = b"x" * (5 * 512 * 1024)
TRIES = 400  # whether a break is seen is a matter of luck


def test_caller_still_writing_a_body_too_large_sees_413_and_no_broken_connection(
    bridge_up: Callable[..., Any],
) -> None:
    bridge = bridge_up("http://127.0.0.1:9", command="serve")

    def answer() -> int:
        connection = http.client.HTTPConnection(urlsplit(bridge.url).netloc, timeout=120)
        connection.request("POST", "/v1/orders", BODY, {"content-type": "application/json"})
        status = connection.getresponse().status
        connection.close()
        return status

    assert {answer() for _ in range(TRIES)} == {413}


def test_body_in_pieces_is_read_whole_with_and_without_its_length_announced(
    bridge_up: Callable[..., Any], make_order: Callable[..., dict[str, Any]]
) -> None:
    bridge = bridge_up("http://127.0.0.1:9", command="serve")
    signer = HookClient(bridge.url, {"RefArch": SECRET})

    def answer(order_no: str, how: str) -> int:
        body = orjson.dumps(make_order(order_no=order_no, loyalty_tier="x" * 500_000))
        call = signer.signed_bytes(ONE_PATH, "RefArch", order_no, body)
        length = {"announced": {"content-length": str(len(body))}}
        headers = call.headers | length.get(how, {"transfer-encoding": "chunked"})
        connection = http.client.HTTPConnection(urlsplit(bridge.url).netloc, timeout=120)
        pieces = (body[start : start + 10_000] for start in range(0, len(body), 10_000))
        connection.request("POST", ONE_PATH, pieces, headers, encode_chunked=how == "chunked")
        status = connection.getresponse().status
        connection.close()
        return status

    assert [answer("1", "announced"), answer("2", "chunked")] == [202, 202]


@pytest.mark.parametrize("media_type", ["Application/JSON", "application/json ; charset=utf-8"])
def test_media_type_may_be_written_otherwise(
    caller: Any, make_order: Callable[..., dict[str, Any]], media_type: str
) -> None:
    body = orjson.dumps(make_order())
    headers = caller.headers(body) | {"content-type": media_type}

    answer = caller.client.post("/v1/orders", data=body, headers=headers)

    assert (answer.status_code, answer.mimetype) == (202, "application/json")

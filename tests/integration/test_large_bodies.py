"""A body that is too large is answered, whoever is still writing it."""

import http.client
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

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

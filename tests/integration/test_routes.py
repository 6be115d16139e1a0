"""Which calls are about orders, and what is said to those that are about nothing."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

MakeOrder = Callable[..., dict[str, Any]]
PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/v1/orders", 405), ("POST", "/nowhere", 404)]
)
def test_unknown_paths_and_methods_are_problems_too(
    caller: Any, method: str, path: str, status: int
) -> None:
    answer = caller.client.open(path, method=method)

    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)
    assert answer.json["status"] == status


@pytest.mark.parametrize(
    "written",
    [
        {"PATH_INFO": "//v1/orders"},  # a base URL that ends with a slash
        {"PATH_INFO": "v1/orders"},
        {"REQUEST_METHOD": "post"},
    ],
    ids=str,
)
def test_route_written_otherwise_is_the_same_route(
    caller: Any, make_order: MakeOrder, written: dict[str, str]
) -> None:
    body = orjson.dumps(make_order())

    answer = caller.client.post(
        "/v1/orders", data=body, headers=caller.headers(body), environ_overrides=written
    )

    assert answer.status_code == 202

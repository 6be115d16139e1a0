"""The URLs that tell a workspace of shoppers and orders before their events arrive."""

from typing import Any

import orjson
from flask import Blueprint, Response, request

from mock_platform import current
from mock_platform.admin_request import AdminError, answer

known = Blueprint("known", __name__)


@known.get("/known")
def show() -> Response:
    """How many shoppers and orders the workspace knows."""
    told = current.workspace().told
    return answer({"shoppers": told.shoppers.known, "orders": len(told.orders)})


@known.post("/shoppers")
def add_shoppers() -> Response:
    """Know these people: a JSON array, or one JSON object a line."""
    return answer({"shoppers": current.workspace().told.add_shoppers(read_list())}, 201)


@known.post("/orders")
def add_orders() -> Response:
    """Expect these orders, and know who placed them: the same forms."""
    return answer(current.workspace().told.add_orders(read_list()), 201)


def read_list() -> list[Any]:
    """The body as a list of JSON values."""
    body = request.get_data().strip()
    try:
        if body.startswith(b"["):
            listed: list[Any] = orjson.loads(body)
            return listed
        return [orjson.loads(line) for line in body.splitlines() if line.strip()]
    except orjson.JSONDecodeError:
        raise AdminError("expected a JSON array, or one JSON object a line") from None

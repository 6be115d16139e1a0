"""Reading an admin request, and answering it."""

from typing import Any

import orjson
from flask import Response, request


class AdminError(ValueError):
    """An admin request that cannot be carried out; the message names the member."""


def answer(document: object, status: int = 200) -> Response:
    """`document` as a JSON answer."""
    return Response(orjson.dumps(document), status, content_type="application/json")


def problem(status: int, detail: str) -> Response:
    """A problem document (RFC 9457)."""
    body = orjson.dumps({"title": "The mock cannot do this", "status": status, "detail": detail})
    return Response(body, status, content_type="application/problem+json")


def read_document() -> Any:
    """The request's JSON body, whatever its content type."""
    try:
        return orjson.loads(request.get_data() or b"{}")
    except orjson.JSONDecodeError:
        raise AdminError("the body must be JSON") from None


def read_object() -> dict[str, Any]:
    """The same, which must be an object."""
    document = read_document()
    if not isinstance(document, dict):
        raise AdminError("the body must be a JSON object")
    return document


def read_number(name: str, default: float, highest: float) -> float:
    """A number in the query."""
    text = request.args.get(name, str(default))
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= highest:
        raise AdminError(f"{name}: expected a number from 0 to {highest:g}")
    return number

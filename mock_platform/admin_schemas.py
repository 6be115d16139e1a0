"""The URLs that give the JSON Schema of each endpoint."""

from flask import Blueprint, Response

from mock_platform import current
from mock_platform.admin_request import answer, problem
from mock_platform.schemas.endpoints import names, schema

schemas = Blueprint("schemas", __name__)


@schemas.get("/schemas")
def show() -> Response:
    """Every schema of a version that is served now, and its place below this workspace's URL."""
    listed = names(current.workspace().clock.now())
    return answer(
        {"schemas": [{"name": name, "path": f"/_mock/schemas/{name}"} for name in listed]}
    )


@schemas.get("/schemas/<path:name>")
def one(name: str) -> Response:
    """One schema."""
    if name not in names(current.workspace().clock.now()):
        return problem(404, "there is no schema of this name: GET /_mock/schemas lists them")
    return answer(schema(name))

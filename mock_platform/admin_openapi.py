"""The URL of the admin API's own description."""

from functools import cache
from importlib import resources

import orjson
import yaml
from flask import Blueprint, Response

openapi = Blueprint("openapi", __name__)


@openapi.get("/openapi.json")
def show() -> Response:
    """The admin API as an OpenAPI 3.1 document."""
    return Response(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    text = resources.files("mock_platform").joinpath("openapi.yaml").read_text("utf-8")
    return orjson.dumps(yaml.safe_load(text))

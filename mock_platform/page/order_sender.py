"""Orders made up and sent to a bridge, so that a page full of events is one click away."""

from importlib import import_module
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest

from mock_platform import current

_MODULE = "loadtests.wanted"
_BRIDGE_DEFAULT = "http://127.0.0.1:8080"

blueprint = Blueprint("orders", __name__)


def _generator() -> Any:
    """The load tools, which serving the platforms needs no part of; None where not installed."""
    try:
        return import_module(_MODULE)
    except ImportError:
        return None


@blueprint.get("/orders")
def show() -> str:
    """What can be asked for."""
    return _page({"to": _BRIDGE_DEFAULT, "count": "20"})


@blueprint.post("/orders")
def send() -> Response:
    """Make the orders asked for and send them to the bridge `to`; what its hook answered."""
    generator = _generator()
    given = {name: request.form.get(name, "").strip() for name in ("to", "count", *_CHOICES)}
    if generator is None or not given["to"]:
        return Response(_page(given, problem=_missing(generator)), BadRequest.code)
    try:
        tell = current.workspace().told.add_orders  # so that the lint knows who placed them
        wanted = {name: value or None for name, value in given.items()}
        report = generator.send_wanted(**wanted, tell=tell)
    except generator.CANNOT as error:
        return Response(_page(given, problem=str(error)), BadRequest.code)
    return Response(_page(given, report=report))


_CHOICES = ("country", "channel")


def _missing(generator: Any) -> str:
    if generator is None:
        return "The order generator is not installed: install the dependency group 'load'."
    return "Which bridge? Start one as described beside the form, and write its address."


def _page(
    given: dict[str, str], *, problem: str | None = None, report: dict[str, Any] | None = None
) -> str:
    generator = _generator()
    return render_template(
        "page/orders.html",
        given=given,
        problem=problem,
        report=report,
        countries=generator.COUNTRIES if generator else {},
        channels=generator.CHANNELS if generator else (),
    )

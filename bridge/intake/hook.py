"""The hook's routes: thin, and in the order a call is looked at: type, size, site, signature."""

from http import HTTPStatus
from typing import Any, cast

import orjson
import structlog
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException, InternalServerError

from bridge.errors import BodyTooLarge, IntakeError, MediaTypeUnsupported
from bridge.intake.answer import PROBLEM_TYPE, headers_of, refused
from bridge.intake.reception import Reception
from bridge.operate.destinations import Site
from bridge.operate.health import Health, Readiness
from bridge.operate.logs import account_of

log = structlog.get_logger("bridge.intake")
hook = Blueprint("hook", __name__)

DRAINED = 2
"""How many times the limit is read, and thrown away, of a body that is too large."""


@hook.post("/v1/orders")
def one_order() -> Response:
    """Take one signed order: 202 when new and durable, 200 when it was already."""
    reception = _reception()
    with reception.metrics.accept_seconds.time():
        site, body = _signed_body(reception, reception.settings.hook.max_body)
        status, answer = reception.take_one(site, body)
    return _json(answer, status)


@hook.post("/v1/orders/batch")
def many_orders() -> Response:
    """Take a signed array of orders: always 200, with one result an item, in order."""
    reception = _reception()
    site, body = _signed_body(reception, reception.settings.hook.max_batch_body)
    return _json(reception.take_batch(site, body), HTTPStatus.OK)


@hook.get("/health/live")
def live() -> Response:
    """Answer 200 as long as the process can answer at all."""
    return _json({"status": "live"}, HTTPStatus.OK)


@hook.get("/health/ready")
def ready() -> Response:
    """Answer 200 when an order sent now could be made durable, else 503 and why not."""
    health: Health = current_app.extensions["health"]
    readiness = health.ready()
    good = readiness is Readiness.READY
    return _json({"status": readiness}, HTTPStatus.OK if good else HTTPStatus.SERVICE_UNAVAILABLE)


@hook.get("/metrics")
def metrics() -> Response:
    """Answer the metrics in Prometheus' text format."""
    return Response(_reception().metrics.exposition(), mimetype="text/plain")


@hook.app_errorhandler(IntakeError)
def refuse(error: IntakeError) -> Response:
    """Turn a refusal into its problem answer."""
    reception = _reception()
    site = cast("str | None", request.environ.get("bridge.site"))
    if site is None:
        reception.metrics.refused_calls.labels(error.code).inc()
    else:
        reception.metrics.answers.labels(site, error.code).inc()
    status, problem = refused(error)
    answer = _json(problem, status, PROBLEM_TYPE)
    answer.headers.update(headers_of(error))
    return answer


@hook.app_errorhandler(HTTPException)
def not_found(error: HTTPException) -> Response:
    """Answer unknown paths and methods as problems too."""
    code = error.name.lower().replace(" ", "_")
    problem = {"type": "about:blank", "title": error.name, "status": error.code, "code": code}
    answer = _json(problem, error.code or 500, PROBLEM_TYPE)
    answer.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return answer


@hook.app_errorhandler(Exception)
def failed(error: Exception) -> Response:
    """Answer 500 to what nobody foresaw; the log has its kind and place, and no value."""
    log.error("call_failed", **account_of(error))
    return not_found(InternalServerError())


def _reception() -> Reception:
    return cast("Reception", current_app.extensions["reception"])


def _signed_body(reception: Reception, limit: int) -> tuple[Site, bytes]:
    if request.mimetype != "application/json":
        raise MediaTypeUnsupported("Send the order as application/json.")
    body = _limited_body(limit)
    site = reception.site_of(request.headers)
    reception.verify(site, request.headers, body)
    request.environ["bridge.site"] = site.id
    return site, body


def _limited_body(limit: int) -> bytes:
    """Read no more than the limit, whatever length was or was not announced."""
    announced = request.content_length or 0
    body = b"" if announced > limit else request.stream.read(limit + 1)
    if max(announced, len(body)) > limit:
        # A caller still writing would see a broken connection, not our answer, and try for ever.
        request.stream.read(DRAINED * limit)
        raise BodyTooLarge(f"This route takes {limit} bytes at most: split the batch.")
    return body


def _json(answer: Any, status: int, mimetype: str = "application/json") -> Response:
    return Response(orjson.dumps(answer), status=status, mimetype=mimetype)

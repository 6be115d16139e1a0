"""The hook's routes on Flask: how it is, and what it says when a call is refused."""

from http import HTTPStatus
from typing import Any, NoReturn, cast

import orjson
import structlog
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException, InternalServerError

from bridge.errors import IntakeError
from bridge.intake.answer import PROBLEM_TYPE, headers_of, refused
from bridge.intake.reception import Reception
from bridge.intake.taking import FAILED, SITE
from bridge.operate.health import Health, Readiness
from bridge.operate.logs import account_of

log = structlog.get_logger("bridge.intake")
hook = Blueprint("hook", __name__)


@hook.post("/v1/orders")
@hook.post("/v1/orders/batch")
def not_taken() -> NoReturn:
    """Raise what went wrong in `Taking`, which answers these two when nothing does."""
    raise cast("Exception", request.environ.pop(FAILED))


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
    site = cast("str | None", request.environ.get(SITE))
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


def _json(answer: Any, status: int, mimetype: str = "application/json") -> Response:
    return Response(orjson.dumps(answer), status=status, mimetype=mimetype)

"""The edges a sender's self-check reads: /me, /debug_token, a dataset (documents: graph-api)."""

from typing import Any

import orjson
from flask import Blueprint, Response, request

from mock_platform import current
from mock_platform.meta.access import access_problem, token_problem, version_problem
from mock_platform.meta.answer import Answer, failed
from mock_platform.meta.errors import GraphError
from mock_platform.meta.request import decode
from mock_platform.settings import Settings

_USER_ID = "100000000000001"
_APP_ID = "200000000000001"
_SCOPES = ["ads_management", "ads_read", "business_management"]
# An unversioned path is served by the oldest version an app may use.
OLDEST_VERSION = "v21.0"

blueprint = Blueprint("nodes", __name__)


@blueprint.get("/<graph_version:version>/me")
@blueprint.get("/me", defaults={"version": OLDEST_VERSION})
def me(version: str) -> Response:
    """Whose token this is."""
    settings, now = _world()
    call = decode(request, api="graph", version=version, dataset="")
    problem = version_problem(version, settings, now) or token_problem(call.token, settings)
    return _answer(version, problem, {"id": _USER_ID, "name": "Mock System User"})


@blueprint.get("/<graph_version:version>/debug_token")
@blueprint.get("/debug_token", defaults={"version": OLDEST_VERSION})
def debug_token(version: str) -> Response:
    """Whether `input_token` is valid, and what it may do."""
    settings, now = _world()
    call = decode(request, api="graph", version=version, dataset="")
    problem = version_problem(version, settings, now) or token_problem(call.token, settings)
    inspected = token_problem(call.parameters.get("input_token") or None, settings)
    return _answer(version, problem, {"data": _inspection(inspected)})


def _inspection(problem: GraphError | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "app_id": _APP_ID,
        "application": "Mock App",
        "type": "SYSTEM_USER",
        "user_id": _USER_ID,
        "expires_at": 0,
        "data_access_expires_at": 0,
        "is_valid": problem is None,
        "scopes": [] if problem else _SCOPES,
    }
    if problem is not None:
        error = {"code": problem.code, "message": problem.message, "subcode": problem.subcode}
        data["error"] = {name: value for name, value in error.items() if value is not None}
    return data


@blueprint.get("/<graph_version:version>/<dataset>")
@blueprint.get("/<digits:dataset>", defaults={"version": OLDEST_VERSION})
def dataset_node(version: str, dataset: str) -> Response:
    """A dataset: `id` and `name`, and `is_consolidated_container` when `fields` asks for it."""
    settings, now = _world()
    call = decode(request, api="graph", version=version, dataset=dataset)
    node: dict[str, Any] = {"id": dataset, "name": f"Mock dataset {dataset}"}
    if "is_consolidated_container" in str(call.parameters.get("fields", "")).split(","):
        node["is_consolidated_container"] = True
    return _answer(version, access_problem(call, settings, now), node)


def _world() -> tuple[Settings, float]:
    workspace = current.workspace()
    return workspace.settings, workspace.clock.now()


def _answer(version: str, problem: GraphError | None, document: dict[str, Any]) -> Response:
    if problem is not None:
        return failed(problem).response(version)
    return Answer(status=200, body=orjson.dumps(document)).response(version)

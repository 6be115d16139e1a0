"""Match quality in the shape of Meta's Dataset Quality API, by the estimate of `match_quality`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import Blueprint, Response, request

from mock_platform import current
from mock_platform.meta.access import access_problem
from mock_platform.meta.answer import Answer, failed
from mock_platform.meta.errors import ERRORS
from mock_platform.meta.match_quality import estimates, share_of
from mock_platform.meta.nodes import OLDEST_VERSION
from mock_platform.meta.request import decode
from mock_platform.rules.user_data import usable_keys

# member of user_data -> its name in the Dataset Quality API
_IDENTIFIERS = {
    "em": "email",
    "ph": "phone",
    "client_user_agent": "user_agent",
    "client_ip_address": "ip_address",
    "external_id": "external_id",
    "fbc": "fbc",
    "fbp": "fbp",
}

blueprint = Blueprint("quality", __name__)


@blueprint.get("/<graph_version:version>/dataset_quality")
@blueprint.get("/dataset_quality", defaults={"version": OLDEST_VERSION})
def dataset_quality(version: str) -> Response:
    """Match quality of each web event name among the latest counted server events."""
    workspace = current.workspace()
    dataset = request.args.get("dataset_id", "")
    call = decode(request, api="graph", version=version, dataset=dataset)
    problem = access_problem(call, workspace.settings, workspace.clock.now())
    if not dataset:
        problem = ERRORS["parameter"].saying("(#100) The parameter dataset_id is required")
    if problem is not None:
        return failed(problem).response(version)
    events = workspace.journal.latest_counted(dataset)
    return Answer(status=200, body=orjson.dumps({"web": web_quality(events)})).response(version)


def web_quality(payloads: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One entry for each event name of the website's events among `payloads`."""
    web = [payload for payload in payloads if payload.get("action_source") == "website"]
    by_name: dict[str, list[frozenset[str]]] = defaultdict(list)
    for payload in web:
        by_name[payload["event_name"]].append(usable_keys(payload["user_data"]))
    return [
        {
            "event_name": estimate.event_name,
            "event_match_quality": {
                "composite_score": estimate.score,
                "match_key_feedback": _feedback(by_name[estimate.event_name]),
            },
        }
        for estimate in estimates({"payload": payload} for payload in web)
    ]


def _feedback(usable: Sequence[frozenset[str]]) -> list[dict[str, Any]]:
    return [
        {"identifier": name, "coverage": {"percentage": round(share * 100, 1)}}
        for member, name in _IDENTIFIERS.items()
        if (share := share_of(usable, frozenset({member})))
    ]

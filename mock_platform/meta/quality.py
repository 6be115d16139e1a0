"""How well counted events can be matched, in the shape of Meta's Dataset Quality API.

The platform does not publish its formula: the score here is the mock's estimate from which
members arrive in usable form, and is meant to show a direction.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import Blueprint, Response, request

from mock_platform import current
from mock_platform.meta.access import access_problem
from mock_platform.meta.answer import Answer, failed
from mock_platform.meta.errors import ERRORS
from mock_platform.meta.nodes import OLDEST_VERSION
from mock_platform.meta.request import decode
from mock_platform.rules.user_data import usable_keys

# members that count together -> weight of the estimate; the sum is above 10, the score is not
_WEIGHTS: tuple[tuple[frozenset[str], float], ...] = (
    (frozenset({"em"}), 3.0),
    (frozenset({"ph"}), 2.5),
    (frozenset({"fbc"}), 1.2),
    (frozenset({"external_id"}), 1.0),
    (frozenset({"fbp"}), 0.8),
    (frozenset({"client_ip_address", "client_user_agent"}), 1.0),
    (frozenset({"fn", "ln"}), 0.7),
    (frozenset({"db"}), 0.4),
    (frozenset({"ct", "st", "zp", "country"}), 0.4),
    (frozenset({"ge"}), 0.1),
)
_HIGHEST = 10.0
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


def web_quality(events: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One entry for each event name of the website's events in `events`."""
    usable: dict[str, list[frozenset[str]]] = defaultdict(list)
    for event in events:
        if event.get("action_source") == "website":
            usable[event["event_name"]].append(usable_keys(event["user_data"]))
    return [
        {"event_name": name, "event_match_quality": _match_quality(usable[name])}
        for name in sorted(usable)
    ]


def _match_quality(events: Sequence[frozenset[str]]) -> dict[str, Any]:
    score = sum(weight * _share(events, members) for members, weight in _WEIGHTS)
    feedback = [
        {"identifier": name, "coverage": {"percentage": round(share * 100, 1)}}
        for member, name in _IDENTIFIERS.items()
        if (share := _share(events, frozenset({member})))
    ]
    return {"composite_score": round(min(_HIGHEST, score), 1), "match_key_feedback": feedback}


def _share(events: Sequence[frozenset[str]], members: frozenset[str]) -> float:
    """Which part of the events has all of `members`."""
    return sum(members <= event for event in events) / len(events)

"""Match quality in the shape of Meta's Dataset Quality API, by the estimate of `match_quality`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from flask import Blueprint, Response, request

from mock_platform import current
from mock_platform.meta.access import access_problem
from mock_platform.meta.answer import Answer, failed
from mock_platform.meta.counted import counted_events
from mock_platform.meta.errors import ERRORS
from mock_platform.meta.match_quality import Estimate, estimates, share_of
from mock_platform.meta.nodes import OLDEST_VERSION
from mock_platform.meta.request import decode

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
    """Match quality of each event name among the latest counted server events of a dataset.

    `web` is what the platform tells, of websites alone. `mock_channels` is ours: every channel, so
    stores too, with the numbers of the page.
    """
    workspace = current.workspace()
    dataset = request.args.get("dataset_id", "")
    call = decode(request, api="graph", version=version, dataset=dataset)
    problem = access_problem(call, workspace.settings, workspace.clock.now())
    if not dataset:
        problem = ERRORS["parameter"].saying("(#100) The parameter dataset_id is required")
    if problem is not None:
        return failed(problem).response(version)
    every = [*map(_channel, estimates(counted_events(workspace, dataset)))]
    answer = {"web": [*map(_as_web, _of_website(every))], "mock_channels": every}
    return Answer(status=200, body=orjson.dumps(answer)).response(version)


def _channel(estimate: Estimate) -> dict[str, Any]:
    """An event name of one channel: what the platform tells of the web, and the channel."""
    return {
        "event_name": estimate.event_name,
        "event_match_quality": {
            "composite_score": estimate.score,
            "match_key_feedback": _feedback(estimate.usable),
        },
        "channel": estimate.channel,
        "events": estimate.events,
        "delay_hours": estimate.delay_hours,
    }


def _of_website(every: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (each for each in every if each["channel"] == "website")


def _as_web(channel: dict[str, Any]) -> dict[str, Any]:
    return {name: channel[name] for name in ("event_name", "event_match_quality")}


def _feedback(usable: Sequence[frozenset[str]]) -> list[dict[str, Any]]:
    return [
        {"identifier": name, "coverage": {"percentage": round(share * 100, 1)}}
        for member, name in _IDENTIFIERS.items()
        if (share := share_of(usable, frozenset({member})))
    ]

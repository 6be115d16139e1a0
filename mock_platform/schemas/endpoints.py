"""One schema for each endpoint and version the mock serves, by name."""

from collections.abc import Callable
from typing import Any

from mock_platform.google.ads_errors import LATEST_VERSION, OLDEST_VERSION
from mock_platform.rules.google_ads_messages import UPLOAD_ADJUSTMENTS, UPLOAD_CONVERSIONS
from mock_platform.rules.google_events_messages import INGEST_EVENTS
from mock_platform.rules.graph_versions import LATEST, is_served
from mock_platform.schemas import graph, protobuf

Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_OLDEST_GRAPH = 16
_ADS = {
    "uploadClickConversions": UPLOAD_CONVERSIONS,
    "uploadConversionAdjustments": UPLOAD_ADJUSTMENTS,
}


def names(now: float) -> list[str]:
    """Every schema there is at the moment `now`: Graph takes its versions off one by one."""
    versions = (f"v{number}.0" for number in range(_OLDEST_GRAPH, LATEST + 1))
    served = (version for version in versions if is_served(version, now))
    ads = range(OLDEST_VERSION, int(LATEST_VERSION[1:]) + 1)
    return [
        *(f"meta/{version}/events" for version in served),
        "google/v1/events:ingest",
        *(f"google/v{version}/{method}" for version in ads for method in _ADS),
    ]


def schema(name: str) -> Schema:
    """The schema called `name`, one of `names`.

    No version reads a member otherwise than the others, as far as the documents tell.
    """
    made = _maker(name)()
    return {"$schema": _DIALECT, "$id": f"urn:mock-platform:{name}", "title": name, **made}


def _maker(name: str) -> Callable[[], Schema]:
    if name.startswith("meta/"):
        return graph.request
    message = _ADS.get(name.rpartition("/")[2], INGEST_EVENTS)
    return lambda: protobuf.request(message)

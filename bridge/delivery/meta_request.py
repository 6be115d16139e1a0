"""One Conversions API request, put together from events that are already bytes."""

from collections.abc import Sequence

import orjson

from bridge.delivery.request import Request
from bridge.events.event import Grouping
from bridge.operate.meta_destination import MetaDestination

PARTNER_AGENT = "sfcc-conversions-bridge"
"""Names the sending software in Meta's data quality reports."""


def meta_request(
    destination: MetaDestination, grouping: Grouping, events: Sequence[bytes], token: str
) -> Request:
    """Assemble the request (Meta: Conversions API, using the API).

    The token goes into a header, so that no access log on the way keeps it with the URL. The
    events stand in the body byte for byte as they were frozen.
    """
    top: dict[str, str] = {"partner_agent": PARTNER_AGENT}
    if grouping.test_event_code:
        top["test_event_code"] = grouping.test_event_code
    rest = orjson.dumps(top)[1:]
    return Request(
        url=f"{destination.base_url}/{destination.api_version}/{destination.dataset}/events",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        body=b'{"data":[' + b",".join(events) + b"]," + rest,
    )

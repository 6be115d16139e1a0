"""One Conversions API request, put together from events that are already bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson

from bridge.operate.destinations import Destination

PARTNER_AGENT = "sfcc-conversions-bridge"
"""Names the sending software in Meta's data quality reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaRequest:
    """What to post. Neither token nor events show in its repr."""

    url: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def meta_request(
    destination: Destination, test_event_code: str | None, events: Sequence[bytes], token: str
) -> MetaRequest:
    """Assemble the request (Meta: Conversions API, using the API).

    The token goes into a header, so that no access log on the way keeps it with the URL. The
    events stand in the body byte for byte as they were frozen.
    """
    top: dict[str, str] = {"partner_agent": PARTNER_AGENT}
    if test_event_code:
        top["test_event_code"] = test_event_code
    rest = orjson.dumps(top)[1:]
    return MetaRequest(
        url=f"{destination.base_url}/{destination.api_version}/{destination.dataset}/events",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        body=b'{"data":[' + b",".join(events) + b"]," + rest,
    )

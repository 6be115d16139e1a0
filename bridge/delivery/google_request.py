"""One Data Manager API request, put together from events that are already bytes."""

from collections.abc import Sequence
from typing import Any

import orjson

from bridge.delivery.request import Request
from bridge.events.event import Grouping
from bridge.operate.google_destination import GoogleDestination

ENCODING = "HEX"
"""How the hashes in every event are written (Data Manager API: Encoding)."""


def google_request(
    destination: GoogleDestination, grouping: Grouping, events: Sequence[bytes], token: str
) -> Request:
    """Assemble the request (Data Manager API: events.ingest, IngestEventsRequest).

    One destination a request, so that what is reported later concerns this conversion action only.
    The events stand in the body byte for byte as they were frozen.
    """
    del grouping
    top = orjson.dumps({"destinations": [_destination(destination)], "encoding": ENCODING})
    return Request(
        url=f"{destination.base_url}/v1/events:ingest",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        body=top[:-1] + b',"events":[' + b",".join(events) + b"]}",
    )


def _destination(destination: GoogleDestination) -> dict[str, Any]:
    accounts = {
        "operatingAccount": destination.operating_account,
        "loginAccount": destination.login_account,
    }
    known = {
        name: {"accountType": destination.account_type, "accountId": account}
        for name, account in accounts.items()
        if account
    }
    return known | {"productDestinationId": destination.conversion_action}

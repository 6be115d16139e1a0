"""Events of the bridge's preview, as the mock platform's rules and its lint judge them."""

from collections.abc import Iterator
from typing import Any

import orjson

from mock_platform.rules.google_events_messages import INGEST_EVENTS
from mock_platform.rules.google_json import read_message
from mock_platform.rules.google_request import examine
from mock_platform.rules.google_world import GoogleWorld
from mock_platform.rules.known import Known
from mock_platform.rules.model import Finding
from mock_platform.rules.server_event import check_server_event
from mock_platform.rules.time_windows import Windows

ACCOUNT = {"accountType": "GOOGLE_ADS", "accountId": "1"}
DESTINATIONS = [{"operatingAccount": ACCOUNT, "productDestinationId": "2"}]


def events(previewed: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for delivery in previewed["deliveries"]:
        if "event" in delivery:
            yield delivery["destination"], orjson.loads(orjson.dumps(delivery["event"]))


def judged(destination: str, event: Any, now: float, known: Known) -> list[Finding]:
    if destination == "meta-mock":
        return check_server_event(event, now=now, windows=Windows(), known=known)
    request = {"destinations": DESTINATIONS, "encoding": "HEX", "events": [event]}
    read, problems = read_message(INGEST_EVENTS, request)
    assert problems == []
    examination = examine(read, GoogleWorld(), now, known)
    return [*examination.request, *examination.events[0]]

"""The bridge's own events of made-up orders, judged by the mock's rules and its lint.

Each order goes through the bridge's pipeline up to the event, in this process; the mock knows who
placed it. Nothing may be found: no error, no warning, no advice.
"""

import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from bridge.identity.encryption import Sealer
from bridge.identity.pseudonymise import Keys
from bridge.operate.settings import Settings, load_settings
from bridge.preview import preview_order
from loadtests.orders import orders
from mock_platform.known_orders import KnownOrders
from mock_platform.rules.google_events_messages import INGEST_EVENTS
from mock_platform.rules.google_json import read_message
from mock_platform.rules.google_request import examine
from mock_platform.rules.google_world import GoogleWorld
from mock_platform.rules.known import Known
from mock_platform.rules.model import Finding
from mock_platform.rules.server_event import check_server_event
from mock_platform.rules.time_windows import Windows

ORDERS, PARTS = 10_000, 4
KNOWN_BUYERS = 100
ACCOUNT = {"accountType": "GOOGLE_ADS", "accountId": "1"}
DESTINATIONS = [{"operatingAccount": ACCOUNT, "productDestinationId": "2"}]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Both mock destinations and the two sites of the embedded default."""
    monkeypatch.setenv("BRIDGE_DATA_DIR", str(tmp_path))
    return load_settings()


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


@pytest.mark.parametrize("part", range(PARTS))
def test_ten_thousand_orders_have_no_findings_at_either_platform(
    settings: Settings, part: int
) -> None:
    now, master = datetime.now(UTC), secrets.token_bytes(32)
    keys = Keys(sealer=Sealer([master]), master=master)
    told, found, sent = KnownOrders(), Counter[str](), Counter[str]()
    for number, order in enumerate(orders(ORDERS // PARTS, 100 + part, now)):
        if number < KNOWN_BUYERS:
            told.add_orders([order])
        known = Known(shoppers=told.shoppers)
        for destination, event in events(preview_order(order, settings, keys, now)):
            sent[destination] += 1
            for each in judged(destination, event, now.timestamp(), known):
                found[f"{each.rule.id} at {each.path}: {each.message}"] += 1
    assert found == {}
    assert min(sent["meta-mock"], sent["google-mock"]) > ORDERS // PARTS / 2

"""Whatever the bridge builds for Google parses with Google's own protos."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from google.ads import datamanager_v1
from google.protobuf import json_format

from bridge.delivery.google_request import google_request
from bridge.events.event import Grouping, PlatformEvent
from bridge.events.opened import opened
from bridge.events.registry import EVENT_APIS
from bridge.identity.pseudonymise import Keys
from bridge.operate.destinations import PlatformApi, Site
from bridge.operate.google_destination import Cart, GoogleDestination
from bridge.operate.settings import Settings
from bridge.pipeline import prepare
from loadtests.orders import orders

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEEDS = range(2000)
ORDERS_A_SEED = 2


@pytest.fixture
def destination() -> GoogleDestination:
    return GoogleDestination(
        id="google",
        platform=PlatformApi.GOOGLE_DATA_MANAGER,
        operating_account="1234567890",
        login_account="1234567891",
        conversion_action="987",
        base_url="http://127.0.0.1:9",
        credentials="plain:token",
        custom_variables={"gift": "is_gift"},
        cart=Cart(merchant_id="55", feed_label="US", feed_language="en"),
        enabled=True,
    )


@pytest.fixture
def body_of(destination: GoogleDestination, keys: Keys) -> Callable[[dict[str, Any]], bytes | None]:
    settings = Settings(destinations=(destination,))

    def build(order: dict[str, Any]) -> bytes | None:
        site = Site(id=order["site_id"], secrets=("env:UNUSED",))
        record = prepare(order, site, settings, keys, NOW).record
        if record.deliveries[0].state != "pending":
            return None
        who = opened(record.facts, record.identities, record.sealed, destination, keys.sealer)
        built = EVENT_APIS[destination.platform].build(who, destination)
        return built.body if isinstance(built, PlatformEvent) else None

    return build


def test_every_request_for_faker_orders_parses(
    destination: GoogleDestination, body_of: Callable[[dict[str, Any]], bytes | None]
) -> None:
    bodies = [
        body
        for seed in SEEDS
        for order in orders(ORDERS_A_SEED, seed, NOW)
        if (body := body_of(order))
    ]
    assert len(bodies) > len(SEEDS)

    for start in range(0, len(bodies), destination.batch_size):
        batch = bodies[start : start + destination.batch_size]
        request = google_request(destination, Grouping(), batch, "token")
        parsed = datamanager_v1.IngestEventsRequest.pb(datamanager_v1.IngestEventsRequest())
        json_format.ParseDict(orjson.loads(request.body), parsed)
        assert len(parsed.events) == len(batch)

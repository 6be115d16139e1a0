"""Whatever the bridge builds for Google parses with Google's own protos."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from google.ads import datamanager_v1
from google.ads.googleads.v26.services.types.conversion_upload_service import (
    UploadClickConversionsRequest,
)
from google.protobuf import json_format

from bridge.delivery.protocols import PROTOCOLS
from bridge.events.event import Grouping, PlatformEvent
from bridge.events.opened import opened
from bridge.events.registry import EVENT_APIS
from bridge.identity.pseudonymise import Keys
from bridge.operate.destinations import Destination, PlatformApi, Site
from bridge.operate.google_ads_destination import AdsCart, GoogleAdsDestination
from bridge.operate.google_destination import Cart, GoogleDestination
from bridge.operate.settings import Settings
from bridge.pipeline import prepare
from loadtests.orders import orders

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEEDS = range(2000)
ORDERS_A_SEED = 2


@pytest.fixture
def data_manager() -> GoogleDestination:
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
def google_ads(make_google_ads: Callable[..., GoogleAdsDestination]) -> GoogleAdsDestination:
    return make_google_ads(
        custom_variables={"gift": "11"},
        cart=AdsCart(merchant_id="55", feed_country="US", feed_language="en"),
        customer_type=True,
    )


Bodies = dict[str, list[bytes]]


@pytest.fixture
def bodies_of(keys: Keys) -> Callable[[Iterable[dict[str, Any]], tuple[Destination, ...]], Bodies]:
    """The events of orders at each destination, by its id."""

    def build(raw: Iterable[dict[str, Any]], destinations: tuple[Destination, ...]) -> Bodies:
        settings = Settings(destinations=destinations)
        found: Bodies = {one.id: [] for one in destinations}
        for order in raw:
            site = Site(id=order["site_id"], secrets=("env:UNUSED",))
            record = prepare(order, site, settings, keys, NOW).record
            for one, delivery in zip(destinations, record.deliveries, strict=True):
                if delivery.state == "pending":
                    kept = (record.facts, record.identities, record.sealed)
                    who = opened(*kept, one, keys.sealer)
                    built = EVENT_APIS[one.platform].build(who, one)
                    found[one.id] += [built.body] if isinstance(built, PlatformEvent) else []
        return found

    return build


def parse(destination: Destination, bodies: list[bytes]) -> int:
    """Parse the request for these events as Google does, and answer how many it read."""
    request = PROTOCOLS[destination.platform].request(destination, Grouping(), bodies, "token")
    sent = orjson.loads(request.body)
    if isinstance(destination, GoogleDestination):
        events = datamanager_v1.IngestEventsRequest.pb(datamanager_v1.IngestEventsRequest())
        return len(json_format.ParseDict(sent, events).events)
    upload = UploadClickConversionsRequest.pb(UploadClickConversionsRequest())
    return len(json_format.ParseDict(sent, upload).conversions)


def test_every_request_for_faker_orders_parses(
    data_manager: GoogleDestination,
    google_ads: GoogleAdsDestination,
    bodies_of: Callable[..., Bodies],
) -> None:
    raw = (order for seed in SEEDS for order in orders(ORDERS_A_SEED, seed, NOW))
    bodies = bodies_of(raw, (data_manager, google_ads))

    for destination in (data_manager, google_ads):
        made = bodies[destination.id]
        assert len(made) > len(SEEDS)
        for start in range(0, len(made), destination.batch_size):
            batch = made[start : start + destination.batch_size]
            assert parse(destination, batch) == len(batch)

"""Whatever the bridge builds for Google parses with Google's own protos."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import product
from typing import Any

import orjson
import pytest
from google.ads import datamanager_v1
from google.ads.googleads.v26.services.types.conversion_adjustment_upload_service import (
    UploadConversionAdjustmentsRequest,
)
from google.ads.googleads.v26.services.types.conversion_upload_service import (
    UploadClickConversionsRequest,
)
from google.protobuf import json_format

from bridge.delivery.build import build_event
from bridge.delivery.protocols import PROTOCOLS
from bridge.events.event import Grouping, PlatformEvent
from bridge.events.opened import opened
from bridge.events.registry import EVENT_APIS
from bridge.identity.pseudonymise import Keys
from bridge.operate.destinations import Destination, PlatformApi, Site
from bridge.operate.google_ads_destination import AdsCart, GoogleAdsDestination
from bridge.operate.google_destination import Cart, GoogleDestination
from bridge.operate.settings import Settings
from bridge.outbox.records import Claim, Record, Related
from bridge.pipeline import prepare
from loadtests.adjustments import cancellation, refund
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


def parse(destination: Destination, bodies: list[bytes], *, adjustments: bool = False) -> int:
    """Parse the request for these events as Google does, and answer how many it read."""
    grouping = Grouping(adjustments=adjustments)
    request = PROTOCOLS[destination.platform].request(destination, grouping, bodies, "token")
    sent = orjson.loads(request.body)
    if isinstance(destination, GoogleDestination):
        events = datamanager_v1.IngestEventsRequest.pb(datamanager_v1.IngestEventsRequest())
        return len(json_format.ParseDict(sent, events).events)
    if adjustments:
        adjusting = UploadConversionAdjustmentsRequest.pb(UploadConversionAdjustmentsRequest())
        return len(json_format.ParseDict(sent, adjusting).conversion_adjustments)
    upload = UploadClickConversionsRequest.pb(UploadClickConversionsRequest())
    return len(json_format.ParseDict(sent, upload).conversions)


def test_every_adjustment_of_faker_orders_parses(
    data_manager: GoogleDestination, google_ads: GoogleAdsDestination, keys: Keys
) -> None:
    settings = Settings(destinations=(data_manager, google_ads))
    for order in orders(100, 7, NOW):
        site = Site(id=order["site_id"], secrets=("env:UNUSED",))
        stored, *adjusting = (
            prepare(one, site, settings, keys, NOW).record
            for one in (order, refund(order, NOW), cancellation(order, NOW))
        )
        for destination, record in product((data_manager, google_ads), adjusting):
            built = build_event(_claim(record, stored), destination, keys.sealer)
            if isinstance(built, PlatformEvent):
                assert parse(destination, [built.body], adjustments=True) == 1


def _claim(record: Record, order: Record) -> Claim:
    related = Related(facts=order.facts, identities=order.identities, sealed=order.sealed)
    return Claim(
        delivery_id=1,
        fence=1,
        destination="google",
        attempts=1,
        crashes=0,
        odd_answers=0,
        deadline=NOW,
        first_sent_at=None,
        unanswered_since=None,
        event_id=record.event_id,
        facts=record.facts,
        identities=record.identities,
        sealed=record.sealed,
        payload=None,
        claimed_at=NOW,
        conversion_no=order.key.order_no,
        related=(related,),
    )


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

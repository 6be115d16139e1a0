"""Building an event as the sender does: through the stored form, not around it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
import pytest

from bridge.delivery.build import build_event
from bridge.events.event import Built, PlatformEvent
from bridge.events.opened import opened
from bridge.events.registry import EVENT_APIS
from bridge.identity.pseudonymise import Keys
from bridge.operate.destinations import Destination, Site
from bridge.operate.settings import Settings
from bridge.outbox.records import Claim, Related
from bridge.pipeline import prepare

Build = Callable[[dict[str, Any], Destination], Built]


@pytest.fixture
def build(site: Site, keys: Keys, now: datetime) -> Build:
    def build_one(order: dict[str, Any], destination: Destination) -> Built:
        settings = Settings(destinations=(destination,))
        record = prepare(order, site, settings, keys, now).record
        who = opened(record.facts, record.identities, record.sealed, destination, keys.sealer)
        return EVENT_APIS[destination.platform].build(who, destination)

    return build_one


@pytest.fixture
def build_related(site: Site, keys: Keys, now: datetime) -> Callable[..., Built]:
    """The event of a message, as a sender builds it that knows the others about the same order."""

    def build_one(
        message: dict[str, Any], *others: dict[str, Any], destination: Destination
    ) -> Built:
        settings = Settings(destinations=(destination,))
        own, *rest = (prepare(one, site, settings, keys, now).record for one in (message, *others))
        claim = Claim(
            delivery_id=1,
            fence=1,
            destination=destination.id,
            attempts=1,
            crashes=0,
            odd_answers=0,
            deadline=now,
            first_sent_at=None,
            unanswered_since=None,
            event_id=own.event_id,
            facts=own.facts,
            identities=own.identities,
            sealed=own.sealed,
            payload=None,
            claimed_at=now,
            conversion_no="00012345",
            related=tuple(
                Related(facts=one.facts, identities=one.identities, sealed=None) for one in rest
            ),
        )
        return build_event(claim, destination, keys.sealer)

    return build_one


@pytest.fixture
def event(
    build: Build, make_order: Callable[..., dict[str, Any]], make_destination: Callable[..., Any]
) -> Callable[..., dict[str, Any]]:
    """The event of an example order with members replaced, at a destination with settings."""

    def event_of(
        example: str = "full", /, *, settings: dict[str, Any] | None = None, **changes: object
    ) -> dict[str, Any]:
        built = build(make_order(example, **changes), make_destination(**(settings or {})))
        assert isinstance(built, PlatformEvent), built
        return dict(orjson.loads(built.body))

    return event_of

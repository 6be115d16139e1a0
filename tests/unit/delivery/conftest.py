from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.delivery.batch import Outgoing
from bridge.delivery.outcome import Rules
from bridge.events.event import Grouping
from bridge.operate.settings import Sender
from bridge.outbox.records import Claim

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def rules() -> Rules:
    return Rules(sender=Sender(), now=NOW, random=lambda: 0.5)


@pytest.fixture
def make_claim() -> Callable[..., Claim]:
    def make(**members: Any) -> Claim:
        defaults: dict[str, Any] = {
            "delivery_id": 1,
            "fence": 1,
            "destination": "meta",
            "attempts": 1,
            "crashes": 0,
            "deadline": NOW + timedelta(days=6),
            "first_sent_at": None,
            "unanswered_since": None,
            "event_id": "1",
            "facts": b"",
            "identities": b"",
            "sealed": None,
            "payload": None,
        }
        return Claim(**(defaults | members))

    return make


@pytest.fixture
def make_outgoing(make_claim: Callable[..., Claim]) -> Callable[..., Outgoing]:
    def make(*, physical_store: bool = False, **members: Any) -> Outgoing:
        return Outgoing(
            claim=make_claim(**members),
            body=b'{"event_name":"Purchase"}',
            payload=b"sealed",
            grouping=Grouping(physical_store=physical_store),
            event_time=NOW,
        )

    return make

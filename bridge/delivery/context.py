"""What a round of delivery works with, handed in once so that nothing is global."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bridge.clock import Clock
from bridge.delivery.batch import Batch
from bridge.delivery.lanes import Lane, Row, alone
from bridge.delivery.outcome import Rules
from bridge.delivery.protocols import PROTOCOLS
from bridge.delivery.retry import Random
from bridge.delivery.throttle import Pace
from bridge.delivery.tokens import Tokens
from bridge.delivery.transport import Transport
from bridge.delivery.unwritten import Unwritten
from bridge.events.event import Built
from bridge.identity.encryption import Sealer
from bridge.operate.destinations import Destination
from bridge.operate.settings import Sender
from bridge.outbox.records import Claim
from bridge.outbox.store import Store

Builder = Callable[[Claim, Destination], Built]
"""Makes the event of a claim that has none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryContext:
    """What a round of delivery works with; the same for all destinations of a process.

    But for what `in_lane` gives each lane of its own. Orders older than `kept_for` are deleted.
    """

    store: Store
    sender: Sender
    transport: Transport
    build: Builder
    sealer: Sealer
    clock: Clock
    random: Random
    pace: Pace
    tokens: Tokens
    kept_for: timedelta | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    unwritten: Unwritten = field(default_factory=Unwritten)
    lane: Lane = field(default_factory=alone)

    def in_lane(self, row: Row) -> "DeliveryContext":
        """Answer the same for one more lane of a row."""
        return replace(self, lane=Lane(row), unwritten=Unwritten())

    @property
    def lease(self) -> timedelta:
        """How long a claim is ours before another sender may take it."""
        return timedelta(seconds=self.sender.lease)

    def rules(self, destination: Destination) -> Rules:
        """Answer the rules of an attempt's end at this destination, as of now."""
        return Rules(
            sender=self.sender,
            memory=PROTOCOLS[destination.platform].memory,
            now=self.clock(),
            random=self.random,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Events about to be posted together, and since when they may be at the platform.

    `number` is what the request is counted under, where requests are counted.
    """

    events: Batch
    at: datetime
    number: int | None = None

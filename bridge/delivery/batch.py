"""Which events share a request."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bridge.events.event import Grouping
from bridge.outbox.records import Claim

MAX_BYTES = 4 * 1024 * 1024  # ours: no platform publishes a limit
FRESH = timedelta(days=7)
"""Older store events go apart: whether Meta takes them is less certain than for fresh ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A claim and the event it will send: `body` in clear for the request, `payload` sealed."""

    claim: Claim
    body: bytes = field(repr=False)
    payload: bytes = field(repr=False)
    grouping: Grouping
    event_time: datetime


Batch = tuple[Outgoing, ...]


class _OpenBatch:
    def __init__(self, first: Outgoing) -> None:
        self.events = [first]
        self.weight = len(first.body) + 1

    def takes(self, one: Outgoing, size: int) -> bool:
        if len(self.events) >= size:
            return False
        if self.weight + len(one.body) + 1 > MAX_BYTES:
            return False
        self.events.append(one)
        self.weight += len(one.body) + 1
        return True


def into_batches(outgoing: Iterable[Outgoing], size: int, now: datetime) -> list[Batch]:
    """Cut into requests of at most `size` events and 4 MiB, each event in exactly one.

    Only events with equal groupings go together, store events older than 7 days only with their
    like, and so what leases have died with equally often. Order is kept within a request, and
    requests come in the order of their first events.
    """
    batches: list[_OpenBatch] = []
    latest: dict[tuple[Grouping, bool, int], _OpenBatch] = {}
    for one in outgoing:
        old = one.grouping.physical_store and now - one.event_time > FRESH
        key = (one.grouping, old, one.claim.crashes)
        batch = latest.get(key)
        if batch is None or not batch.takes(one, size):
            latest[key] = _OpenBatch(one)
            batches.append(latest[key])
    return [tuple(batch.events) for batch in batches]

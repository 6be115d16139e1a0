"""A platform's quota of requests a minute, kept by all senders together through the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bridge.delivery.batch import Outgoing
from bridge.delivery.context import DeliveryContext
from bridge.delivery.protocols import PROTOCOLS
from bridge.operate.destinations import Destination


@dataclass(frozen=True, slots=True)
class Turn:
    """Leave to send one request; `number` is what it is counted under, where they are counted."""

    number: int | None


def until_turn(context: DeliveryContext, destination: Destination) -> timedelta | None:
    """Answer how long the quota leaves no room for a request; None when there is room."""
    per_minute = PROTOCOLS[destination.platform].requests_per_minute(destination)
    if per_minute is None:
        return None
    free_at = context.store.next_turn(destination.id, per_minute=per_minute)
    return None if free_at is None else free_at - context.clock()


def await_turn(
    context: DeliveryContext, destination: Destination, held: Sequence[Outgoing]
) -> Turn | None:
    """Wait until one more request may be sent; answer None when we are told to stop meanwhile.

    The leases of what is `held` are renewed as long as that takes.
    """
    protocol = PROTOCOLS[destination.platform]
    per_minute = protocol.requests_per_minute(destination)
    if per_minute is None and protocol.status is None:
        return Turn(None)
    while True:
        reserved = context.store.reserve_request(destination.id, per_minute=per_minute)
        if isinstance(reserved, int):
            return Turn(reserved)
        context.store.renew([one.claim for one in held], lease=context.lease)
        wait = min(reserved - context.clock(), context.lease / 2)
        if context.stop.wait(wait.total_seconds()):
            return None

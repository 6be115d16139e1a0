"""Is anybody sending? What all orders together tell, which no delivery tells by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.outbox.destinations import DestinationState
from bridge.outbox.queries import DeliveryStatus, OrderStatus
from bridge.outbox.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A delivery that nobody has ever taken although it could have been."""

    id: int
    order_id: int
    destination: str


class Senders:
    """Finds what waits for a sender in vain; it is shown all orders, oldest first.

    A delivery waits in vain when it has been due for longer than `grace`, was never attempted, its
    destination has not rested within that time, no older delivery of its order has to go first,
    and the destination was sent nothing else in that time either: a sender that is behind is none
    that is missing.
    """

    def __init__(self, pauses: Iterable[DestinationState], now: datetime, grace: timedelta) -> None:
        self._now, self._late = now, now - grace
        self._rested = {
            one.destination
            for one in pauses
            if one.paused_until is not None and one.paused_until > self._late
        }
        self._served: set[str] = set()
        self._lines: set[tuple[str, str, str]] = set()
        self._unsent: list[Unsent] = []

    def see(self, order: OrderStatus) -> None:
        """Take one more order into account."""
        for delivery in order.deliveries:
            line = (delivery.destination, order.site_id, order.order_no)
            if self._shows_a_sender(delivery):
                self._served.add(delivery.destination)
            if self._is_overdue(delivery) and line not in self._lines:
                one = Unsent(id=delivery.id, order_id=order.id, destination=delivery.destination)
                self._unsent.append(one)
            if order.order_no and _keeps_others_waiting(delivery):
                self._lines.add(line)

    def unsent(self) -> list[Unsent]:
        """Answer what waits in vain."""
        return [one for one in self._unsent if one.destination not in self._served | self._rested]

    def _shows_a_sender(self, delivery: DeliveryStatus) -> bool:
        sent, lease = delivery.first_sent_at, delivery.lease_until
        leased = delivery.state is State.LEASED and lease is not None and lease > self._now
        return leased or (sent is not None and sent > self._late)

    def _is_overdue(self, delivery: DeliveryStatus) -> bool:
        never_tried = delivery.state is State.PENDING and not delivery.attempts
        return never_tried and delivery.next_attempt_at < self._late


def _keeps_others_waiting(delivery: DeliveryStatus) -> bool:
    return delivery.state in {State.PENDING, State.LEASED} or delivery.report_until is not None

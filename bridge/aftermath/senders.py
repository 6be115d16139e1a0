"""Is anybody sending? What all orders together tell, which no delivery tells by itself."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.outbox.destinations import DestinationState
from bridge.outbox.queries import DeliveryStatus, OrderStatus
from bridge.outbox.states import State

MOST_KEPT = 1000
"""How many findings of a kind are kept to be shown; all of them are counted."""


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
        self._unsent: defaultdict[str, list[Unsent]] = defaultdict(list)
        self._counts: Counter[str] = Counter()
        # as many as wait, which may be more than memory holds: in a file, gone when closed
        self._lines = sqlite3.connect("")
        self._lines.execute(
            "CREATE TABLE lines (destination, site, order_no,"
            " PRIMARY KEY (destination, site, order_no)) WITHOUT ROWID"
        )

    def close(self) -> None:
        """Let go of what was noted; what waits in vain can still be asked for."""
        self._lines.close()

    def see(self, order: OrderStatus) -> None:
        """Take one more order into account."""
        for delivery in order.deliveries:
            line = (delivery.destination, order.site_id, order.order_no)
            if self._shows_a_sender(delivery):
                self._served.add(delivery.destination)
            if self._is_overdue(delivery) and not self._is_kept_waiting(line):
                self._add(Unsent(id=delivery.id, order_id=order.id, destination=line[0]))
            if order.order_no and _keeps_others_waiting(delivery):
                self._lines.execute("INSERT OR IGNORE INTO lines VALUES (?, ?, ?)", line)

    def unsent(self) -> Iterator[Unsent]:
        """Answer what waits in vain, the first at each destination."""
        for name in self._unsent.keys() - self._served - self._rested:
            yield from self._unsent[name]

    def count_unsent(self) -> int:
        """Answer how much waits in vain."""
        names = self._counts.keys() - self._served - self._rested
        return sum(self._counts[name] for name in names)

    def _add(self, one: Unsent) -> None:
        self._counts[one.destination] += 1
        if self._counts[one.destination] <= MOST_KEPT:
            self._unsent[one.destination].append(one)

    def _is_kept_waiting(self, line: tuple[str, str, str]) -> bool:
        found = self._lines.execute(
            "SELECT 1 FROM lines WHERE destination = ? AND site = ? AND order_no = ?", line
        )
        return found.fetchone() is not None

    def _shows_a_sender(self, delivery: DeliveryStatus) -> bool:
        sent, lease = delivery.first_sent_at, delivery.lease_until
        leased = delivery.state is State.LEASED and lease is not None and lease > self._now
        return leased or (sent is not None and sent > self._late)

    def _is_overdue(self, delivery: DeliveryStatus) -> bool:
        never_tried = delivery.state is State.PENDING and not delivery.attempts
        return never_tried and delivery.next_attempt_at < self._late


def _keeps_others_waiting(delivery: DeliveryStatus) -> bool:
    return delivery.state in {State.PENDING, State.LEASED} or delivery.report_until is not None

"""What the store is, in words simple enough to be right by reading."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

from bridge.order.model import Kind, OrderKey
from bridge.outbox.fair_shares import in_turn
from bridge.outbox.queries import OrderStatus
from bridge.outbox.records import NewDelivery, Record
from bridge.outbox.states import FINAL, OPEN, State

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
LEASE = timedelta(minutes=1)
FOR_EVER = timedelta(days=10_000)
DESTINATIONS = ("meta", "google")
KEYS = [
    OrderKey(site_id=site, kind=kind, order_no=number, reference=reference)
    for site, number, kind, reference in (
        *(("Old", "1", Kind.ORDER, ""), ("Old", "1", Kind.REFUND, "r")),
        *(("New", "1", Kind.ORDER, ""), ("New", "1", Kind.REFUND, "r")),
        *(("Old", "2", Kind.ORDER, ""), ("Old", "2", Kind.REFUND, "r")),
        *(("Old", "", Kind.LEAD, "a"), ("Old", "", Kind.LEAD, "b")),
    )
]
WINDOWS = [5, 60, 600]  # minutes until the deadline


@dataclass
class Modelled:
    """What must be true of one delivery."""

    key: OrderKey
    place: int  # the order's place among those that came in
    number: int  # the delivery's own
    destination: str
    state: State
    deadline: datetime
    due: datetime
    attempts: int = 0
    crashes: int = 0
    tickets: int = 0  # how many claims there were; only the last may speak
    spent: bool = True
    owner: str = ""
    lease_until: datetime = START
    sent: bool = False
    unanswered: bool = False
    request: str | None = None  # the accepted request that a report is awaited on
    report_until: datetime = START

    def under_way(self, now: datetime) -> bool:
        return self.state is State.LEASED and self.lease_until > now

    def claimable(self, now: datetime) -> bool:
        if self.state is State.LEASED:
            return self.lease_until <= now
        return self.state is State.PENDING and self.due <= now

    def crashes_if_claimed(self) -> int:
        return self.crashes + (self.state is State.LEASED)


def new_record(key: OrderKey, wanted: dict[str, State], window: int, now: datetime) -> Record:
    """An order that comes in now, with a delivery in its first state for each destination."""
    return Record(
        key=key,
        event_id=key.order_no,
        placed_at=START,
        received_at=now,
        currency="USD",
        gross="1",
        facts=b"facts",
        identities=b"{}",
        sealed=b"sealed",
        subjects=(),
        deliveries=tuple(
            NewDelivery(
                destination=destination,
                state=state,
                reason="no_consent" if state in FINAL else None,
                not_before=now,
                deadline=now + timedelta(minutes=window),
            )
            for destination, state in wanted.items()
        ),
    )


def order_key(order: OrderStatus) -> OrderKey:
    return OrderKey(
        site_id=order.site_id,
        kind=order.kind,
        order_no=order.order_no,
        reference=order.reference,
    )


def age(one: Modelled) -> tuple[datetime, int]:
    return one.deadline, one.number


def same_line(one: Modelled, other: Modelled) -> bool:
    mine, others = (
        each.key.order_no and (each.key.site_id, each.key.order_no) for each in (one, other)
    )
    return bool(mine) and mine == others


class Model:
    """All deliveries and pauses as they must be, at a time of its own."""

    now: datetime
    orders: dict[OrderKey, dict[str, Modelled]]
    paused: dict[str, datetime]

    @abstractmethod
    def number_of(self, key: OrderKey, destination: str) -> int:
        """The number the store gave the delivery."""

    def deliveries(self, destination: str | None = None) -> Iterator[Modelled]:
        for by_destination in self.orders.values():
            for modelled in by_destination.values():
                if destination in (None, modelled.destination):
                    yield modelled

    def numbered(self, number: int) -> Modelled:
        return next(one for one in self.deliveries() if one.number == number)

    def enter(self, key: OrderKey, wanted: dict[str, State], window: int) -> None:
        """Take in what a call about an order adds."""
        mine = self.orders.setdefault(key, {})
        for destination, state in wanted.items():
            mine.setdefault(
                destination,
                Modelled(
                    key=key,
                    place=list(self.orders).index(key),
                    number=self.number_of(key, destination),
                    destination=destination,
                    state=state,
                    deadline=self.now + timedelta(minutes=window),
                    due=self.now,
                ),
            )

    def expected(self, destination: str, limit: int, *, whole: bool) -> list[Modelled]:
        """What a claim answers, in order."""
        found = self.found(destination, limit)
        short = len(found) < limit or found[0].crashes_if_claimed()
        return [] if whole and short else found

    def found(self, destination: str, limit: int) -> list[Modelled]:
        if destination in self.paused:
            if self.paused[destination] > self.now or self.any_under_way(destination):
                return []
            limit = 1
        ready = [
            one
            for one in self.deliveries(destination)
            if one.claimable(self.now) and not self.waits_for_another(one)
        ]
        chosen = self.in_turns(sorted(ready, key=age), limit)
        crashes = chosen[0].crashes_if_claimed() if chosen else 0
        alike = [one for one in chosen if one.crashes_if_claimed() == crashes]
        return sorted(alike[: max(1, limit // 4**crashes)], key=age)

    def in_turns(self, ready: list[Modelled], limit: int) -> list[Modelled]:
        """Let one site after another take its oldest; answer site by site, in their turns."""
        sites = in_turn({one.key.site_id for one in ready}, self.now)
        lines = [[one for one in ready if one.key.site_id == site] for site in sites]
        rounds = [one for place in zip_longest(*lines) for one in place if one is not None]
        return [one for line in lines for one in line if one in rounds[:limit]]

    def any_under_way(self, destination: str) -> bool:
        return any(one.under_way(self.now) for one in self.deliveries(destination))

    def waits_for_another(self, one: Modelled) -> bool:
        if one.state is State.LEASED:
            return False  # it was first already; the others wait for it
        return any(
            same_line(one, other)
            and other is not one
            and (
                (other.place < one.place and (other.state in OPEN - {State.HELD} or other.request))
                or other.state is State.LEASED
            )
            for other in self.deliveries(one.destination)
        )

    def held_refunds(self) -> Iterator[tuple[Modelled, Modelled]]:
        """Each refund that is held, with the delivery of its order at the same destination."""
        for refund in [one for one in self.deliveries() if one.key.kind is Kind.REFUND]:
            order = OrderKey(
                site_id=refund.key.site_id, kind=Kind.ORDER, order_no=refund.key.order_no
            )
            sibling = self.orders[order].get(refund.destination)
            if refund.state is State.HELD and sibling is not None:
                yield refund, sibling

    def line_is_busy(self, one: Modelled) -> bool:
        return any(
            same_line(one, other)
            and other is not one
            and (other.state in OPEN - {State.HELD} or other.request is not None)
            for other in self.deliveries(one.destination)
        )

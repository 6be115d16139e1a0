"""What operators, metrics and checks may read: never hashes, events or the encrypted remainder."""

from collections import Counter
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, Connection, Engine, Row, RowMapping, func, select, true

from bridge.errors import DeadLetterNotFound
from bridge.order.model import Kind
from bridge.outbox import claiming, destinations, known
from bridge.outbox.database import reading
from bridge.outbox.destinations import DestinationState
from bridge.outbox.known import Key, KnownOrder
from bridge.outbox.schema import ACTIVE, DELIVERED, audit, deliveries, in_states, orders
from bridge.outbox.states import DEAD_LETTERS, State


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryStatus:
    """One delivery, as an operator sees it."""

    id: int
    destination: str
    state: State
    reason: str | None
    detail: str | None
    attempts: int
    crashes: int
    next_attempt_at: datetime
    lease_until: datetime | None
    deadline: datetime
    first_sent_at: datetime | None
    unanswered_since: datetime | None
    request_id: str | None
    settled_at: datetime | None
    report_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStatus:
    """One order with its deliveries; `sealed` says whether the encrypted remainder still exists."""

    id: int
    site_id: str
    kind: Kind
    order_no: str
    reference: str
    event_id: str
    placed_at: datetime
    received_at: datetime
    wanted: int
    sealed: bool
    deliveries: tuple[DeliveryStatus, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A delivery that an operator may retry or discard, and the order it belongs to."""

    delivery: DeliveryStatus
    site_id: str
    kind: Kind
    order_no: str
    reference: str
    event_id: str
    placed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What a destination still has before it.

    `open` counts what is pending or leased: what is held waits for its order, not for a sender.
    `oldest_received_at` is when the oldest order among them was received: its age is how far behind
    the destination is.
    """

    destination: str
    open: int
    oldest_received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How the outbox stands: orders, deliveries by destination and state, backlogs and pauses.

    `remarks` count, by destination and reason, what was delivered with a reason to look at it.
    By destination: the nearest deadline of what is pending, and when the oldest order with a dead
    letter was received.
    """

    orders: int
    by_state: dict[str, dict[State, int]]
    remarks: dict[str, dict[str, int]]
    backlogs: tuple[Backlog, ...]
    nearest_deadlines: dict[str, datetime]
    oldest_dead_letters: dict[str, datetime]
    pauses: tuple[DestinationState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that there was at one moment; the orders come as they came in, and only once."""

    pauses: tuple[DestinationState, ...]
    orders: Iterator[OrderStatus]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """An operator's act."""

    id: int
    at: datetime
    act: str
    subject: str
    detail: str | None


_DELIVERY = tuple(deliveries.c[field.name] for field in fields(DeliveryStatus))
_ORDER = tuple(
    orders.c[name]
    for name in (
        *("site_id", "kind", "order_no", "reference", "event_id"),
        *("placed_at", "received_at", "wanted"),
    )
)
_EVERYTHING = select(
    orders.c.id.label("order_id"),
    orders.c.sealed.is_not(None).label("sealed"),
    *_ORDER,
    *_DELIVERY,
)

_Tally = Row[str, State, int, int]  # destination, state, how many, the oldest order of these


class Queries:
    """Reads of the outbox, each from one snapshot; they raise StoreUnavailable."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def ping(self) -> None:
        """Return when the database answers."""
        with reading(self.engine) as connection:
            connection.execute(select(orders.c.id).limit(1))

    def order_status(self, order_no: str, site: str | None = None) -> list[OrderStatus]:
        """Answer every order with that number: of all kinds, of one site or of all."""
        condition = orders.c.order_no == order_no
        if site is not None:
            condition &= orders.c.site_id == site
        with reading(self.engine) as connection:
            return list(_order_statuses(connection, condition))

    def known_orders(self, keys: Collection[Key]) -> dict[Key, KnownOrder]:
        """Answer which of these orders are there, and where their deliveries stand."""
        with reading(self.engine) as connection:
            return known.known_orders(connection, keys)

    def expired_since(self, since: datetime) -> dict[str, int]:
        """Answer how many deliveries of orders placed since then ended too late."""
        with reading(self.engine) as connection:
            return known.expired_since(connection, since)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Open everything as it stands now, without holding more than a few orders in memory."""
        with reading(self.engine) as connection:
            pauses = tuple(destinations.states(connection))
            with closing(_order_statuses(connection, true())) as statuses:
                yield Snapshot(pauses=pauses, orders=statuses)

    def overview(self) -> Overview:
        """Answer how the outbox stands; counts every delivery, in an index."""
        with reading(self.engine) as connection:
            tallies = _tallies(connection)
            return Overview(
                orders=connection.scalar(select(func.count()).select_from(orders)) or 0,
                by_state=_by_state(tallies),
                remarks=_remarks(connection),
                backlogs=_backlogs(connection, tallies),
                nearest_deadlines=_nearest_deadlines(connection, tallies),
                oldest_dead_letters=_oldest(connection, tallies, DEAD_LETTERS),
                pauses=tuple(destinations.states(connection)),
            )

    def dead_letters(
        self, *, limit: int = 100, after: int = 0, destination: str | None = None
    ) -> list[DeadLetter]:
        """Answer dead letters by delivery number, from the one after `after` on."""
        condition = deliveries.c.id > after
        if destination is not None:
            condition &= deliveries.c.destination == destination
        with reading(self.engine) as connection:
            return _dead_letters(connection, condition, limit)

    def destinations(self) -> set[str]:
        """Answer every destination that any delivery is for, whatever the settings say now."""
        with reading(self.engine) as connection:
            return set(connection.scalars(select(deliveries.c.destination).distinct()))

    def dead_letter(self, delivery_id: int) -> DeadLetter:
        """Answer one dead letter; raises DeadLetterNotFound."""
        with reading(self.engine) as connection:
            found = _dead_letters(connection, deliveries.c.id == delivery_id, 1)
        if not found:
            raise DeadLetterNotFound(f"No dead letter has the number {delivery_id}.")
        return found[0]

    def facts_of(self, delivery_id: int) -> bytes:
        """Answer the facts of a dead letter's order; raises DeadLetterNotFound."""
        self.dead_letter(delivery_id)
        with reading(self.engine) as connection:
            return known.facts_of(connection, delivery_id) or b""

    def audit_trail(self, *, limit: int = 100) -> list[AuditEntry]:
        """Answer what operators did, the latest first."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(audit).order_by(audit.c.id.desc()).limit(limit))
            return [AuditEntry(**row) for row in rows.mappings()]


def _order_statuses(
    connection: Connection, condition: ColumnElement[bool]
) -> Generator[OrderStatus]:
    statement = (
        _EVERYTHING.outerjoin_from(orders, deliveries)
        .where(condition)
        .order_by(orders.c.id, deliveries.c.id)
        .execution_options(yield_per=1000)
    )
    with connection.execute(statement) as rows:  # PostgreSQL keeps them until they are read
        for order_id, of_one_order in groupby(rows.mappings(), key=itemgetter("order_id")):
            yield _order_status(order_id, list(of_one_order))


def _order_status(order_id: int, rows: Sequence[RowMapping]) -> OrderStatus:
    return OrderStatus(
        id=order_id,
        sealed=rows[0]["sealed"],
        deliveries=tuple(_delivery_status(row) for row in rows if row["id"] is not None),
        **{column.name: rows[0][column.name] for column in _ORDER},
    )


def _delivery_status(row: RowMapping) -> DeliveryStatus:
    return DeliveryStatus(**{column.name: row[column.name] for column in _DELIVERY})


def _tallies(connection: Connection) -> Sequence[_Tally]:
    c = deliveries.c
    # Orders are numbered as they come in, so the least number belongs to the oldest.
    statement = select(
        c.destination, c.state, func.count().label("number"), func.min(c.order_id).label("oldest")
    ).group_by(c.destination, c.state)
    return connection.execute(statement).all()


def _by_state(tallies: Sequence[_Tally]) -> dict[str, dict[State, int]]:
    counts: dict[str, dict[State, int]] = {}
    for destination, state, count, _ in tallies:
        counts.setdefault(destination, {})[state] = count
    return counts


def _remarks(connection: Connection) -> dict[str, dict[str, int]]:
    c = deliveries.c
    statement = (
        select(c.destination, c.reason, func.count().label("number"))
        .where(in_states(DELIVERED), c.reason.is_not(None))
        .group_by(c.destination, c.reason)
    )
    counts: dict[str, dict[str, int]] = {}
    for row in connection.execute(statement):
        counts.setdefault(row.destination, {})[row.reason] = row.number
    return counts


def _nearest_deadlines(connection: Connection, tallies: Sequence[_Tally]) -> dict[str, datetime]:
    waiting = [one.destination for one in tallies if one.state is State.PENDING]
    found = ((name, claiming.nearest_deadline(connection, name)) for name in waiting)
    return {name: deadline for name, deadline in found if deadline is not None}


def _backlogs(connection: Connection, tallies: Sequence[_Tally]) -> tuple[Backlog, ...]:
    opened: Counter[str] = Counter()
    for tally in tallies:
        if tally.state in ACTIVE:
            opened[tally.destination] += tally.number
    return tuple(
        Backlog(destination=destination, open=opened[destination], oldest_received_at=at)
        for destination, at in _oldest(connection, tallies, ACTIVE).items()
    )


def _oldest(
    connection: Connection, tallies: Sequence[_Tally], states: Collection[State]
) -> dict[str, datetime]:
    oldest: dict[str, int] = {}
    for one in tallies:
        if one.state in states:
            oldest[one.destination] = min(one.oldest, oldest.get(one.destination, one.oldest))
    return {name: _received_at(connection, order_id) for name, order_id in oldest.items()}


def _received_at(connection: Connection, order_id: int) -> datetime:
    found = select(orders.c.received_at).where(orders.c.id == order_id)
    received_at: datetime = connection.execute(found).scalar_one()
    return received_at


def _dead_letters(
    connection: Connection, condition: ColumnElement[bool], limit: int
) -> list[DeadLetter]:
    statement = (
        _EVERYTHING.join_from(deliveries, orders)
        .where(in_states(DEAD_LETTERS), condition)
        .order_by(deliveries.c.id)
        .limit(limit)
    )
    return [_dead_letter(row) for row in connection.execute(statement).mappings()]


def _dead_letter(row: RowMapping) -> DeadLetter:
    return DeadLetter(
        delivery=_delivery_status(row),
        site_id=row["site_id"],
        kind=row["kind"],
        order_no=row["order_no"],
        reference=row["reference"],
        event_id=row["event_id"],
        placed_at=row["placed_at"],
    )

"""What the outbox knows of orders somebody else has listed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bridge.order.model import Kind
from bridge.outbox.records import DeliveryState
from bridge.outbox.schema import among, deliveries, in_states, orders
from bridge.outbox.states import State

Key = tuple[str, str]
"""Site and order number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOrder:
    """An order as it was taken, and where its deliveries stand."""

    site_id: str
    order_no: str
    placed_at: datetime
    currency: str | None
    gross: str | None
    deliveries: tuple[DeliveryState, ...]


def known_orders(connection: Connection, keys: Collection[Key]) -> dict[Key, KnownOrder]:
    """Answer which of the orders are there; refunds and the like are none."""
    o, d = orders.c, deliveries.c
    statement = (
        select(o.id, o.site_id, o.order_no, o.placed_at, o.currency, o.gross)
        .add_columns(d.destination, d.state, d.reason)
        .outerjoin_from(orders, deliveries)
        .where(o.kind == Kind.ORDER, among((o.order_no, o.site_id), [(n, s) for s, n in keys]))
        .order_by(o.id, d.id)
    )
    rows = connection.execute(statement).all()
    known = (_known(list(same)) for _, same in groupby(rows, key=attrgetter("id")))
    return {(one.site_id, one.order_no): one for one in known}


def expired_since(connection: Connection, since: datetime) -> dict[str, int]:
    """Answer how many deliveries of orders placed since then ended too late, by destination."""
    d = deliveries.c
    statement = (
        select(d.destination, func.count().label("number"))
        .join_from(deliveries, orders)
        .where(in_states({State.EXPIRED}), orders.c.placed_at >= since)
        .group_by(d.destination)
    )
    return {row.destination: row.number for row in connection.execute(statement)}


def facts_of(connection: Connection, delivery_id: int) -> bytes | None:
    """Answer the facts of the order that a delivery belongs to; None when there is none."""
    joined = select(orders.c.facts).join_from(deliveries, orders)
    facts: bytes | None = connection.scalar(joined.where(deliveries.c.id == delivery_id))
    return facts


def _known(rows: Sequence[Row[*tuple[Any, ...]]]) -> KnownOrder:
    first = rows[0]
    return KnownOrder(
        site_id=first.site_id,
        order_no=first.order_no,
        placed_at=first.placed_at,
        currency=first.currency,
        gross=first.gross,
        deliveries=tuple(
            DeliveryState(destination=row.destination, state=row.state, reason=row.reason)
            for row in rows
            if row.destination is not None
        ),
    )

"""Refunds, cancellations and edited orders: each waits until its order is at the destination.

It is held until the first order of its conversion has been delivered there and nothing else about
the conversion is under way. Then it goes, one after another. Where the order will never be sent,
neither is what adjusts it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    exists,
    or_,
    select,
    update,
)

from bridge.order.eligibility import SkipReason
from bridge.order.model import ADJUSTMENTS, Kind
from bridge.outbox.lock_order import free_of
from bridge.outbox.schema import (
    ACTIVE,
    DELIVERED,
    Instant,
    deliveries,
    in_a_line,
    in_states,
    orders,
)
from bridge.outbox.states import State
from bridge.outbox.sweeping import PORTION, forget_remainders

APART = timedelta(seconds=1)
"""Between two adjustments of a conversion: Google Ads tells them apart by the second."""

NEVER_SENT = frozenset({State.SKIPPED, State.EXPIRED, State.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look at a portion of all that is held found: what to end or to send on its way now.

    `last` is the number of the last one looked at, 0 after the last one there is.
    """

    ripe: Sequence[int]
    last: int


def look(connection: Connection, after: int) -> Look:
    """Look at a portion of what is held, from the one after that number on."""
    c, sent = deliveries.c, deliveries.alias("sent")
    held = select(c.id).where(in_states({State.HELD}), c.id > after).order_by(c.id)
    seen = connection.scalars(held.limit(PORTION)).all()
    if not seen:
        return Look(ripe=(), last=0)
    ripe = _held(sent).where(
        c.id.between(seen[0], seen[-1]), or_(in_states(NEVER_SENT, of=sent), _ready(sent))
    )
    return Look(ripe=connection.scalars(ripe).all(), last=seen[-1] if len(seen) == PORTION else 0)


def release(connection: Connection, ripe: Collection[int], now: datetime) -> int:
    """Send on its way what is ready of these, one for each conversion; answer how many."""
    c, sent = deliveries.c, deliveries.alias("sent")
    waiting = _held(sent).where(c.id.in_(ripe), _ready(sent))
    ready = connection.scalars(waiting.with_for_update(skip_locked=True, of=deliveries)).all()
    if ready:
        soon = now + APART
        later = case((c.next_attempt_at > _at(soon), c.next_attempt_at), else_=_at(soon))
        connection.execute(
            update(deliveries)
            .where(c.id.in_(ready))
            .values(state=State.PENDING, next_attempt_at=later)
        )
    return len(ready)


def end(connection: Connection, ripe: Collection[int], now: datetime) -> int:
    """End those of these that were held for an order that is never sent; answer how many."""
    c, sent = deliveries.c, deliveries.alias("sent")
    waiting = _held(sent, c.order_id).where(c.id.in_(ripe), in_states(NEVER_SENT, of=sent))
    rows = free_of(connection, waiting)
    if not rows:
        return 0
    connection.execute(
        update(deliveries)
        .where(c.id.in_([row.id for row in rows]))
        .values(state=State.SKIPPED, reason=SkipReason.ORDER_NOT_SENT, settled_at=now)
    )
    forget_remainders(connection, {row.order_id for row in rows}, now)
    return len(rows)


def _ready(sent: FromClause) -> ColumnElement[bool]:
    arrived = and_(in_states(DELIVERED, of=sent), sent.c.report_until.is_(None))
    return and_(arrived, ~_others_go_first())


def _held(sent: FromClause, *more: ColumnElement[object]) -> Select[Any]:
    """Select what is held, with the delivery of its conversion's first order as `sent`."""
    c, own, first = deliveries.c, orders.alias("own"), orders.alias("first")
    adjusts = or_(own.c.kind.in_(ADJUSTMENTS), own.c.conversion_no != own.c.order_no)
    is_first = and_(
        first.c.order_no == c.order_no,
        first.c.site_id == c.site_id,
        first.c.kind == Kind.ORDER,
        first.c.reference == "",
    )
    return (
        select(c.id, *more)
        .join(own, own.c.id == c.order_id)
        .join(first, is_first)
        .join(sent, and_(sent.c.order_id == first.c.id, sent.c.destination == c.destination))
        .where(in_states({State.HELD}), adjusts)
    )


def _others_go_first() -> ColumnElement[bool]:
    """Answer that another delivery of the conversion is under way, or was held before."""
    c, other = deliveries.c, deliveries.alias("other")
    same_line = and_(
        other.c.destination == c.destination,
        other.c.order_no == c.order_no,
        other.c.site_id == c.site_id,
        other.c.id != c.id,
        in_a_line(other),
    )
    held_before = and_(in_states({State.HELD}, of=other), other.c.order_id < c.order_id)
    return or_(
        exists().where(same_line, in_states(ACTIVE, of=other)),
        exists().where(same_line, other.c.report_until.is_not(None)),
        exists().where(same_line, held_before),
    )


def _at(moment: datetime) -> BindParameter[datetime]:
    return bindparam("moment", moment, type_=Instant, unique=True)

"""What time does to deliveries nobody holds, in portions that keep every transaction short."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, case, exists, or_, select, update

from bridge.outbox.schema import WAITING, deliveries, in_states, orders
from bridge.outbox.states import DEAD_LETTERS, OPEN, State

PORTION = 500
DEADLINE_PASSED = "deadline_passed"
OUTCOME_UNKNOWN = "outcome_unknown"


def expire(connection: Connection, now: datetime) -> int:
    """End a portion of what waited past its deadline; answer how many.

    What was posted and never answered may have been counted: that is no expiry, but a dead letter.
    """
    c = deliveries.c
    unanswered = c.unanswered_since.is_not(None)
    late = (
        select(c.id, c.order_id)
        .where(in_states(WAITING), c.deadline <= now)
        .order_by(c.deadline)
        .limit(PORTION)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(late).all()
    if not rows:
        return 0
    connection.execute(
        update(deliveries)
        .where(c.id.in_([row.id for row in rows]))
        .values(
            state=case((unanswered, State.DEAD), else_=State.EXPIRED),
            reason=case((unanswered, OUTCOME_UNKNOWN), else_=DEADLINE_PASSED),
            detail=None,
            payload=None,
            settled_at=now,
        )
    )
    forget_remainders(connection, {row.order_id for row in rows}, now)
    return len(rows)


def purge(connection: Connection, now: datetime) -> int:
    """Forget the events of a portion of dead letters past their deadline; answer how many.

    The encrypted remainder of their orders goes too, unless another delivery may still need it.
    """
    c = deliveries.c
    unneeded = and_(orders.c.sealed.is_not(None), ~_needed(now))
    late = (
        select(c.id, c.order_id)
        .join_from(deliveries, orders)
        .where(in_states(DEAD_LETTERS), c.deadline <= now, or_(c.payload.is_not(None), unneeded))
        .limit(PORTION)
    )
    rows = connection.execute(late).all()
    if not rows:
        return 0
    connection.execute(
        update(deliveries).where(c.id.in_([row.id for row in rows])).values(payload=None)
    )
    forget_remainders(connection, {row.order_id for row in rows}, now)
    return len(rows)


def forget_remainders(connection: Connection, order_ids: Collection[int], now: datetime) -> None:
    """Purge the encrypted remainder of those orders that no delivery can need again."""
    if not order_ids:
        return
    connection.execute(
        update(orders)
        .where(orders.c.id.in_(order_ids), orders.c.sealed.is_not(None), ~_needed(now))
        .values(sealed=None)
    )


def _needed(now: datetime) -> ColumnElement[bool]:
    sibling = deliveries.alias("sibling")
    retryable = and_(in_states(DEAD_LETTERS, of=sibling), sibling.c.deadline > now)
    return exists().where(
        sibling.c.order_id == orders.c.id, or_(in_states(OPEN, of=sibling), retryable)
    )

"""What time does to deliveries nobody is at, in portions that keep every transaction short."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    exists,
    or_,
    select,
    update,
)

from bridge.outbox.lease_clock import Moment
from bridge.outbox.lock_order import free_of
from bridge.outbox.schema import AWAITS_REPORT, WAITING, deliveries, in_states, orders, requests
from bridge.outbox.states import DEAD_LETTERS, OPEN, State

PORTION = 500
DEADLINE_PASSED = "deadline_passed"
OUTCOME_UNKNOWN = "outcome_unknown"
ORDER_NOT_DELIVERED = "order_not_delivered"
STATUS_UNKNOWN = "status_unknown"
REQUESTS_KEPT = timedelta(days=50)
"""As long as Google can be asked about a request (Data Manager API: Diagnostics)."""


def expire(connection: Connection, now: datetime) -> int:
    """End a portion of what waited past its deadline; answer how many.

    What was posted and never answered may have been counted: that is no expiry, but a dead letter.
    What was held waited in vain for its order.
    """
    return _end_late(connection, in_states(WAITING), now)


def expire_stranded(connection: Connection, moment: Moment) -> int:
    """End a portion of what dead senders hold past its deadline; answer how many.

    A sender of its destination would take it over; a destination that is switched off has none.
    """
    stranded = and_(in_states({State.LEASED}), deliveries.c.lease_until <= moment.lease_time)
    return _end_late(connection, stranded, moment.now)


def _end_late(connection: Connection, which: ColumnElement[bool], now: datetime) -> int:
    c = deliveries.c
    late = (
        select(c.id, c.order_id).where(which, c.deadline <= now).order_by(c.deadline).limit(PORTION)
    )
    rows = free_of(connection, late)
    if rows:
        connection.execute(
            update(deliveries).where(c.id.in_([row.id for row in rows])).values(_ended(now))
        )
        forget_remainders(connection, {row.order_id for row in rows}, now)
    return len(rows)


def _ended(now: datetime) -> dict[str, object]:
    c = deliveries.c
    unanswered = c.unanswered_since.is_not(None)
    return {
        "state": case((unanswered, State.DEAD), else_=State.EXPIRED),
        "reason": case(
            (unanswered, OUTCOME_UNKNOWN),
            (in_states({State.HELD}), ORDER_NOT_DELIVERED),
            else_=DEADLINE_PASSED,
        ),
        "detail": None,
        "payload": None,
        "settled_at": now,
        "fence": c.fence + 1,
        "lease_owner": None,
        "lease_until": None,
    }


def purge(connection: Connection, now: datetime) -> int:
    """Forget the events of a portion of dead letters past their deadline; answer how many.

    The encrypted remainder of their orders goes too, unless another delivery may still need it.
    """
    c = deliveries.c
    late = (
        select(c.id, c.order_id)
        .where(in_states(DEAD_LETTERS), c.purged_at.is_(None), c.deadline <= now)
        .order_by(c.deadline)
        .limit(PORTION)
    )
    rows = free_of(connection, late)
    if not rows:
        return 0
    connection.execute(
        update(deliveries)
        .where(c.id.in_([row.id for row in rows]))
        .values(payload=None, purged_at=now)
    )
    forget_remainders(connection, {row.order_id for row in rows}, now)
    return len(rows)


def end_reports(connection: Connection, now: datetime) -> int:
    """End the wait of a portion of what the platform never reported on; answer how many.

    They stay accepted, with that as their reason.
    """
    c = deliveries.c
    silent = (
        select(c.id, c.order_id)
        .where(AWAITS_REPORT, c.report_until <= now)
        .order_by(c.report_until)
        .limit(PORTION)
    )
    rows = free_of(connection, silent)
    if not rows:
        return 0
    connection.execute(
        update(deliveries)
        .where(c.id.in_([row.id for row in rows]))
        .values(reason=STATUS_UNKNOWN, report_until=None, fence=c.fence + 1)
    )
    forget_remainders(connection, {row.order_id for row in rows}, now)
    return len(rows)


def close_requests(connection: Connection, now: datetime) -> int:
    """Stop asking about a portion of the requests that were never reported on; answer how many."""
    c = requests.c
    silent = (
        select(c.id)
        .where(c.ask_at.is_not(None), c.ask_until <= now)
        .order_by(c.ask_until)
        .limit(PORTION)
        .with_for_update(skip_locked=True)
    )
    closed = connection.execute(
        update(requests)
        .where(c.id.in_(silent.scalar_subquery()))
        .values(ask_at=None, outcome=STATUS_UNKNOWN)
    )
    return closed.rowcount


def forget_requests(connection: Connection, now: datetime) -> int:
    """Delete a portion of the requests nobody can be asked about any more; answer how many."""
    c = requests.c
    old = (
        select(c.id)
        .where(c.sent_at <= now - REQUESTS_KEPT)
        .order_by(c.sent_at)
        .limit(PORTION)
        .with_for_update(skip_locked=True)
    )
    deleted = connection.execute(delete(requests).where(c.id.in_(old.scalar_subquery())))
    return deleted.rowcount


def forget_remainders(connection: Connection, order_ids: Collection[int], now: datetime) -> None:
    """Purge the encrypted remainder of those orders that no delivery can need again.

    The caller has locked the orders before it ended their deliveries: of two who end an order's
    last ones at once, the second has waited and sees both ended.
    """
    if not order_ids:
        return
    connection.execute(
        update(orders)
        .where(orders.c.id.in_(order_ids), orders.c.sealed.is_not(None), ~needed(now))
        .values(sealed=None)
    )


def needed(now: datetime) -> ColumnElement[bool]:
    """Answer the condition that a delivery can still need what its order is made of."""
    sibling = deliveries.alias("sibling")
    retryable = and_(in_states(DEAD_LETTERS, of=sibling), sibling.c.deadline > now)
    return exists().where(
        sibling.c.order_id == orders.c.id,
        or_(in_states(OPEN, of=sibling), retryable, sibling.c.report_until.is_not(None)),
    )

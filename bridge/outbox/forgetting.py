"""Deleting what is so old that no platform takes, corrects or counts it any more."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from bridge.outbox.schema import deliveries, orders, subject_keys
from bridge.outbox.sweeping import PORTION, needed


def forget_orders(connection: Connection, now: datetime, kept_for: timedelta) -> int:
    """Delete a portion of the orders that came in and were placed so long ago; answer how many.

    With an order go its deliveries and what finds its person. One that a delivery still needs
    stays, and so does the newest of all: a database gives its number to no other order then.
    """
    o, before = orders.c, now - kept_for
    # Orders are numbered as they come in: no more than the first are looked at, however many are.
    oldest = select(o.id).order_by(o.id).limit(PORTION).subquery()
    newest = select(func.max(o.id)).scalar_subquery()
    old = (
        select(o.id)
        .where(o.id.in_(select(oldest.c.id)), o.id < newest)
        .where(o.received_at < before, o.placed_at < before, ~needed(now))
        .order_by(o.id)
        .with_for_update(skip_locked=True)
    )
    numbers = connection.scalars(old).all()
    if numbers:
        connection.execute(delete(subject_keys).where(subject_keys.c.order_id.in_(numbers)))
        connection.execute(delete(deliveries).where(deliveries.c.order_id.in_(numbers)))
        connection.execute(delete(orders).where(o.id.in_(numbers)))
    return len(numbers)

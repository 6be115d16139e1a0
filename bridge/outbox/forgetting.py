"""Deleting what is so old that no platform takes, corrects or counts it any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from bridge.outbox.schema import deliveries, orders, subject_keys
from bridge.outbox.sweeping import PORTION, needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How many orders of a portion were deleted.

    `last` is the number of the last one looked at, 0 after the last one that is old.
    """

    count: int
    last: int


def forget_orders(
    connection: Connection, now: datetime, kept_for: timedelta, after: int
) -> Forgotten:
    """Delete of a portion of orders, from the one after that number on, what came in so long ago.

    It was placed so long ago, too. With an order go its deliveries and what finds its person. One
    that a delivery still needs stays, and so does the newest of all: a database gives its number
    to no other order then.
    """
    o, before = orders.c, now - kept_for
    # Orders are numbered as they come in: no more than a portion is looked at, however many are.
    following = select(o.id, o.received_at).where(o.id > after).order_by(o.id).limit(PORTION)
    portion = following.subquery("portion")
    seen = connection.scalars(select(portion.c.id).where(portion.c.received_at < before)).all()
    newest = select(func.max(o.id)).scalar_subquery()
    old = (
        select(o.id)
        .where(o.id.in_(seen), o.id < newest, o.placed_at < before, ~needed(now))
        .order_by(o.id)
        .with_for_update(skip_locked=True)
    )
    numbers = connection.scalars(old).all() if seen else []
    if numbers:
        connection.execute(delete(subject_keys).where(subject_keys.c.order_id.in_(numbers)))
        connection.execute(delete(deliveries).where(deliveries.c.order_id.in_(numbers)))
        connection.execute(delete(orders).where(o.id.in_(numbers)))
    return Forgotten(count=len(numbers), last=max(seen) if len(seen) == PORTION else 0)

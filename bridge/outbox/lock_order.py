"""Which rows are locked first: orders before deliveries, and each by their numbers.

Two who keep to one order wait for each other at most, and never in a ring. SQLite has one writer at
a time, and no locks on rows.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    any_,
    literal,
    select,
)

from bridge.outbox.schema import deliveries, orders


def has_row_locks(connection: Connection) -> bool:
    """Answer whether others may write other rows meanwhile."""
    return connection.dialect.name == "postgresql"


def lock_orders(connection: Connection, order_ids: Sequence[int]) -> None:
    """Keep others from these orders until the commit; wait for those who are at them."""
    if order_ids and has_row_locks(connection):
        _lock(connection, select(orders.c.id).where(_is_one_of(orders.c.id, order_ids)))


def lock_deliveries(connection: Connection, condition: ColumnElement[bool]) -> None:
    """The same for deliveries; whoever needs their orders too has locked these before."""
    if has_row_locks(connection):
        _lock(connection, select(deliveries.c.id).where(condition))


def of_orders(order_ids: Iterable[int]) -> ColumnElement[bool]:
    """Answer which deliveries `lock_deliveries` locks: those of these orders, however many."""
    return _is_one_of(deliveries.c.order_id, order_ids)


def _is_one_of(column: Column[int], numbers: Iterable[int]) -> ColumnElement[bool]:
    # All in one statement, to be locked in one order; and as one value: it takes only so many.
    return column == any_(literal(list(numbers), ARRAY(BigInteger)))


def _lock(connection: Connection, rows: Select[tuple[int]]) -> None:
    connection.execute(rows.order_by(*rows.selected_columns).with_for_update()).all()


def free_of(connection: Connection, wanted: Select[Any]) -> Sequence[Row[Any]]:
    """Answer which of the wanted deliveries nobody else is at, locked with their orders.

    `wanted` selects `id` and `order_id`.
    """
    found = connection.execute(wanted).all()
    if not found or not has_row_locks(connection):
        return found
    theirs = select(orders.c.id).where(orders.c.id.in_({row.order_id for row in found}))
    free = set(connection.scalars(theirs.order_by(orders.c.id).with_for_update(skip_locked=True)))
    mine = deliveries.c.id.in_([row.id for row in found if row.order_id in free])
    locked = wanted.where(mine).with_for_update(skip_locked=True, of=deliveries)
    return connection.execute(locked).all()

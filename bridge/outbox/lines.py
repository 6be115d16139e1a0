"""Lines: the deliveries of one order at one destination, of which one is sent at a time.

PostgreSQL's transactions see what others committed before each statement, not what they are about
to. Who chooses a delivery locks its row in the same statement. Of two who choose from one line at
the same time, the one whose choice became due last has seen the other's: it cannot lock that row
any more, or finds it leased, and leaves its own for later. So nobody waits for anybody.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select
from sqlalchemy.sql.selectable import NamedFromClause

from bridge.outbox.lock_order import has_row_locks
from bridge.outbox.schema import ACTIVE, deliveries, in_a_line, in_states
from bridge.outbox.states import State


def first_in_line() -> ColumnElement[bool]:
    """Answer that no delivery of the same order at the same destination must go before.

    An older one that waits to be sent must, so that no refund overtakes another; one that is held
    keeps nobody waiting, or a refund would keep its own order. So must an older one on which the
    platform has not reported: it may have to be sent again. A younger one must while a sender has
    it, or a dead sender had it: its elder came back from the dead letters.
    What has no order number, a lead or a registration, stands in no line.
    """
    other, c = deliveries.alias("other"), deliveries.c
    same_line = _same_line(other)
    older = other.c.order_id < c.order_id
    leased = other.c.state == State.LEASED
    busy = exists().where(same_line, in_states(ACTIVE, of=other), or_(older, leased))
    unreported = exists().where(same_line, other.c.report_until.is_not(None), older)
    return ~busy & ~unreported


def in_dispute(connection: Connection, chosen: Collection[int]) -> set[int]:
    """Answer which of the chosen, all locked by us, somebody else keeps from going now.

    The others in their lines are locked too, so that it stays as it is until the commit.
    """
    if not chosen or not has_row_locks(connection):
        return set()
    other, c = deliveries.alias("other"), deliveries.c
    rivals = connection.execute(
        select(c.id, other.c.id.label("rival"))
        .join_from(deliveries, other, and_(_same_line(other), in_states(ACTIVE, of=other)))
        .where(c.id.in_(chosen), in_states({State.PENDING}))
    ).all()
    if not rivals:
        return set()
    theirs = select(c.id).where(c.id.in_({row.rival for row in rivals})).order_by(c.id)
    locked = set(connection.scalars(theirs.with_for_update(skip_locked=True)))
    contested = {row.id for row in rivals}
    first = select(c.id).where(c.id.in_(contested), first_in_line())
    free = set(connection.scalars(first)) - {row.id for row in rivals if row.rival not in locked}
    return contested - free


def _same_line(other: NamedFromClause) -> ColumnElement[bool]:
    c = deliveries.c
    return and_(
        other.c.destination == c.destination,
        other.c.order_no == c.order_no,
        other.c.site_id == c.site_id,
        other.c.order_id != c.order_id,
        in_a_line(other),
    )

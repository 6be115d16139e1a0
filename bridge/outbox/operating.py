"""What operators do to dead letters, each act with its line in the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from bridge.errors import DeadLetterNotFound, IllegalMove
from bridge.outbox.lock_order import lock_deliveries, lock_orders
from bridge.outbox.schema import audit, deliveries, in_states, orders
from bridge.outbox.states import DEAD_LETTERS, State, require_legal
from bridge.outbox.sweeping import forget_remainders


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An operator's act on one dead letter: its name, and what to remember about it.

    `thaw` has its event built anew where it is to be sent again.
    """

    delivery_id: int
    name: str
    detail: str
    thaw: bool = False


def lock_letters(connection: Connection, acts: Sequence[Act]) -> None:
    """Lock all that acts on several letters need, in the order that everybody keeps to."""
    letters = deliveries.c.id.in_([act.delivery_id for act in acts])
    lock_orders(connection, connection.scalars(select(deliveries.c.order_id).where(letters)).all())
    lock_deliveries(connection, letters)


def retry(connection: Connection, act: Act, *, settled: bool, now: datetime) -> None:
    """Make a dead letter pending as if it were new.

    `settled`: what was unknown about earlier attempts is settled by the operator's decision.
    """
    _dead_letter(connection, act.delivery_id, State.PENDING)
    c = deliveries.c
    fresh = {
        "state": State.PENDING,
        "attempts": 0,
        "crashes": 0,
        "odd_answers": 0,
        "next_attempt_at": now,
        "settled_at": None,
        "purged_at": None,
    }
    forgotten = {"payload": None} if act.thaw else {}
    forgotten |= {"unanswered_since": None} if settled else {}
    connection.execute(update(deliveries).where(c.id == act.delivery_id).values(fresh | forgotten))
    _remember(connection, act, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An order's facts with what an operator corrected; `before` are those it was made from."""

    before: bytes
    facts: bytes
    currency: str | None
    gross: str | None
    placed_at: datetime
    deadline: datetime


def correct(connection: Connection, act: Act, correction: Correction, *, now: datetime) -> None:
    """Correct the order of a dead letter that its platform has not, and have it sent again."""
    order_id = _dead_letter(connection, act.delivery_id, State.PENDING)
    o = orders.c
    done = connection.execute(
        update(orders)
        .where(o.id == order_id, o.facts == correction.before)
        .values(
            facts=correction.facts,
            currency=correction.currency,
            gross=correction.gross,
            placed_at=correction.placed_at,
        )
    )
    if not done.rowcount:
        raise IllegalMove("Somebody else has just changed the order: look at it, and try again.")
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == act.delivery_id)
        .values(deadline=correction.deadline)
    )
    retry(connection, act, settled=True, now=now)


def discard(connection: Connection, act: Act, *, reason: str, now: datetime) -> None:
    """Cancel a dead letter: it ends here, and what it alone needed is forgotten."""
    order_id = _dead_letter(connection, act.delivery_id, State.CANCELLED)
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == act.delivery_id)
        .values(state=State.CANCELLED, reason=reason, payload=None, settled_at=now)
    )
    forget_remainders(connection, {order_id}, now)
    _remember(connection, act, now)


def _dead_letter(connection: Connection, delivery_id: int, after: State) -> int:
    c = deliveries.c
    its_order = connection.scalars(select(c.order_id).where(c.id == delivery_id)).all()
    lock_orders(connection, its_order)
    row = connection.execute(
        select(c.order_id, c.state)
        .where(c.id == delivery_id, in_states(DEAD_LETTERS))
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise DeadLetterNotFound(f"No dead letter has the number {delivery_id}.")
    require_legal(row.state, after)
    return int(row.order_id)


def _remember(connection: Connection, act: Act, now: datetime) -> None:
    connection.execute(
        insert(audit).values(
            at=now, act=act.name, subject=f"delivery {act.delivery_id}", detail=act.detail
        )
    )

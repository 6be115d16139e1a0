"""Forgetting a person, and stopping what a shopper has withdrawn consent for."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from bridge.identity.subject import SubjectKey
from bridge.order.stored import facts_from_json, facts_to_json
from bridge.outbox.lock_order import lock_deliveries, lock_orders, of_orders
from bridge.outbox.many_rows import in_portions, write_rows
from bridge.outbox.schema import among, audit, deliveries, in_states, orders, subject_keys
from bridge.outbox.states import DEAD_LETTERS, OPEN, State
from bridge.outbox.sweeping import forget_remainders

ERASED = "erased"
WITHDRAWN = "consent_withdrawn"
_NOTHING = b"{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure found: orders forgotten, and deliveries cancelled before their end.

    `forgotten` are the orders' sites and numbers. `left` is the proof: what a second search finds
    of the person, by the same keys and in these orders.
    """

    orders: int
    cancelled: int
    forgotten: tuple[tuple[str, str], ...]
    left: int


def erase(connection: Connection, keys: Collection[SubjectKey], now: datetime) -> Erased:
    """Forget whoever has one of the keys: hashes, remainder, events, keys, what is queued.

    What is being sent this moment can no longer be stopped, only forgotten. An order's own facts
    stay: number, money, lines, and what became of it.
    """
    found = _orders_of(connection, keys)
    lock_orders(connection, found)
    lock_deliveries(connection, of_orders(found))
    cancelled = 0
    for portion in in_portions(found):
        cancelled += _cancel(connection, deliveries.c.order_id.in_(portion), ERASED, now)
        _end_reports(connection, portion)
        _forget(connection, portion)
    kinds = ", ".join(sorted({key.kind for key in keys}))
    entries = [
        {"at": now, "act": ERASED, "subject": _subject(one), "detail": f"by {kinds}"}
        for one in found
    ]
    if entries:
        connection.execute(insert(audit), entries)
    return Erased(
        orders=len(found),
        cancelled=cancelled,
        forgotten=tuple(
            one for portion in in_portions(found) for one in _numbers(connection, portion)
        ),
        left=len(_orders_of(connection, keys))
        + sum(_left(connection, portion) for portion in in_portions(found)),
    )


def _numbers(connection: Connection, order_ids: Collection[int]) -> Iterator[tuple[str, str]]:
    o = orders.c
    rows = connection.execute(
        select(o.site_id, o.order_no).where(o.id.in_(order_ids)).order_by(o.id)
    )
    return ((row.site_id, row.order_no) for row in rows)


def _left(connection: Connection, order_ids: Collection[int]) -> int:
    """Look again, as if nothing had been done, for what the keys led to."""
    o, d = orders.c, deliveries.c
    kept = or_(o.sealed.is_not(None), o.identities != _NOTHING)
    searches = (
        select(func.count()).select_from(orders).where(o.id.in_(order_ids), kept),
        select(func.count()).where(d.order_id.in_(order_ids), d.payload.is_not(None)),
        select(func.count()).where(subject_keys.c.order_id.in_(order_ids)),
    )
    return sum(connection.scalar(search) or 0 for search in searches)


def was_erased(connection: Connection, order_id: int) -> bool:
    """Answer whether the order's person asked to be forgotten: then nothing is added to it."""
    entry = exists().where(audit.c.act == ERASED, audit.c.subject == _subject(order_id))
    return bool(connection.scalar(select(entry)))


def withdraw(
    connection: Connection, order_id: int, destinations: Collection[str], now: datetime
) -> None:
    """Cancel what is open or a dead letter where an order's shopper has said no since."""
    c = deliveries.c
    theirs = and_(c.order_id == order_id, c.destination.in_(destinations))
    if _cancel(connection, theirs, WITHDRAWN, now):
        forget_remainders(connection, {order_id}, now)


def _orders_of(connection: Connection, keys: Collection[SubjectKey]) -> Sequence[int]:
    c = subject_keys.c
    wanted = [(key.digest, key.kind, key.version) for key in keys]
    statement = select(c.order_id).where(among((c.digest, c.kind, c.version), wanted)).distinct()
    return connection.scalars(statement.order_by(c.order_id)).all()


def _cancel(
    connection: Connection, condition: ColumnElement[bool], reason: str, now: datetime
) -> int:
    """End what is open or a dead letter; whoever holds a lease on it finds it spent."""
    c = deliveries.c
    ended: dict[str, Any] = {
        "state": State.CANCELLED,
        "reason": reason,
        "detail": None,
        "payload": None,
        "settled_at": now,
        "unanswered_since": None,
        "lease_owner": None,
        "lease_until": None,
        "fence": c.fence + 1,
    }
    done = connection.execute(
        update(deliveries).where(condition, in_states(OPEN | DEAD_LETTERS)).values(ended)
    )
    return done.rowcount


def _end_reports(connection: Connection, order_ids: Collection[int]) -> None:
    # A platform that reports trouble would have the event built and sent again.
    c = deliveries.c
    connection.execute(
        update(deliveries)
        .where(c.order_id.in_(order_ids))
        .values(report_until=None, payload=None, detail=None, fence=c.fence + 1)
    )


_FORGET = (
    update(orders)
    .where(orders.c.id == bindparam("order"))
    .values(identities=_NOTHING, sealed=None, facts=bindparam("kept"))
)


def _forget(connection: Connection, order_ids: Collection[int]) -> None:
    c = orders.c
    found = connection.execute(select(c.id, c.facts).where(c.id.in_(order_ids)))
    rows = [
        {"order": row.id, "kept": facts_to_json(replace(facts_from_json(row.facts), custom={}))}
        for row in found
    ]
    write_rows(connection, _FORGET, rows)
    connection.execute(delete(subject_keys).where(subject_keys.c.order_id.in_(order_ids)))


def _subject(order_id: int) -> str:
    return f"order {order_id}"

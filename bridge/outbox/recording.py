"""Making orders durable: one row an order, one row for each destination that wants it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.sql.dml import ReturningInsert

from bridge.identity.encryption import beside
from bridge.order.model import OrderKey
from bridge.outbox.conversions import join, joins_others, lock_lines
from bridge.outbox.erasing import was_erased, withdraw
from bridge.outbox.lock_order import lock_deliveries, of_orders
from bridge.outbox.many_rows import write_rows
from bridge.outbox.records import DeliveryState, NewDelivery, Record, Recorded
from bridge.outbox.schema import (
    ORDER_KEY,
    deliveries,
    has_key,
    insert_unless_present,
    microseconds,
    orders,
    subject_keys,
)
from bridge.outbox.states import DEAD_LETTERS, FINAL, OPEN
from bridge.outbox.turns import Turn, take_turn

_NEW_DELIVERIES = insert(deliveries).inline()  # nobody asks for their ids
_STORED = select(
    *ORDER_KEY,
    *(orders.c.id, orders.c.event_id, orders.c.placed_at, orders.c.currency, orders.c.gross),
    *(orders.c.identities, orders.c.conversion_no),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meeting:
    """A call that meets an order already stored: what is stored, what it says, what it adds."""

    stored: Row[*tuple[Any, ...]]
    known: tuple[DeliveryState, ...]
    record: Record
    added: tuple[NewDelivery, ...]


def record_all(connection: Connection, records: Sequence[Record], now: datetime) -> list[Recorded]:
    """Store what is new, and answer for each record in its order; the first call wins."""
    if any(joins_others(record) for record in records):
        take_turn(connection, Turn.CONVERSION, "")
    answers: dict[int, Recorded] = {}
    rounds = _rounds(records)
    again = {records[i].key for distinct in rounds[1:] for i in distinct}
    for distinct in rounds:
        called = {records[i].key: records[i] for i in distinct}
        by_key = _record_distinct(connection, called, again, now)
        answers.update((i, by_key[records[i].key]) for i in distinct)
    return [answers[i] for i in range(len(records))]


def _rounds(records: Sequence[Record]) -> list[list[int]]:
    # No key twice in a round, so that a repetition in one call meets its first as stored.
    rounds: list[list[int]] = []
    seen: Counter[OrderKey] = Counter()
    for i, record in enumerate(records):
        if seen[record.key] == len(rounds):
            rounds.append([])
        rounds[seen[record.key]].append(i)
        seen[record.key] += 1
    return rounds


def _record_distinct(
    connection: Connection, records: dict[OrderKey, Record], again: set[OrderKey], now: datetime
) -> dict[OrderKey, Recorded]:
    new = _insert_orders(connection, records.values())
    lock_lines(connection, [records[key] for key in new], records.keys() - new.keys())
    lines = join(connection, [records[key] for key in new])
    called = [record for key, record in records.items() if key not in new]
    met = _meet(connection, called, again, now)
    lines |= {key: meeting.stored.conversion_no for key, meeting in met.items()}
    write_rows(connection, _NEW_DELIVERIES, _delivery_rows(new, records, met, lines, now))
    new_keys = insert_unless_present(connection.dialect.name, subject_keys)
    write_rows(connection, new_keys, _subject_rows(new, records, met))
    _extend_orders(connection, [meeting for meeting in met.values() if meeting.added])
    first = {key: _first_answer(records[key]) for key in new}
    return first | {key: _duplicate_answer(meeting) for key, meeting in met.items()}


def _insert_orders(connection: Connection, records: Iterable[Record]) -> dict[OrderKey, int]:
    # In the order of their keys, so that two who store the same orders wait for each other once.
    rows = connection.execute(
        _new_orders(connection.dialect.name),
        [_order_row(record) for record in sorted(records, key=_sort_key)],
    )
    return {_key(row): row.id for row in rows}


@cache
def _new_orders(dialect: str) -> ReturningInsert[tuple[Any, ...]]:
    return insert_unless_present(dialect, orders).returning(*ORDER_KEY, orders.c.id)


def _sort_key(record: Record) -> tuple[str, ...]:
    return record.key.order_no, record.key.site_id, record.key.kind, record.key.reference


def _order_row(record: Record) -> dict[str, Any]:
    return {
        "site_id": record.key.site_id,
        "kind": record.key.kind,
        "order_no": record.key.order_no,
        "reference": record.key.reference,
        "event_id": record.event_id,
        "placed_at": record.placed_at,
        "received_at": record.received_at,
        "currency": record.currency,
        "gross": record.gross,
        "facts": record.facts,
        "identities": record.identities,
        "sealed": _needed_remainder(record, record.deliveries),
        "wanted": len(record.deliveries),
        "conversion_no": record.key.order_no,
    }


def _needed_remainder(record: Record, added: Iterable[NewDelivery]) -> bytes | None:
    # Nothing is kept, not even encrypted, for an order that no destination will be sent.
    return record.sealed if any(delivery.state in OPEN for delivery in added) else None


def _meet(
    connection: Connection, records: Sequence[Record], again: set[OrderKey], now: datetime
) -> dict[OrderKey, _Meeting]:
    if not records:
        return {}
    wanted = _STORED.where(has_key(r.key for r in records)).order_by(orders.c.id).with_for_update()
    rows = connection.execute(wanted)
    stored = {_key(row): row for row in rows}
    known = _known_deliveries(connection, [row.id for row in stored.values()])
    met = {r.key: _meeting(stored[r.key], known[stored[r.key].id], r) for r in records}
    # with what a later call of this transaction may stop: locked then, it would be out of order
    stopped = [one.stored.id for key, one in met.items() if key in again or one.record.denied]
    if stopped:
        lock_deliveries(connection, of_orders(stopped))
    return {key: _respected(connection, meeting, now) for key, meeting in met.items()}


def _meeting(stored: Row[*tuple[Any, ...]], known: list[DeliveryState], record: Record) -> _Meeting:
    destinations = {delivery.destination for delivery in known}
    added = tuple(d for d in record.deliveries if d.destination not in destinations)
    return _Meeting(stored=stored, known=tuple(known), record=record, added=added)


def _respected(connection: Connection, meeting: _Meeting, now: datetime) -> _Meeting:
    """Stop what the shopper has said no to since, and add nothing to who asked to be forgotten."""
    order_id, denied = meeting.stored.id, meeting.record.denied
    stoppable = OPEN | DEAD_LETTERS
    if any(one.state in stoppable and one.destination in denied for one in meeting.known):
        withdraw(connection, order_id, denied, now)
        known = _known_deliveries(connection, [order_id])[order_id]
        meeting = replace(meeting, known=tuple(known))
    if meeting.added and was_erased(connection, order_id):
        return replace(meeting, added=())
    return meeting


def _known_deliveries(
    connection: Connection, order_ids: Sequence[int]
) -> defaultdict[int, list[DeliveryState]]:
    c = deliveries.c
    known: defaultdict[int, list[DeliveryState]] = defaultdict(list)
    statement = select(c.order_id, c.destination, c.state, c.reason).order_by(c.id)
    for row in connection.execute(statement.where(c.order_id.in_(order_ids))):
        known[row.order_id].append(
            DeliveryState(destination=row.destination, state=row.state, reason=row.reason)
        )
    return known


def _delivery_rows(
    new: dict[OrderKey, int],
    records: dict[OrderKey, Record],
    met: dict[OrderKey, _Meeting],
    lines: dict[OrderKey, str],
    now: datetime,
) -> list[dict[str, Any]]:
    wanted = [(order_id, key, records[key].deliveries) for key, order_id in new.items()]
    wanted += [(meeting.stored.id, key, meeting.added) for key, meeting in met.items()]
    return [
        _delivery_row(order_id, key, delivery, now) | {"order_no": lines.get(key, key.order_no)}
        for order_id, key, chosen in wanted
        for delivery in chosen
    ]


def _delivery_row(
    order_id: int, key: OrderKey, delivery: NewDelivery, now: datetime
) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "destination": delivery.destination,
        "site_id": key.site_id,
        "state": delivery.state.value,
        "reason": None if delivery.reason is None else str(delivery.reason),
        "attempts": 0,
        "crashes": 0,
        "next_attempt_at": microseconds(delivery.not_before),
        "fence": 0,
        "deadline": microseconds(delivery.deadline),
        "settled_at": microseconds(now if delivery.state in FINAL else None),
    }


def _subject_rows(
    new: dict[OrderKey, int], records: dict[OrderKey, Record], met: dict[OrderKey, _Meeting]
) -> list[dict[str, Any]]:
    found = [(order_id, records[key]) for key, order_id in new.items()]
    found += [(m.stored.id, m.record) for m in met.values() if m.added]
    return [
        {"order_id": order_id, "kind": s.kind.value, "version": s.version, "digest": s.digest}
        for order_id, record in found
        for s in record.subjects
    ]


_EXTEND_ORDER = (
    update(orders)
    .where(orders.c.id == bindparam("order"))
    .values(
        wanted=orders.c.wanted + bindparam("added"),
        identities=bindparam("merged"),
        sealed=bindparam("remainder"),
    )
)


def _extend_orders(connection: Connection, met: Collection[_Meeting]) -> None:
    # Read now: what a withdrawal has forgotten meanwhile does not come back.
    kept = _remainders(connection, [meeting.stored.id for meeting in met]) if met else {}
    rows = [
        {
            "order": meeting.stored.id,
            "added": len(meeting.added),
            "merged": _merged(meeting.stored.identities, meeting.record.identities),
            "remainder": beside(
                kept[meeting.stored.id], _needed_remainder(meeting.record, meeting.added)
            ),
        }
        for meeting in met
    ]
    if rows:
        connection.execute(_EXTEND_ORDER, rows)


def _remainders(connection: Connection, order_ids: Sequence[int]) -> dict[int, bytes | None]:
    statement = select(orders.c.id, orders.c.sealed).where(orders.c.id.in_(order_ids))
    return {row.id: row.sealed for row in connection.execute(statement)}


def _merged(stored: bytes, newcomer: bytes) -> bytes:
    # JSON objects by platform. What the first call stored stays, whatever the newcomer says.
    first = {platform: hashes for platform, hashes in orjson.loads(stored).items() if hashes}
    return orjson.dumps(orjson.loads(newcomer) | first)


def _first_answer(record: Record) -> Recorded:
    return Recorded(
        duplicate=False,
        event_id=record.event_id,
        differs=(),
        deliveries=_as_stored(record.deliveries),
    )


def _duplicate_answer(meeting: _Meeting) -> Recorded:
    return Recorded(
        duplicate=True,
        event_id=meeting.stored.event_id,
        differs=_differences(meeting.stored, meeting.record),
        deliveries=meeting.known + _as_stored(meeting.added),
    )


def _as_stored(chosen: Iterable[NewDelivery]) -> tuple[DeliveryState, ...]:
    return tuple(
        DeliveryState(destination=d.destination, state=d.state, reason=d.reason) for d in chosen
    )


def _differences(stored: Row[*tuple[Any, ...]], record: Record) -> tuple[str, ...]:
    same = {
        "currency": stored.currency == record.currency,
        "totals.gross": _amount(stored.gross) == _amount(record.gross),
        "placed_at": stored.placed_at == record.placed_at,
    }
    return tuple(member for member, equal in same.items() if not equal)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _key(row: Row[*tuple[Any, ...]]) -> OrderKey:
    return OrderKey(
        site_id=row.site_id, kind=row.kind, order_no=row.order_no, reference=row.reference
    )

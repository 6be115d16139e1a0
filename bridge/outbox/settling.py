"""What a sender writes about the deliveries it holds; a spent or overtaken lease writes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, func, select, update

from bridge.outbox.lock_order import has_row_locks, lock_orders
from bridge.outbox.many_rows import write_rows
from bridge.outbox.records import Claim, Sending, Settlement
from bridge.outbox.schema import Instant, deliveries, microseconds
from bridge.outbox.states import DEAD_LETTERS, FINAL, OPEN, State, require_legal
from bridge.outbox.sweeping import forget_remainders

RETRYABLE = OPEN | DEAD_LETTERS


def _held(
    connection: Connection, tickets: Iterable[Claim | Sending | Settlement]
) -> dict[int, Row[Any, Any, Any, Any]]:
    """Answer the rows whose fence is still the ticket's, by id, locked until the commit."""
    fences = {ticket.delivery_id: ticket.fence for ticket in tickets}
    c = deliveries.c
    statement = select(c.id, c.order_id, c.fence, c.state).where(c.id.in_(fences))
    rows = connection.execute(statement.order_by(c.id).with_for_update())
    return {row.id: row for row in rows if row.fence == fences[row.id]}


def _leased(connection: Connection, tickets: Iterable[Claim | Sending]) -> set[int]:
    held = _held(connection, tickets)
    return {identifier for identifier, row in held.items() if row.state == State.LEASED}


def renew(connection: Connection, claims: Sequence[Claim], until: datetime) -> set[int]:
    """Move the end of the leases that are still ours; answer which."""
    ours = _leased(connection, claims)
    connection.execute(
        update(deliveries).where(deliveries.c.id.in_(ours)).values(lease_until=until)
    )
    return ours


_MARK_SENDING = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"))
    .values(
        payload=func.coalesce(deliveries.c.payload, bindparam("event")),
        first_sent_at=func.coalesce(deliveries.c.first_sent_at, bindparam("at", type_=Instant)),
        unanswered_since=func.coalesce(
            deliveries.c.unanswered_since, bindparam("at", type_=Instant)
        ),
        lease_until=bindparam("until", type_=Instant),
    )
)


def mark_sending(
    connection: Connection, sendings: Sequence[Sending], at: datetime, until: datetime
) -> set[int]:
    """Freeze the events about to be posted and say since when; answer which are still ours."""
    ours = _leased(connection, sendings)
    times = {"at": microseconds(at), "until": microseconds(until)}
    rows = [
        {"delivery": sending.delivery_id, "event": sending.payload} | times
        for sending in sendings
        if sending.delivery_id in ours
    ]
    write_rows(connection, _MARK_SENDING, rows)
    return ours


_SETTLE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"))
    .values(
        state=bindparam("new_state", type_=deliveries.c.state.type),
        reason=bindparam("new_reason"),
        detail=bindparam("new_detail"),
        request_id=func.coalesce(bindparam("new_request_id"), deliveries.c.request_id),
        next_attempt_at=func.coalesce(
            bindparam("new_next_attempt_at", type_=Instant), deliveries.c.next_attempt_at
        ),
        unanswered_since=bindparam("new_unanswered_since", type_=Instant),
        attempts=deliveries.c.attempts - bindparam("uncounted"),
        odd_answers=deliveries.c.odd_answers + bindparam("odd"),
        # A verdict shows that the event does not kill its sender: it may travel in company again.
        crashes=case((bindparam("survived") == 1, 0), else_=deliveries.c.crashes),
        payload=case((bindparam("keeps_event") == 1, deliveries.c.payload), else_=None),
        settled_at=bindparam("new_settled_at", type_=Instant),
        report_until=bindparam("new_report_until", type_=Instant),
        fence=deliveries.c.fence + 1,  # spends the lease: the same settlement again changes nothing
        lease_owner=None,
        lease_until=None,
    )
)


def settle(connection: Connection, settlements: Sequence[Settlement], now: datetime) -> set[int]:
    """End attempts; answer which were the caller's to end.

    Raises IllegalMove, before anything is written, when one of those may not move as asked.
    """
    by_id = {settlement.delivery_id: settlement for settlement in reversed(settlements)}
    _lock_orders_done(connection, by_id)
    held = _held(connection, by_id.values())
    for identifier, row in held.items():
        require_legal(row.state, by_id[identifier].state)
    write_rows(connection, _SETTLE, [_settlement_row(by_id[i], now) for i in held])
    forget_remainders(connection, _orders_done(held, by_id), now)
    return set(held)


def _lock_orders_done(connection: Connection, by_id: Mapping[int, Settlement]) -> None:
    if not has_row_locks(connection):
        return
    c = deliveries.c
    ended = [i for i, settlement in by_id.items() if settlement.state not in RETRYABLE]
    found = connection.scalars(select(c.order_id).where(c.id.in_(ended)))
    lock_orders(connection, found.all())


def _settlement_row(settlement: Settlement, now: datetime) -> dict[str, Any]:
    keeps_event = settlement.state in RETRYABLE and not settlement.thaw
    return {
        "delivery": settlement.delivery_id,
        "new_state": settlement.state.value,
        "new_reason": settlement.reason,
        "new_detail": settlement.detail,
        "new_request_id": settlement.request_id,
        "new_next_attempt_at": microseconds(settlement.next_attempt_at),
        "new_unanswered_since": microseconds(settlement.unanswered_since),
        "uncounted": int(not settlement.counts),
        "odd": int(settlement.odd),
        "survived": int(settlement.counts and settlement.state is State.PENDING),
        "keeps_event": int(keeps_event),
        "new_settled_at": microseconds(now if settlement.state in FINAL else None),
        "new_report_until": microseconds(settlement.report_until),
    }


def _orders_done(
    held: Mapping[int, Row[Any, Any, Any, Any]], by_id: Mapping[int, Settlement]
) -> set[int]:
    return {row.order_id for i, row in held.items() if by_id[i].state not in RETRYABLE}

"""Requests: how many there were in a minute, and which ones a platform has yet to report on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, insert, select, update

from bridge.outbox.records import AcceptedRequest, Awaiting, OpenRequest
from bridge.outbox.schema import AWAITS_REPORT, deliveries, requests
from bridge.outbox.turns import Turn, take_turn

MINUTE = timedelta(minutes=1)
NEVER_PACED = 10
"""So many requests a minute go at once, however small the quota."""
SENT = "sent"
ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks what became of requests: for which destination, how often, for how long."""

    destination: str
    per_minute: int | None
    lease: timedelta


def reserve(
    connection: Connection, destination: str, per_minute: int | None, now: datetime
) -> int | datetime:
    """Count a request about to be sent, or answer when the next one may be.

    The first half of a minute's quota goes at once, the rest evenly over a minute: small requests
    in a hurry would use it up, and everybody would then wait for the minute to pass.
    """
    if per_minute is not None:
        take_turn(connection, Turn.REQUEST, destination)
        free_at = next_turn(connection, destination, per_minute, now)
        if free_at is not None:
            return free_at
    row = {"destination": destination, "sent_at": now, "delivery_ids": [], "outcome": SENT}
    number: int = connection.execute(
        insert(requests).values(row).returning(requests.c.id)
    ).scalar_one()
    return number


def next_turn(
    connection: Connection, destination: str, per_minute: int, now: datetime
) -> datetime | None:
    """Answer when the next request may be sent; None when one may be now."""
    free_at = _free_at(connection, requests.c.sent_at, destination, per_minute, now)
    return free_at or _paced(connection, destination, per_minute, now)


def _paced(
    connection: Connection, destination: str, per_minute: int, now: datetime
) -> datetime | None:
    """Answer when the next request goes if so many went already; None when it may go at once."""
    at_once = max(per_minute // 2, NEVER_PACED)
    if at_once >= per_minute:
        return None
    c = requests.c
    sent = (
        select(c.sent_at)
        .where(c.sent_at > now - MINUTE, c.destination == destination)
        .order_by(c.sent_at.desc())
    )
    if connection.scalar(sent.offset(at_once - 1).limit(1)) is None:
        return None
    latest: datetime = connection.execute(sent.limit(1)).scalar_one()
    free_at = latest + MINUTE / (per_minute - at_once)
    return free_at if free_at > now else None


def _free_at(
    connection: Connection,
    column: Column[datetime],
    destination: str,
    per_minute: int | None,
    now: datetime,
) -> datetime | None:
    """Answer when the oldest request that is in the way is a minute old; None when none is."""
    if per_minute is None:
        return None
    in_the_way = (
        select(column)
        .where(column > now - MINUTE, requests.c.destination == destination)
        .order_by(column.desc())
        .offset(per_minute - 1)
        .limit(1)
    )
    at = connection.scalar(in_the_way)
    return None if at is None else at + MINUTE


def accepted(connection: Connection, request: AcceptedRequest) -> None:
    """Keep what a reserved request was, and when to ask what became of it."""
    connection.execute(
        update(requests)
        .where(requests.c.id == request.number)
        .values(
            request_id=request.request_id,
            delivery_ids=list(request.delivery_ids),
            outcome=ACCEPTED,
            ask_at=request.ask_at,
            ask_until=request.ask_until,
        )
    )


def due(connection: Connection, asker: Asker, now: datetime) -> OpenRequest | None:
    """Answer a request to ask about now, and keep others from asking during the lease."""
    c = requests.c
    if asker.per_minute is not None:
        take_turn(connection, Turn.QUESTION, asker.destination)
    if _free_at(connection, c.asked_at, asker.destination, asker.per_minute, now):
        return None
    row = connection.execute(
        select(c.id, c.request_id, c.sent_at, c.asks, c.ask_until, c.delivery_ids)
        .where(c.ask_at.is_not(None), c.destination == asker.destination, c.ask_at <= now)
        .where(c.ask_until > now)
        .order_by(c.ask_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    connection.execute(
        update(requests)
        .where(c.id == row.id)
        .values(ask_at=now + asker.lease, asked_at=now, asks=c.asks + 1)
    )
    return OpenRequest(
        number=row.id,
        request_id=row.request_id,
        sent_at=row.sent_at,
        asks=row.asks + 1,
        ask_until=row.ask_until,
        delivery_ids=tuple(row.delivery_ids),
    )


def awaiting(connection: Connection, request: OpenRequest) -> list[Awaiting]:
    """Answer the request's deliveries that still await its report, as their events stand in it."""
    c = deliveries.c
    places = {delivery_id: place for place, delivery_id in enumerate(request.delivery_ids)}
    rows = connection.execute(
        select(c.id, c.fence, c.attempts, c.odd_answers, c.deadline).where(
            c.id.in_(places), AWAITS_REPORT, c.request_id == request.request_id
        )
    )
    found = (
        Awaiting(
            place=places[row.id],
            delivery_id=row.id,
            fence=row.fence,
            attempts=row.attempts,
            odd_answers=row.odd_answers,
            deadline=row.deadline,
        )
        for row in rows
    )
    return sorted(found, key=lambda one: one.place)


def put_off(connection: Connection, number: int, until: datetime) -> None:
    """Ask again then, unless the request has been closed meanwhile."""
    c = requests.c
    connection.execute(
        update(requests).where(c.id == number, c.ask_at.is_not(None)).values(ask_at=until)
    )


def close(connection: Connection, number: int, *, outcome: str, report: str) -> None:
    """Keep what the platform reported, and ask no more."""
    connection.execute(
        update(requests)
        .where(requests.c.id == number)
        .values(ask_at=None, outcome=outcome, report=report)
    )

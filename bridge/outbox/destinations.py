"""Pauses: what all senders of a destination must know about it, shared through the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    exists,
    insert,
    select,
    update,
)

from bridge.errors import DestinationPaused
from bridge.outbox.lease_clock import Moment
from bridge.outbox.schema import deliveries, destinations, in_states, insert_unless_present
from bridge.outbox.states import State
from bridge.outbox.turns import Turn, share_turn, take_turn


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationState:
    """A destination that was paused at least once. `pauses` counts those since the last resume.

    `paused_until` in the past means: one delivery at a time, until one shows that it is well.
    """

    destination: str
    paused_until: datetime | None
    pause_reason: str | None
    pauses: int


def allowance(connection: Connection, destination: str, limit: int, moment: Moment) -> int:
    """Answer how many deliveries may be leased: all, none while paused, one as a probe after.

    Only who may probe waits for others. Whoever misses a pause that is being made meets it again
    before sending.
    """
    paused = select(destinations.c.paused_until).where(destinations.c.id == destination)
    if connection.scalar(paused) is None:
        return limit
    row = connection.execute(_locked(destination)).one()
    if row.paused_until is None:
        return limit
    if row.paused_until > moment.now or _busy(connection, destination, moment.lease_time):
        return 0
    return min(limit, 1)


def _locked(destination: str) -> Select[Any]:
    return select(destinations).where(destinations.c.id == destination).with_for_update()


def _busy(connection: Connection, destination: str, lease_time: datetime) -> bool:
    c = deliveries.c
    under_way = exists().where(
        c.destination == destination, in_states({State.LEASED}), c.lease_until > lease_time
    )
    return bool(connection.scalar(select(under_way)))


def pause(
    connection: Connection, destination: str, until: datetime, reason: str, now: datetime
) -> None:
    """Keep everyone from claiming until then; of pauses that overlap the longest holds.

    Senders that meet the same refusal at the same time count as one pause in a row.
    """
    take_turn(connection, Turn.PAUSE, destination)
    first = {"id": destination, "paused_until": until, "pause_reason": reason, "pauses": 1}
    new = insert_unless_present(connection.dialect.name, destinations).values(first)
    if connection.execute(new.returning(destinations.c.id)).first():
        return
    row = connection.execute(_locked(destination)).one()
    if row.paused_until is None or row.paused_until <= now:
        _set(connection, destination, until, reason, row.pauses + 1)
    elif row.paused_until < until:
        _set(connection, destination, until, reason, row.pauses)


def require_open(connection: Connection, destination: str, now: datetime) -> None:
    """Raise DestinationPaused while it is paused; else it is not paused before this commits."""
    share_turn(connection, Turn.PAUSE, destination)
    c = destinations.c
    paused = select(c.pause_reason).where(c.id == destination, c.paused_until > now)
    row = connection.execute(paused).one_or_none()
    if row is not None:
        raise DestinationPaused(row.pause_reason)


def may_resume(connection: Connection, destination: str, paused_until: datetime | None) -> bool:
    """Answer whether `resume` would end anything."""
    pause = select(destinations.c.id).where(_ends(destination, paused_until))
    return connection.scalar(pause) is not None


def resume(connection: Connection, destination: str, paused_until: datetime | None) -> None:
    """End the pause, and the probing after it.

    With `paused_until` only one that was to last until then at most.
    """
    connection.execute(
        update(destinations)
        .where(_ends(destination, paused_until))
        .values(paused_until=None, pause_reason=None, pauses=0)
    )


def _ends(destination: str, paused_until: datetime | None) -> ColumnElement[bool]:
    c = destinations.c
    over = c.paused_until.is_not(None) if paused_until is None else c.paused_until <= paused_until
    return and_(c.id == destination, over)


def write_and_take_back(connection: Connection) -> None:
    """Write a row and delete it: a commit that reaches the disk, of which nobody sees anything."""
    nobody = ""
    connection.execute(insert(destinations).values(id=nobody, pauses=0))
    connection.execute(delete(destinations).where(destinations.c.id == nobody))


def _set(
    connection: Connection, destination: str, until: datetime, reason: str, pauses: int
) -> None:
    connection.execute(
        update(destinations)
        .where(destinations.c.id == destination)
        .values(paused_until=until, pause_reason=reason, pauses=pauses)
    )


def states(connection: Connection) -> list[DestinationState]:
    """Answer every destination that was ever paused, by name."""
    rows = connection.execute(select(destinations).order_by(destinations.c.id))
    return [
        DestinationState(
            destination=row.id,
            paused_until=row.paused_until,
            pause_reason=row.pause_reason,
            pauses=row.pauses,
        )
        for row in rows
    ]

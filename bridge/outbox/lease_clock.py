"""Whose clock says when a lease ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, func, select

from bridge.clock import Clock

LeaseClock = Callable[[Connection], datetime]
"""Answers the time that leases go by, within a transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something happens: by our clock, and by the one that leases go by."""

    now: datetime
    lease_time: datetime


def lease_clock(engine: Engine, clock: Clock) -> LeaseClock:
    """Answer PostgreSQL's own clock, which all machines share; SQLite's one machine has `clock`."""
    if engine.dialect.name == "postgresql":
        return _time_of_the_database
    return lambda _: clock()


def _time_of_the_database(connection: Connection) -> datetime:
    time: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return time.astimezone(UTC)

"""Taking turns: what must be done by one transaction after another, whoever else is at work.

SQLite has one writer at a time anyway. PostgreSQL's transactions see what others committed before
each statement, not what they are about to: two that decide by reading what the other writes would
both go ahead.
"""

from enum import IntEnum

from sqlalchemy import Connection, Function, func, select


class Turn(IntEnum):
    """What turns are taken for; the numbers are ours among the advisory locks of the database."""

    MIGRATION = 0x5FCC01
    REQUEST = 0x5FCC03
    QUESTION = 0x5FCC04
    CONVERSION = 0x5FCC05
    PAUSE = 0x5FCC06


def take_turn(connection: Connection, turn: Turn, name: str) -> None:
    """Wait until no other transaction has this turn under this name, and have it to the end.

    The end is after the commit is seen by all, so who comes next decides by what we wrote.
    """
    _lock(connection, func.pg_advisory_xact_lock(int(turn), func.hashtext(name)))


def share_turn(connection: Connection, turn: Turn, name: str) -> None:
    """The same beside others who share it: only who takes the turn waits, and is waited for."""
    _lock(connection, func.pg_advisory_xact_lock_shared(int(turn), func.hashtext(name)))


def _lock(connection: Connection, lock: Function[None]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(lock))

"""A database that many machines share: PostgreSQL, found on whichever host is the primary now.

The address is libpq's own: a URL may name several hosts. What it leaves open is set here, so that a
lost host is noticed within seconds and no transaction waits or stays open for ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import ExceptionContext

from bridge.errors import ConnectionLost, SettingsInvalid

DEFAULTS: dict[str, str | int] = {  # PostgreSQL, 32.1.2: parameter key words; times in seconds
    "application_name": "bridge",
    "target_session_attrs": "read-write",  # of several hosts, the one that is the primary
    "connect_timeout": 3,  # for each host
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds until unanswered data ends a connection
}
SECRET_PARAMETERS = frozenset({"password", "sslpassword"})
_WARNINGS = "warnings"
IDLE_IN_TRANSACTION = 60.0
"""Seconds until the server ends a session that neither works nor ends its transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one process asks of the server; seconds, None for no limit."""

    lock_timeout: float
    statement_timeout: float | None
    connections: int


def open_postgresql(url: str, password: str | None, limits: Limits) -> Engine:
    """Open the database at libpq's `url` through a pool; nothing is connected yet.

    Raises SettingsInvalid for a URL that libpq does not understand, or that holds a password.
    """
    parameters = DEFAULTS | _parameters(url)
    if password is not None:
        parameters["password"] = password
    engine = create_engine(
        "postgresql+psycopg://",
        creator=partial(psycopg.connect, **parameters),
        hide_parameters=True,
        pool_size=limits.connections,
        max_overflow=0,
        pool_timeout=limits.lock_timeout,
        pool_use_lifo=True,
    )
    event.listen(engine, "connect", lambda raw, record: _configure(raw, record.info, limits))
    event.listen(engine, "handle_error", _leave_out_values)
    return engine


def _parameters(url: str) -> dict[str, Any]:
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        raise SettingsInvalid(
            "database_url: write postgresql://user@host:5432/database, several hosts with commas"
        ) from None
    if SECRET_PARAMETERS & given.keys():
        raise SettingsInvalid(
            "database_url: leave the password out, and say with database_password where it is"
            " (env:NAME or file:/path)"
        )
    return given


_SESSION = """
    SELECT set_config('lock_timeout', %s, false),
           set_config('statement_timeout', %s, false),
           set_config('idle_in_transaction_session_timeout', %s, false),
           set_config('TimeZone', 'UTC', false),
           set_config('synchronous_commit', CASE current_setting('synchronous_commit')
                      WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false)
"""


def _configure(connection: psycopg.Connection[Any], info: dict[str, Any], limits: Limits) -> None:
    """Say how long anything may take here, and that a commit is one when it is on disk."""
    warnings: list[str | None] = info.setdefault(_WARNINGS, [])
    connection.add_notice_handler(lambda notice: warnings.append(notice.severity_nonlocalized))
    times = (limits.lock_timeout, limits.statement_timeout, IDLE_IN_TRANSACTION)
    connection.execute(_SESSION, [_milliseconds(seconds) for seconds in times])
    connection.commit()


@contextmanager
def kept_by_standbys(connection: Connection) -> Iterator[None]:
    """Raise ConnectionLost when a commit came back before a synchronous standby had it.

    When an operator cancels the wait for the standby, a warning is all that tells: the order is
    stored here, but a fail-over might lose it (PostgreSQL, 26.2.8).
    """
    warnings = connection.info.get(_WARNINGS, [])
    warnings.clear()
    yield
    if "WARNING" in warnings:
        raise ConnectionLost("The database cannot be used now: its standby does not answer.")


def _milliseconds(seconds: float | None) -> str:
    return "0" if seconds is None else str(max(int(seconds * 1000), 1))  # 0 is for ever


def _leave_out_values(context: ExceptionContext) -> None:
    # The server's details show the values of the row that was refused.
    error, told = context.original_exception, context.sqlalchemy_exception
    if isinstance(error, psycopg.Error) and error.diag.message_primary:
        error.args = (error.diag.message_primary,)
        if told is not None:
            told.args = (f"({type(error).__name__}) {error.diag.message_primary}", *told.args[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A server's setting without which a stored order may be lost, and what to do about it."""

    setting: str
    allowed: frozenset[str]
    advice: str


REQUIREMENTS = (
    Requirement(  # PostgreSQL, 19.5.1: write-ahead log settings
        setting="fsync",
        allowed=frozenset({"on"}),
        advice="a power cut would lose orders: set fsync = on",
    ),
    Requirement(
        setting="full_page_writes",
        allowed=frozenset({"on"}),
        advice="a power cut could damage pages for good: set full_page_writes = on",
    ),
    Requirement(
        setting="synchronous_commit",
        allowed=frozenset({"on", "remote_apply"}),
        advice="a commit would not be durable: let the bridge set synchronous_commit = on",
    ),
    Requirement(
        setting="server_encoding",
        allowed=frozenset({"UTF8"}),
        advice="names would be damaged: make the database with ENCODING 'UTF8'",
    ),
)


def broken_requirement(connection: Connection) -> Requirement | None:
    """Answer what keeps commits of this connection from being durable, if anything."""
    names = [requirement.setting for requirement in REQUIREMENTS]
    rows = connection.execute(
        text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)"), {"names": names}
    )
    found = {row.name: row.setting for row in rows}
    return next((one for one in REQUIREMENTS if found[one.setting] not in one.allowed), None)

"""A database in one file on this machine: SQLite, durable at every commit."""

import os
import sqlite3
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from bridge.errors import SettingsInvalid

PRAGMAS: dict[str, str | int] = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "secure_delete": "ON",
    "cache_size": -16_384,  # KiB, for each connection
    "journal_size_limit": 64 * 1024 * 1024,
}

LOOK_AGAIN = 0.001
"""Seconds between looks whether another's write transaction is over."""


def open_sqlite(address: URL, lock_timeout: float) -> Engine:
    """Open the file at `address`, made with its folder (0600) where it is missing.

    Raises SettingsInvalid for a path that cannot be created, and for none.
    """
    if address.database in {None, "", ":memory:"}:
        raise SettingsInvalid("database_url: orders in memory would be lost, write sqlite:///path")
    _create_file(Path(address.database or ""))
    engine = create_engine(address, hide_parameters=True)
    event.listen(engine, "connect", lambda raw, _: _configure(raw, lock_timeout))
    event.listen(engine, "begin", partial(_begin, lock_timeout=lock_timeout))
    return engine


def _create_file(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise SettingsInvalid(f"database_url: {path} cannot be opened: {error.strerror}") from error


def _configure(connection: sqlite3.Connection, lock_timeout: float) -> None:
    # The driver would begin deferred transactions by itself; we begin every one in `_begin`.
    connection.isolation_level = None
    # First of all, because switching to WAL may already have to wait.
    _wait_at_most(connection, lock_timeout)
    for pragma, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {pragma} = {value}")


def _wait_at_most(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def _begin(connection: Connection, lock_timeout: float) -> None:
    if connection.get_execution_options().get("reads", False):
        connection.exec_driver_sql("BEGIN")
        return
    # SQLite itself looks less and less often, in the end ten times a second: who has waited longest
    # would be the last to find the lock free.
    raw = cast("sqlite3.Connection", connection.connection.driver_connection)
    patient_until = monotonic() + lock_timeout
    _wait_at_most(raw, 0)
    try:
        while _kept_out(raw) and monotonic() < patient_until:
            sleep(LOOK_AGAIN)
        if not raw.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # fails again, in SQLAlchemy's words
    finally:
        _wait_at_most(raw, lock_timeout)


def _kept_out(connection: sqlite3.Connection) -> bool:
    """Try to begin; answer whether another's transaction keeps us out, and not something else."""
    # A writer takes the lock at once: upgrading a read lock later fails without waiting.
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.DatabaseError as error:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    return False


def empty_log(engine: Engine) -> None:
    """Drop older versions of pages from the write-ahead log, as soon as no reader needs them."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()

"""Opening, migrating and checking the database, and what a transaction is here.

`open_database` makes an engine whose commits are on disk when they return. `writing` and `reading`
are the only two kinds of transaction; both turn a database that cannot serve into StoreUnavailable.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from bridge.errors import SettingsInvalid, StoreUnavailable

LOCK_TIMEOUT = 5.0
"""Seconds a transaction waits for another's lock, unless told otherwise."""

PRAGMAS: dict[str, str | int] = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "secure_delete": "ON",
    "cache_size": -16_384,  # KiB, for each connection
    "journal_size_limit": 64 * 1024 * 1024,
}

_CAUSES = {
    "SQLITE_BUSY": "another process holds its lock",
    "SQLITE_LOCKED": "another connection holds its lock",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "it may not be written to",
    "SQLITE_IOERR": "the disk reports an error",
    "SQLITE_CANTOPEN": "its file cannot be opened",
    "SQLITE_CORRUPT": "its file is damaged",
    "SQLITE_NOTADB": "its file is not a database",
}


def open_database(url: str, *, lock_timeout: float = LOCK_TIMEOUT) -> Engine:
    """Open the SQLite database at `url` (sqlite:///path), creating folder and file (0600).

    A transaction that waits longer than `lock_timeout` seconds for another's lock fails.

    Raises SettingsInvalid for any other URL and for a path that cannot be created.
    """
    address = _address(url)
    _create_file(Path(address.database or ""))
    engine = create_engine(address, hide_parameters=True)
    event.listen(engine, "connect", lambda raw, _: _configure(raw, lock_timeout))
    event.listen(engine, "begin", _begin)
    return engine


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise SettingsInvalid("database: write a URL such as sqlite:///var/bridge.db") from error
    if address.get_backend_name() != "sqlite":
        raise SettingsInvalid("database: only SQLite is supported, write sqlite:///path/to/file")
    if address.database in {None, "", ":memory:"}:
        raise SettingsInvalid("database: orders in memory would be lost, write sqlite:///path")
    return address


def _create_file(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise SettingsInvalid(f"database: {path} cannot be opened: {error.strerror}") from error


def _configure(connection: sqlite3.Connection, lock_timeout: float) -> None:
    # The driver would begin deferred transactions by itself; we begin every one in `_begin`.
    connection.isolation_level = None
    # First of all, because switching to WAL may already have to wait.
    connection.execute(f"PRAGMA busy_timeout = {int(lock_timeout * 1000)}")
    for pragma, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {pragma} = {value}")


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: upgrading a read lock later fails without waiting.
    reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Run one write transaction: durable when the block is left, undone when it raises."""
    with _availability(), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Run one read transaction: a single snapshot that neither waits for writers nor blocks."""
    with _availability(), engine.connect().execution_options(reads=True) as connection:
        yield connection


@contextmanager
def _availability() -> Iterator[None]:
    try:
        yield
    except PoolExhausted as error:
        raise StoreUnavailable("The database has no free connection; try again.") from error
    except (DatabaseError, InterfaceError) as error:
        if not isinstance(error, OperationalError | InterfaceError) and not _damaged(error):
            raise
        raise StoreUnavailable(f"The database cannot be used now: {_cause(error)}.") from error


def _damaged(error: DatabaseError) -> bool:
    return getattr(error.orig, "sqlite_errorname", "") in {"SQLITE_CORRUPT", "SQLITE_NOTADB"}


def _cause(error: DatabaseError | InterfaceError) -> str:
    # Extended codes read SQLITE_IOERR_WRITE and the like: the table knows their first two words.
    name = str(getattr(error.orig, "sqlite_errorname", ""))
    return _CAUSES.get("_".join(name.split("_")[:2]), name or type(error.orig).__name__)


def migrate(engine: Engine) -> str:
    """Bring the schema up to date and answer its revision; safe in several processes at once.

    One transaction holds the write lock from reading the revision on, so that of two processes
    the second finds nothing left to do. Raises SettingsInvalid for a schema newer than this
    program.
    """
    config = _alembic()
    head = _head(config)
    with writing(engine) as connection:
        _require_known(connection, config)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return head


def require_current(engine: Engine) -> None:
    """Raise SettingsInvalid unless the schema is the one this program was written for."""
    config = _alembic()
    with reading(engine) as connection:
        _require_known(connection, config)
        revision = MigrationContext.configure(connection).get_current_revision()
    if revision != _head(config):
        raise SettingsInvalid("The database's schema is not up to date: run `bridge migrate`.")


def _require_known(connection: Connection, config: Config) -> None:
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise SettingsInvalid(
            f"The database's schema ({revision}) is newer than this program: install the release"
            " that made it, or a later one, then run `bridge migrate`."
        )


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", "bridge.outbox:migrations")
    return config


def _head(config: Config) -> str:
    head = ScriptDirectory.from_config(config).get_current_head()
    if head is None:
        raise SettingsInvalid("The migrations are missing from this installation: reinstall it.")
    return head

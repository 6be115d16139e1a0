"""Opening, migrating and checking the database, and what a transaction is here.

`open_database` makes an engine whose commits are on disk when they return. `writing` and `reading`
are the only two kinds of transaction; both turn a database that cannot serve into StoreUnavailable.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bridge.errors import SettingsInvalid
from bridge.outbox.postgresql import (
    Limits,
    broken_requirement,
    kept_by_standbys,
    open_postgresql,
)
from bridge.outbox.sqlite_file import open_sqlite
from bridge.outbox.turns import Turn, take_turn
from bridge.outbox.unavailable import availability

LOCK_TIMEOUT = 5.0
"""Seconds a transaction waits for another's lock, unless told otherwise."""

CONNECTIONS = 10
"""How many connections to PostgreSQL a process keeps at most, unless told otherwise."""

_READING: dict[str, dict[str, Any]] = {
    "sqlite": {"reads": True},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def open_database(
    url: str,
    *,
    password: str | None = None,
    lock_timeout: float = LOCK_TIMEOUT,
    statement_timeout: float | None = None,
    connections: int = CONNECTIONS,
) -> Engine:
    """Open the database at `url`: sqlite:///path, or postgresql://... as libpq takes it.

    A transaction that waits longer than `lock_timeout` seconds for another's lock fails. The other
    arguments are PostgreSQL's. SQLite's file is made where it is missing.

    Raises SettingsInvalid for any other URL, one with a password, or a path that cannot be created.
    """
    if url.startswith(("postgresql:", "postgres:")):
        limits = Limits(
            lock_timeout=lock_timeout,
            statement_timeout=statement_timeout,
            connections=connections,
        )
        return open_postgresql(url, password, limits)
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise SettingsInvalid(
            "database_url: write a URL such as sqlite:///var/bridge.db"
        ) from error
    if address.get_backend_name() != "sqlite":
        raise SettingsInvalid(
            "database_url: only SQLite (sqlite:///path/to/file) and PostgreSQL"
            " (postgresql://user@host/database) are supported"
        )
    return open_sqlite(address, lock_timeout)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Run one write transaction: durable when the block is left, undone when it raises."""
    with availability(), engine.connect() as connection, connection.begin() as transaction:
        yield connection
        with kept_by_standbys(connection):
            transaction.commit()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Run one read transaction: a single snapshot that neither waits for writers nor blocks."""
    options = _READING[engine.dialect.name]
    with availability(), engine.connect().execution_options(**options) as connection:
        yield connection


def require_durable(engine: Engine) -> None:
    """Raise SettingsInvalid where a commit would not be on disk, whatever the server says of it."""
    if engine.dialect.name == "sqlite":
        return
    with reading(engine) as connection:
        broken = broken_requirement(connection)
    if broken is not None:
        raise SettingsInvalid(f"The database's {broken.setting} is wrong: {broken.advice}.")


def migrate(engine: Engine) -> str:
    """Bring the schema up to date and answer its revision; safe in several processes at once.

    One transaction lets nobody else migrate from reading the revision on, so that of two processes
    the second finds nothing left to do. Raises SettingsInvalid for a schema newer than this
    program.
    """
    config = _alembic()
    head = _head(config)
    with writing(engine) as connection:
        _take_migration_turn(connection)
        _require_known(connection, config)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return head


def _take_migration_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # another's migration may take its time
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        take_turn(connection, Turn.MIGRATION, "")
        connection.execute(text(f"SET LOCAL lock_timeout = {int(LOCK_TIMEOUT * 1000)}"))


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

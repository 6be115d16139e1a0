"""PostgreSQL for tests: one server for all tests of a process, or one of one's own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from bridge.outbox.database import migrate, open_database
from loadtests.postgres_server import PostgresServer, following_server, running_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server for all tests of a process; each takes a database of its own."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def run_postgres() -> Callable[..., AbstractContextManager[PostgresServer]]:
    """Start a server of one's own, with settings of one's own: to stop, kill or set wrongly."""
    return running_server


@pytest.fixture(scope="session")
def follow_postgres() -> Callable[[PostgresServer], AbstractContextManager[PostgresServer]]:
    """Start a standby of a server."""
    return following_server


@pytest.fixture(scope="session")
def migrated_template(postgres: PostgresServer) -> str:
    """The name of a migrated database to copy."""
    name = postgres.create_database()
    engine = open_database(postgres.url(name))
    migrate(engine)
    engine.dispose()
    return name


@pytest.fixture
def empty_postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The URL of a new database without any table."""
    name = postgres.create_database()
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def postgres_url(postgres: PostgresServer, migrated_template: str) -> Iterator[str]:
    """The URL of a new, migrated database, as `database_url` in the settings."""
    name = postgres.create_database(migrated_template)
    yield postgres.url(name)
    postgres.drop_database(name)

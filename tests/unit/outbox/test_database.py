"""Opening either database: what is refused, how it is migrated, and what readers see."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import IntegrityError

from bridge.errors import SettingsInvalid
from bridge.outbox.database import (
    migrate,
    open_database,
    reading,
    require_current,
    require_durable,
    writing,
)
from bridge.outbox.schema import destinations

PAUSE = insert(destinations).values(id="meta", pauses=1)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bridge.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("no url at all", "write a URL such as sqlite:///"),
        ("mysql://server/bridge", "only SQLite"),
        ("sqlite://", "orders in memory would be lost"),
        ("sqlite:///:memory:", "orders in memory would be lost"),
        ("postgresql://user@host:port/bridge?nonsense=1", "several hosts with commas"),
        ("postgresql://user:canary@host/bridge", "say with database_password where it is"),
        ("postgresql://user@host/bridge?sslpassword=canary", "leave the password out"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused_with_advice(address: str, advice: str) -> None:
    with pytest.raises(SettingsInvalid, match=advice) as error:
        open_database(address)
    assert "canary" not in str(error.value)


def test_an_empty_database_asks_for_bridge_migrate(empty_url: str) -> None:
    engine = open_database(empty_url)
    with pytest.raises(SettingsInvalid, match="run `bridge migrate`"):
        require_current(engine)
    engine.dispose()


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(PAUSE)
    migrate(engine)
    require_current(engine)
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM destinations")) == 1


@pytest.mark.parametrize("check", [migrate, require_current])
def test_a_schema_newer_than_the_program_is_left_alone(
    engine: Engine, check: Callable[[Engine], object]
) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsInvalid, match="newer than this program"):
        check(engine)


def test_several_processes_may_migrate_at_once(empty_url: str) -> None:
    program = (
        "import sys; from bridge.outbox.database import *;"
        "engine = open_database(sys.argv[1]); migrate(engine); require_current(engine)"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, empty_url], stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in running]
    assert ends == [(b"", 0)] * 2


def test_readers_neither_wait_for_a_writer_nor_see_what_it_has_not_committed(
    engine: Engine,
) -> None:
    with writing(engine) as writer:
        writer.execute(PAUSE)
        with reading(engine) as reader:
            assert reader.scalar(text("SELECT count(*) FROM destinations")) == 0


def test_errors_never_show_what_was_to_be_stored(engine: Engine) -> None:
    twice = insert(destinations).values([{"id": "canary", "pauses": 1}] * 2)
    with pytest.raises(IntegrityError) as error, writing(engine) as connection:
        connection.execute(twice)
    assert "canary" not in str(error.value)


def test_a_healthy_database_is_durable(engine: Engine) -> None:
    require_durable(engine)

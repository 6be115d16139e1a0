"""Opening the database: what a commit promises, who may read the file, and what goes wrong."""

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import IntegrityError

from bridge.errors import SettingsInvalid, StoreUnavailable
from bridge.outbox.database import (
    migrate,
    open_database,
    reading,
    require_current,
    writing,
)
from bridge.outbox.schema import destinations

PAUSE = insert(destinations).values(id="meta", pauses=1)


def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("busy_timeout", 5000),
    ],
)
def test_every_connection_commits_durably_and_erases_what_it_deletes(
    engine: Engine, pragma: str, value: object
) -> None:
    with reading(engine) as first, reading(engine) as second:
        assert first.scalar(text(f"PRAGMA {pragma}")) == value
        assert second.scalar(text(f"PRAGMA {pragma}")) == value


def test_the_folder_and_every_file_of_the_database_are_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "bridge.db"
    engine = open_database(url(path))
    migrate(engine)
    names = {file.name for file in path.parent.iterdir()}
    modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    engine.dispose()
    assert names >= {"bridge.db", "bridge.db-wal"}
    assert modes == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_mode_of_an_existing_file_is_left_to_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "bridge.db"
    path.touch(mode=0o640)
    open_database(url(path)).dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("no url at all", "write a URL such as sqlite:///"),
        ("mysql://server/bridge", "only SQLite"),
        ("sqlite://", "orders in memory would be lost"),
        ("sqlite:///:memory:", "orders in memory would be lost"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused_with_advice(address: str, advice: str) -> None:
    with pytest.raises(SettingsInvalid, match=advice):
        open_database(address)


def test_a_path_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsInvalid, match=r"file/bridge\.db cannot be opened"):
        open_database(url(tmp_path / "file" / "bridge.db"))


def test_an_empty_database_asks_for_bridge_migrate(tmp_path: Path) -> None:
    engine = open_database(url(tmp_path / "bridge.db"))
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


def test_several_processes_may_migrate_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; from bridge.outbox.database import *;"
        "engine = open_database(sys.argv[1]); migrate(engine); require_current(engine)"
    )
    path = url(tmp_path / "bridge.db")
    running = [
        subprocess.Popen([sys.executable, "-c", program, path], stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in running]
    assert ends == [(b"", 0)] * 2


def test_a_writer_takes_the_lock_at_its_start_not_at_its_first_write(database_url: str) -> None:
    engine = open_database(database_url, lock_timeout=0)
    refused = pytest.raises(StoreUnavailable, match="another process holds its lock")
    with writing(engine), refused, writing(engine):
        pass
    engine.dispose()


def test_readers_neither_wait_for_a_writer_nor_see_what_it_has_not_committed(
    engine: Engine,
) -> None:
    with writing(engine) as writer:
        writer.execute(PAUSE)
        with reading(engine) as reader:
            assert reader.scalar(text("SELECT count(*) FROM destinations")) == 0


@pytest.mark.parametrize(
    ("pragma", "cause"),
    [("max_page_count = 1", "the disk is full"), ("query_only = ON", "it may not be written to")],
)
def test_a_write_that_cannot_be_done_says_why_and_leaves_nothing(
    engine: Engine, pragma: str, cause: str
) -> None:
    rows = [{"id": f"{i:0>4000}", "pauses": 1} for i in range(50)]

    def write() -> None:
        with writing(engine) as connection:
            connection.execute(text(f"PRAGMA {pragma}"))
            connection.execute(insert(destinations), rows)

    with pytest.raises(StoreUnavailable, match=cause):
        write()
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM destinations")) == 0


def test_a_file_that_is_no_database_is_reported_as_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "bridge.db"
    path.write_bytes(b"no database, but long enough to be taken for one" * 100)
    engine = open_database(url(path))
    with pytest.raises(StoreUnavailable, match="not a database"), reading(engine):
        pass
    engine.dispose()


def test_errors_never_show_what_was_to_be_stored(engine: Engine) -> None:
    twice = insert(destinations).values([{"id": "canary", "pauses": 1}] * 2)
    with pytest.raises(IntegrityError) as error, writing(engine) as connection:
        connection.execute(twice)
    assert "canary" not in str(error.value)

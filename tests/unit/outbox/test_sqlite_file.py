"""SQLite's file: what a commit promises, who may read it, and what goes wrong with it."""

import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert, text

from bridge.errors import SettingsInvalid, StoreUnavailable
from bridge.outbox.database import migrate, open_database, reading, writing
from bridge.outbox.schema import destinations
from bridge.outbox.sqlite_file import empty_log


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


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


def test_a_path_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsInvalid, match=r"file/bridge\.db cannot be opened"):
        open_database(url(tmp_path / "file" / "bridge.db"))


def test_a_writer_takes_the_lock_at_its_start_not_at_its_first_write(database_url: str) -> None:
    engine = open_database(database_url, lock_timeout=0)
    refused = pytest.raises(StoreUnavailable, match="another process holds its lock")
    with writing(engine), refused, writing(engine):
        pass
    engine.dispose()


def test_who_waits_for_the_lock_looks_for_it_again_and_again(database_url: str) -> None:
    engine = open_database(database_url, lock_timeout=1)
    looks: list[str] = []

    def watch(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(looks.append)

    with writing(engine):
        event.listen(engine, "connect", watch)
        with pytest.raises(StoreUnavailable, match="another process holds"), writing(engine):
            pass
    engine.dispose()
    assert looks.count("BEGIN IMMEDIATE") > 10  # SQLite by itself looks a dozen times, seen as one


def test_whoever_had_the_lock_waits_for_all_else_as_long_as_before(engine: Engine) -> None:
    with writing(engine) as connection:
        assert connection.scalar(text("PRAGMA busy_timeout")) == 5000
    refused = pytest.raises(StoreUnavailable)
    impatient = open_database(str(engine.url), lock_timeout=0.1)
    with writing(engine), refused, writing(impatient):
        pass
    with reading(impatient) as connection:
        assert connection.scalar(text("PRAGMA busy_timeout")) == 100
    impatient.dispose()


def test_a_file_that_was_written_over_is_told_and_not_waited_for(engine: Engine) -> None:
    empty_log(engine)
    Path(str(engine.url.database)).write_bytes(b"no database" * 10_000)
    with pytest.raises(StoreUnavailable, match="its file is"), writing(engine):
        pass


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

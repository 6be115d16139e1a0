"""The file behind a workspace's books.

Making the tables takes longer than anything else in a workspace's life, so they are made once in a
process: every new file begins as a copy of that one.
"""

import contextlib
import secrets
import sqlite3
import tempfile
import threading
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path

_SUFFIXES = ("", "-wal", "-shm")
_FORGOTTEN = ".forgotten"
_DISCARDS = "discards-books"


def open_books(path: Path) -> sqlite3.Connection:
    """The books at `path`, new and empty where there are none.

    They must survive their process, not a power cut: synchronous is off.
    """
    if not path.exists():
        path.write_bytes(_blank())
        return _connect(path)
    connection = _connect(path)
    _make_tables(connection)  # books of an earlier version may lack some
    return connection


def remove_books(path: Path) -> None:
    """Remove the file at `path` and what SQLite keeps beside it."""
    _remove([Path(f"{path}{suffix}") for suffix in _SUFFIXES])


def set_aside(path: Path) -> list[Path]:
    """Move the file at `path` out of the way, open or not; where it lies now, with its companions.

    SQLite tidies up behind no file that was moved: the next one at `path` is safe from it.
    """
    return [_moved(Path(f"{path}{suffix}")) for suffix in _SUFFIXES]


def discard(connection: sqlite3.Connection, aside: Sequence[Path]) -> None:
    """Close and remove what was set aside, in a thread: a large file's blocks take long to free."""
    threading.Thread(target=_close_and_remove, args=(connection, aside), name=_DISCARDS).start()


def remove_forgotten(directory: Path) -> None:
    """Remove what a process left behind that ended while it forgot."""
    _remove(list(directory.glob(f"*{_FORGOTTEN}-*")))


def _moved(path: Path) -> Path:
    aside = path.with_name(f"{path.name}{_FORGOTTEN}-{secrets.token_hex(4)}")
    with contextlib.suppress(FileNotFoundError):
        path.rename(aside)
    return aside


def _close_and_remove(connection: sqlite3.Connection, paths: Sequence[Path]) -> None:
    connection.close()
    _remove(paths)


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA journal_mode = WAL")
    return connection


def _make_tables(connection: sqlite3.Connection) -> None:
    schema = resources.files("mock_platform").joinpath("schema.sql").read_text()
    connection.executescript(f"BEGIN;{schema}COMMIT;")


@cache
def _blank() -> bytes:
    with tempfile.TemporaryDirectory(prefix="mock-platform-") as directory:
        path = Path(directory) / "blank.sqlite"
        connection = _connect(path)
        _make_tables(connection)
        connection.close()
        return path.read_bytes()

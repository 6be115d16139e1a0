"""The file behind a workspace's books.

Making the tables takes longer than anything else in a workspace's life, so they are made once in a
process: every new file begins as a copy of that one.
"""

import sqlite3
import tempfile
from functools import cache
from importlib import resources
from pathlib import Path


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
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


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

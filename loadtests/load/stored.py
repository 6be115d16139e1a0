"""How much an installation has on disk."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

FILE = "bridge.sqlite3"


def stored(directory: Path, url: str | None) -> int:
    """Answer the bytes of the PostgreSQL database at `url`, or of the SQLite file in `directory`.

    SQLite's log is moved into the file before, so that it counts once.
    """
    if url is None:
        with closing(sqlite3.connect(directory / FILE)) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return (directory / FILE).stat().st_size
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return int(row[0]) if row else 0

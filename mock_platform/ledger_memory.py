"""What deduplication remembers, in the books of a workspace."""

import sqlite3

from mock_platform.rules.dedup import Remembered, Source


class LedgerMemory:
    """What deduplication remembers, on the ledger's connection and inside its transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def find(self, key: str) -> Remembered | None:
        """The event that holds `key`."""
        row = self._connection.execute(
            "SELECT event, source, received_at, event_time FROM memory WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        return Remembered(
            event=row[0], source=Source(row[1]), received_at=row[2], event_time=row[3]
        )

    def remember(self, key: str, remembered: Remembered) -> None:
        """Let an event hold `key`."""
        self._connection.execute(
            "INSERT OR REPLACE INTO memory VALUES (?, ?, ?, ?, ?)",
            (
                key,
                remembered.event,
                remembered.source.value,
                remembered.received_at,
                remembered.event_time,
            ),
        )

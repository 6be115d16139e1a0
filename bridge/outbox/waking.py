"""Waking the senders on all machines as soon as there is something to send.

A bell that nobody hears loses nothing: senders look by themselves every `idle_wait`.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

CHANNEL = "bridge_orders"
BETWEEN_RINGS = 0.2
"""Seconds at least between two rings of a process: a NOTIFY holds up all commits for a moment."""

LISTEN_AGAIN = 1.0
"""Seconds between looks whether to stop, and before a lost connection is opened again."""


class Bell:
    """Rings for all senders, from a thread of its own so that no order waits for it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pulled = threading.Event()
        if engine.dialect.name == "postgresql":
            threading.Thread(target=self._ring, name="bell", daemon=True).start()

    def pull(self) -> None:
        """Return at once; the bell rings in a moment, once for all who pulled meanwhile."""
        self._pulled.set()

    def _ring(self) -> None:
        while self._pulled.wait():
            self._pulled.clear()
            try:
                with self._engine.begin() as connection:
                    connection.execute(text(f"NOTIFY {CHANNEL}"))
            except SQLAlchemyError:
                pass  # the senders look by themselves
            time.sleep(BETWEEN_RINGS)


def listen(engine: Engine, wake: Callable[[], None], stop: threading.Event) -> None:
    """Call `wake` whenever the bell rings, until told to stop; SQLite has no bell."""
    while engine.dialect.name == "postgresql" and not stop.is_set():
        try:
            _listen(engine, wake, stop)
        except (SQLAlchemyError, psycopg.Error):
            stop.wait(LISTEN_AGAIN)


def _listen(engine: Engine, wake: Callable[[], None], stop: threading.Event) -> None:
    pooled = engine.raw_connection()
    connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]  # the engine is psycopg's
    pooled.detach()
    with connection:
        connection.autocommit = True
        connection.execute(f"LISTEN {CHANNEL}".encode())
        wake()  # for what was rung while nobody listened
        while not stop.is_set():
            for _ in connection.notifies(timeout=LISTEN_AGAIN, stop_after=1):
                wake()

"""Senders are woken at once, by whichever process took an order."""

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text

from bridge.clock import system_clock
from bridge.identity.pseudonymise import Keys
from bridge.operate.settings import Hook, Settings
from bridge.outbox.database import open_database, writing
from bridge.outbox.queries import Queries
from bridge.outbox.records import Record
from bridge.outbox.store import Store
from bridge.outbox.waking import Bell, listen
from bridge.pipeline import Prepared
from bridge.wiring import Installation, open_outbox

LONG = 120
CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
)


class Ear:
    """Hears every ring, and stops at the end of the test."""

    def __init__(self, url: str) -> None:
        self.heard = threading.Semaphore(0)
        self.stop = threading.Event()
        self._engine = open_database(url)
        self._thread = threading.Thread(
            target=listen, args=(self._engine, self.heard.release, self.stop)
        )
        self._thread.start()
        self.await_ring()  # it calls once as soon as it listens

    def await_ring(self) -> None:
        assert self.heard.acquire(timeout=LONG)

    def close(self) -> None:
        self.stop.set()
        self._thread.join(LONG)
        self._engine.dispose()


@pytest.fixture
def ear(postgres_url: str) -> Iterator[Ear]:
    ear = Ear(postgres_url)
    yield ear
    ear.close()


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


def test_an_order_taken_wakes_who_listens(
    ear: Ear, engine: Engine, store: Store, keys: Keys, make_record: Callable[..., Record]
) -> None:
    installation = Installation(
        settings=Settings(hook=Hook(store_timeout=LONG, shed_after=LONG)),
        clock=system_clock,
        engine=engine,
        store=store,
        queries=Queries(engine),
        keys=keys,
    )
    outbox = open_outbox(installation)
    outbox.submit([Prepared(record=make_record(), warnings=(), omissions=())])
    ear.await_ring()
    outbox.close()


def test_who_listens_goes_on_after_its_connection_was_cut(ear: Ear, engine: Engine) -> None:
    with writing(engine) as connection:
        assert connection.scalar(CUT)
    ear.await_ring()
    Bell(engine).pull()
    ear.await_ring()


def test_sqlite_has_nobody_to_wake(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    listen(engine, pytest.fail, threading.Event())
    Bell(engine).pull()
    engine.dispose()

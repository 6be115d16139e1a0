"""What a kill cannot show: a commit that returned is on the disk, or the bridge says no.

SIGKILL leaves the kernel's memory as it was. So the server itself is asked how far it has flushed.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from bridge.clock import system_clock
from bridge.errors import SettingsInvalid, StoreUnavailable
from bridge.operate.health import Readiness
from bridge.outbox.database import migrate, open_database
from bridge.outbox.store import Store
from bridge.wsgi import make_app

FLUSHED = "SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()"
CANCEL_THE_WAIT = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
LAZY = {"synchronous_commit": "off", "wal_writer_delay": "10s"}


@pytest.fixture
def lazy(run_postgres: Callable[..., Any]) -> Iterator[Any]:
    """A server that flushes commits when it likes, unless a session insists."""
    with run_postgres(**LAZY) as server:
        engine = open_database(server.url())
        migrate(engine)
        engine.dispose()
        yield server


def flushed_after_a_lazy_commit(server: Any) -> bool:
    with psycopg.connect(server.url()) as connection:
        connection.execute("INSERT INTO audit (at, act, subject) VALUES (0, 'a', 'b')")
    [[flushed]] = server.execute(FLUSHED)
    return bool(flushed)


def test_when_recording_returns_the_order_is_flushed_though_the_server_is_lazy(lazy: Any) -> None:
    engine = open_database(lazy.url())
    for _ in range(3):
        assert not all(flushed_after_a_lazy_commit(lazy) for _ in range(20)), "nothing to prove"
        Store(engine, system_clock).try_writing()
        assert lazy.execute(FLUSHED) == [(True,)]
    engine.dispose()


def test_a_server_that_does_not_flush_is_refused_and_found_out_while_running(
    lazy: Any, installed: Callable[[str], Any]
) -> None:
    installation = installed(lazy.url())
    health = make_app(installation).extensions["health"]
    assert health.ready() is Readiness.READY

    lazy.execute("ALTER SYSTEM SET fsync = off")
    lazy.stop()
    lazy.start()

    with pytest.raises(SettingsInvalid, match="fsync is wrong: a power cut would lose orders"):
        installed(lazy.url())
    answers = {health.ready() for _ in range(2)}  # the first may meet a connection that was cut
    assert Readiness.STORE_NOT_DURABLE in answers
    assert Readiness.READY not in answers


def test_an_order_that_only_the_primary_has_is_not_acknowledged(
    lazy: Any, wait_until: Callable[..., None]
) -> None:
    lazy.stop()
    lazy.settings["synchronous_standby_names"] = "gone"
    lazy.start()
    engine = open_database(lazy.url())
    store = Store(engine, system_clock)
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(store.try_writing)
        wait_until(lambda: lazy.execute(CANCEL_THE_WAIT) == [(True,)], "the commit waits")
        with pytest.raises(StoreUnavailable, match="its standby does not answer"):
            written.result(60)
    engine.dispose()

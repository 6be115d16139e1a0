"""Four sender processes, one destination that throttles: all of them leave it alone.

The database says when each pause and each request was committed, on one clock; the mock says when
requests arrived.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest

from bridge.clock import system_clock
from bridge.operate.settings import Settings
from bridge.wiring import open_installation
from bridge.wsgi import make_app
from mock_platform.client import MockWorkspace

SENDERS = 4
ORDERS = 40
WINDOW = 2
WATCH = """
    CREATE TABLE watched (what text, until_us bigint);
    CREATE FUNCTION watch_pause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO watched VALUES ('pause', NEW.paused_until); RETURN NULL; END $$;
    CREATE TRIGGER watch AFTER INSERT OR UPDATE ON destinations
        FOR EACH ROW WHEN (NEW.paused_until IS NOT NULL) EXECUTE FUNCTION watch_pause();
    CREATE FUNCTION watch_request() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO watched VALUES ('request', NULL); RETURN NULL; END $$;
    CREATE TRIGGER watch AFTER UPDATE ON deliveries FOR EACH ROW
        WHEN (OLD.unanswered_since IS NULL AND NEW.unanswered_since IS NOT NULL)
        EXECUTE FUNCTION watch_request();
"""
WATCHED = """
    SELECT what, extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1e6, until_us FROM watched
"""
"""What was committed, when (xmin is the transaction), and until when a pause was to last."""


def microseconds(request: dict[str, Any]) -> float:
    return datetime.fromisoformat(request["received_at"]).timestamp() * 1e6


@pytest.fixture
def settings(
    shared_database: str,
    settings: Settings,
    make_destination: Callable[..., Any],
    workspace: MockWorkspace,
) -> Settings:
    one = make_destination(base_url=workspace.url, batch_size=2)
    changes = {
        "database_url": shared_database,
        "encryption_keys": ("env:MASTER_KEY",),
        "destinations": (one,),
    }
    return settings.model_copy(update=changes)


@pytest.fixture
def senders(settings: Settings, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    destinations = [one.model_dump(mode="json") for one in settings.destinations]
    environment = os.environ | {
        "BRIDGE_DATA_DIR": str(tmp_path),
        "BRIDGE_DESTINATIONS": orjson.dumps(destinations).decode(),
        "BRIDGE_SENDER": '{"idle_wait": 0.05}',
    }
    with ExitStack() as running, (tmp_path / "senders.log").open("w") as log:
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "bridge", "work"], env=environment, stdout=log, stderr=log
            )
            for _ in range(SENDERS)
        ]
        for process in started:
            running.callback(process.wait, 60)
            running.callback(process.terminate)
        yield started


@pytest.fixture
def run_sql(shared_database: str) -> Callable[[str], list[tuple[Any, ...]]]:
    def run(statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(shared_database, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture
def taken(
    settings: Settings,
    clock: Any,
    make_caller: Callable[..., Any],
    make_order: Callable[..., dict[str, Any]],
) -> Iterator[Callable[[], int]]:
    """Have a hook take orders all at once; answers how many."""
    clock.at = system_clock()
    installation = open_installation(settings, clock)

    def take() -> int:
        made = [
            make_order(order_no=f"T-{number}", placed_at=clock().isoformat())
            for number in range(ORDERS)
        ]
        answer = make_caller(make_app(installation)).send(made, "/v1/orders/batch")
        assert {one["code"] for one in answer.json} == {202}
        return ORDERS

    yield take
    installation.engine.dispose()


def test_no_sender_begins_a_request_while_one_of_them_has_paused_the_destination(
    senders: list[subprocess.Popen[bytes]],
    taken: Callable[[], int],
    workspace: MockWorkspace,
    run_sql: Callable[[str], list[tuple[Any, ...]]],
    wait_until: Callable[..., None],
) -> None:
    run_sql(WATCH)
    listening = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    wait_until(lambda: run_sql(listening) == [(SENDERS,)], "all senders listen")
    throttled = {"error": "business_throttled", "retry_after": WINDOW, "times": 2}
    workspace.fault("error", **throttled, regain_minutes=0, usage=0)
    orders = taken()
    open_ones = "SELECT count(*) FROM deliveries WHERE state IN ('pending', 'leased')"
    wait_until(lambda: run_sql(open_ones) == [(0,)], "everything is delivered")

    watched = run_sql(WATCHED)
    pauses = [(float(at), until) for what, at, until in watched if what == "pause"]
    requests = [float(at) for what, at, _ in watched if what == "request"]
    assert len(pauses) >= 1
    assert len(requests) >= orders
    assert [at for at in requests for start, end in pauses if start < at < end] == []
    for start, end in pauses:
        arrived = [r for r in workspace.requests() if start < microseconds(r) < end]
        assert len(arrived) < SENDERS, "each of the others may have had one under way"

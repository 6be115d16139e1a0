"""The primary dies under load and its standby takes over: what was acknowledged is there."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from threading import Event, Lock
from typing import Any

import pytest
import requests

from loadtests.orders import orders
from mock_platform.client import MockWorkspace

from .books import counted_once, nothing_open, owed

CLIENTS = 8
ENOUGH = 24


@pytest.fixture
def primary(run_postgres: Callable[..., Any]) -> Iterator[Any]:
    with run_postgres(synchronous_standby_names="", wal_level="replica") as server:
        yield server


@pytest.fixture
def standby(primary: Any, follow_postgres: Callable[..., Any]) -> Iterator[Any]:
    """A server that has every commit of the primary before the primary says it is one."""
    with follow_postgres(primary) as server:
        primary.stop()
        primary.settings["synchronous_standby_names"] = "*"
        primary.start()
        yield server


class Clients:
    """Send orders at once, each until it is acknowledged, as a cartridge's sweep job does."""

    def __init__(self, bridge: Any) -> None:
        self._bridge = bridge
        self._orders = orders(10_000, 31, datetime.now(UTC), site_id="RefArch")
        self._lock = Lock()
        self.stop = Event()
        self.acknowledged: list[requests.Response] = []
        self.put_off: list[requests.Response] = []

    def run(self) -> None:
        while not self.stop.is_set():
            with self._lock:
                order = next(self._orders)
            for _ in count():
                answer = self._bridge.send(order)
                if answer.status_code != 503:
                    break
                self.put_off.append(answer)
            self.acknowledged.append(answer)


def test_a_failover_under_load_loses_no_acknowledged_order_and_the_sender_goes_on(
    share: Callable[[str], None],
    primary: Any,
    standby: Any,
    bridge_up: Callable[..., Any],
    workspace: MockWorkspace,
    wait_until: Callable[..., None],
) -> None:
    share(f"postgresql://postgres@/postgres?host={primary.folder},{standby.folder}")
    bridge = bridge_up(workspace.url)
    clients = Clients(bridge)
    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(clients.run) for _ in range(CLIENTS)]
        try:
            wait_until(lambda: len(clients.acknowledged) > ENOUGH, "orders are acknowledged")
            primary.kill()
            wait_until(lambda: len(clients.put_off) > CLIENTS, "the hook says that it cannot")
            before = len(clients.acknowledged)
            assert standby.execute("SELECT pg_promote()") == [(True,)]
            wait_until(
                lambda: len(clients.acknowledged) > before + ENOUGH, "orders are taken again"
            )
        finally:
            clients.stop.set()
        for one in running:
            one.result(120)

    assert all(int(answer.headers["Retry-After"]) > 0 for answer in clients.put_off)
    wait_until(lambda: nothing_open(bridge), "the sender goes on by itself")
    counted_once(bridge, workspace, owed(clients.acknowledged))

"""A disk without room, or only to read: the hook says so, keeps nothing by halves, and goes on."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from bridge.aftermath.audit import audit
from bridge.wiring import Installation

MakeOrder = Callable[..., dict[str, Any]]
ENOUGH = 500


def fill_up(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA max_page_count = 1")  # no page more than there are


@pytest.fixture
def full_disk(app: Flask, installation: Installation) -> Callable[[], None]:
    """Let the database grow no more; call it to have room again."""
    event.listen(installation.engine, "connect", fill_up)
    installation.engine.dispose()

    def make_room() -> None:
        event.remove(installation.engine, "connect", fill_up)
        installation.engine.dispose()

    return make_room


def test_a_full_disk_is_503_without_half_an_order_and_heals_by_itself(
    full_disk: Callable[[], None],
    caller: Any,
    installation: Installation,
    make_order: MakeOrder,
) -> None:
    answers = []
    while len(answers) < ENOUGH and (not answers or answers[-1].status_code == 202):
        answers.append(caller.send(make_order(order_no=f"FULL-{len(answers)}")))

    refused = answers.pop()
    assert (refused.status_code, refused.get_json()["code"]) == (503, "store_unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    assert "the disk is full" in refused.get_json()["detail"]
    assert caller.client.get("/metrics").status_code == 200
    assert installation.queries.overview().orders == len(answers)

    full_disk()
    assert caller.send(make_order(order_no=f"FULL-{len(answers)}")).status_code == 202
    report = audit(installation.queries, caller.clock())
    assert (report.ok, report.orders) == (True, len(answers) + 1)


def only_to_read(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA query_only = ON")


def test_a_read_only_store_is_503_without_half_an_order_and_heals_by_itself(
    caller: Any, installation: Installation, make_order: MakeOrder
) -> None:
    assert caller.send(make_order(order_no="1")).status_code == 202
    event.listen(installation.engine, "connect", only_to_read)
    installation.engine.dispose()

    refused = caller.send(make_order(order_no="2"))
    assert (refused.status_code, refused.get_json()["code"]) == (503, "store_unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    assert "may not be written to" in refused.get_json()["detail"]
    assert caller.client.get("/health/ready").get_json() == {"status": "store_not_writable"}
    assert caller.client.get("/metrics").status_code == 200
    assert installation.queries.overview().orders == 1
    assert installation.queries.order_status("2") == []

    event.remove(installation.engine, "connect", only_to_read)
    installation.engine.dispose()
    assert caller.send(make_order(order_no="2")).status_code == 202
    assert caller.client.get("/health/ready").get_json() == {"status": "ready"}
    report = audit(installation.queries, caller.clock())
    assert (report.ok, report.orders) == (True, 2)


def test_metrics_answer_though_the_store_cannot_even_be_read(
    caller: Any, installation: Installation, make_order: MakeOrder
) -> None:
    def told() -> list[str]:
        answer = caller.client.get("/metrics")
        assert answer.status_code == 200
        return [line for line in answer.text.splitlines() if not line.startswith("#")]

    caller.send(make_order())
    assert "bridge_store_up 1.0" in told()
    path = installation.settings.data_dir / "bridge.sqlite3"
    installation.engine.dispose()
    kept = path.rename(path.with_suffix(".kept"))
    path.write_bytes(b"no database at all, but long enough to be looked at" * 100)

    lines = told()
    assert "bridge_store_up 0.0" in lines
    assert 'bridge_hook_orders_total{outcome="accepted",site="RefArch"} 1.0' in lines
    assert not [line for line in lines if line.startswith("bridge_deliveries")]

    installation.engine.dispose()
    kept.rename(path)
    assert "bridge_store_up 1.0" in told()

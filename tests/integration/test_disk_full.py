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

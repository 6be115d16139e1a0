"""Bridges on one PostgreSQL: as many as wanted, as if they were one."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from loadtests.orders import orders
from mock_platform.client import MockWorkspace

from .books import counted_once, nothing_open, owed


def test_two_bridges_on_one_database_deliver_every_order_once(
    shared_database: str,
    bridge_up: Callable[..., Any],
    workspace: MockWorkspace,
    wait_until: Callable[..., None],
) -> None:
    bridges = [bridge_up(workspace.url) for _ in range(2)]
    made = list(orders(60, 21, datetime.now(UTC), site_id="RefArch"))

    answers = [bridge.send(order) for order in made for bridge in bridges]

    wait_until(lambda: nothing_open(bridges[0]), "everything is delivered")
    assert [answer.status_code for answer in answers] == [202, 200] * 60
    counted_once(bridges[1], workspace, owed(answers[::2]))
    assert [bridge.stop() for bridge in bridges] == [0, 0]

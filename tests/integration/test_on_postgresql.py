"""Bridges on one PostgreSQL: as many as wanted, as if they were one."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson

from loadtests.orders import orders
from mock_platform.client import MockWorkspace


def test_two_bridges_on_one_database_deliver_every_order_once(
    shared_database: str,
    bridge_up: Callable[..., Any],
    workspace: MockWorkspace,
    wait_until: Callable[..., None],
) -> None:
    bridges = [bridge_up(workspace.url) for _ in range(2)]
    made = list(orders(60, 21, datetime.now(UTC), site_id="RefArch"))

    answers = [bridge.send(order) for order in made for bridge in bridges]

    def nothing_open() -> bool:
        counts = orjson.loads(bridges[0].run("status", "--json").stdout)["by_state"].get("meta", {})
        return not counts.keys() & {"pending", "leased", "held"}

    wait_until(nothing_open, "everything is delivered", 120)
    assert [answer.status_code for answer in answers] == [202, 200] * 60
    taken = [answer.json() for answer in answers[::2]]
    owed = {one["event_id"] for one in taken if one["deliveries"][0]["state"] != "skipped"}
    counted = [event["event_id"] for event in workspace.counted()]
    assert len(counted) == len(set(counted))
    assert set(counted) == owed
    assert bridges[1].run("audit").returncode == 0
    assert [bridge.stop() for bridge in bridges] == [0, 0]

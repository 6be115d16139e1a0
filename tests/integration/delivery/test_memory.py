"""A sender's memory: what a batch needs, whatever else is waiting."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ColumnElement, case, insert, select

from bridge.operate.destinations import Destination
from bridge.operate.settings import Settings
from bridge.outbox.database import writing
from bridge.outbox.schema import deliveries, orders
from bridge.outbox.states import State
from mock_platform.client import MockWorkspace

BATCH = 10
FEW = 400
COPIES = 25
HELD = 7  # one of so many is held


@pytest.fixture
def settings(
    tmp_path: Path,
    workspace: MockWorkspace,
    token_file: Path,
    site: Any,
    make_destination: Callable[..., Destination],
) -> Settings:
    destination = make_destination(
        base_url=workspace.url, token=f"file:{token_file}", batch_size=BATCH
    )
    return Settings(data_dir=tmp_path, sites=(site,), destinations=(destination,))


def flood(sender: Any) -> None:
    """Let many more orders wait than there are, all like these."""
    o, d = orders.c, deliveries.c
    with writing(sender.installation.engine) as connection:
        for copy in range(1, COPIES + 1):
            first = copy * FEW
            number = o.order_no + f"-{copy}"
            its_order = {"id": o.id + first, "order_no": number, "conversion_no": number}
            its_delivery = {"id": d.id + first, "order_id": d.order_id + first}
            its_delivery |= {"order_no": d.order_no + f"-{copy}", "state": kept_back()}
            for table, changed in ((orders, its_order), (deliveries, its_delivery)):
                row = {column.name: column for column in table.c} | changed
                old = select(*row.values()).where(table.c.id <= FEW)
                connection.execute(insert(table).from_select(list(row), old))


def kept_back() -> ColumnElement[str]:
    return case((deliveries.c.id % HELD == 0, State.HELD), else_=State.PENDING)


def peak(sender: Any) -> int:
    """The most memory that a batch took, with all that a sender does beside it."""
    worker = sender.worker()
    tracemalloc.start()
    try:
        assert worker.rounds(sender.destination).run_once() == BATCH
        worker._release()
        worker._sweep()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_sender_needs_no_more_memory_however_much_waits(sender: Any) -> None:
    sender.take(FEW)
    peak(sender)
    few = peak(sender)
    flood(sender)
    assert peak(sender) < 1.5 * few

"""Migrations: from every revision there ever was, with rows in every state, nothing is lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Table, func, insert, select

from bridge.outbox.database import migrate, open_database, reading, require_current, writing
from bridge.outbox.queries import Queries
from bridge.outbox.schema import EPOCH, MICROSECOND
from bridge.outbox.states import State
from bridge.outbox.store import Store

Dial = Any  # the conftest's clock
CONFIG = Config()
CONFIG.set_main_option("script_location", "bridge.outbox:migrations")
REVISIONS = sorted(one.revision for one in ScriptDirectory.from_config(CONFIG).walk_revisions())
HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of each kind that nothing was migrated in yet."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("empty_postgres_url")
    engine = open_database(url)
    yield engine
    engine.dispose()


def fill(engine: Engine, revision: str, now: int) -> None:
    """Bring the schema to a revision, and store an order with a delivery in every state."""
    config = Config()
    config.set_main_option("script_location", "bridge.outbox:migrations")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        tables = MetaData()
        tables.reflect(connection)
        orders, deliveries = tables.tables["orders"], tables.tables["deliveries"]
        for number, state in enumerate(State, start=1):
            connection.execute(insert(orders).values(order_row(orders, number, now)))
            row = delivery_row(deliveries, number, state, now)
            connection.execute(insert(deliveries).values(row))


def order_row(table: Table, number: int, now: int) -> dict[str, object]:
    row: dict[str, object] = {
        "id": number,
        "site_id": "RefArch",
        "kind": "order",
        "order_no": f"{number}",
        "reference": "",
        "event_id": f"event-{number}",
        "placed_at": now,
        "received_at": now,
        "facts": b"{}",
        "identities": b"{}",
        "sealed": b"sealed",
        "wanted": 1,
        "conversion_no": f"{number}",
    }
    return {name: value for name, value in row.items() if name in table.c}


def delivery_row(table: Table, number: int, state: State, now: int) -> dict[str, object]:
    leased = {"lease_owner": "gone", "lease_until": now} if state is State.LEASED else {}
    ended = {"settled_at": now, "reason": "why"} if state not in {"pending", "leased"} else {}
    row = {
        "id": number,
        "order_id": number,
        "destination": "meta",
        "site_id": "RefArch",
        "order_no": f"{number}",
        "state": state.value,
        "attempts": 1,
        "crashes": 0,
        "next_attempt_at": now,
        "fence": 1,
        "deadline": now + HOUR // MICROSECOND,
        "first_sent_at": now,
    }
    return {name: value for name, value in (row | leased | ended).items() if name in table.c}


@pytest.mark.parametrize("revision", REVISIONS)
def test_rows_in_every_state_survive_and_go_on(old: Engine, revision: str, dial: Dial) -> None:
    fill(old, revision, (dial() - EPOCH) // MICROSECOND)

    assert migrate(old) == REVISIONS[-1]

    require_current(old)
    with Queries(old).snapshot() as snapshot:
        states = [one.state for order in snapshot.orders for one in order.deliveries]
    assert states == list(State)
    dial.turn(minutes=1)
    store = Store(old, dial, lambda _: dial())
    claimed = [
        one.event_id
        for _ in range(3)
        for one in store.claim("meta", limit=9, owner="me", lease=HOUR)
    ]
    assert sorted(claimed) == ["event-2", "event-3"], "the pending one, and the one stranded"
    store.expire(dial.turn(hours=2))
    with reading(old) as connection:
        tables = MetaData()
        tables.reflect(connection)
        count = select(func.count()).select_from(tables.tables["deliveries"])
        assert connection.scalar(count) == len(State)

"""However many orders have one address or conversion: a statement takes only so many values.

PostgreSQL takes 65,535 of them, and SQLite here as few as it ever did.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Column, Engine, Table, event, func, select, text

from bridge.identity.subject import SubjectKey, SubjectKind
from bridge.outbox import conversions
from bridge.outbox.database import open_database, reading, writing
from bridge.outbox.lock_order import lock_deliveries, lock_orders, of_orders
from bridge.outbox.records import Record
from bridge.outbox.schema import audit, deliveries, orders, subject_keys
from bridge.outbox.store import Store

from .test_lock_order import FACTS

Maker = Callable[..., Record]
MANY = 1200
NUMBERS = f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})"


def columns(table: Table, *without: str) -> str:
    return ", ".join(one.name for one in table.columns if one.name not in without)


def held(engine: Engine, column: Column[Any]) -> set[object]:
    with reading(engine) as connection:
        return set(connection.scalars(select(column).distinct()))


@pytest.fixture
def many(store: Store, engine: Engine, make_record: Maker) -> None:
    """One order stored as ever, and as many more of the same shopper and conversion."""
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "checkout")
        def limit(connection: Any, *_: object) -> None:
            connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)

    store.record([make_record(facts=FACTS)])
    same = columns(orders, "id", "order_no")
    copy = (
        f"{NUMBERS} INSERT INTO orders (order_no, {same}) SELECT 'no-' || i, {same} FROM orders, n"
    )
    with writing(engine) as connection:
        connection.execute(text(copy))
        for table, own in ((deliveries, ("id", "order_id")), (subject_keys, ("order_id",))):
            same = columns(table, *own)
            others = "(SELECT id FROM orders WHERE order_no LIKE 'no-%') AS o"
            copy = f"INSERT INTO {table} (order_id, {same}) SELECT o.id, {same} FROM "
            connection.execute(text(f"{copy} (SELECT {same} FROM {table}) AS first, {others}"))


@pytest.mark.usefixtures("many")
def test_all_orders_of_a_shared_address_are_forgotten(store: Store, engine: Engine) -> None:
    erased = store.erase([SubjectKey(SubjectKind.EMAIL, 1, "digest-1")])

    assert (erased.orders, erased.cancelled, erased.left) == (MANY, MANY, 0)
    assert len(set(erased.forgotten)) == MANY
    assert held(engine, orders.c.sealed) == {None}
    assert held(engine, orders.c.identities) == {b"{}"}
    assert held(engine, deliveries.c.state) == {"cancelled"}
    assert held(engine, subject_keys.c.digest) == set()
    with reading(engine) as connection:
        assert connection.scalar(select(func.count(audit.c.subject.distinct()))) == MANY


@pytest.mark.usefixtures("many")
def test_all_that_is_about_a_conversion_follows_when_it_turns_out_to_be_another(
    engine: Engine, make_record: Maker
) -> None:
    with writing(engine) as connection:
        conversions.join(connection, [make_record("1", replaces="0")])

    assert held(engine, orders.c.conversion_no) == {"0"}
    assert held(engine, deliveries.c.order_no) == {"0"}


def test_more_orders_than_a_statement_takes_values_are_locked_in_one(postgres_url: str) -> None:
    numbers, engine = range(70_000), open_database(postgres_url)
    with writing(engine) as connection:
        lock_orders(connection, numbers)
        lock_deliveries(connection, of_orders(numbers))
    engine.dispose()

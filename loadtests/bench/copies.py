"""A backlog of any size without hours of traffic: what waits already, copied in the database.

Every copy is a whole order of its own with number, event id, identities, sealed remainder, subject
keys and deliveries; only its person is another's. Order numbers and deadlines grow as in a shop
that goes on selling, subject keys are anywhere.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing

from sqlalchemy import Engine, text

from bridge.outbox.database import writing

PORTION = 100
"""Copies of everything in one transaction: with 100 orders to copy, 10,000."""
_NUMBERS = """
    WITH RECURSIVE numbers(n) AS (
        SELECT CAST(:first AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < :last
    )
"""
_ORDERS = f"""
    INSERT INTO orders (id, site_id, kind, order_no, reference, event_id, placed_at, received_at,
        currency, gross, facts, identities, sealed, wanted, conversion_no)
    {_NUMBERS}
    SELECT id + n * :span, site_id, kind, (1000000 + n) || '.' || order_no, reference,
        event_id || '.' || n,
        placed_at, received_at, currency, gross, facts, identities, sealed, wanted,
        (1000000 + n) || '.' || order_no
    FROM orders, numbers WHERE id <= :span
"""  # noqa: S608  # of constants
_DELIVERIES = f"""
    INSERT INTO deliveries (id, order_id, destination, site_id, order_no, state, attempts, crashes,
        next_attempt_at, fence, deadline)
    {_NUMBERS}
    SELECT id + n * :deliveries, order_id + n * :span, destination, site_id,
        (1000000 + n) || '.' || order_no, state, attempts, crashes, next_attempt_at, fence,
        :latest + (id + n * :deliveries) * 1000
    FROM deliveries, numbers WHERE id <= :deliveries AND order_id <= :span
"""  # noqa: S608  # of constants
_SUBJECTS = f"""
    INSERT INTO subject_keys (order_id, kind, version, digest)
    {_NUMBERS}
    SELECT order_id + n * :span, kind, version, substr(digest, 1 + CAST(n % 32 AS INTEGER)) || n
    FROM subject_keys, numbers WHERE order_id <= :span
"""  # noqa: S608  # of constants
_STATEMENTS = (_ORDERS, _DELIVERIES, _SUBJECTS)
_NEXT_NUMBER = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
_EXTENT = """
    SELECT max(order_id) AS span, max(id) AS deliveries, max(deadline) AS latest FROM deliveries
"""
_WAITING = "SELECT count(*) FROM deliveries WHERE state = 'pending'"


Numbers = Mapping[str, int]


def waiting(engine: Engine) -> int:
    """Count what waits to be sent."""
    with engine.connect() as connection:
        return int(connection.execute(text(_WAITING)).scalar_one())


def multiply(engine: Engine, wanted: int) -> None:
    """Copy what there is until `wanted` deliveries wait, or a few more.

    Nobody else may use a SQLite file meanwhile: no page is written twice.
    """
    each = waiting(engine)
    copies = max(-(-wanted // each) - 1, 0)
    with engine.connect() as connection:
        of_each = dict(connection.execute(text(_EXTENT)).mappings().one())
    portions = [
        {**of_each, "first": first, "last": min(first + PORTION - 1, copies)}
        for first in range(1, copies + 1, PORTION)
    ]
    if engine.dialect.name == "sqlite":
        _into_a_file(engine, portions)
    else:
        _into_a_server(engine, portions)


def _into_a_file(engine: Engine, portions: Iterable[Numbers]) -> None:
    engine.dispose()
    with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
            connection.execute(f"PRAGMA {pragma}")
        for numbers in portions:
            connection.execute("BEGIN")
            for statement in _STATEMENTS:
                connection.execute(statement, numbers)
            connection.execute("COMMIT")


def _into_a_server(engine: Engine, portions: Iterable[Numbers]) -> None:
    for numbers in portions:
        with writing(engine) as connection:
            for statement in _STATEMENTS:
                connection.execute(text(statement), numbers)
    with writing(engine) as connection:
        for table in ("orders", "deliveries"):
            connection.execute(text(_NEXT_NUMBER.format(table=table)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))  # as the server has long done by itself
        connection.execute(text("CHECKPOINT"))

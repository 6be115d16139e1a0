"""Plans on PostgreSQL, where no statistics are there yet: on a new database, after a flood."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from bridge.outbox.database import reading, writing
from bridge.outbox.store import Store

FLOOD = 5000
STATEMENTS = (
    """
    INSERT INTO orders (id, site_id, kind, order_no, reference, event_id, placed_at, received_at,
                        facts, identities, wanted, conversion_no)
    SELECT n, 'RefArch', 'order', n, '', n, 0, 0, '', '', 1, n
    FROM generate_series(1, :flood) n
    """,
    """
    INSERT INTO deliveries (id, order_id, destination, site_id, order_no, state, attempts, crashes,
                            next_attempt_at, fence, deadline, report_until)
    SELECT n, n, 'meta', 'RefArch', n, CASE n % 2 WHEN 0 THEN 'pending' ELSE 'accepted' END, 0, 0,
           0, 0, n, CASE n % 2 WHEN 0 THEN NULL ELSE n END
    FROM generate_series(1, :flood) n
    """,
)


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def flooded(engine: Engine) -> Engine:
    with writing(engine) as connection:
        for statement in STATEMENTS:
            connection.execute(text(statement), {"flood": FLOOD})
    return engine


@pytest.fixture
def claiming(flooded: Engine, store: Store) -> Iterator[list[str]]:
    """The plans of how a claim chooses."""
    seen: list[tuple[str, Any]] = []

    def remember(*args: Any) -> None:
        seen.append((args[2], args[3]))

    event.listen(flooded, "before_cursor_execute", remember)
    assert len(store.claim("meta", limit=100, owner="me", lease=timedelta(minutes=1))) == 100
    event.remove(flooded, "before_cursor_execute", remember)
    with reading(flooded) as connection:
        yield [
            "\n".join(connection.exec_driver_sql(f"EXPLAIN {asked}", values).scalars())
            for asked, values in seen
            if asked.startswith("WITH") or "SKIP LOCKED" in asked
        ]


def test_a_claim_after_a_flood_reads_no_more_than_it_takes(claiming: list[str]) -> None:
    assert not [plan for plan in claiming if "Seq Scan" in plan]
    due = next(plan for plan in claiming if "Limit" in plan and "Anti Join" in plan)
    assert "Sort" not in due
    lines = [line for line in due.splitlines() if "Index Cond" in line]
    assert "site_id" in lines[0]
    assert ["order_no" in line for line in lines] == [False, True, True]

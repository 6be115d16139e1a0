"""Plans on SQLite: what runs at every claim, settlement and sweep never reads a whole table."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bridge.identity.subject import SubjectKey, SubjectKind
from bridge.order.model import Kind
from bridge.outbox.database import reading
from bridge.outbox.queries import Queries
from bridge.outbox.records import AcceptedRequest, Claim, Record
from bridge.outbox.states import State
from bridge.outbox.store import Store

Maker = Callable[..., Record]
Claimer = Callable[..., list[Claim]]
Settler = Callable[..., set[int]]
Dial = Any  # the conftest's clock
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
Statements = list[tuple[str, Any]]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def statements(engine: Engine) -> Iterator[Statements]:
    """What the database was asked, with the values of one execution each."""
    seen: Statements = []

    def remember(*args: Any) -> None:
        _connection, _cursor, statement, values, _context, many = args
        if statement.startswith(("SELECT", "UPDATE", "WITH")):
            seen.append((statement, values[0] if many else values))

    event.listen(engine, "before_cursor_execute", remember)
    yield seen
    event.remove(engine, "before_cursor_execute", remember)


def plans(engine: Engine, statements: Statements) -> list[str]:
    with reading(engine) as connection:
        return [
            row.detail
            for statement, values in statements.copy()
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]


def test_the_work_of_a_sender_uses_indexes_only(
    store: Store, engine: Engine, statements: Statements, make_record: Maker, settle: Settler
) -> None:
    store.record([make_record()])
    store.record([make_record(destinations=("meta", "google"))])
    [claimed] = store.claim("meta", limit=10, owner="me", lease=MINUTE)
    settle(claimed, State.REJECTED)
    store.record([make_record(kind=Kind.REFUND, reference="r", replaces="2")])
    store.release_adjustments(claimed.deadline)
    store.expire(claimed.deadline)
    store.purge(claimed.deadline)
    used = plans(engine, statements)
    # each site once; what is in the hands of senders
    fine = ("CONSTANT", "SCAN sites", "SCAN deliveries USING INDEX ix_deliveries_leases")
    scans = [step for step in used if step.startswith("SCAN")]
    assert [step for step in scans if not any(part in step for part in fine)] == []


def test_the_work_of_the_hook_uses_indexes_only(
    store: Store, engine: Engine, statements: Statements, make_record: Maker
) -> None:
    known = [make_record(number) for number in ("1", "2")]
    store.record(known)
    statements.clear()
    store.record(known)
    refunds = [make_record(number, kind=Kind.REFUND, reference="r") for number in ("1", "2")]
    edits = [make_record(f"{number}a", replaces=number) for number in ("1", "2")]
    store.record([*refunds, *edits])
    store.erase([SubjectKey(SubjectKind.EMAIL, 1, f"nobody-{number}") for number in ("1", "2")])
    Queries(engine).known_orders([("RefArch", number) for number in ("1", "2")])
    scans = [step for step in plans(engine, statements) if step.startswith("SCAN")]
    made_up = ("CONSTANT", "(subquery")
    assert [step for step in scans if not any(part in step for part in made_up)] == []


def test_the_work_of_asking_for_reports_uses_indexes_only(
    store: Store, engine: Engine, statements: Statements, dial: Dial
) -> None:
    number = store.reserve_request("meta", per_minute=2)
    assert isinstance(number, int)
    request = AcceptedRequest(
        number=number,
        request_id="r-1",
        delivery_ids=(1, 2),
        ask_at=dial(),
        ask_until=dial() + MINUTE,
    )
    store.settle([], accepted=request)
    found = store.due_request("meta", per_minute=2, lease=MINUTE)
    assert found
    store.awaiting(found)
    store.put_off_request(found, until=dial())
    store.end_reports(dial() + MINUTE)
    store.forget_requests(dial() + MINUTE)
    used = plans(engine, statements)
    made_up = ("SCAN CONSTANT ROW", "SCAN (subquery")
    assert [step for step in used if step.startswith("SCAN") and not step.startswith(made_up)] == []


def test_due_deliveries_of_a_site_are_read_in_the_order_of_their_index(
    store: Store, engine: Engine, statements: Statements, make_record: Maker
) -> None:
    store.record([make_record()])
    store.claim("meta", limit=10, owner="me", lease=MINUTE)
    due = next(s for s in statements if "state IN ('pending')" in s[0] and "ORDER BY" in s[0])
    used = plans(engine, [due])
    assert "ix_deliveries_due (destination=? AND site_id=?)" in used[0]
    assert not [step for step in used if "TEMP B-TREE" in step]


def test_each_site_with_something_pending_is_one_step_into_the_index(
    store: Store, engine: Engine, statements: Statements
) -> None:
    store.claim("meta", limit=10, owner="me", lease=MINUTE)
    sites = next(s for s in statements if s[0].startswith("WITH"))
    used = [step for step in plans(engine, [sites]) if "deliveries" in step]
    assert len(used) == 2
    assert all("INDEX ix_deliveries_due (destination=?" in step for step in used)
    assert "site_id>?" in used[1]


def test_who_goes_first_is_looked_up_in_the_index_of_the_lines(
    store: Store, engine: Engine, statements: Statements, make_record: Maker
) -> None:
    store.record([make_record()])
    store.claim("meta", limit=10, owner="me", lease=MINUTE)
    due = next(s for s in statements if "EXISTS" in s[0] and "order_no" in s[0])
    used = plans(engine, [due])
    for index in ("ix_deliveries_serial", "ix_deliveries_unreported"):
        assert any(index in step for step in used)


def test_what_was_held_before_is_looked_up_by_its_order_not_among_all_that_is_held(
    store: Store, engine: Engine, statements: Statements, make_record: Maker
) -> None:
    store.record(
        [make_record(deliveries=(replace(make_record().deliveries[0], state=State.HELD),))]
    )
    store.release_adjustments(make_record().received_at)
    used = plans(engine, [s for s in statements if "EXISTS" in s[0]])
    assert any("ix_deliveries_held (order_no=? AND destination=? AND site_id" in s for s in used)


def test_what_was_purged_is_not_looked_at_again(
    store: Store, engine: Engine, statements: Statements, make_record: Maker
) -> None:
    store.purge(make_record().received_at)
    assert "ix_deliveries_unpurged (deadline<?)" in plans(engine, statements)[0]


def test_deleting_old_orders_looks_at_a_portion_by_their_numbers(
    store: Store, engine: Engine, statements: Statements, make_record: Maker
) -> None:
    store.record([make_record(number) for number in "12"])
    statements.clear()
    store.forget_orders(make_record().received_at + 800 * DAY, kept_for=DAY)
    scans = [step for step in plans(engine, statements) if step.startswith("SCAN")]
    assert [step for step in scans if step != "SCAN portion"] == []


def test_counting_by_state_reads_an_index_instead_of_the_rows(
    queries: Queries, engine: Engine, statements: Statements
) -> None:
    queries.overview()
    used = plans(engine, [s for s in statements if "GROUP BY" in s[0]])
    assert [step for step in used if "deliveries" in step and "COVERING INDEX" not in step] == []


def test_the_nearest_deadline_of_each_site_is_one_step_into_an_index(
    store: Store, queries: Queries, engine: Engine, statements: Statements, make_record: Maker
) -> None:
    store.record([make_record()])
    statements.clear()
    queries.overview()
    used = plans(engine, [s for s in statements if "ORDER BY deliveries.deadline" in s[0]])
    assert used == ["SEARCH deliveries USING INDEX ix_deliveries_due (destination=? AND site_id=?)"]

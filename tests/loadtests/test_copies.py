"""A copied backlog is one that the bridge itself could have stored."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bridge.clock import system_clock
from bridge.identity.subject import SubjectKey, SubjectKind
from bridge.order.model import Kind, OrderKey
from bridge.outbox.database import migrate, open_database
from bridge.outbox.records import NewDelivery, Record
from bridge.outbox.schema import deliveries, orders, subject_keys
from bridge.outbox.states import State
from bridge.outbox.store import Store
from loadtests.bench.copies import multiply, waiting

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)


def record(order_no: str) -> Record:
    return Record(
        key=OrderKey(site_id="RefArch", kind=Kind.ORDER, order_no=order_no, reference=""),
        event_id=order_no,
        placed_at=NOW,
        received_at=NOW,
        currency="USD",
        gross="1",
        facts=b"{}",
        identities=b"{}",
        sealed=b"x",
        subjects=(SubjectKey(SubjectKind.EMAIL, 1, sha256(order_no.encode()).hexdigest()),),
        deliveries=tuple(
            NewDelivery(
                destination=destination,
                state=State.PENDING,
                reason=None,
                not_before=NOW,
                deadline=NOW + timedelta(days=365),
            )
            for destination in ("meta", "google")
        ),
    )


@pytest.mark.parametrize("fixture", ["sqlite", "empty_postgres_url"])
def test_copies_are_whole_orders_that_can_be_claimed_and_stored_beside_others(
    fixture: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    sqlite = f"sqlite:///{tmp_path / 'bridge.sqlite3'}"
    engine = open_database(sqlite if fixture == "sqlite" else request.getfixturevalue(fixture))
    migrate(engine)
    store = Store(engine, system_clock)
    store.record([record("A"), record("B")])
    multiply(engine, 501)
    assert waiting(engine) == 504
    with engine.connect() as connection:
        counts = [
            connection.scalar(select(func.count(func.distinct(column))))
            for column in (orders.c.order_no, deliveries.c.order_no, subject_keys.c.digest)
        ]
    assert counts == [252, 252, 252]
    claims = store.claim("meta", limit=500, owner="me", lease=timedelta(minutes=1))
    assert len({one.event_id for one in claims}) == 252
    [new] = store.record([record("C")])
    assert not new.duplicate
    engine.dispose()

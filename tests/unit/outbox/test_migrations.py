"""Migrations: from every revision there ever was, with rows in every state, nothing is lost.

Whoever still runs the release before goes on beside the new one.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, Table, insert, select, update

from bridge.outbox.database import migrate, open_database, reading, require_current, writing
from bridge.outbox.operating import Act
from bridge.outbox.queries import Queries
from bridge.outbox.records import Claim, Settlement
from bridge.outbox.schema import EPOCH, MICROSECOND
from bridge.outbox.states import DEAD_LETTERS, OPEN, State
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


def schema_at(engine: Engine, revision: str) -> MetaData:
    """Bring the schema to a revision, and answer the tables a program of that time knows."""
    config = Config()
    config.set_main_option("script_location", "bridge.outbox:migrations")
    known = MetaData()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        known.reflect(connection)
    return known


def fill(engine: Engine, known: MetaData, now: int) -> None:
    """Store an order with a delivery in every state, and a row in every other table."""
    tables = known.tables
    with writing(engine) as connection:
        for number, state in enumerate(State, start=1):
            add(connection, tables["orders"], order_row(number, now))
            add(connection, tables["deliveries"], delivery_row(number, state, now))
            subject = {"order_id": number, "kind": "email", "version": 1, "digest": f"{number}"}
            add(connection, tables["subject_keys"], subject)
        add(connection, tables["destinations"], {"id": "google", "paused_until": now, "pauses": 2})
        add(connection, tables["requests"], request_row(now))
        add(connection, tables["audit"], {"at": now, "act": "retry", "subject": "delivery 7"})


def add(connection: Connection, table: Table, row: dict[str, object]) -> None:
    """Insert what a program that knows this table would."""
    connection.execute(insert(table).values({n: v for n, v in row.items() if n in table.c}))


def order_row(number: int, now: int) -> dict[str, object]:
    return {
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


def delivery_row(number: int, state: State, now: int) -> dict[str, object]:
    leased = {"lease_owner": "gone", "lease_until": now} if state is State.LEASED else {}
    ended = {"settled_at": now, "reason": "why"} if state not in {"pending", "leased"} else {}
    reported = {"report_until": now, "request_id": "r-1"} if state is State.ACCEPTED else {}
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
        "payload": b"event",
    }
    return row | leased | ended | reported


def request_row(now: int) -> dict[str, object]:
    return {
        "destination": "google",
        "request_id": "r-1",
        "sent_at": now,
        "delivery_ids": [1],
        "outcome": "accepted",
        "ask_at": now,
        "ask_until": now,
    }


def everything(engine: Engine, known: MetaData) -> dict[str, list[Any]]:
    """Every row, as a program that knows these tables reads it."""
    with reading(engine) as connection:
        return {
            name: sorted(connection.execute(select(table)).all(), key=str)
            for name, table in known.tables.items()
            if name != "alembic_version"
        }


def claim_all(store: Store) -> list[Claim]:
    claims = (store.claim("meta", limit=9, owner="me", lease=HOUR) for _ in range(9))
    return [claim for claimed in claims for claim in claimed]


def accept(store: Store, claims: list[Claim]) -> set[int]:
    return store.settle(
        [
            Settlement(delivery_id=one.delivery_id, fence=one.fence, state=State.ACCEPTED)
            for one in claims
        ]
    )


@pytest.mark.parametrize("revision", REVISIONS)
def test_rows_in_every_state_survive_and_go_on(old: Engine, revision: str, dial: Dial) -> None:
    known = schema_at(old, revision)
    fill(old, known, (dial() - EPOCH) // MICROSECOND)
    before = everything(old, known)

    assert migrate(old) == REVISIONS[-1]

    require_current(old)
    assert everything(old, known) == before
    store, numbers = Store(old, dial, lambda _: dial()), list(State)
    dial.turn(minutes=1)
    assert {numbers[one.delivery_id - 1] for one in accepted(store)} == {
        State.PENDING,
        State.LEASED,
    }
    for dead in DEAD_LETTERS:
        act = Act(delivery_id=numbers.index(dead) + 1, name="retry", detail="")
        store.retry_dead_letters([act])
    assert {numbers[one.delivery_id - 1] for one in accepted(store)} == DEAD_LETTERS
    dial.turn(hours=2)
    assert store.expire(dial()) == 1, "the held one"
    with Queries(old).snapshot() as snapshot:
        states = [one.state for order in snapshot.orders for one in order.deliveries]
    assert len(states) == len(State)
    assert OPEN.isdisjoint(states)


def accepted(store: Store) -> list[Claim]:
    """Claim whatever is due and have it accepted."""
    claims = claim_all(store)
    assert accept(store, claims) == {one.delivery_id for one in claims}
    return claims


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_who_still_runs_an_older_release_goes_on_beside_the_new_one(
    old: Engine, revision: str, dial: Dial
) -> None:
    known = schema_at(old, revision)
    migrate(old)
    now = (dial() - EPOCH) // MICROSECOND
    fill(old, known, now)  # an older hook stores orders
    table = known.tables["deliveries"]
    leased = {"state": "leased", "lease_owner": "older", "lease_until": now + 1, "fence": 2}
    pending = list(State).index(State.PENDING) + 1
    with writing(old) as connection:  # an older sender claims one
        connection.execute(update(table).where(table.c.id == pending).values(leased))

    store = Store(old, dial, lambda _: dial())
    [stranded] = claim_all(store)
    assert stranded.delivery_id != pending, "the older sender has it"
    dial.turn(seconds=1)
    [taken_over] = claim_all(store)
    with writing(old) as connection:  # the older sender comes late with its verdict
        late = update(table).where(table.c.id == pending, table.c.fence == 2)
        assert connection.execute(late.values(state="rejected")).rowcount == 0
    assert accept(store, [stranded, taken_over]) == {pending, stranded.delivery_id}
    ends = {row.id: row.state for row in everything(old, known)["deliveries"]}
    assert ends[pending] == ends[stranded.delivery_id] == "accepted"

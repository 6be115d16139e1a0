"""An outbox with rows in every state goes from SQLite to PostgreSQL, and goes on there."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, update

from bridge.aftermath.audit import audit
from bridge.errors import DecryptionFailed, SettingsInvalid
from bridge.identity.pseudonymise import Keys
from bridge.outbox.database import open_database, writing
from bridge.outbox.moving import move
from bridge.outbox.queries import Queries
from bridge.outbox.schema import deliveries, microseconds, orders
from bridge.outbox.states import State
from bridge.outbox.store import Store

from .test_migrations import everything, fill

Dial = Any  # the conftest's clock
AN_HOUR = timedelta(hours=1)


def known_to(engine: Engine) -> MetaData:
    """The tables without our types: what they hold is compared as the databases have it."""
    found = MetaData()
    found.reflect(engine)
    return found


@pytest.fixture
def old(sqlite_url: str, dial: Dial) -> Iterator[Engine]:
    engine = open_database(sqlite_url)
    fill(engine, known_to(engine), microseconds(dial()))
    yield engine
    engine.dispose()


@pytest.fixture
def new(postgres_url: str) -> Iterator[Engine]:
    engine = open_database(postgres_url)
    yield engine
    engine.dispose()


def test_every_row_arrives_as_it_was_and_the_audit_says_the_same(
    old: Engine, new: Engine, dial: Dial, make_record: Any
) -> None:
    later = dial() + timedelta(minutes=1)
    before = audit(Queries(old), later)

    counts = move(old, new, now=later, unseal=bytes)

    assert counts["orders"] == counts["deliveries"] == len(State)
    assert everything(new, known_to(new)) == everything(old, known_to(old))
    assert audit(Queries(new), later) == before
    Store(new, dial).record([make_record("77")])  # whose number is a new one
    assert Queries(new).overview().orders == len(State) + 1


def test_it_is_moved_to_an_empty_database_only(old: Engine, new: Engine, dial: Dial) -> None:
    later = dial() + timedelta(minutes=1)
    move(old, new, now=later, unseal=bytes)

    with pytest.raises(SettingsInvalid, match="not empty"):
        move(old, new, now=later, unseal=bytes)


def test_it_is_not_moved_under_a_sender(old: Engine, new: Engine, dial: Dial) -> None:
    with writing(old) as connection:
        leased = update(deliveries).where(deliveries.c.state == State.LEASED)
        connection.execute(leased.values(lease_until=dial() + AN_HOUR))

    with pytest.raises(SettingsInvalid, match="A sender is at work"):
        move(old, new, now=dial(), unseal=bytes)
    assert not Queries(new).overview().orders


def test_it_is_not_moved_to_settings_whose_keys_do_not_open_it(
    old: Engine, new: Engine, dial: Dial, keys: Keys
) -> None:
    later = dial() + timedelta(minutes=1)

    with pytest.raises(DecryptionFailed, match="add the one it was sealed with"):
        move(old, new, now=later, unseal=keys.sealer.unseal)
    assert not Queries(new).overview().orders
    with writing(old) as connection:
        connection.execute(update(orders).values(sealed=keys.sealer.seal({"ip": "203.0.113.7"})))
    assert move(old, new, now=later, unseal=keys.sealer.unseal)["orders"] == len(State)

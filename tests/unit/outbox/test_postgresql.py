"""PostgreSQL: what a session promises, whose clock leases go by, and why it cannot serve."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text

from bridge.clock import system_clock
from bridge.errors import SettingsInvalid, StoreUnavailable
from bridge.outbox.database import open_database, reading, require_durable, writing
from bridge.outbox.records import Record
from bridge.outbox.schema import EPOCH, destinations
from bridge.outbox.store import Store

Maker = Callable[..., Record]
HOUR = timedelta(hours=1)
LEASE = timedelta(minutes=1)
TURNED = """
    CREATE SCHEMA turned;
    CREATE FUNCTION turned.clock_timestamp() RETURNS timestamptz LANGUAGE sql
        AS $$ SELECT pg_catalog.clock_timestamp() + current_setting('turned.by')::interval $$
"""


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def sessions(database_url: str) -> Iterator[Callable[..., Engine]]:
    """Open engines with more of libpq's parameters."""
    opened: list[Engine] = []

    def open_with(parameters: str = "", **limits: Any) -> Engine:
        opened.append(open_database(f"{database_url}&{parameters}", **limits))
        return opened[-1]

    yield open_with
    for engine in opened:
        engine.dispose()


def lease_end(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


def setting(engine: Engine, name: str) -> object:
    with reading(engine) as connection:
        return connection.scalar(text("SELECT current_setting(:name)"), {"name": name})


def test_no_session_waits_or_stays_open_for_ever(sessions: Callable[..., Engine]) -> None:
    engine = sessions(lock_timeout=1.5, statement_timeout=20)
    assert setting(engine, "lock_timeout") == "1500ms"
    assert setting(engine, "statement_timeout") == "20s"
    assert setting(engine, "idle_in_transaction_session_timeout") == "1min"


@pytest.mark.parametrize("weak", ["off", "local", "remote_write"])
def test_a_weaker_synchronous_commit_is_overruled(
    sessions: Callable[..., Engine], weak: str
) -> None:
    engine = sessions(f"options=-csynchronous_commit%3D{weak}")
    assert setting(engine, "synchronous_commit") == "on"
    require_durable(engine)


def test_a_stronger_synchronous_commit_is_kept(sessions: Callable[..., Engine]) -> None:
    engine = sessions("options=-csynchronous_commit%3Dremote_apply")
    assert setting(engine, "synchronous_commit") == "remote_apply"
    require_durable(engine)


def test_a_session_whose_commits_are_not_durable_is_found_out(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("SET synchronous_commit = off"))
        connection.commit()
    with pytest.raises(SettingsInvalid, match="synchronous_commit is wrong: a commit would not be"):
        require_durable(engine)


def test_a_sender_whose_clock_is_wrong_takes_no_lease_and_keeps_none_too_long(
    engine: Engine, make_record: Maker
) -> None:
    Store(engine, system_clock).record([make_record()])
    ahead = Store(engine, lambda: system_clock() + HOUR)
    behind = Store(engine, lambda: system_clock() - HOUR)
    claims = [s.claim("meta", limit=1, owner="me", lease=LEASE) for s in (behind, ahead)]
    assert [len(one) for one in claims] == [1, 0]
    with reading(engine) as connection:
        lease = connection.execute(text("SELECT max(lease_until) FROM deliveries")).scalar_one()
        now = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    assert now < lease_end(lease) < now + LEASE


def test_a_lease_ends_when_the_databases_clock_says_so(
    engine: Engine, sessions: Callable[..., Engine], make_record: Maker
) -> None:
    with writing(engine) as connection:
        connection.execute(text(TURNED))
    turned = "options=-csearch_path%3Dturned,pg_catalog,public%20-cturned.by%3D"
    Store(engine, system_clock).record([make_record()])
    late = {by: Store(sessions(f"{turned}{by}s"), system_clock) for by in (0, 59, 61)}
    assert len(late[0].claim("meta", limit=1, owner="dead", lease=LEASE)) == 1
    assert late[59].claim("meta", limit=1, owner="next", lease=LEASE / 60) == []
    [taken] = late[61].claim("meta", limit=1, owner="next", lease=LEASE)
    assert taken.crashes == 1


def test_what_a_standby_or_a_stopping_server_says_is_told(
    engine: Engine, sessions: Callable[..., Engine]
) -> None:
    pause = insert(destinations).values(id="meta", pauses=1)
    read_only = sessions("options=-cdefault_transaction_read_only%3Don&target_session_attrs=any")
    with pytest.raises(StoreUnavailable, match="a standby"), writing(read_only) as connection:
        connection.execute(pause)
    impatient = sessions(statement_timeout=0.001)
    with pytest.raises(StoreUnavailable, match="took too long"), writing(impatient) as connection:
        connection.execute(text("SELECT pg_sleep(60)"))
    closed = sessions("options=-cdefault_transaction_read_only%3Don")
    with pytest.raises(StoreUnavailable, match="cannot be reached"), reading(closed):
        pass
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM destinations")) == 0

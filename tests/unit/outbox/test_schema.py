"""The tables: what the revisions make is what the program expects, and instants are exact."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, Engine, text
from sqlalchemy.dialects import sqlite

from bridge.outbox.database import open_database, reading, writing
from bridge.outbox.schema import Instant, metadata

DIALECT: Dialect = sqlite.dialect()


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    engine = open_database(sqlite_url)
    yield engine
    engine.dispose()


def definitions(engine: Engine) -> dict[str, str]:
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql > ''"))
        # a column that was added later stands on the line of the one before it
        return {name: " ".join(sql.split()) for name, sql in rows if name != "alembic_version"}


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Engine]:
    """A database made from the metadata, without any revision."""
    engine = open_database(f"sqlite:///{tmp_path}/fresh.db")
    with writing(engine) as connection:
        metadata.create_all(connection)
    yield engine
    engine.dispose()


def test_the_revisions_add_up_to_the_metadata(engine: Engine) -> None:
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_revisions_make_the_same_tables_and_indexes_to_the_letter(
    sqlite_engine: Engine, fresh: Engine
) -> None:
    assert definitions(sqlite_engine) == definitions(fresh)


@given(
    st.datetimes(
        min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
        timezones=st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23))),
    ).filter(lambda instant: instant.year < 9999)
)
def test_an_instant_comes_back_to_the_microsecond_in_utc(instant: datetime) -> None:
    stored = Instant().process_bind_param(instant, DIALECT)
    back = Instant().process_result_value(stored, DIALECT)
    assert back == instant
    assert back is not None
    assert back.tzinfo is UTC


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        Instant().process_bind_param(datetime(2026, 1, 1), DIALECT)  # noqa: DTZ001 - the point

"""Writing many rows with SQL that is put into words once, and values as databases hold them.

SQLAlchemy looks at every value of every row by itself, which was a third of what storing an order
took. What is written for each order goes to the driver as it is.

A statement takes only so many values, too: of what has no limit, a portion at a time is named.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Insert, Update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

# Both drivers take values by name.
_DIALECTS: Final[dict[str, Dialect]] = {
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": postgresql.dialect(paramstyle="pyformat"),  # type: ignore[no-untyped-call]  # it has no types
}

_PORTION: Final = 500  # PostgreSQL takes 65,535 values in a statement; SQLite took 999 once


def in_portions(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """Answer the numbers in their order, as many at a time as a statement may name."""
    for start in range(0, len(numbers), _PORTION):
        yield numbers[start : start + _PORTION]


def write_rows(
    connection: Connection, statement: Insert | Update, rows: Sequence[dict[str, Any]]
) -> None:
    """Run a statement that is always the same one, for rows that have the same members.

    Instants are microseconds, members of closed sets their values.
    """
    if rows:
        sql, constants = _in_words(statement, connection.dialect.name, tuple(rows[0]))
        connection.exec_driver_sql(sql, [constants | row for row in rows])


@lru_cache(maxsize=64)
def _in_words(
    statement: Insert | Update, dialect: str, members: tuple[str, ...]
) -> tuple[str, dict[str, Any]]:
    """Answer the SQL, and the values that are the same in every row."""
    compiled = statement.compile(dialect=_DIALECTS[dialect], column_keys=members)
    constants = {name: value for name, value in compiled.params.items() if name not in members}
    return str(compiled), constants

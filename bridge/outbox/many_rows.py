"""Writing many rows with SQL that is put into words once, and values as databases hold them.

SQLAlchemy looks at every value of every row by itself, which was a third of what storing an order
took. What is written for each order goes to the driver as it is.
"""

from collections.abc import Sequence
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

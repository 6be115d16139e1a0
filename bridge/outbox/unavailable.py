"""What a database's errors mean to callers: it cannot serve now, and in words why."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from bridge.errors import ConnectionLost, StoreUnavailable

_SQLITE = {  # https://www.sqlite.org/rescode.html
    "SQLITE_BUSY": "another process holds its lock",
    "SQLITE_LOCKED": "another connection holds its lock",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "it may not be written to",
    "SQLITE_IOERR": "the disk reports an error",
    "SQLITE_CANTOPEN": "its file cannot be opened",
    "SQLITE_CORRUPT": "its file is damaged",
    "SQLITE_NOTADB": "its file is not a database",
}

_POSTGRESQL = {  # PostgreSQL, Appendix A: error codes; a class is its first two characters
    "08": "the connection broke",
    "25006": "it is a standby and may not be written to",
    "25P03": "a transaction was left open for too long",
    "28": "it refuses the bridge's user or password",
    "3D": "there is no database of that name",
    "40": "two transactions stood in each other's way",
    "42501": "the bridge's user lacks a right it needs",
    "42703": "its schema is not this program's",
    "42P01": "its schema is not this program's",
    "53100": "the disk is full",
    "53200": "its memory is full",
    "53300": "it has no connection left",
    "55P03": "another transaction holds a lock",
    "57014": "a statement took too long",
    "57P": "it is stopping or starting",
    "58": "its disk reports an error",
    "XX001": "its files are damaged",
    "XX002": "its files are damaged",
}
_NOT_REACHED = "it cannot be reached"


@contextmanager
def availability() -> Iterator[None]:
    """Turn errors of a database that cannot serve into StoreUnavailable; let mistakes through.

    Raises ConnectionLost where a connection broke in use: what was written may be stored or not.
    """
    try:
        yield
    except PoolExhausted as error:
        raise StoreUnavailable("The database has no free connection; try again.") from error
    except (DatabaseError, InterfaceError) as error:
        cause = _cause(error)
        if cause is None:
            raise
        unavailable = ConnectionLost if error.connection_invalidated else StoreUnavailable
        raise unavailable(f"The database cannot be used now: {cause}.") from error


def _cause(error: DatabaseError | InterfaceError) -> str | None:
    """Answer why the database cannot serve, None where it could."""
    name = getattr(error.orig, "sqlite_errorname", None)
    state = getattr(error.orig, "sqlstate", None)
    known = _cause_on_sqlite(name) if name else _cause_on_postgresql(state)
    if known is None and isinstance(error, OperationalError | InterfaceError):
        return name or state or _NOT_REACHED
    return known


def _cause_on_sqlite(name: str) -> str | None:
    # Extended codes read SQLITE_IOERR_WRITE and the like: the table knows their first two words.
    return _SQLITE.get("_".join(name.split("_")[:2]))


def _cause_on_postgresql(state: str | None) -> str | None:
    starts = (state[:length] for length in (5, 3, 2)) if state else ()
    return next((_POSTGRESQL[start] for start in starts if start in _POSTGRESQL), None)

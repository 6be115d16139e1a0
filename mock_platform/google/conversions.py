"""Google's counted conversions in the books of a workspace."""

import sqlite3
from dataclasses import fields
from operator import attrgetter

from mock_platform.rules.google_conversion import Conversion

_COLUMNS = tuple(field.name for field in fields(Conversion))
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM google_conversions"  # noqa: S608 - our own names
_PUT = (
    f"INSERT OR REPLACE INTO google_conversions ({', '.join(_COLUMNS)})"  # noqa: S608 - our own
    f" VALUES ({', '.join('?' * len(_COLUMNS))})"
)
_values = attrgetter(*_COLUMNS)  # astuple copies every value deeply
_FLAGS = ("retracted", "enhanced")


class StoredConversions:
    """The conversions on one connection, to be used inside its transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def by_order(self, action: str, order_id: str) -> Conversion | None:
        """The conversion that carries this order or transaction id."""
        return self._one("action = ? AND order_id = ?", action, order_id)

    def by_click(self, action: str, click: str, occurred_at: float) -> Conversion | None:
        """The conversion of this click at this time."""
        return self._one("action = ? AND click = ? AND occurred_at = ?", action, click, occurred_at)

    def put(self, conversion: Conversion) -> None:
        """Enter a conversion, or what became of it."""
        self._connection.execute(_PUT, _values(conversion))

    def _one(self, condition: str, *parameters: object) -> Conversion | None:
        row = self._connection.execute(f"{_SELECT} WHERE {condition}", parameters).fetchone()
        if row is None:
            return None
        found = dict(zip(_COLUMNS, row, strict=True))
        return Conversion(**{**found, **{name: bool(found[name]) for name in _FLAGS}})

"""Copies a whole outbox into an empty database of another kind."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, func, insert, select, text

from bridge.errors import SettingsInvalid
from bridge.identity.encryption import each_of
from bridge.outbox.database import require_current, writing
from bridge.outbox.schema import deliveries, metadata, orders
from bridge.outbox.states import State

PORTION = 1000


def move(
    source: Engine, target: Engine, *, now: datetime, unseal: Callable[[bytes], object]
) -> dict[str, int]:
    """Copy every row, all or none; answer how many each table has. The source stays as it is.

    Raises SettingsInvalid when the schemas are not of this program, a sender is at work on the
    source, or the target is not empty; what `unseal` raises when it cannot open what is sealed.
    """
    require_current(source)
    require_current(target)
    with writing(source) as old, writing(target) as new:  # nobody writes to either meanwhile
        _require_idle(old, now)
        _require_keys(old, unseal)
        _require_empty(new)
        return {table.name: _copy(table, old, new) for table in metadata.sorted_tables}


def _require_idle(source: Connection, now: datetime) -> None:
    held = deliveries.c.state == State.LEASED, deliveries.c.lease_until > now
    if source.scalar(select(func.count()).select_from(deliveries).where(*held)):
        raise SettingsInvalid(
            "A sender is at work there: stop it. If it was killed, wait for as long as sender.lease"
        )


def _require_keys(source: Connection, unseal: Callable[[bytes], object]) -> None:
    """Try the first and the last: between them the key may have been changed."""
    sealed = select(orders.c.sealed).where(orders.c.sealed.is_not(None)).limit(1)
    for order in (orders.c.id, orders.c.id.desc()):
        for box in each_of(source.scalar(sealed.order_by(order)) or b""):
            unseal(box)


def _require_empty(target: Connection) -> None:
    for table in metadata.sorted_tables:
        if target.execute(select(table).limit(1)).first() is not None:
            raise SettingsInvalid(
                "The database of the settings is not empty: move before a bridge is started on it"
            )


def _copy(table: Table, old: Connection, new: Connection) -> int:
    count = 0
    for rows in _portions(table, old):
        new.execute(insert(table), rows)
        count += len(rows)
    number = table.autoincrement_column
    if count and number is not None and new.dialect.name == "postgresql":
        highest = text(f"SELECT setval(pg_get_serial_sequence('{table.name}', :name), :highest)")
        values = {"name": number.name, "highest": new.scalar(select(func.max(number)))}
        new.execute(highest, values)
    return count


def _portions(table: Table, old: Connection) -> Iterator[list[dict[str, object]]]:
    with old.execution_options(yield_per=PORTION).execute(select(table)) as found:
        for rows in found.mappings().partitions():
            yield [dict(row) for row in rows]

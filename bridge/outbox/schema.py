"""The tables of the outbox: the one statement of what is stored, in terms both dialects share.

Instants are integer microseconds since 1970 in UTC, so they compare and sort exactly alike in every
database. Money is kept as the decimal text it came in. Nothing personal is here in clear:
`identities` are hashes, `sealed` and `payload` are encrypted.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Enum,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bridge.order.model import Kind, OrderKey
from bridge.outbox.states import DEAD_LETTERS, OPEN, State

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def microseconds(instant: datetime | None) -> int | None:
    """Answer an instant as databases hold it; a naive datetime is a TypeError."""
    return None if instant is None else (instant - EPOCH) // MICROSECOND


class Instant(TypeDecorator[datetime]):
    """An aware datetime, stored as whole microseconds since 1970 and read back in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Promise an exact integer; a naive datetime is a TypeError."""
        del dialect
        return microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Promise the very instant that was stored."""
        del dialect
        return None if value is None else EPOCH + timedelta(microseconds=value)


def _values(members: type[StrEnum]) -> list[str]:
    return [member.value for member in members]


def _closed_set(members: type[StrEnum]) -> Enum:
    return Enum(members, native_enum=False, length=16, values_callable=_values)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_identifier = BigInteger().with_variant(Integer(), "sqlite")

orders = Table(
    "orders",
    metadata,
    Column("id", _identifier, primary_key=True),
    Column("site_id", String, nullable=False),
    Column("kind", _closed_set(Kind), nullable=False),
    Column("order_no", String, nullable=False),
    Column("reference", String, nullable=False),
    Column("event_id", String, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("currency", String),
    Column("gross", String),
    Column("facts", LargeBinary, nullable=False),
    Column("identities", LargeBinary, nullable=False),
    Column("sealed", LargeBinary),
    Column("wanted", Integer, nullable=False),
    # the first of the orders that replaced one another: all of them are one conversion
    Column("conversion_no", String, nullable=False, server_default=""),
    # order_no leads, so that the same index finds an order whose site the operator does not know
    UniqueConstraint("order_no", "site_id", "kind", "reference"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _identifier, primary_key=True),
    Column("order_id", _identifier, ForeignKey("orders.id"), nullable=False),
    Column("destination", String, nullable=False),
    Column("site_id", String, nullable=False),
    # whose line it stands in: its order's conversion_no
    Column("order_no", String, nullable=False),
    Column("state", _closed_set(State), nullable=False),
    Column("reason", String),
    Column("detail", Text),
    Column("attempts", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),
    Column("next_attempt_at", Instant, nullable=False),
    Column("lease_owner", String),
    Column("lease_until", Instant),
    Column("fence", Integer, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("first_sent_at", Instant),
    Column("unanswered_since", Instant),
    Column("request_id", String),
    Column("payload", LargeBinary),
    Column("settled_at", Instant),
    # set while accepted and not yet reported on: until when the platform may still report
    Column("report_until", Instant),
    # set on a dead letter past its deadline, when what a retry would need is forgotten
    Column("purged_at", Instant),
    Column("odd_answers", Integer, nullable=False, server_default="0"),
    UniqueConstraint("order_id", "destination"),
    # every scrape of the metrics counts, and looks for the oldest
    Index("ix_deliveries_state", "destination", "state", "order_id"),
)

subject_keys = Table(
    "subject_keys",
    metadata,
    Column("order_id", _identifier, ForeignKey("orders.id"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("digest", String, primary_key=True),
    Index("ix_subject_keys_digest", "digest", "kind", "version"),
    sqlite_with_rowid=False,
)

destinations = Table(
    "destinations",
    metadata,
    Column("id", String, primary_key=True),
    Column("paused_until", Instant),
    Column("pause_reason", String),
    Column("pauses", Integer, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", _identifier, primary_key=True),
    Column("destination", String, nullable=False),
    Column("request_id", String),
    Column("sent_at", Instant, nullable=False),
    Column("delivery_ids", JSON, nullable=False),
    Column("outcome", String, nullable=False),
    # when to ask what became of it; null when there is nothing to ask
    Column("ask_at", Instant),
    Column("ask_until", Instant),
    Column("asks", Integer, nullable=False, server_default="0"),
    Column("asked_at", Instant),
    Column("report", Text),
    Index("ix_requests_request_id", "request_id"),
    # every request looks how many there were in the last minute, every question the same
    Index("ix_requests_sent_at", "sent_at", "destination"),
    Index("ix_requests_asked_at", "asked_at", "destination"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", _identifier, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("act", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("detail", Text),
    # every later call about an order asks whether its person was erased
    Index("ix_audit_subject", "subject", "act"),
)


def in_states(states: Collection[State], *, of: FromClause = deliveries) -> ColumnElement[bool]:
    """Answer the condition as partial indexes state it: literally, so that planners use them."""
    literals: BindParameter[list[State]] = bindparam(
        "states", sorted(states), unique=True, expanding=True, literal_execute=True
    )
    return of.c.state.in_(literals)


def among(columns: Sequence[Column[Any]], keys: Collection[tuple[Any, ...]]) -> ColumnElement[bool]:
    """Answer that the columns together hold one of the keys; the first of them leads an index.

    Given the columns together alone, SQLite reads the whole table as soon as there are two keys.
    """
    leading = columns[0].in_(sorted({key[0] for key in keys}))
    return and_(leading, tuple_(*columns).in_(keys))


ORDER_KEY = (orders.c.order_no, orders.c.site_id, orders.c.kind, orders.c.reference)


def has_key(keys: Iterable[OrderKey]) -> ColumnElement[bool]:
    """Answer that an order has one of the keys."""
    return among(ORDER_KEY, [(k.order_no, k.site_id, k.kind, k.reference) for k in keys])


@cache
def insert_unless_present(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Answer the insert that leaves rows alone whose key the table has already."""
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def _partial(name: str, table: Table, *columns: str, where: ColumnElement[bool]) -> None:
    chosen = [table.c[column] for column in columns]
    Index(name, *chosen, sqlite_where=where, postgresql_where=where)


WAITING = OPEN - {State.LEASED}
ACTIVE = OPEN - {State.HELD}
DELIVERED = frozenset({State.ACCEPTED, State.PROCESSED})
AWAITS_REPORT = deliveries.c.report_until.is_not(None)


def in_a_line(of: FromClause = deliveries) -> ColumnElement[bool]:
    """Answer the condition that others may have to wait: leads have no order number, and no line.

    Stated literally, as the partial index of the lines states it.
    """
    return _given(of.c.order_no)


def of_a_conversion(of: FromClause = orders) -> ColumnElement[bool]:
    """Answer the same of orders: leads and registrations are about no order's conversion."""
    return _given(of.c.conversion_no)


def _given(column: ColumnElement[str]) -> ColumnElement[bool]:
    nothing: BindParameter[str] = bindparam("nothing", "", unique=True, literal_execute=True)
    return column != nothing


_partial(
    "ix_deliveries_due",
    deliveries,
    *("destination", "site_id", "deadline", "id", "next_attempt_at"),
    where=in_states({State.PENDING}),
)
_partial(
    "ix_deliveries_leases",
    deliveries,
    *("destination", "lease_until"),
    where=in_states({State.LEASED}),
)
# The order's number leads in what follows: a planner without statistics would else take a single
# row to be waiting at the destination, and read all that are.
_partial(
    "ix_deliveries_serial",
    deliveries,
    *("order_no", "destination", "site_id", "order_id"),
    where=and_(in_states(ACTIVE), in_a_line()),
)
_partial(
    "ix_deliveries_held",
    deliveries,
    *("order_no", "destination", "site_id", "order_id"),
    where=in_states({State.HELD}),
)
_partial("ix_deliveries_held_by_age", deliveries, "id", where=in_states({State.HELD}))
_partial("ix_orders_conversion", orders, "conversion_no", "site_id", where=of_a_conversion())
_partial(
    "ix_deliveries_unreported",
    deliveries,
    *("order_no", "destination", "site_id", "order_id"),
    where=and_(AWAITS_REPORT, in_a_line()),
)
_partial("ix_deliveries_reports", deliveries, "report_until", where=AWAITS_REPORT)
_partial("ix_deliveries_waiting", deliveries, "deadline", where=in_states(WAITING))
_partial("ix_deliveries_dead_letters", deliveries, "deadline", where=in_states(DEAD_LETTERS))
_partial(
    "ix_deliveries_unpurged",
    deliveries,
    "deadline",
    where=and_(in_states(DEAD_LETTERS), deliveries.c.purged_at.is_(None)),
)
_partial(
    "ix_deliveries_remarks",
    deliveries,
    *("destination", "reason", "state"),
    where=and_(in_states(DELIVERED), deliveries.c.reason.is_not(None)),
)
_partial("ix_requests_due", requests, "destination", "ask_at", where=requests.c.ask_at.is_not(None))
_partial("ix_requests_open", requests, "ask_until", where=requests.c.ask_at.is_not(None))

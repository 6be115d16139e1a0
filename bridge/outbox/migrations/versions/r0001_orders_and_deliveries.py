"""Orders, their deliveries, and what delivering them needs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_identifier = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the first tables."""
    _create_orders()
    _create_deliveries()
    _create_delivery_indexes()
    _create_subject_keys()
    _create_destinations_and_requests()
    _create_audit()


def _create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", _identifier),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("order_no", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String()),
        sa.Column("gross", sa.String()),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("identities", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.UniqueConstraint(
            "order_no",
            "site_id",
            "kind",
            "reference",
            name="uq_orders_order_no_site_id_kind_reference",
        ),
    )


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _identifier),
        sa.Column("order_id", _identifier, nullable=False),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("order_no", sa.String(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String()),
        sa.Column("detail", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("crashes", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_owner", sa.String()),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("first_sent_at", sa.BigInteger()),
        sa.Column("unanswered_since", sa.BigInteger()),
        sa.Column("request_id", sa.String()),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("settled_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("order_id", "destination", name="uq_deliveries_order_id_destination"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_deliveries_order_id"),
    )


def _create_delivery_indexes() -> None:
    op.create_index("ix_deliveries_state", "deliveries", ["destination", "state", "order_id"])
    for name, columns, where in (
        ("due", ["destination", "deadline", "id", "next_attempt_at"], "state IN ('pending')"),
        ("leases", ["destination", "lease_until"], "state IN ('leased')"),
        (
            "serial",
            ["destination", "order_no", "site_id", "order_id"],
            "state IN ('held', 'leased', 'pending') AND order_no != ''",
        ),
        ("waiting", ["deadline"], "state IN ('held', 'pending')"),
        ("dead_letters", ["deadline"], "state IN ('dead', 'rejected')"),
    ):
        condition = sa.text(where)
        op.create_index(
            f"ix_deliveries_{name}",
            "deliveries",
            columns,
            sqlite_where=condition,
            postgresql_where=condition,
        )


def _create_subject_keys() -> None:
    op.create_table(
        "subject_keys",
        sa.Column("order_id", _identifier),
        sa.Column("kind", sa.String()),
        sa.Column("version", sa.Integer()),
        sa.Column("digest", sa.String()),
        sa.PrimaryKeyConstraint("order_id", "kind", "version", "digest", name="pk_subject_keys"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_subject_keys_order_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_subject_keys_digest", "subject_keys", ["digest", "kind", "version"])


def _create_destinations_and_requests() -> None:
    op.create_table(
        "destinations",
        sa.Column("id", sa.String()),
        sa.Column("paused_until", sa.BigInteger()),
        sa.Column("pause_reason", sa.String()),
        sa.Column("pauses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_destinations"),
    )
    op.create_table(
        "requests",
        sa.Column("id", _identifier),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("request_id", sa.String()),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("delivery_ids", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
    )
    op.create_index("ix_requests_request_id", "requests", ["request_id"])


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", _identifier),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )

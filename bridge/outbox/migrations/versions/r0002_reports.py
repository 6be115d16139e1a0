"""What platforms report later on requests they have accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_AWAITS_REPORT = "report_until IS NOT NULL"
_ASKABLE = "ask_at IS NOT NULL"
_REMARKED = "state IN ('accepted', 'processed') AND reason IS NOT NULL"


def upgrade() -> None:
    """Add what is awaited, and when to ask for it."""
    op.add_column("deliveries", sa.Column("report_until", sa.BigInteger()))
    op.add_column("requests", sa.Column("ask_at", sa.BigInteger()))
    op.add_column("requests", sa.Column("ask_until", sa.BigInteger()))
    op.add_column("requests", sa.Column("asks", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("requests", sa.Column("asked_at", sa.BigInteger()))
    op.add_column("requests", sa.Column("report", sa.Text()))
    op.create_index("ix_requests_sent_at", "requests", ["sent_at", "destination"])
    op.create_index("ix_requests_asked_at", "requests", ["asked_at", "destination"])
    serial = ["destination", "order_no", "site_id", "order_id"]
    for table, name, columns, where in (
        ("deliveries", "unreported", serial, f"{_AWAITS_REPORT} AND order_no != ''"),
        ("deliveries", "reports", ["report_until"], _AWAITS_REPORT),
        ("deliveries", "remarks", ["destination", "reason", "state"], _REMARKED),
        ("requests", "due", ["destination", "ask_at"], _ASKABLE),
        ("requests", "open", ["ask_until"], _ASKABLE),
    ):
        condition = sa.text(where)
        op.create_index(
            f"ix_{table}_{name}",
            table,
            columns,
            sqlite_where=condition,
            postgresql_where=condition,
        )

"""Finds by an index what is due of each site, and by its order's number what stands in a line."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LINE = ["order_no", "destination", "site_id", "order_id"]


def upgrade() -> None:
    """Put the site before the deadline, and the order's number before all else."""
    for name, columns, where in (
        (
            "due",
            ["destination", "site_id", "deadline", "id", "next_attempt_at"],
            "state IN ('pending')",
        ),
        ("serial", _LINE, "state IN ('leased', 'pending') AND order_no != ''"),
        ("unreported", _LINE, "report_until IS NOT NULL AND order_no != ''"),
    ):
        index, condition = f"ix_deliveries_{name}", sa.text(where)
        op.drop_index(index, "deliveries")
        op.create_index(
            index,
            "deliveries",
            columns,
            sqlite_where=condition,
            postgresql_where=condition,
        )

"""Finds by indexes what is held before another, and what to look at next among all that is held."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_HELD = sa.text("state IN ('held')")


def upgrade() -> None:
    """Put the order's number before all else, and index by age."""
    op.drop_index("ix_deliveries_held", "deliveries")
    for name, columns in (
        ("held", ["order_no", "destination", "site_id", "order_id"]),
        ("held_by_age", ["id"]),
    ):
        op.create_index(
            f"ix_deliveries_{name}",
            "deliveries",
            columns,
            sqlite_where=_HELD,
            postgresql_where=_HELD,
        )

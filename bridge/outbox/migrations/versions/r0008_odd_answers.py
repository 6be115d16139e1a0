"""Counts the answers a delivery got that are not believed at once, apart from its attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the count; what happened before is not held against anybody."""
    column = sa.Column("odd_answers", sa.Integer(), nullable=False, server_default="0")
    op.add_column("deliveries", column)

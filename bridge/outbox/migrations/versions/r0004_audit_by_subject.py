"""Finds by an index what was done about an order, which every later call about it asks."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the audit trail by what an act was about."""
    op.create_index("ix_audit_subject", "audit", ["subject", "act"])

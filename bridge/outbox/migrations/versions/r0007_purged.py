"""Says of a dead letter that it was purged, so that no later sweep looks at it again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_UNPURGED = sa.text("state IN ('dead', 'rejected') AND purged_at IS NULL")


def upgrade() -> None:
    """Add the time; those purged before are looked at once more."""
    op.add_column("deliveries", sa.Column("purged_at", sa.BigInteger()))
    op.create_index(
        "ix_deliveries_unpurged",
        "deliveries",
        ["deadline"],
        sqlite_where=_UNPURGED,
        postgresql_where=_UNPURGED,
    )

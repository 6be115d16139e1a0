"""Which orders, refunds and cancellations are about one conversion, and what waits for an order."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SERIAL = "ix_deliveries_serial"


def upgrade() -> None:
    """Name the conversion of each order; what is held keeps nobody waiting any more."""
    op.add_column(
        "orders", sa.Column("conversion_no", sa.String(), nullable=False, server_default="")
    )
    op.execute("UPDATE orders SET conversion_no = order_no")
    op.drop_index(_SERIAL, "deliveries")
    for table, name, columns, where in (
        ("orders", "conversion", ["conversion_no", "site_id"], "conversion_no != ''"),
        (
            "deliveries",
            "serial",
            ["destination", "order_no", "site_id", "order_id"],
            "state IN ('leased', 'pending') AND order_no != ''",
        ),
        ("deliveries", "held", ["destination", "order_no", "site_id"], "state IN ('held')"),
    ):
        condition = sa.text(where)
        op.create_index(
            f"ix_{table}_{name}",
            table,
            columns,
            sqlite_where=condition,
            postgresql_where=condition,
        )

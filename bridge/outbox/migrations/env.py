"""Alembic runs this inside the transaction that `bridge.outbox.database.migrate` holds."""

from alembic import context

from bridge.outbox.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a column by making the table anew
)
with context.begin_transaction():
    context.run_migrations()

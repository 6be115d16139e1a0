"""The history of the schema; `bridge.outbox.database.migrate` runs it.

A new revision is a new module in `versions`, written by hand; a test compares the sum of all
revisions with `bridge.outbox.schema`.
"""

"""How Alembic reaches the schema: with the connection that is handed in."""

from __future__ import annotations

from alembic import context

from desktop.records.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()

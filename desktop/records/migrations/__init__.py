"""The schema, step by step; Alembic is loaded only when a file is made or upgraded."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

# Every revision that this program knows, oldest first; a file with another one was written by a newer program.
REVISIONS = ("0001",)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the schema up to the revision, inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)

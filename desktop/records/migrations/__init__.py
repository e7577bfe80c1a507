"""The schema, step by step; Alembic is loaded only when a file is made or upgraded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The folder of the steps, and every revision that this program knows, oldest first.

    A file with another revision was written by a newer program.
    """

    folder: Path
    revisions: tuple[str, ...]

    @property
    def newest(self) -> str:
        """The revision that the program works with."""
        return self.revisions[-1]


STEPS = Steps(folder=Path(__file__).parent, revisions=("0001",))


def upgrade(connection: Connection, steps: Steps = STEPS) -> None:
    """Bring the schema up to the newest revision, inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(steps.folder))
    config.attributes["connection"] = connection
    command.upgrade(config, steps.newest)

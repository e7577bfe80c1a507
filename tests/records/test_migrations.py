"""The schema's steps lead to the tables that the program uses."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from desktop.records import migrations
from desktop.records.engine import engine_for
from desktop.records.store import Store
from desktop.records.tables import metadata


def test_head_equals_the_models(store: Store, blank_file: tuple[Path, bytes]) -> None:
    """A file made by the steps has exactly the tables of the program, but for the engine's own search tables."""
    engine = engine_for(store.path, blank_file[1])
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: kind != "table" or "client_search" not in name}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_program_knows_every_step_in_order() -> None:
    """The list by which a newer file is told is the list of steps, and there is one head."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    steps = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(steps)) == migrations.REVISIONS

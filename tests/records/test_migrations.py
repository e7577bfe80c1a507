"""The schema's steps lead to the tables that the program uses, and a file of an older program survives them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from desktop.clinic.clients import Client
from desktop.clinic.errors import CannotOpen, NotAClinicFile
from desktop.records import migrations
from desktop.records.backup import back_up
from desktop.records.engine import create_file, engine_for
from desktop.records.migrations import STEPS, Steps
from desktop.records.store import Store, open_store
from desktop.records.tables import metadata
from tests.records.samples import client_of, kept

NEXT = '''"""A step of a later program."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("CREATE TABLE later (id TEXT)")
    op.execute("UPDATE client SET body = json_set(body, '$.goes_by', 'Tia')")
    op.execute("{last}")
'''


def _later(folder: Path, last: str = "CREATE TABLE latest (id TEXT)") -> Steps:
    """The steps of a program that knows one more."""
    shutil.copytree(STEPS.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "r0002_next.py").write_text(NEXT.format(last=last))
    return Steps(folder=folder, revisions=(*STEPS.revisions, "0002"))


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
    config.set_main_option("script_location", str(STEPS.folder))
    steps = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(steps)) == STEPS.revisions
    assert steps[0] == STEPS.newest


def test_an_older_file_is_saved_and_then_upgraded(store: Store, blank_file: tuple[Path, bytes], tmp_path: Path) -> None:
    """The backup holds what was there before the first step."""
    kept(store, client_of())
    before = store.dump_hash()
    store.close()
    saved = tmp_path / "saved.handoff"
    upgraded = open_store(
        store.path,
        blank_file[1],
        before_upgrade=lambda old: back_up(old, blank_file[1], saved),
        steps=_later(tmp_path / "later"),
    )
    with upgraded.reading() as reader:
        assert reader.get(Client, "c1").goes_by == "Tia"
    upgraded.close()
    copy = open_store(saved, blank_file[1])
    assert copy.dump_hash() == before
    copy.close()


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(
    store: Store, blank_file: tuple[Path, bytes], tmp_path: Path
) -> None:
    """Steps are all taken or none is."""
    kept(store, client_of())
    before = store.dump_hash()
    store.close()
    bytes_before = store.path.read_bytes()
    with pytest.raises(OperationalError):
        open_store(store.path, blank_file[1], steps=_later(tmp_path / "later", "INSERT INTO nowhere VALUES (1)"))
    assert store.path.read_bytes() == bytes_before
    again = open_store(store.path, blank_file[1])
    assert again.dump_hash() == before
    assert again.problems() == ()
    again.close()


def test_no_upgrade_without_its_backup(store: Store, blank_file: tuple[Path, bytes], tmp_path: Path) -> None:
    """When the file cannot be saved first, no step is taken."""
    store.close()
    bytes_before = store.path.read_bytes()
    with pytest.raises(CannotOpen, match="folder"):
        open_store(
            store.path,
            blank_file[1],
            before_upgrade=lambda old: back_up(old, blank_file[1], tmp_path / "no such folder" / "saved.handoff"),
            steps=_later(tmp_path / "later"),
        )
    assert store.path.read_bytes() == bytes_before


def test_a_file_is_never_taken_back(store: Store, blank_file: tuple[Path, bytes]) -> None:
    """The sentence says what to do instead, and the tables stay."""
    before = store.dump_hash()
    engine = engine_for(store.path, blank_file[1])
    config = Config()
    config.set_main_option("script_location", str(STEPS.folder))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        with pytest.raises(CannotOpen, match="restore the backup"):
            command.downgrade(config, "base")
    engine.dispose()
    assert store.dump_hash() == before


def test_a_file_whose_making_was_cut_short_is_no_clinic_file(tmp_path: Path) -> None:
    """It has the mark and the key, but no tables."""
    create_file(tmp_path / "a.handoff", bytes(32))
    with pytest.raises(NotAClinicFile):
        open_store(tmp_path / "a.handoff", bytes(32))


def test_opening_loads_no_alembic(fresh_modules: set[str]) -> None:
    """Neither it nor anything else that only other tasks need; start-up would pay for it."""
    assert {
        one for one in fresh_modules if one.split(".")[0] in {"alembic", "pydantic", "icalendar", "reportlab"}
    } == set()
    assert "sqlalchemy" in fresh_modules
    assert migrations.__name__ in fresh_modules


@pytest.fixture
def fresh_modules(store: Store, blank_file: tuple[Path, bytes]) -> set[str]:
    """What a new process has imported after it opened a clinic file."""
    code = (
        "import sys; from pathlib import Path; from desktop.records.store import open_store; "
        "open_store(Path(sys.argv[1]), bytes.fromhex(sys.stdin.read())).close(); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(store.path)],
        input=blank_file[1].hex(),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())

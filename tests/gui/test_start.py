"""What the start loads, and what it must not."""

from __future__ import annotations

import shutil
from pathlib import Path

from desktop.records.vault import key_file
from tests.conftest import NOW, PASSPHRASE, ROSA
from tests.gui.starting import OURS, seen, today_seen

HEAVY = {"reportlab", "icalendar", "pydantic", "alembic", "fhir", "fontTools", "zipcodes", "phonenumbers", "holidays"}
LATER = {"sqlalchemy", "sqlcipher3", "msgspec", "cryptography", "desktop.records", "desktop.documents"}


def roots(modules: frozenset[str]) -> set[str]:
    """The names that are looked for, among all that were loaded."""
    return {name for name in HEAVY | LATER if name in modules}


def test_the_first_paint_waits_for_no_database() -> None:
    """The unlock page is there before anything that it does not show."""
    assert roots(seen(OURS).modules) == set()


def test_today_waits_for_no_paper(demo_file: Path, tmp_path: Path) -> None:
    """PDF, calendar files, FHIR and migrations are loaded when somebody asks for them."""
    path = tmp_path / "start.handoff"
    shutil.copyfile(demo_file, path)
    shutil.copyfile(key_file(demo_file), key_file(path))
    modules = today_seen(path, ROSA.user, PASSPHRASE, NOW.isoformat()).modules
    assert "desktop.office.reports" in modules
    assert {name for name in HEAVY if name in modules} == set()

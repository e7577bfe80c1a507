"""The recovery key at the unlock page: errors beside their fields, a new passphrase, and the clinic is open."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.clinic.practice import Practice
from desktop.gui.recovering import Recovery
from desktop.gui.window import Window
from desktop.office import access
from tests.conftest import CHEAP, NOW, PASSPHRASE, ROSA
from tests.gui.lint import findings
from tests.gui.oversight import form_of, retype

NEW_WORDS = "seven maple lantern tide"


@pytest.fixture
def clinic(tmp_path: Path) -> tuple[Path, str]:
    """A clinic file of its own, and its recovery key."""
    path = tmp_path / "house.handoff"
    store, recovery = access.new_clinic(
        path,
        user=ROSA.user,
        name="Rosa Desk",
        passphrase=PASSPHRASE,
        practice=Practice(name="Wissahickon Psychotherapy Group"),
        now=NOW,
        cost=CHEAP,
    )
    store.close()
    return path, recovery


@pytest.fixture
def form(empty_window: Window, clinic: tuple[Path, str]) -> Recovery:
    """The form over the unlock page, which knows the file and the user."""
    empty_window.unlock.offer((str(clinic[0]),), ROSA.user)
    button = next(one for one in empty_window.unlock.findChildren(QPushButton) if "recovery" in one.text())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    found = form_of(empty_window)
    assert isinstance(found, Recovery)
    return found


def fill(form: Recovery, recovery: str, passphrase: str = NEW_WORDS, again: str = NEW_WORDS) -> None:
    """Type the three fields and press Ctrl+Enter."""
    for field, text in ((form.recovery, recovery), (form.passphrase, passphrase), (form.again, again)):
        retype(field, text)
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_the_recovery_key_opens_the_clinic_with_a_new_passphrase(
    empty_window: Window, form: Recovery, clinic: tuple[Path, str], qtbot: QtBot
) -> None:
    """File and user stand there already; the new passphrase counts from now on."""
    assert form.recovery.hasFocus()
    assert findings(form) == []
    with qtbot.waitSignal(empty_window.entered, timeout=20_000):
        fill(form, clinic[1].lower().replace("-", " "))
    empty_window.lock()
    access.unlock(clinic[0], ROSA.user, NEW_WORDS, now=NOW).close()


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"recovery": ""}, "recovery", "from the sheet"),
        ({"recovery": "AAAA"}, "recovery", "compare all eight groups"),
        ({"again": "another lantern tide"}, "again", "differ"),
        ({"passphrase": "short", "again": "short"}, "passphrase", "12 to 128"),
    ],
)
def test_a_mistake_is_said_beside_its_field(
    form: Recovery, clinic: tuple[Path, str], qtbot: QtBot, change: dict[str, str], field: str, words: str
) -> None:
    """The focus goes there, and a screen reader is told."""
    fill(form, **{"recovery": clinic[1], **change})
    wrong = getattr(form, field)
    qtbot.waitUntil(lambda: words in wrong.accessibleDescription(), timeout=20_000)
    qtbot.waitUntil(wrong.hasFocus)


def test_the_key_of_another_file_does_not_open_this_one(
    form: Recovery, clinic: tuple[Path, str], tmp_path: Path, qtbot: QtBot
) -> None:
    """It says so at the key; a file that is not there, at the file."""
    other, recovery = access.new_clinic(
        tmp_path / "other.handoff",
        user=ROSA.user,
        name="Rosa Desk",
        passphrase=PASSPHRASE,
        practice=Practice(name="Another Group"),
        now=NOW,
        cost=CHEAP,
    )
    other.close()
    fill(form, recovery)
    qtbot.waitUntil(lambda: "another clinic file" in form.recovery.accessibleDescription(), timeout=20_000)
    retype(form.file, str(tmp_path / "nowhere.handoff"))
    fill(form, clinic[1])
    qtbot.waitUntil(lambda: "no file at that place" in form.file.accessibleDescription(), timeout=20_000)
    access.unlock(clinic[0], ROSA.user, PASSPHRASE, now=NOW).close()

"""What leaves the clinic from the window: a therapist's calendar file, and everything after a warning."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QMessageBox, QWidget

from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import Visit
from desktop.gui.desk import Desk
from desktop.gui.exporting import CalendarFile
from desktop.gui.therapists import TherapistsScreen
from desktop.gui.window import Window
from tests.gui.conftest import Settle
from tests.gui.lint import findings
from tests.gui.oversight import form_of, retype, went

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def form(window: Window, settle: Settle) -> CalendarFile:
    """The form for a calendar file, asked for with the find box."""
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    QTest.keyClicks(window.box, ">calendar file")
    QTest.keyClick(window.box, Qt.Key.Key_Return)
    settle()
    found = form_of(window)
    assert isinstance(found, CalendarFile)
    return found


def save_to(parent: QWidget, path: Path) -> str:
    """Choose that place in the dialog; the name that it offered."""
    dialog = parent.findChild(QFileDialog)
    assert dialog is not None
    offered = Path(dialog.selectedFiles()[0]).name
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    return offered


def test_a_calendar_file_says_appointment_and_nothing_else(
    window: Window, form: CalendarFile, desk: Desk, settle: Settle, tmp_path: Path
) -> None:
    """Ctrl+K, the form with the keys alone, and a file that names nobody."""
    assert findings(form) == []
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    offered = save_to(form, tmp_path / "mine.ics")
    settle()
    with desk._store.reading() as reader:
        families = {one.name.family for one in reader.all(Therapist)}
    assert offered.endswith(".ics")
    assert not any(name in offered for name in families)
    events = Calendar.from_ical((tmp_path / "mine.ics").read_bytes()).walk("VEVENT")
    assert {str(one["SUMMARY"]) for one in events} <= {"Appointment", "Canceled appointment"}
    assert len(events) > 10
    assert window.line.sentence.startswith("The file is saved")


def test_a_wrong_day_is_said_beside_its_field(form: CalendarFile) -> None:
    """The last day before the first; no dialog for a place."""
    retype(form.start, "12/24")
    retype(form.end, "today")
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    assert "before the first" in form.end.accessibleDescription()
    assert form.findChild(QFileDialog) is None


def test_the_therapists_screen_offers_the_chosen_one(window: Window, settle: Settle) -> None:
    """The button beside Show day."""
    screen = went(window, settle, TherapistsScreen, "therapists")
    screen.view.list.selectRow(3)
    screen.view.file.click()
    settle()
    found = form_of(window)
    assert isinstance(found, CalendarFile)
    assert found.therapist.currentData() == screen.view.list.current.therapist.id
    assert found.value().start == date(2026, 11, 23)


def test_everything_leaves_after_a_warning(window: Window, desk: Desk, settle: Settle, tmp_path: Path) -> None:
    """It says that the file is not encrypted; the file is a facts file with every appointment."""
    window.export_everything()
    box = window.findChild(QMessageBox)
    assert box is not None
    assert "not encrypted" in box.text()
    assert box.defaultButton() is press(box, "Export nothing")
    press(box, "Export everything...").click()
    save_to(window, tmp_path / "all.json")
    settle()
    with desk._store.reading() as reader:
        visits = reader.count(Visit)
    assert len(json.loads((tmp_path / "all.json").read_bytes())["visits"]) == visits


def test_a_place_that_cannot_be_written_is_told(
    window: Window, form: CalendarFile, settle: Settle, tmp_path: Path
) -> None:
    """A sentence, and nothing else breaks."""
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    save_to(form, tmp_path / "nowhere" / "mine.ics")
    settle()
    box = window.findChild(QMessageBox)
    assert box is not None
    assert "could not be written" in box.text()


def press(box: QMessageBox, text: str) -> QAbstractButton:
    """The button of that text."""
    return next(one for one in box.buttons() if one.text() == text)

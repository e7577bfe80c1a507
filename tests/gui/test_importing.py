"""Bringing files in from the window: a look first, progress, stop, one step that can be undone; nothing freezes."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtCore import QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from desktop.clinic.clients import Client
from desktop.clinic.facts import Facts
from desktop.documents import sheet
from desktop.gui.desk import Desk
from desktop.gui.importing import ImportSheet
from desktop.gui.jobs import Jobs
from desktop.gui.window import Window
from desktop.records.store import Store
from tests.conftest import NOW, ROSA
from tests.gui.conftest import Settle
from tests.gui.lint import findings

CTRL = Qt.KeyboardModifier.ControlModifier
HEADER = "family name,given name,date of birth,phone,shoe size\n"
NEW = HEADER + "Kowalczyk,Łucja,3/14/1991,215-555-0142,38\nO'Brien-Nguyễn,Siobhán,1/2/1980,215-555-0143,40\n"
WRONG = HEADER + "Kowalczyk,Łucja,31/31/1991,215-555-0142,38\nNguyen,Thi,3/14/1991,555,40\n"
LONGEST_GAP = 0.1  # seconds


@pytest.fixture(scope="session")
def large(demo: Facts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic of more than 5 MB as JSON."""
    path = tmp_path_factory.mktemp("large") / "clinic.json"
    some = replace(demo, visits=demo.visits[: len(demo.visits) // 4], referrals=(), pathways=(), waiting=(), offers=())
    path.write_bytes(sheet.write_facts(some))
    assert path.stat().st_size > 5_000_000
    return path


@pytest.fixture
def blank_desk(store: Store) -> Iterator[Desk]:
    """A desk at an empty practice."""
    made = Desk(store, ROSA.user, Jobs(), lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def nothing_else() -> Iterator[None]:
    """What the other tests keep in memory is no part of the program, and not collected while the time is taken."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


class Ticks(QObject):
    """Counts how long the GUI thread was away."""

    def __init__(self) -> None:
        """Begin at once."""
        super().__init__()
        self.gaps: list[float] = []
        self._last = perf_counter()
        self._timer = QTimer(self)
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def stop(self) -> float:
        """The longest time between two ticks, in seconds."""
        self._timer.stop()
        return max(self.gaps)

    def _tick(self) -> None:
        now = perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


def written(folder: Path, text: str, name: str = "clients.csv") -> Path:
    """A file with that text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def sheet_of(window: Window) -> ImportSheet:
    """The sheet that is open."""
    return next(one for one in window.findChildren(ImportSheet) if one.isVisible())


def lasting(desk: Desk, qtbot: QtBot) -> ImportSheet:
    """A sheet that outlives its closing."""
    made = ImportSheet(desk)
    qtbot.addWidget(made)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    made.show()
    return made


def clients(desk: Desk) -> int:
    """How many clients are on file."""
    with desk._store.reading() as reader:
        return reader.count(Client)


def test_a_table_is_looked_at_brought_in_and_taken_back(
    window: Window, desk: Desk, settle: Settle, tmp_path: Path
) -> None:
    """The counts by kind, the column left aside; Ctrl+Enter; Ctrl+Z."""
    before, number = desk._store.dump_hash(), clients(desk)
    window.import_file(written(tmp_path, NEW))
    settle()
    shown = sheet_of(window)
    assert [(one.kind, one.add) for one in shown.view.counts.values] == [("Clients", 2)]
    assert "shoe size" in shown.view.ignored.text()
    assert findings(shown) == []
    assert desk._store.dump_hash() == before
    QTest.keyClick(shown, Qt.Key.Key_Return, CTRL)
    settle()
    assert clients(desk) == number + 2
    assert window.line.sentence == "Brought in 2 records; Ctrl+Z takes them back."
    window.undo()
    settle()
    assert desk._store.dump_hash() == before


def test_mistakes_are_told_row_by_row_and_nothing_can_be_brought_in(
    window: Window, desk: Desk, settle: Settle, tmp_path: Path
) -> None:
    """Row, field and sentence; the button rests and Ctrl+Enter does nothing."""
    before = desk._store.dump_hash()
    window.import_file(written(tmp_path, WRONG))
    settle()
    shown = sheet_of(window)
    assert {(one.row, one.field) for one in shown.view.errors.values} >= {(2, "date of birth"), (3, "phone")}
    assert not shown.go.isEnabled()
    assert findings(shown) == []
    shown.bring_in()
    settle()
    assert desk._store.dump_hash() == before


def test_the_sheet_fits_a_small_screen_at_twice_the_text(
    window: Window, settle: Settle, tmp_path: Path, qtbot: QtBot
) -> None:
    """Nothing is clipped, and it is no larger than the window."""
    window.settings_with(text_percent=200)
    window.import_file(written(tmp_path, WRONG))
    settle()
    shown = sheet_of(window)
    assert shown.width() <= window.width()
    assert shown.height() <= window.height()
    qtbot.waitUntil(lambda: findings(shown) == [])


def test_who_may_be_on_file_already_is_named(window: Window, desk: Desk, settle: Settle, tmp_path: Path) -> None:
    """Same name and birth date as a client on file."""
    with desk._store.reading() as reader:
        one = next(one for one in reader.all(Client) if one.name.given and "," not in one.name.listed[:-1])
    row = f'"{one.name.family}","{one.name.given}",{one.birth_date.isoformat()},215-555-0199,38\n'
    window.import_file(written(tmp_path, HEADER + row))
    settle()
    twins = sheet_of(window).view.twins
    assert [twin.other for twin in twins.values] == [one.name.listed]


def test_the_kind_can_be_said(window: Window, settle: Settle, tmp_path: Path) -> None:
    """A table of clients read as one of therapists: other columns are left aside."""
    window.import_file(written(tmp_path, NEW))
    settle()
    shown = sheet_of(window)
    shown.kind.setCurrentIndex(shown.kind.findData("csv:therapists"))
    shown.kind.activated.emit(shown.kind.currentIndex())
    settle()
    assert [(one.kind, one.add) for one in shown.view.counts.values] == [("Therapists", 2)]
    assert "date of birth" in shown.view.ignored.text()


@pytest.mark.parametrize("data", [b"%PDF-1.7 nothing", b"", b"{", b"\x00\x01\x02"])
def test_a_hostile_file_is_refused_in_a_sentence(
    window: Window, desk: Desk, settle: Settle, tmp_path: Path, data: bytes
) -> None:
    """No trace in the clinic, a sentence in the sheet."""
    before = desk._store.dump_hash()
    path = tmp_path / "letter.json"
    path.write_bytes(data)
    window.import_file(path)
    settle()
    shown = sheet_of(window)
    assert shown.view.errors.values or shown.problem.text()
    assert not shown.go.isEnabled()
    assert desk._store.dump_hash() == before


@pytest.mark.usefixtures("nothing_else")
def test_five_megabytes_do_not_freeze_the_window(blank_desk: Desk, qtbot: QtBot, large: Path) -> None:
    """While they are looked at and brought in, the GUI thread is never away for long; one undo takes all back.

    The best of three rounds counts, because the machine may have other work.
    """
    before = blank_desk._store.dump_hash()
    looked, brought = [], []
    for _round in range(3):
        shown = lasting(blank_desk, qtbot)
        ticks = Ticks()
        shown.look_at(large)
        assert shown.stop.isVisible()
        qtbot.waitUntil(shown.go.isEnabled, timeout=60_000)
        looked.append(ticks.stop())
        assert not shown.bar.isVisible()
        ticks = Ticks()
        with qtbot.waitSignal(blank_desk.changed, timeout=60_000):
            shown.bring_in()
        brought.append(ticks.stop())
        with qtbot.waitSignal(blank_desk.changed, timeout=60_000):
            blank_desk.undo()
        assert blank_desk._store.dump_hash() == before
    assert min(looked) < LONGEST_GAP
    assert min(brought) < LONGEST_GAP


def test_stopping_leaves_no_trace(blank_desk: Desk, qtbot: QtBot, large: Path) -> None:
    """Stopped while it reads, and stopped while it writes."""
    before = blank_desk._store.dump_hash()
    shown = lasting(blank_desk, qtbot)
    shown.look_at(large)
    qtbot.waitUntil(lambda: shown.bar.maximum() == 100, timeout=20_000)
    shown.stop.click()
    qtbot.waitUntil(lambda: not shown.bar.isVisible(), timeout=20_000)
    assert not shown.go.isEnabled()
    assert "canceled" in shown.problem.text()
    shown.look_at(large)
    qtbot.waitUntil(lambda: shown.go.isEnabled(), timeout=60_000)
    shown.bring_in()
    qtbot.waitUntil(lambda: shown.bar.maximum() == 100, timeout=20_000)
    shown.stop.click()
    qtbot.waitUntil(lambda: not shown.bar.isVisible(), timeout=20_000)
    assert shown.go.isEnabled()
    assert blank_desk._store.dump_hash() == before
    assert blank_desk.to_undo is None


def test_the_keys_ask_for_a_file(window: Window, settle: Settle, tmp_path: Path) -> None:
    """Ctrl+Shift+I opens the sheet and the file dialog."""
    QTest.keyClick(window, Qt.Key.Key_I, CTRL | Qt.KeyboardModifier.ShiftModifier)
    shown = sheet_of(window)
    dialog = shown.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(written(tmp_path, json.dumps({"schema": "?"}), "clinic.json")))
    dialog.reject()
    settle()
    assert shown.view.errors.values or shown.problem.text()


def test_a_file_is_dropped_on_the_window(window: Window, settle: Settle, tmp_path: Path) -> None:
    """It opens the sheet with that file; two files, or words, are not taken."""
    one, other = written(tmp_path, NEW), written(tmp_path, NEW, "more.csv")
    actions, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for places, taken in (([one, other], False), ([one], True)):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(place)) for place in places])
        enter = QDragEnterEvent(QPoint(40, 40), actions, data, left, none)
        enter.ignore()
        QApplication.sendEvent(window, enter)
        assert enter.isAccepted() is taken
        if taken:
            QApplication.sendEvent(window, QDropEvent(QPointF(40, 40), actions, data, left, none))
    settle()
    assert sheet_of(window).view.counts.values

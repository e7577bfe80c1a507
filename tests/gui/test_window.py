"""The window's frame: what can be seen, reached by key, found, undone and locked."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.clinic.clients import Client
from desktop.gui.commands import keys_of
from desktop.gui.desk import Desk
from desktop.gui.idle import LONGEST
from desktop.gui.intake import CallSheet
from desktop.gui.screen import BESIDE, Place
from desktop.gui.widgets.keysheet import KeySheet
from desktop.gui.window import Window
from desktop.settings import Settings
from tests.gui.conftest import Clock, Settle
from tests.gui.lint import findings

SCREENS = ("today", "calendar", "referrals", "match", "clients", "therapists", "letters")
CTRL = Qt.KeyboardModifier.ControlModifier


def until_clean(qtbot: QtBot, root: QWidget) -> None:
    """Wait until the layouts have come to rest and nothing is found."""

    def check() -> None:
        assert findings(root) == []

    qtbot.waitUntil(check, timeout=2000)


def dialog_of(window: Window) -> QDialog:
    """The dialog that is open."""
    return next(one for one in window.findChildren(QDialog) if one.isVisible())


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_passes_the_lint(window: Window, settle: Settle, qtbot: QtBot, screen: str) -> None:
    """Names, targets of 24 px, no clipped words, no key twice; at 1366x768."""
    window.go(Place(screen=screen))
    settle()
    until_clean(qtbot, window)


@pytest.mark.parametrize("screen", SCREENS)
def test_no_word_is_clipped_at_twice_the_size(
    window: Window, settle: Settle, qtbot: QtBot, kept: list[Settings], screen: str
) -> None:
    """200 % text (WCAG 2.2, 1.4.4), and the choice is kept."""
    window.settings_with(text_percent=200)
    window.go(Place(screen=screen))
    settle()
    until_clean(qtbot, window)
    assert kept[-1].text_percent == 200


def test_the_matches_beside_and_the_call_sheet_pass_the_lint(window: Window, settle: Settle, qtbot: QtBot) -> None:
    """The panel of matches, and the dialog over it."""
    window.go(Place(screen="referrals"))
    settle()
    window.go(Place(screen=BESIDE, id=window.session.current.view.current.referral.id))  # type: ignore[union-attr]
    settle()
    until_clean(qtbot, window)
    window.new_call()
    settle()
    until_clean(qtbot, dialog_of(window))


def test_the_unlock_page_passes_the_lint(empty_window: Window) -> None:
    """The first thing that anybody sees."""
    assert findings(empty_window) == []


def test_the_lint_finds_what_is_wrong(qtbot: QtBot) -> None:
    """The guard can fail: an unnamed, small field and a clipped label."""
    page = QWidget()
    qtbot.addWidget(page)
    field, words = QLineEdit(page), QLabel("words that need more room", page)
    field.setStyleSheet("min-height: 0; max-height: 6px")
    words.setGeometry(0, 20, 20, 20)
    page.show()
    found = findings(page)
    assert [one.split(":")[0] for one in found] == ["no name", "small", "clipped"]


@pytest.mark.parametrize("screen", SCREENS)
def test_the_sheet_lists_every_action_with_keys(window: Window, settle: Settle, qtbot: QtBot, screen: str) -> None:
    """Ctrl+/ shows what is really there; typing narrows it."""
    window.go(Place(screen=screen))
    settle()
    actions = [one for one in window.findChildren(QAction) if one.shortcuts() and one.text()]
    assert len(actions) > 15
    QTest.keyClick(window, Qt.Key.Key_Slash, CTRL)
    sheet = dialog_of(window)
    assert isinstance(sheet, KeySheet)
    listed = {part for key in sheet.shown for part in key.keys.split(", ")}
    wanted = {
        keys.toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter")
        for one in actions
        for keys in one.shortcuts()
    }
    assert wanted <= listed
    qtbot.keyClicks(sheet.findChild(QLineEdit), "undo")
    assert {key.what for key in sheet.shown} == {"Undo"}


def test_modules_are_one_key_away(window: Window, settle: Settle) -> None:
    """Ctrl+3 is the third one of the navigation; F6 goes around its parts."""
    QTest.keyClick(window, Qt.Key.Key_3, CTRL)
    settle()
    assert window.session is not None
    assert window.session.current is not None
    assert window.session.current.title == "Referrals"
    seen: list[QWidget | None] = []
    for _each in range(6):
        QTest.keyClick(window, Qt.Key.Key_F6)
        seen.append(QApplication.focusWidget())
    assert window.session.navigation in seen
    assert window.box in seen


def test_the_find_box_finds_people_and_commands(window: Window, settle: Settle, qtbot: QtBot) -> None:
    """Ctrl+K, letters; > for commands alone; Esc clears, and again goes back."""
    before = QApplication.focusWidget()
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.box, "nguy")
    settle()
    qtbot.waitUntil(lambda: bool(window.box.hits))
    assert {hit.kind for hit in window.box.hits} >= {"Client", "Therapist"}
    QTest.keyClick(window.box, Qt.Key.Key_Escape)
    assert window.box.text() == ""
    qtbot.keyClicks(window.box, ">lock")
    assert [hit.words for hit in window.box.hits] == ["Lock"]
    QTest.keyClick(window.box, Qt.Key.Key_Escape)
    QTest.keyClick(window.box, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is before


def test_enter_goes_to_what_was_found(window: Window, settle: Settle, qtbot: QtBot) -> None:
    """A command runs."""
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.box, ">3 referr")
    QTest.keyClick(window.box, Qt.Key.Key_Return)
    settle()
    assert window.session is not None
    assert window.session.current is not None
    assert window.session.current.title == "Referrals"


def test_marking_and_undoing_a_visit(window: Window, desk: Desk, settle: Settle) -> None:
    """A marks arrived, the status line says so, Ctrl+Z takes it back, Ctrl+Shift+Z does it again."""
    view = QApplication.focusWidget()
    assert view is not None
    row = view.current  # type: ignore[attr-defined]
    QTest.keyClick(view, Qt.Key.Key_A)
    settle()
    assert view.current.visit.status == "arrived"  # type: ignore[attr-defined]
    assert window.line.sentence == "Marked arrived."
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    settle()
    assert view.current.visit.status == row.visit.status  # type: ignore[attr-defined]
    assert window.line.sentence.startswith("Undone")
    assert desk.to_undo is None
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    settle()
    assert view.current.visit.status == "arrived"  # type: ignore[attr-defined]


def names_shown(root: QWidget) -> Iterator[str]:
    """Every text of a label or a field that can still be found."""
    for one in root.findChildren(QLabel):
        yield one.text()
    for field in root.findChildren(QLineEdit):
        yield field.text()


def test_lock_takes_every_word_off_the_screen(
    window: Window, settle: Settle, qtbot: QtBot, demo_client: Client
) -> None:
    """Ctrl+L: no widget keeps a text of a client, the open sheet is gone, and the passphrase has the focus."""
    window.go(Place(screen="referrals"))
    settle()
    window.go(Place(screen=BESIDE, id=window.session.current.view.current.referral.id))  # type: ignore[union-attr]
    settle()
    window.new_call()
    QTest.keyClick(window, Qt.Key.Key_L, CTRL)
    window.lock()
    qtbot.waitUntil(lambda: not window.findChildren(CallSheet))
    gc.collect()
    assert window.session is None
    assert window.desk is None
    assert not any(demo_client.name.family in text for text in names_shown(window))
    assert window.line.sentence == ""
    assert not window.menuBar().isVisible()
    qtbot.waitUntil(lambda: window.unlock.focusWidget() is not None and window.isActiveWindow())


@pytest.fixture
def demo_client(desk: Desk) -> Client:
    """The client of the first referral of the list."""
    with desk._store.reading() as reader:
        return reader.get(Client, reader.referrals()[0].client)


def test_the_window_locks_when_nobody_touches_it(window: Window, clock: Clock) -> None:
    """After the minutes of the settings, counted from the last key or click in our windows."""
    assert window._idle is not None
    clock.seconds = 299
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F5)
    clock.seconds = 598
    window._idle.check()
    assert window.session is not None
    clock.seconds = 600
    window._idle.check()
    assert window.session is None


def test_the_window_locks_after_half_a_day_in_any_case(window: Window, clock: Clock) -> None:
    """However busy the desk is."""
    assert window._idle is not None
    clock.seconds = LONGEST
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F5)
    window._idle.check()
    assert window.session is None


def test_colors_change_at_once(window: Window, kept: list[Settings], qapp: QApplication) -> None:
    """Dark from the menu, kept for the next start."""
    window.settings_with(scheme="dark")
    assert kept[-1].scheme == "dark"
    assert qapp.palette().window().color().name() == "#1c1f24"


def test_keys_are_told_once(window: Window) -> None:
    """No line of the sheet is there twice."""
    keys = list(keys_of(window))
    assert len({(key.what, key.keys, key.where) for key in keys}) == len(keys)


def test_every_widget_lives_on_the_gui_thread(window: Window, qapp: QApplication) -> None:
    """Workers compute; the GUI thread owns every QObject."""
    assert {one.thread() for one in window.findChildren(QObject)} == {qapp.thread()}

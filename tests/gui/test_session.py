"""Screen and matches share the window: columns stay visible, and the window never outgrows a small screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.gui import start
from desktop.gui.calendar import CalendarScreen
from desktop.gui.desk import Desk
from desktop.gui.modules import modules
from desktop.gui.referrals import ReferralsScreen
from desktop.gui.screen import BESIDE, Place
from desktop.gui.session import Session
from desktop.gui.window import Window
from desktop.settings import Settings
from tests.gui.conftest import Settle
from tests.gui.oversight import focused, went

SMALL = (1366, 768)
KEYS = tuple(one.key for one in modules())


@pytest.fixture
def referral(desk: Desk) -> str:
    """A referral that asks for something."""
    with desk._store.reading() as reader:
        return next(one.id for one in reader.referrals() if one.request is not None and one.stage.is_open)


@pytest.fixture
def session(window: Window) -> Session:
    """What stands in the window."""
    assert window.session is not None
    return window.session


def size(window: Window) -> tuple[int, int]:
    """How large the window is."""
    return window.width(), window.height()


def test_five_columns_stay_beside_the_matches(
    window: Window, session: Session, settle: Settle, referral: str, qtbot: QtBot
) -> None:
    """The calendar's own panel folds away at 1366 px and comes back with the room; on a wide screen it stays."""
    screen = went(window, settle, CalendarScreen, "calendar")
    assert not screen.view.is_panel_folded
    window.go(Place(screen=BESIDE, id=referral))
    settle()
    qtbot.waitUntil(lambda: screen.view.is_panel_folded)
    day = screen.view.day
    across = day.viewport().width() // (day.visualRect(day.model().index(0, 0)).width() + 1)
    assert across >= 5
    session.hide_beside()
    qtbot.waitUntil(lambda: not screen.view.is_panel_folded)
    window.resize(1920, 1080)
    window.go(Place(screen=BESIDE, id=referral))
    settle()
    assert not screen.view.is_panel_folded


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_the_window_never_outgrows_a_small_screen(
    window: Window, session: Session, settle: Settle, referral: str, percent: int
) -> None:
    """Whatever is in front, with the matches and without them."""
    window.settings_with(text_percent=percent)
    for key in KEYS:
        session.hide_beside()
        window.go(Place(screen=key))
        settle()
        window.go(Place(screen=BESIDE, id=referral))
        settle()
        assert window.minimumSizeHint().width() <= SMALL[0], key
        assert window.minimumSizeHint().height() <= SMALL[1], key
        assert size(window) == SMALL, key


def test_the_window_does_not_grow_when_a_clinic_is_entered(
    empty_window: Window, desk: Desk, settle: Settle, qtbot: QtBot, qapp: QApplication
) -> None:
    """Twice the text: no screen knows its size yet, and the unlock page lays no claim to room any more."""
    start.clothe(qapp, Settings(scheme="light", text_percent=200))
    qtbot.waitUntil(lambda: empty_window.fontMetrics().height() > 30)
    assert size(empty_window) == SMALL
    empty_window.enter(desk)
    settle()
    qtbot.waitUntil(lambda: empty_window.minimumWidth() == 0)
    settle()
    assert size(empty_window) == SMALL


def test_the_matches_take_the_place_of_a_screen_that_could_not_be_read(
    window: Window, session: Session, settle: Settle, referral: str, qtbot: QtBot
) -> None:
    """At twice the text; Esc brings the screen back, and so does going to one."""
    window.settings_with(text_percent=200)
    screen = went(window, settle, ReferralsScreen, "referrals")
    window.go(Place(screen=BESIDE, id=referral))
    settle()
    beside = session.beside
    assert beside is not None
    assert beside.isVisible()
    assert not screen.isVisible()
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    qtbot.waitUntil(screen.isVisible)
    assert not beside.isVisible()
    window.go(Place(screen=BESIDE, id=referral))
    settle()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert session.front == "calendar"
    assert session.current is not None
    assert session.current.isVisible()
    assert not beside.isVisible()

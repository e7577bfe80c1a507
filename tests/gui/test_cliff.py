"""The screen Licenses: what ends, whom it strands, and the re-check with its tasks and its undo."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.clinic.therapists import LicenseStatus, Therapist
from desktop.gui.cliff import CliffScreen, left
from desktop.gui.desk import Desk
from desktop.gui.window import Window
from desktop.office import upkeep
from tests.gui.conftest import Settle
from tests.gui.oversight import CTRL, focused, undo, went
from tests.gui.test_window import until_clean


@pytest.fixture
def screen(window: Window, settle: Settle) -> CliffScreen:
    """The screen, filled."""
    return went(window, settle, CliffScreen, "licenses")


def test_it_shows_what_the_office_says(screen: CliffScreen, desk: Desk) -> None:
    """Every end in its order, with the appointments of the first at the right, and a count of those that are near."""
    found = upkeep.cliff(desk._store, desk.actor)
    view = screen.view
    assert view.list.values == list(found)
    assert view.visits.values == found[0].visits
    assert view.list.model().index(0, 5).data() == str(len(found[0].visits))
    assert focused() is view.list


def test_typing_narrows_the_list(screen: CliffScreen, qtbot: QtBot) -> None:
    """A state and a kind."""
    qtbot.keyClicks(screen.view.box, "nj license")
    lines = screen.view.list.values
    assert lines
    assert all(f"{one.expiry.held} {one.expiry.what}".startswith("license NJ") for one in lines)


def test_recheck_writes_tasks_that_undo_takes_back(
    screen: CliffScreen, window: Window, desk: Desk, settle: Settle
) -> None:
    """A license that was suspended behind our back; Ctrl+R finds its appointments, Enter on a task opens one."""
    key = upkeep.cliff(desk._store, desk.actor)[0].expiry.therapist
    with desk._store.writing(desk.actor, "Suspended") as writer:
        before = writer.get(Therapist, key)
        licenses = tuple(replace(one, status=LicenseStatus.SUSPENDED) for one in before.licenses)
        writer.replace(before, replace(before, licenses=licenses))
    known = len(upkeep.tasks(desk._store, desk.actor))
    QTest.keyClick(window, Qt.Key.Key_R, CTRL)
    settle()
    written = upkeep.tasks(desk._store, desk.actor)
    assert len(written) > known
    assert screen.view.tasks.values == written
    undo(window, settle)
    assert len(screen.view.tasks.values) == known
    undo(window, settle, again=True)
    screen.view.tasks.setFocus()
    QTest.keyClick(screen.view.tasks, Qt.Key.Key_Return)
    settle()
    assert window.session is not None
    assert window.session.front == "calendar"


def test_enter_opens_the_therapist(screen: CliffScreen, window: Window, settle: Settle) -> None:
    """Where the renewal is recorded."""
    line = screen.view.list.current
    QTest.keyClick(screen.view.list, Qt.Key.Key_Return)
    settle()
    assert window.session is not None
    assert window.session.front == "therapists"
    assert window.session.current.view.list.current.therapist.id == line.expiry.therapist  # type: ignore[union-attr]


@pytest.mark.parametrize("percent", [100, 200])
def test_it_passes_the_lint(window: Window, settle: Settle, qtbot: QtBot, percent: int) -> None:
    """Names, targets, no clipped words, no key twice."""
    window.settings_with(text_percent=percent)
    went(window, settle, CliffScreen, "licenses")
    until_clean(qtbot, window)


def test_days_are_said_in_words() -> None:
    """Color is never the only sign."""
    assert [left(days) for days in (-1, 0, 1, 25)] == ["ended 1 day ago", "today", "1 day", "25 days"]

"""The screen Demand: numbers as the office counts them, a sentence for each cell, and what would help."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.clinic.services import Modality
from desktop.clinic.therapists import Therapist
from desktop.gui.demand import DemandScreen, hours_word, name
from desktop.gui.desk import Desk
from desktop.gui.window import Window
from desktop.office import demand
from tests.gui.conftest import Settle
from tests.gui.oversight import went
from tests.gui.test_window import until_clean


@pytest.fixture
def screen(window: Window, settle: Settle) -> DemandScreen:
    """The screen, filled."""
    return went(window, settle, DemandScreen, "demand")


def test_it_shows_what_the_office_counts(screen: DemandScreen, desk: Desk) -> None:
    """A row for each modality and state where somebody waits; with the box unchecked every one."""
    found = demand.board(desk._store, desk.actor)
    board = screen.view.board
    assert [one.title for one in board.lines] == [name(one) for one in found.totals if one.cell.waiting]
    screen.view.waiting_only.click()
    assert [one.title for one in board.lines] == [name(one) for one in found.totals]
    first = found.totals[0].cell
    assert board.model().index(0, 1).data() == f"{first.waiting} · {hours_word(first.hours)} h"
    assert str(found.demand.waiting) in screen.view.summary.text()


def test_the_arrows_tell_each_cell(screen: DemandScreen, desk: Desk) -> None:
    """Right goes to the morning; the sentence below says its numbers; the screen reader gets the same one."""
    found = demand.board(desk._store, desk.actor)
    board = screen.view.board
    assert QApplication.focusWidget() is board
    QTest.keyClick(board, Qt.Key.Key_Right)
    morning = found.cells[0].cell
    assert "(morning)" in screen.view.sentence.text()
    assert f"{hours_word(morning.hours)} hours a week" in screen.view.sentence.text()
    assert board.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) == screen.view.sentence.text()
    QTest.keyClick(board, Qt.Key.Key_Down)
    assert board.currentIndex().row() == 1


def test_where_hours_lack_it_says_who_could_help(
    screen: DemandScreen, window: Window, desk: Desk, settle: Settle
) -> None:
    """Nobody trained in EMDR takes new clients: the cells are short, and training somebody is named."""
    with desk._store.writing(desk.actor, "Full") as writer:
        for one in writer.all(Therapist):
            if any(held.modality is Modality.EMDR for held in one.qualifications):
                writer.replace(one, replace(one, accepting=False))
    window.refresh()
    settle()
    found = demand.board(desk._store, desk.actor)
    assert found.steps
    line = next(one for one in screen.view.board.lines if one.title == "EMDR, PA")
    assert line.cells[0].is_short
    said = [one.text() for one in screen.view.help.findChildren(QLabel)]
    assert f"1. {found.steps[0].sentence}" in said
    assert set(found.steps[0].nearest) <= set(said)


@pytest.mark.parametrize("percent", [100, 200])
def test_it_passes_the_lint(window: Window, settle: Settle, qtbot: QtBot, percent: int) -> None:
    """Names, targets, no clipped words, no key twice."""
    window.settings_with(text_percent=percent)
    went(window, settle, DemandScreen, "demand")
    until_clean(qtbot, window)

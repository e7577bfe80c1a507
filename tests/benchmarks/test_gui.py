"""How fast the calendar paints and how fast the list of clients follows a key, as medians on two cores."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from time import perf_counter

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture
from pytestqt.qtbot import QtBot

from desktop.gui import start
from desktop.gui.clients import ClientsScreen
from desktop.gui.desk import Desk
from desktop.gui.jobs import Jobs
from desktop.gui.widgets.daygrid import Block, Plan
from desktop.gui.widgets.dayview import DayView
from desktop.records.store import Store
from desktop.settings import Settings
from tests.benchmarks.measure import median as seconds
from tests.conftest import NOW, ROSA
from tests.gui.widgets.days import block, column

COLUMNS, FIRST, LAST = 11, 8 * 60, 20 * 60
MS = 1_000.0
PATIENCE = 5_000

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def taken(benchmark: BenchmarkFixture) -> float:
    """The median of the rounds in milliseconds."""
    return seconds(benchmark) * MS


def full_day() -> Plan:
    """Eleven therapists, twelve hours, a visit in every one; in each fifth hour two at once."""
    looks = ("scheduled", "confirmed", "arrived", "completed", "noshow", "intake", "kap", "hold", "canceled")
    blocks: list[Block] = []
    for at in range(COLUMNS):
        for number, minute in enumerate(range(FIRST, LAST, 60)):
            look = looks[(at + number) % len(looks)]
            blocks.append(replace(block(f"{at}-{number}", at, minute, look=look), title="Featherstonhaugh, Ann"))
            if number % 5 == 0:
                blocks.append(block(f"{at}-{number}b", at, minute + 15, 30))
    return Plan(columns=tuple(column(at) for at in range(COLUMNS)), blocks=tuple(blocks), first=FIRST, last=LAST)


@pytest.fixture
def day(qapp: QApplication, qtbot: QtBot) -> DayView:
    """The full day, large enough that all of it is painted."""
    start.clothe(qapp, Settings(scheme="light"))
    view = DayView()
    qtbot.addWidget(view)
    view.resize(1600, 1300)
    view.show_plan(full_day(), "Day calendar")
    view.set_now(623, tuple(range(COLUMNS)))
    view.show()
    qtbot.waitExposed(view)
    assert view.grid.height <= view.viewport().height() + 1
    return view


def test_the_day_is_painted_within_ten_milliseconds(day: DayView, benchmark: BenchmarkFixture) -> None:
    """A full repaint of 11 columns and 12 hours, 165 appointments."""
    benchmark.pedantic(day.viewport().repaint, rounds=60, warmup_rounds=5)
    assert taken(benchmark) < 10


def test_a_new_day_is_laid_out_within_ten_milliseconds(day: DayView, benchmark: BenchmarkFixture) -> None:
    """Lanes, stops and rectangles of another plan, without painting."""
    plans = [replace(full_day(), last=LAST), full_day()]

    def show() -> None:
        plans.reverse()
        day.show_plan(replace(plans[0]), "Day calendar")

    benchmark.pedantic(show, rounds=40, warmup_rounds=3)
    assert taken(benchmark) < 10


def test_scrolling_paints_only_what_comes_into_sight(day: DayView, benchmark: BenchmarkFixture) -> None:
    """A step of the wheel moves what is painted and paints the rest."""
    day.resize(1600, 700)
    bar = day.verticalScrollBar()
    assert bar.maximum() > 200
    steps = iter(range(1, 10_000))

    def scroll() -> None:
        bar.setValue(next(steps) * 7 % 200)
        day.viewport().repaint(0, 0, 1, 1)
        QApplication.sendPostedEvents()

    benchmark.pedantic(scroll, rounds=60, warmup_rounds=5)
    assert taken(benchmark) < 10


def test_the_list_follows_each_key_within_thirty_milliseconds(crowded: Store, qapp: QApplication, qtbot: QtBot) -> None:
    """From the key press to the painted list of 90,000 clients: question, answer, model and paint."""
    start.clothe(qapp, Settings(scheme="light"))
    jobs = Jobs()
    desk = Desk(crowded, ROSA.user, jobs, lambda: NOW)
    screen = ClientsScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1366, 768)
    screen.show()
    qtbot.waitExposed(screen)
    screen.focus_first()
    box, shown = screen.view.pick.box, screen.view.pick.list
    took: list[float] = []
    try:
        for letter in "ab":
            pressed(screen, letter)
        for typed in ("nguyen thi", "farouk", "610555", "o'brien", "quickley"):
            box.clear()
            took += [pressed(screen, letter) for letter in typed]
        assert shown.model().rowCount() > 0
    finally:
        jobs.close()
    assert median(took) < 30, f"median {median(took):.1f} ms"


def pressed(screen: ClientsScreen, letter: str) -> float:
    """Milliseconds from the key to the painted list."""
    loop = QEventLoop()
    model = screen.view.pick.list.model()
    model.modelReset.connect(loop.quit)
    began = perf_counter()
    QTest.keyClicks(screen.view.pick.box, letter)
    QTimer.singleShot(PATIENCE, loop, loop.quit)
    loop.exec()
    screen.view.pick.list.viewport().repaint()
    took = (perf_counter() - began) * MS
    model.modelReset.disconnect(loop.quit)
    return took

"""The window with the demo practice, driven by real events on the offscreen platform."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.gui import start
from desktop.gui.collector import Collector
from desktop.gui.desk import Desk
from desktop.gui.jobs import Jobs
from desktop.gui.window import Surroundings, Window
from desktop.records.store import Store
from desktop.settings import Settings
from tests.conftest import NOW, ROSA

HERE = Path(__file__).parent
Settle = Callable[[], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says of every dialog that it cannot hint sizes; every other warning of Qt is a failure."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("propagateSizeHints", extend=True))


@pytest.fixture(scope="session", autouse=True)
def _collected_here(qapp: QApplication) -> Iterator[None]:
    """Widgets die on the GUI thread, and workers take short turns, as in the program."""
    collector, turn = Collector(qapp), sys.getswitchinterval()
    collector.start()
    sys.setswitchinterval(start.TURN)
    yield
    sys.setswitchinterval(turn)
    collector.stop()


@pytest.fixture(autouse=True)
def _dressed(qapp: QApplication) -> None:
    """Every test begins in the program's own clothes, whichever came before."""
    start.clothe(qapp, Settings(scheme="light"))
    start.localize()


class Clock:
    """Seconds that go forward only when a test says so."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.seconds = 0.0

    def __call__(self) -> float:
        """The seconds now."""
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """A clock for the idle lock."""
    return Clock()


@pytest.fixture
def kept() -> list[Settings]:
    """The settings that the window asked to keep."""
    return []


@pytest.fixture
def empty_window(
    qapp: QApplication, qtbot: QtBot, clock: Clock, kept: list[Settings], tmp_path: Path
) -> Iterator[Window]:
    """The window on its unlock page."""
    window = Window(
        Surroundings(
            clock=lambda: NOW,
            seconds=clock,
            demo=tmp_path / "demo-of-the-window.handoff",
            settings=Settings(scheme="light"),
            keep=kept.append,
            dress=lambda settings: start.dress(qapp, settings),
        )
    )
    window.resize(1366, 768)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    start.dress(qapp, Settings(scheme="light"))


@pytest.fixture
def desk(demo_store: Store) -> Iterator[Desk]:
    """A desk at the demo practice."""
    made = Desk(demo_store, ROSA.user, Jobs(), lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def settle(qtbot: QtBot, desk: Desk) -> Settle:
    """Wait until every question and change is answered and nothing asks on."""

    def wait() -> None:
        quiet = 0

        def is_quiet() -> bool:
            nonlocal quiet
            quiet = quiet + 1 if desk.pending == 0 else 0
            return quiet >= 3

        qtbot.waitUntil(is_quiet, timeout=15_000)

    return wait


@pytest.fixture
def window(empty_window: Window, desk: Desk, settle: Settle) -> Window:
    """The window on Today."""
    empty_window.enter(desk)
    settle()
    return empty_window

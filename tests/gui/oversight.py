"""What the tests of the oversight screens share: the screen in front, the form over it, and keys typed into fields."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from desktop.gui.screen import Place, Screen
from desktop.gui.widgets.fieldrows import FormDialog
from desktop.gui.window import Window
from tests.gui.conftest import Settle

T = TypeVar("T", bound=Screen)
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def went(window: Window, settle: Settle, kind: type[T], key: str, record: str = "") -> T:
    """The screen of that key, filled."""
    window.go(Place(screen=key, id=record))
    settle()
    assert window.session is not None
    screen = window.session.current
    assert isinstance(screen, kind)
    return screen


def form_of(window: Window) -> FormDialog:
    """The form that is open."""
    form = next(one for one in window.findChildren(FormDialog) if one.isVisible())
    active(form)
    return form


def active(window: QWidget) -> None:
    """Wait until the keyboard is in that window."""
    window.activateWindow()
    for _each in range(200):
        if QApplication.activeWindow() is window:
            break
        QTest.qWait(10)
    assert QApplication.activeWindow() is window


def undo(window: Window, settle: Settle, *, again: bool = False) -> None:
    """Ctrl+Z, or Ctrl+Shift+Z."""
    active(window)
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT if again else CTRL)
    settle()


def focused() -> QWidget:
    """Who has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def retype(field: QLineEdit, text: str) -> None:
    """Replace what stands in the field, by keys."""
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)

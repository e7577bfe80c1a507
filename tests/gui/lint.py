"""A lint over a window that is shown: names, sizes, clipped words, keys that clash."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

SMALLEST = 24
WORKED = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QAbstractItemView)
_MNEMONIC = re.compile(r"(?<!&)&(\w)")


def findings(window: QWidget) -> list[str]:
    """What is wrong with the window as it is shown now."""
    return [
        *_widgets(window),
        *_doubled_mnemonics(window),
        *_doubled_keys(window),
        *_alt_letters(window),
        *_menus(window),
    ]


def shown(window: QWidget) -> Iterator[QWidget]:
    """Every widget of ours that can be seen."""
    for widget in window.findChildren(QWidget):
        ours = not widget.objectName().startswith("qt_") and not isinstance(
            widget.parent(), (QComboBox, QAbstractSpinBox)
        )
        if ours and widget.isVisibleTo(window) and not isinstance(widget, QMenu):
            yield widget


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface else ""


def _named(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return f"{type(widget).__name__}({name_of(widget) or (text() if callable(text) else '')!s:.30})"


def _widgets(window: QWidget) -> Iterator[str]:
    for widget in shown(window):
        inner = isinstance(widget.parent(), (QAbstractItemView, QHeaderView)) or isinstance(widget, QHeaderView)
        if isinstance(widget, WORKED) and widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not inner:
            if not name_of(widget):
                yield f"no name: {_named(widget)}"
            if widget.isEnabled() and min(widget.width(), widget.height()) < SMALLEST and _is_target(widget):
                yield f"small: {_named(widget)} {widget.width()}x{widget.height()}"
        if isinstance(widget, QAbstractItemView) and not inner:
            yield from _low_rows(widget)
        if isinstance(widget, (QLabel, QAbstractButton)):
            yield from _clipped(widget)


def _is_target(widget: QWidget) -> bool:
    return not isinstance(widget, QAbstractItemView) and not widget.visibleRegion().isEmpty()


def _low_rows(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    if model is not None and model.rowCount():
        height = view.visualRect(model.index(0, 0)).height()
        if 0 < height < SMALLEST:
            yield f"low row: {_named(view)} {height}"


def _clipped(widget: QLabel | QAbstractButton) -> Iterator[str]:
    if not widget.text() or widget.sizePolicy().horizontalPolicy().name == "Ignored":
        return
    wraps = isinstance(widget, QLabel) and widget.wordWrap()
    lines = widget.fontMetrics().lineSpacing() * (widget.text().count("\n") + 1)
    need = widget.heightForWidth(widget.width()) if wraps else min(widget.sizeHint().height(), lines)
    wide = 0 if wraps else widget.sizeHint().width()
    if need > widget.height() + 2 or wide > widget.width() + 2:
        yield f"clipped: {_named(widget)} needs {wide}x{need} has {widget.width()}x{widget.height()}"


def _doubled_mnemonics(window: QWidget) -> Iterator[str]:
    owners: dict[str, list[str]] = defaultdict(list)
    if isinstance(window, QMainWindow) and window.menuBar().isVisible():
        for action in window.menuBar().actions():
            _note(owners, action.text(), "menu")
    for widget in shown(window):
        if isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy() is not None):
            _note(owners, widget.text(), type(widget).__name__)
    yield from (f"mnemonic twice: Alt+{key} {names}" for key, names in owners.items() if len(names) > 1)


def _note(owners: dict[str, list[str]], text: str, kind: str) -> None:
    found = _MNEMONIC.search(text)
    if found:
        owners[found[1].casefold()].append(f"{kind} {text}")


def _reached(window: QWidget) -> Iterator[QAction]:
    for action in window.findChildren(QAction):
        owner = action.parent()
        if isinstance(owner, QWidget) and action.shortcuts() and (owner is window or owner.isVisibleTo(window)):
            yield action


def _doubled_keys(window: QWidget) -> Iterator[str]:
    owners: dict[str, list[QAction]] = defaultdict(list)
    for action in _reached(window):
        for keys in action.shortcuts():
            owners[keys.toString()].append(action)
    for pressed, actions in owners.items():
        for at, one in enumerate(actions):
            for other in actions[at + 1 :]:
                if _clash(one, other):
                    yield f"keys twice: {pressed} {one.text()} / {other.text()}"


def _clash(one: QAction, other: QAction) -> bool:
    """Whether both can be meant at once: keys of two widgets of which neither lies in the other cannot."""
    local = Qt.ShortcutContext.WidgetWithChildrenShortcut
    if local not in (one.shortcutContext(), other.shortcutContext()):
        return True
    here, there = one.parent(), other.parent()
    if not (isinstance(here, QWidget) and isinstance(there, QWidget)):
        return True
    return here is there or here.isAncestorOf(there) or there.isAncestorOf(here)


def _alt_letters(window: QWidget) -> Iterator[str]:
    for action in _reached(window):
        for keys in action.shortcuts():
            if re.fullmatch(r"Alt\+[A-Z]", keys.toString()):
                yield f"Alt+letter belongs to mnemonics: {keys.toString()} {action.text()}"


def _menus(window: QWidget) -> Iterator[str]:
    if not isinstance(window, QMainWindow):
        return
    for top in window.menuBar().actions():
        menu = top.menu()
        entries = menu.actions() if isinstance(menu, QMenu) else []
        seen: dict[str, list[str]] = defaultdict(list)
        for action in [one for one in entries if not one.isSeparator()]:
            if not _MNEMONIC.search(action.text()):
                yield f"no mnemonic: {top.text()} / {action.text()}"
            _note(seen, action.text(), "")
        yield from (f"mnemonic twice: {top.text()} / {names}" for names in seen.values() if len(names) > 1)

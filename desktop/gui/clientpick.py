"""Find a client by typing: a box over a short list; the arrows walk the list while the letters go into the box."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from desktop.clinic.wording import telephone
from desktop.gui import peoplewords
from desktop.gui.widgets.table import Column, Table, TableView

if TYPE_CHECKING:
    from desktop.records.store import ClientLine

_WALK = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


def client_table() -> Table[ClientLine]:
    """Clients as lines: name, birth date, phone, status."""
    return Table(
        (
            Column(_("Name"), _name, bold=lambda _line: True, width=26),
            Column(_("Born"), lambda line: peoplewords.short(line.birth_date), width=14),
            Column(_("Phone"), lambda line: telephone(line.phone), width=16),
            Column(
                _("Status"),
                lambda line: peoplewords.client_status(line.status),
                tone=lambda line: peoplewords.client_tone(line.status),
            ),
        ),
        spoken=lambda line: f"{_name(line)}, {peoplewords.short(line.birth_date)}",
    )


def _name(line: ClientLine) -> str:
    given = line.listed.split(", ", 1)[-1]
    return line.listed if line.called in (given, "") else f"{line.listed} ({line.called})"


class ClientPick(QWidget):
    """`typed` carries the letters, `picked` the line under the cursor (or None), `opened` the one taken with Enter."""

    typed = Signal(str)
    picked = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        """An empty box over an empty list."""
        super().__init__(parent)
        self.box = QLineEdit(self)
        self.box.setPlaceholderText(_("Name, phone or birth date"))
        self.box.setClearButtonEnabled(True)
        self.box.setAccessibleName(_("Find client"))
        self.box.setMinimumHeight(max(28, self.fontMetrics().height() + 10))
        self.list = TableView(client_table(), _("Clients found"), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addWidget(self.list, 1)
        self.setFocusProxy(self.box)
        self.box.installEventFilter(self)
        self.box.textEdited.connect(self.typed)
        self.list.picked.connect(self.picked)
        self.list.opened.connect(self.opened)

    @property
    def current(self) -> ClientLine | None:
        """The line under the cursor."""
        found: ClientLine | None = self.list.current
        return found

    def show_lines(self, lines: Sequence[ClientLine]) -> None:
        """Show what was found; the first line is picked."""
        self.list.show_values(lines, lambda line: line.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Send the arrows to the list, and Enter, while the letters stay in the box."""
        if watched is self.box and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if Qt.Key(event.key()) in _WALK and not event.modifiers():
                QApplication.sendEvent(self.list, event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
                self.opened.emit(self.current)
                return True
            if event.key() == Qt.Key.Key_Escape and self.box.text():
                self.box.clear()
                self.typed.emit("")
                return True
        return super().eventFilter(watched, event)

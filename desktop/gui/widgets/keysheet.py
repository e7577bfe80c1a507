"""The sheet of keys, made from the actions themselves."""

from __future__ import annotations

from collections.abc import Iterable
from gettext import gettext as _

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from desktop.gui.commands import Key
from desktop.gui.widgets.table import Column, Table, TableView


class KeySheet(QDialog):
    """Every action with keys; typing narrows the list."""

    def __init__(self, keys: Iterable[Key], parent: QWidget | None = None) -> None:
        """List the keys, those that work everywhere first."""
        super().__init__(parent)
        self.setWindowTitle(_("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._keys = sorted(set(keys), key=lambda one: (bool(one.where), one.where, one.what))
        self._table = Table[Key](
            (
                Column(_("What it does"), lambda one: one.what),
                Column(_("Keys"), lambda one: one.keys, bold=lambda _one: True, width=22),
                Column(_("Where"), lambda one: one.where or _("everywhere"), tone=lambda _one: "muted", width=18),
            )
        )
        self._filter = QLineEdit(self)
        self._filter.setPlaceholderText(_("Type to narrow the list"))
        self._filter.setAccessibleName(_("Narrow the list of keys"))
        self._filter.textChanged.connect(self._narrow)
        view = TableView(self._table, _("Keys"), self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for part in (self._filter, view, buttons):
            layout.addWidget(part)
        letter = self.fontMetrics().averageCharWidth()
        self.resize(letter * 90, min(self.fontMetrics().height() * 32, 680))
        self._narrow("")

    @property
    def shown(self) -> tuple[Key, ...]:
        """The lines that are shown now."""
        return tuple(self._table.values)

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        fits = [one for one in self._keys if all(word in f"{one.what} {one.keys}".casefold() for word in words)]
        self._table.show(fits)

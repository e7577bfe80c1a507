"""The guide: one page for each screen, from the Markdown that ships with the program."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from desktop import resource
from desktop.gui.guidepage import guide

PAGES = (
    "unlock",
    "today",
    "calendar",
    "referrals",
    "match",
    "clients",
    "therapists",
    "letters",
    "waitlist",
    "licenses",
    "rulebook",
    "demand",
)


def page(name: str) -> str:
    """The Markdown of a page; KeyError when there is no such page."""
    if name not in PAGES:
        raise KeyError(name)
    return resource(f"help/{name}.md").read_text(encoding="utf-8")


def title(name: str) -> str:
    """The first heading of a page."""
    return page(name).splitlines()[0].removeprefix("# ")


class HelpPage(QDialog):
    """The pages at the left, the chosen one at the right; stays open beside the work."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Begin with that page, or with the first one for a screen without its own."""
        super().__init__(parent)
        self.setWindowTitle(_("Guide"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(_("Pages of the guide"))
        self.text = guide("", self)
        self.text.setAccessibleName(_("Guide"))
        row = max(28, self.fontMetrics().height() + 10)
        for one in PAGES:
            self.list.addItem(title(one))
            item = self.list.item(self.list.count() - 1)
            item.setData(Qt.ItemDataRole.UserRole, one)
            item.setSizeHint(QSize(0, row))
        letter, line = self.fontMetrics().averageCharWidth(), self.fontMetrics().height()
        self.list.setMaximumWidth(letter * 24)
        buttons = QDialogButtonBox(self)
        buttons.addButton(_("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        beside = QHBoxLayout()
        beside.addWidget(self.list)
        beside.addWidget(self.text, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(beside, 1)
        layout.addWidget(buttons)
        self.resize(letter * 110, line * 34)
        self.list.currentRowChanged.connect(self._show)
        self.list.setCurrentRow(PAGES.index(name) if name in PAGES else 0)
        self.text.setFocus()

    def _show(self, row: int) -> None:
        self.text.setMarkdown(page(PAGES[row]))

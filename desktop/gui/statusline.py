"""The line at the bottom: what was just done with its undo, and what waits."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStatusBar, QWidget

from desktop.clinic.change import Task
from desktop.gui import safe


class StatusLine(QStatusBar):
    """Sentences are also announced to a screen reader."""

    def __init__(self, undo: Callable[[], None]) -> None:
        """An empty line."""
        super().__init__()
        self.setSizeGripEnabled(False)
        self._sentence = safe.label()
        self._sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._undo = QPushButton(_("Undo  Ctrl+Z"), self)
        self._undo.setProperty("kind", "link")
        self._undo.clicked.connect(lambda: undo())
        self._undo.hide()
        self._counts = safe.label()
        self._counts.setMinimumWidth(1)
        row = QWidget(self)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.addWidget(self._sentence, 1)
        layout.addWidget(self._undo)
        layout.addSpacing(16)
        layout.addWidget(self._counts)
        self.addWidget(row, 1)

    @property
    def sentence(self) -> str:
        """What it says now."""
        return self._sentence.text()

    def tell(self, sentence: str) -> None:
        """Say what was done."""
        self._sentence.setText(sentence)
        if sentence and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def show_busy(self, label: str) -> None:
        """Say what is being done; "" when it is over."""
        if label:
            self._sentence.setText(_("{label}...").format(label=label))

    def offer_undo(self, task: Task | None) -> None:
        """Show the undo button while there is something to take back."""
        self._undo.setVisible(task is not None)
        if task is not None:
            self._undo.setAccessibleName(_("Undo: {label}").format(label=task.label))

    def show_counts(self, words: str) -> None:
        """Show what waits."""
        self._counts.setText(words)

    def clear(self) -> None:
        """Forget everything."""
        self._sentence.clear()
        self._counts.clear()
        self._undo.hide()

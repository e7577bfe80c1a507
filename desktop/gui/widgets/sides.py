"""A list and its details: side by side where both can be read, one below the other where they cannot."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget


class Sides(QSplitter):
    """Two parts with the room that each needs, in letters."""

    def __init__(
        self,
        left: QWidget,
        right: QWidget,
        parent: QWidget | None = None,
        *,
        letters: tuple[int, int],
        stacked: tuple[int, int] = (3, 2),
    ) -> None:
        """`letters` are the widths at which both can be read, and how the width is shared; `stacked` shares the height."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setChildrenCollapsible(False)
        self._letters = letters
        self._parts = stacked
        self._stacked: bool | None = None
        for at, part in enumerate((left, right)):
            self.addWidget(part)
            self.setStretchFactor(at, letters[at])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Turn when there is too little room, or enough again."""
        super().resizeEvent(event)
        stacked = self.width() < self.fontMetrics().averageCharWidth() * sum(self._letters)
        if stacked is self._stacked:
            return
        self._stacked = stacked
        self.setOrientation(Qt.Orientation.Vertical if stacked else Qt.Orientation.Horizontal)
        whole = self.height() if stacked else self.width()
        parts = self._parts if stacked else self._letters
        self.setSizes([whole * part // sum(parts) for part in parts])

"""A scrolled column of widgets whose wrapped text keeps its full height."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget


class Column(QScrollArea):
    """Widgets from the top down; it scrolls upright alone."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = _Inside()
        self.setWidget(self._inside)

    @property
    def rows(self) -> QVBoxLayout:
        """Where widgets are added."""
        return self._inside.rows

    def empty(self) -> None:
        """Take everything out."""
        _empty(self.rows)


class _Inside(QWidget):
    """Qt lets a scroll area squeeze wrapped labels; this keeps the height that the width asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, 4, 8, 4)
        self.rows.setSpacing(8)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._keep_height()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_height()

    def _keep_height(self) -> None:
        wanted = self.rows.totalHeightForWidth(self.width()) if self.rows.hasHeightForWidth() else 0
        if wanted > 0 and wanted != self.minimumHeight():
            self.setMinimumHeight(wanted)


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            _empty(inner)

"""A page of facts about one record: a title, and rows of caption and text under headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.gui import safe
from desktop.gui.widgets.glyphs import Glyph, Sign

_ROOM = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A caption and its text; `tone` and `glyph` stress it, both together, so that color is not the only sign."""

    label: str = ""
    text: str
    tone: str = ""
    glyph: Glyph | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows under a heading; a part without rows is left out."""

    heading: str = ""
    rows: tuple[Row, ...]


class FactSheet(QScrollArea):
    """Shows parts one below the other, scrolling when there is not enough room."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(QWidget())
        self._shown: tuple[str, str, Sequence[Part]] = ("", "", ())
        self._stacked = False

    def show_facts(self, title: str, subtitle: str, parts: Sequence[Part]) -> None:
        """Show these parts instead."""
        self._shown, self._stacked = (title, subtitle, parts), self._is_narrow()
        page = QWidget()
        layout = QVBoxLayout(page)
        line = self.fontMetrics().height()
        layout.setContentsMargins(line * 2 // 3, line // 3, line * 2 // 3, line // 2)
        layout.setSpacing(line // 4)
        if title:
            layout.addWidget(safe.label(title, kind="title", wrap=True))
        if subtitle:
            layout.addWidget(safe.label(subtitle, kind="muted", wrap=True))
        for part in parts:
            if part.rows:
                layout.addSpacing(line // 3)
                if part.heading:
                    layout.addWidget(safe.label(part.heading, kind="heading", wrap=True))
                layout.addLayout(self._grid(part))
        layout.addStretch(1)
        self.setWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the captions above their texts where there is no room beside them."""
        super().resizeEvent(event)
        if self._is_narrow() != self._stacked:
            # Not at once: a new font resizes too, while Qt still walks through the labels that would go.
            QTimer.singleShot(0, self, self._rebuild)

    def _rebuild(self) -> None:
        if self._is_narrow() != self._stacked:
            self.show_facts(*self._shown)

    def _is_narrow(self) -> bool:
        return self.viewport().width() < self.fontMetrics().averageCharWidth() * _ROOM

    def _grid(self, part: Part) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(self.fontMetrics().averageCharWidth() * 2)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for at, row in enumerate(part.rows):
            text = safe.label(row.text, wrap=True, kind=row.tone)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            held = _signed(row, text) if row.glyph is not None else text
            if row.label and not self._stacked:
                grid.addWidget(safe.label(row.label, kind="muted"), at, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(held, at, 1)
                continue
            if row.label:
                grid.addWidget(safe.label(row.label, kind="muted", wrap=True), 2 * at, 0, 1, 2)
            grid.addWidget(held, 2 * at + 1 if self._stacked else at, 0, 1, 2)
        return grid


def _signed(row: Row, text: QWidget) -> QWidget:
    box = QWidget()
    line = QHBoxLayout(box)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(4)
    if row.glyph is not None:
        line.addWidget(Sign(row.glyph, row.tone or "text"), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(text, 1)
    return box

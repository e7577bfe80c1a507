"""A page of facts about one record: a title, and rows of caption and text under headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.gui import safe
from desktop.gui.widgets.glyphs import Glyph, Sign


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

    def show_facts(self, title: str, subtitle: str, parts: Sequence[Part]) -> None:
        """Show these parts instead."""
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

    def _grid(self, part: Part) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(self.fontMetrics().averageCharWidth() * 2)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for at, row in enumerate(part.rows):
            text = safe.label(row.text, wrap=True, kind=row.tone)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            held = _signed(row, text) if row.glyph is not None else text
            if row.label:
                grid.addWidget(safe.label(row.label, kind="muted"), at, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(held, at, 1)
            else:
                grid.addWidget(held, at, 0, 1, 2)
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

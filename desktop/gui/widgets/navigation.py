"""The list of modules at the left: icon, name, and how many things wait there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.gui import palette
from desktop.gui.icons import icon

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: the module's key, its title and its icon."""

    key: str
    title: str
    picture: str


class Navigation(QListView):
    """The modules; `chosen` carries the key of the one that the user goes to."""

    chosen = Signal(str)

    def __init__(self, entries: Sequence[Entry], name: str, parent: QWidget | None = None) -> None:
        """Show the entries without counts."""
        super().__init__(parent)
        self._entries = _Entries(entries)
        self._quiet = False
        self.setModel(self._entries)
        self.setItemDelegate(_Line(self))
        self.setAccessibleName(name)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.viewport().setAutoFillBackground(False)
        self.selectionModel().currentChanged.connect(self._changed)

    def show_current(self, key: str) -> None:
        """Mark the module that is in front."""
        self._quiet = True
        self.setCurrentIndex(self._entries.index(self._entries.row(key), 0))
        self._quiet = False

    def count(self, key: str, number: int) -> None:
        """Show how many things wait there; 0 shows nothing."""
        self._entries.count(key, number)

    def sizeHint(self) -> QSize:
        """Wide enough for the longest title, its icon and its count."""
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(one.title) for one in self._entries.entries)
        height = max(30, metrics.height() + 12) * len(self._entries.entries)
        return QSize(widest + metrics.horizontalAdvance("0000") + metrics.height() + 44, height)

    def minimumSizeHint(self) -> QSize:
        """As narrow as its words allow."""
        return QSize(self.sizeHint().width(), self.fontMetrics().height())

    def _changed(self, now: QModelIndex) -> None:
        if now.isValid() and not self._quiet:
            self.chosen.emit(self._entries.entries[now.row()].key)


class _Entries(QAbstractListModel):
    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__()
        self.entries = tuple(entries)
        self._counts: dict[str, int] = {}

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.UserRole:
            return entry.picture
        number = self._counts.get(entry.key, 0)
        if role == Qt.ItemDataRole.StatusTipRole:
            return str(number) if number else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.title}, {number}" if number else entry.title
        return None

    def row(self, key: str) -> int:
        return next(at for at, entry in enumerate(self.entries) if entry.key == key)

    def count(self, key: str, number: int) -> None:
        if self._counts.get(key, 0) != number:
            self._counts[key] = number
            index = self.index(self.row(key), 0)
            self.dataChanged.emit(index, index)


class _Line(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del index
        return QSize(0, max(30, option.fontMetrics.height() + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colors = palette.of(option.palette)
        box: QRect = option.rect.adjusted(4, 1, -4, -1)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if selected:
            painter.setBrush(colors.color("highlight"))
            painter.drawRoundedRect(box, 4, 4)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(colors.color("grid"))
            painter.drawRoundedRect(box, 4, 4)
        if selected and state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(colors.color("highlighted"))
            painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), 3, 3)
        ink = colors.color("highlighted" if selected else "text")
        self._words(painter, option, index, box, selected, ink.name(), colors)
        painter.restore()

    def _words(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: Index,
        box: QRect,
        selected: bool,
        ink: str,
        colors: palette.Colors,
    ) -> None:
        side = max(16, option.fontMetrics.height() - 1)
        mode = icon(index.data(Qt.ItemDataRole.UserRole), colors)
        middle = box.center().y() - side // 2 + 1
        picture = mode.pixmap(QSize(side, side), 2.0, mode.Mode.Selected if selected else mode.Mode.Normal)
        painter.drawPixmap(QRect(box.left() + 8, middle, side, side), picture)
        painter.setPen(ink)
        words = box.adjusted(side + 16, 0, -8, 0)
        flag = Qt.AlignmentFlag
        painter.setFont(option.font)
        painter.drawText(words, flag.AlignLeft | flag.AlignVCenter, index.data())
        count = index.data(Qt.ItemDataRole.StatusTipRole)
        if count:
            painter.setFont(palette.strong(option.font))
            painter.drawText(words, flag.AlignRight | flag.AlignVCenter, count)

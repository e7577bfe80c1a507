"""The board of demand: a table whose cells say numbers, with a bar for the part of the demand that is covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.gui import palette
from desktop.gui.safe import clean
from desktop.gui.widgets.glyphs import Glyph, draw

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_FIRST, _PART, _LAST = 20, 12, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """A cell: its words, the sentence below the board, and the covered share of the demand (none: no demand)."""

    text: str
    sentence: str
    covered: float | None = None

    @property
    def is_short(self) -> bool:
        """Whether the open hours do not suffice."""
        return self.covered is not None and self.covered < 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row: its name and its cells."""

    title: str
    cells: tuple[Heat, ...]


class DemandBoard(QTableView):
    """The arrows go from cell to cell; `told` carries the sentence of the one that is current."""

    told = Signal(str)

    def __init__(self, titles: Sequence[str], name: str, parent: QWidget | None = None) -> None:
        """`titles` are those of the columns, that of the rows' names first; `name` is for a screen reader."""
        super().__init__(parent)
        self._cells = _Cells(titles)
        self.setModel(self._cells)
        self.setItemDelegate(_Painter(self))
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.selectionModel().currentChanged.connect(lambda now, _before: self._tell(now))
        self._size()

    @property
    def lines(self) -> Sequence[Line]:
        """What is shown."""
        return self._cells.lines

    @property
    def current(self) -> Heat | None:
        """The current cell."""
        return self._cells.cell(self.currentIndex())

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these rows, staying on the cell that was current."""
        row, column = max(self.currentIndex().row(), 0), max(self.currentIndex().column(), 1)
        self._cells.show(lines)
        if lines:
            self.setCurrentIndex(self._cells.index(min(row, len(lines) - 1), column))
        else:
            self.told.emit("")

    def changeEvent(self, event: QEvent) -> None:
        """Follow another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._size()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The current cell stands out while the board has the keyboard."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The current cell rests."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _tell(self, index: QModelIndex) -> None:
        cell = self._cells.cell(index)
        self.told.emit("" if cell is None else cell.sentence)

    def _size(self) -> None:
        metrics, header = self.fontMetrics(), self.horizontalHeader()
        letter = metrics.horizontalAdvance("e")
        self.verticalHeader().setMinimumSectionSize(24)
        self.verticalHeader().setDefaultSectionSize(max(34, metrics.height() + 18))
        header.setMinimumHeight(max(28, metrics.height() + 10))
        header.setMinimumSectionSize(letter * _PART)
        for column in range(self._cells.columnCount()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(0, letter * _FIRST)
        header.setSectionResizeMode(self._cells.columnCount() - 1, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(self._cells.columnCount() - 1, letter * _LAST)


class _Cells(QAbstractTableModel):
    """Rows of cells; column 0 is the row's name."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self._titles = tuple(titles)
        self.lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def cell(self, index: Index) -> Heat | None:
        if not index.isValid() or index.column() == 0:
            return None
        return self.lines[index.row()].cells[index.column() - 1]

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        cell = self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return clean(self.lines[index.row()].title if cell is None else cell.text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return clean(self.lines[index.row()].title if cell is None else cell.sentence)
        return None


class _Painter(QStyledItemDelegate):
    """Words above a thin bar; where the hours do not suffice also a triangle."""

    def __init__(self, view: DemandBoard) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        del index
        return QSize(0, option.fontMetrics.height() + 18)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colors = palette.of(option.palette)
        model = index.model()
        cell = model.cell(index) if isinstance(model, _Cells) else None
        box: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(colors.chosen if self._view.hasFocus() else colors.resting))
        short = cell is not None and cell.is_short
        words = box.adjusted(6, 2, -6, -10)
        if short:
            side = option.fontMetrics.ascent()
            draw(
                painter,
                Glyph.TRIANGLE,
                QRectF(words.left(), words.center().y() - side / 2, side, side),
                colors.color("err"),
            )
            words.setLeft(words.left() + side + 5)
        quiet = cell is not None and cell.covered is None
        painter.setPen(colors.color("err" if short else "muted" if quiet else "text"))
        painter.setFont(palette.strong(option.font) if cell is None or short else QFont(option.font))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, flags, text)
        if cell is not None and cell.covered is not None:
            self._bar(painter, QRectF(box.left() + 6, box.bottom() - 9, box.width() - 18, 5), cell.covered, colors)
        painter.restore()

    def _bar(self, painter: QPainter, box: QRectF, covered: float, colors: palette.Colors) -> None:
        painter.setPen(colors.color("border"))
        painter.setBrush(colors.color("window"))
        painter.drawRoundedRect(box, 2, 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.color("border" if covered >= 1 else "err"))
        box.setWidth(box.width() * min(covered, 1))
        painter.drawRoundedRect(box, 2, 2)

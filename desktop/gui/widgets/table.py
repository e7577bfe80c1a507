"""One table for every list: values in, rows out, each cell worked out once and then only looked up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.gui import palette
from desktop.gui.safe import clean, tip_text
from desktop.gui.widgets.glyphs import Glyph, pixmap

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_NO_PARENT = QModelIndex()
_LEAST = 13


@dataclass(frozen=True)
class Column(Generic[T]):
    """A column: its heading, the words of a value, and how they look.

    `tone` names a color of the palette (ok, warn, err, muted, "" for the usual one); color is never the only sign.
    `width` is in letters; 0 takes what is left. In a narrow list the columns go whose `spare` is highest. `tip` gives a longer sentence, `glyph` a sign before the words, in their tone.
    """

    title: str
    text: Callable[[T], str]
    tone: Callable[[T], str] | None = None
    bold: Callable[[T], bool] | None = None
    tip: Callable[[T], str] | None = None
    glyph: Callable[[T], Glyph | None] | None = None
    right: bool = False
    width: int = 0
    spare: int = 0


@dataclass(frozen=True)
class _Cell:
    text: str
    tone: str
    bold: bool
    glyph: Glyph | None


class Table(QAbstractTableModel, Generic[T]):
    """A sequence of values as a table; `UserRole` gives the value of a row."""

    def __init__(self, columns: Sequence[Column[T]], spoken: Callable[[T], str] | None = None) -> None:
        """`spoken` is the sentence a screen reader says for a row; by default its cells."""
        super().__init__()
        self._columns = tuple(columns)
        self._spoken = spoken
        self._values: Sequence[T] = ()
        self._rows: dict[int, tuple[_Cell, ...]] = {}
        self._brushes: dict[str, QBrush] = {}
        self._signs: dict[tuple[Glyph, str], QPixmap] = {}
        self._colors = palette.schemes()[palette.Scheme.LIGHT]
        self._side = 12
        self._bold = QFont()

    @property
    def columns(self) -> tuple[Column[T], ...]:
        """The columns, left to right."""
        return self._columns

    @property
    def values(self) -> Sequence[T]:
        """What is shown."""
        return self._values

    def show(self, values: Sequence[T]) -> None:
        """Show these values instead."""
        self.beginResetModel()
        self._values = values
        self._rows = {}
        self.endResetModel()

    def value(self, row: int) -> T:
        """The value of that row."""
        return self._values[row]

    def dress(self, colors: palette.Colors, font: QFont) -> None:
        """Take the colors and the font of the view."""
        self._brushes = {tone: QBrush(colors.color(tone)) for tone in ("ok", "warn", "err", "muted", "info", "accent")}
        self._bold = palette.strong(font)
        self._colors = colors
        self._side = QFontMetrics(font).ascent()
        self._signs = {}

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """How many values there are."""
        return 0 if parent.isValid() else len(self._values)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """The columns' headings."""
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._columns[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if self._columns[section].right else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """A look-up for what a view paints; anything else is worked out when it is asked for."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(index).text
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._brushes.get(self._cell(index).tone)
        if role == Qt.ItemDataRole.FontRole:
            return self._bold if self._cell(index).bold else None
        if role == Qt.ItemDataRole.DecorationRole:
            return self._sign(self._cell(index))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self._columns[index.column()].right else _LEFT
        if role == Qt.ItemDataRole.UserRole:
            return self._values[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(index)
        if role == Qt.ItemDataRole.AccessibleTextRole and self._spoken is not None:
            return self._spoken(self._values[index.row()])
        return None

    def _cell(self, index: Index) -> _Cell:
        row = self._rows.get(index.row())
        if row is None:
            value = self._values[index.row()]
            row = tuple(_cell(column, value) for column in self._columns)
            self._rows[index.row()] = row
        return row[index.column()]

    def _sign(self, cell: _Cell) -> QPixmap | None:
        if cell.glyph is None:
            return None
        key = (cell.glyph, cell.tone)
        if key not in self._signs:
            self._signs[key] = pixmap(cell.glyph, self._colors.color(cell.tone or "text"), self._side, 2.0)
        return self._signs[key]

    def _tip(self, index: Index) -> str | None:
        column = self._columns[index.column()]
        return None if column.tip is None else tip_text(column.tip(self._values[index.row()]))


def _cell(column: Column[T], value: T) -> _Cell:
    tone = "" if column.tone is None else column.tone(value)
    glyph = None if column.glyph is None else column.glyph(value)
    return _Cell(clean(column.text(value)), tone, column.bold is not None and column.bold(value), glyph)


class TableView(QTableView):
    """A dense list of rows: Enter or double-click opens, the arrows pick, Tab leaves.

    `picked` carries the value of the current row (None when there is none), `opened` the one that was opened.
    """

    picked = Signal(object)
    opened = Signal(object)

    def __init__(self, model: Table[Any], name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls the list."""
        super().__init__(parent)
        self._table = model
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setModel(model)
        self._dress()
        self._size()
        self.selectionModel().currentRowChanged.connect(lambda now, _before: self.picked.emit(self._value(now)))
        self.doubleClicked.connect(lambda index: self.opened.emit(self._value(index)))

    @property
    def values(self) -> Sequence[Any]:
        """What is shown."""
        return self._table.values

    @property
    def current(self) -> Any:  # noqa: ANN401
        """The value of the current row, or None."""
        return self._value(self.currentIndex())

    @property
    def chosen(self) -> tuple[Any, ...]:
        """The values of all selected rows, from the top."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self._table.value(row) for row in rows)

    def show_values(self, values: Sequence[Any], key: Callable[[Any], object] | None = None) -> None:
        """Show other values; with `key` the current row stays on the value of the same key, else on the same row."""
        before, row = self.current, max(self.currentIndex().row(), 0)
        scroll = self.verticalScrollBar().value()
        self._table.show(values)
        if not values:
            self.picked.emit(None)
            return
        if key is not None and before is not None:
            wanted = key(before)
            row = next((at for at, value in enumerate(values) if key(value) == wanted), row)
        self.selectRow(min(row, len(values) - 1))
        self.verticalScrollBar().setValue(scroll)

    def select(self, wanted: Callable[[Any], bool]) -> bool:
        """Make the first row whose value fits the current one; False when none does."""
        for row, value in enumerate(self._table.values):
            if wanted(value):
                self.selectRow(row)
                self.scrollTo(self._table.index(row, 0))
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.current is not None:
                self.opened.emit(self.current)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for the columns that count."""
        super().resizeEvent(event)
        self._spare()

    def changeEvent(self, event: QEvent) -> None:
        """Follow another palette or font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._dress()
            self._size()

    def _value(self, index: Index) -> Any:  # noqa: ANN401
        return self._table.value(index.row()) if index.isValid() else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The chosen row stands out in the list that has the keyboard."""
        super().focusInEvent(event)
        self._choose_tint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The chosen row rests."""
        super().focusOutEvent(event)
        self._choose_tint()

    def _dress(self) -> None:
        self._table.dress(self._colors, self.font())
        self._choose_tint()

    @property
    def _colors(self) -> palette.Colors:
        return palette.of(self.palette())

    def _choose_tint(self) -> None:
        tint = QColor(self._colors.chosen if self.hasFocus() else self._colors.resting)
        shown = self.palette()
        if shown.color(QPalette.ColorRole.Highlight) != tint:
            shown.setColor(QPalette.ColorRole.Highlight, tint)
            shown.setColor(QPalette.ColorRole.HighlightedText, QColor(self._colors.text))
            self.setPalette(shown)

    def _size(self) -> None:
        metrics = self.fontMetrics()
        self.verticalHeader().setMinimumSectionSize(24)
        self.verticalHeader().setDefaultSectionSize(max(28, metrics.height() + 10))
        header = self.horizontalHeader()
        header.setMinimumHeight(max(28, metrics.height() + 10))
        for section, column in enumerate(self._table.columns):
            if column.width:
                header.setSectionResizeMode(section, QHeaderView.ResizeMode.Interactive)
                header.resizeSection(section, self._width(column))
            else:
                header.setSectionResizeMode(section, QHeaderView.ResizeMode.Stretch)
        self._spare()

    def _width(self, column: Column[Any]) -> int:
        letter = self.fontMetrics().horizontalAdvance("e")
        return letter * (column.width or _LEAST) + 14

    def _spare(self) -> None:
        """Hide the columns that can be spared until the rest can be read."""
        columns = self._table.columns
        room = self.viewport().width() - sum(self._width(one) for one in columns)
        for one in sorted((one for one in columns if one.spare), key=lambda one: -one.spare):
            at = columns.index(one)
            self.setColumnHidden(at, room < 0)
            if room < 0:
                room += self._width(one)

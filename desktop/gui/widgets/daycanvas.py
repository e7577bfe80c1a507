"""The day as a list view that lays out, scrolls and paints itself; a screen reader sees a list of appointments."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import QEvent, QItemSelection, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop.gui import palette
from desktop.gui.widgets.daycursor import paint_cursor, paint_ghost, paint_hints, paint_now
from desktop.gui.widgets.dayedges import DayGutter, DayHeader
from desktop.gui.widgets.dayghost import Ghost
from desktop.gui.widgets.daygrid import Cursor, Grid, Plan
from desktop.gui.widgets.dayink import Ink
from desktop.gui.widgets.daymodel import DayModel

Index = QModelIndex | QPersistentModelIndex

LEAST_COLUMN = 118
_AROUND = 20


class DayCanvas(QListView):
    """Shows a Plan: pinned names and hours, blit scrolling, now-line, counts of what is out of sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with an empty plan."""
        super().__init__(parent)
        self._days = DayModel()
        self._grid = Grid()
        self._ink: Ink | None = None
        self._now: int | None = None
        self._now_columns: tuple[int, ...] = ()
        self._cursor: Cursor | None = None
        self._ghost: Ghost | None = None
        self._cut = ""
        self._pressed: QPoint | None = None
        self._head, self._gutter, self._corner = DayHeader(self), DayGutter(self), QWidget(self)
        self._corner.setAutoFillBackground(True)
        self.setModel(self._days)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def plan(self) -> Plan:
        """What is shown."""
        return self._days.plan

    @property
    def grid(self) -> Grid:
        """Where it lies."""
        return self._grid

    def width_for(self, columns: int) -> int:
        """The width at which that many columns can be read at once."""
        around = self._gutter.sizeHint().width() + self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth()
        return around + columns * self._least_column()

    def set_now(self, minute: int | None, columns: tuple[int, ...] = ()) -> None:
        """Draw the line of the time now across these columns, or nowhere."""
        self._now, self._now_columns = minute, columns
        self._pin()
        self.viewport().update()

    def relaid(self) -> None:
        """Work out again where everything lies and how it looks."""
        self._ink = None
        self.updateGeometries()
        self.viewport().update()

    def updateGeometries(self) -> None:
        """Place the pinned edges, spread the columns, set the scroll bars."""
        bars = (self.horizontalScrollBar(), self.verticalScrollBar())
        before = (bars[0].value(), bars[1].value())
        gutter, head = self._gutter.sizeHint().width(), self._head.sizeHint().height()
        self.setViewportMargins(gutter, head, 0, 0)
        view = self.viewport().geometry()
        self._corner.setGeometry(0, 0, gutter, head)
        self._head.setGeometry(view.x(), 0, view.width(), head)
        self._gutter.setGeometry(0, view.y(), gutter, view.height())
        grid = self._measured(view.width(), view.height())
        if grid != self._grid:
            self._grid, self._ink = grid, None
        self._head.show_plan(self.plan, grid)
        self._gutter.show_plan(self.plan, grid)
        for bar, whole, part, value in zip(
            bars, (grid.width, grid.height), (view.width(), view.height()), before, strict=True
        ):
            bar.setRange(0, max(0, whole - part))
            bar.setPageStep(part)
            bar.setSingleStep(max(1, round(15 * grid.per_minute)))
            bar.setValue(value)
        self._pin()

    def doItemsLayout(self) -> None:
        """Lay out by our own grid; the list's own layout would ask a delegate for every row."""
        QAbstractItemView.doItemsLayout(self)

    def horizontalOffset(self) -> int:
        """How far it is scrolled across."""
        return self.horizontalScrollBar().value()

    def verticalOffset(self) -> int:
        """How far it is scrolled down."""
        return self.verticalScrollBar().value()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted already, and paint only what comes into sight."""
        self.viewport().scroll(dx, dy)
        strips = (self._hints_above(), self._hints_below())
        for strip in strips:
            self.viewport().update(strip)
            self.viewport().update(strip.translated(0, dy))
        self._pin()

    def visualRect(self, index: Index) -> QRect:
        """Where the appointment is in the viewport."""
        return self._span(index.row()).translated(-self._offset()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The appointment at that point of the viewport."""
        at = point + self._offset()
        column = self._grid.column_at(at.x())
        rows = self.plan.rows[column] if 0 <= column < len(self.plan.rows) else ()
        found = next((row for row in reversed(rows) if self._span(row).contains(at)), -1)
        return self._days.index(found, 0) if found >= 0 else QModelIndex()

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What has to be painted when the selection changes."""
        region = QRegion()
        for index in selection.indexes():
            region += QRegion(self.visualRect(index).adjusted(-3, -3, 3, 3))
        return region

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring the appointment into sight."""
        del hint
        if index.isValid():
            self.reveal(self._span(index.row()))

    def reveal(self, area: QRect) -> None:
        """Bring an area of the content into sight; when it is larger than the window, its beginning."""
        room, offset = self.viewport().size(), self._offset()
        for bar, low, high, part, value in (
            (self.horizontalScrollBar(), area.left() - 4, area.right() + 4, room.width(), offset.x()),
            (self.verticalScrollBar(), area.top() - 8, area.bottom() + 8, room.height(), offset.y()),
        ):
            if low < value or high - low > part:
                bar.setValue(low)
            elif high > value + part:
                bar.setValue(high - part)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the part of the day that is asked for."""
        if self._ink is None:
            colors = palette.of(self.palette())
            self._ink = Ink(self.plan, self._grid, colors, self.font(), self.devicePixelRatioF())
        ink, offset, sight = self._ink, self._offset(), self.viewport().rect()
        painter = QPainter(self.viewport())
        # A scroll dirties strips at both ends: painting their bounding box would paint everything.
        for part in event.region():  # type: ignore[attr-defined]  # the stubs forget that it can be iterated
            area = part.translated(offset)
            painter.setClipRect(part)
            painter.translate(-offset)
            ink.paint(painter, area, lambda width: self._line_of_now(painter, ink, width))
            self._overlays(painter, ink)
            painter.translate(offset)
            paint_hints(painter, ink, self.plan, sight.translated(offset))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Spread the columns over the new width."""
        super().resizeEvent(event)
        self.updateGeometries()

    def changeEvent(self, event: QEvent) -> None:
        """Follow another palette or font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.relaid()

    def _line_of_now(self, painter: QPainter, ink: Ink, width: int) -> None:
        if self._now is not None:
            for column in self._now_columns:
                paint_now(painter, ink, column, self._now, width, dot=column == self._now_columns[0])

    def _overlays(self, painter: QPainter, ink: Ink) -> None:
        if self._cut:
            painter.setPen(QPen(QColor(ink.colors.focus), 2, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for row, block in enumerate(self.plan.blocks):
                if block.visit == self._cut:
                    painter.drawRect(self._span(row).adjusted(1, 1, -1, -1))
        if self._cursor is not None and self.plan.columns:
            paint_cursor(painter, ink, self._cursor_area(), self._cursor, focused=self.hasFocus())
        if self._ghost is not None:
            paint_ghost(painter, ink, self.plan, self._ghost)

    def _cursor_area(self) -> QRect:
        cursor = self._cursor
        if cursor is None or not self.plan.columns:
            return QRect()
        if cursor.stop.row >= 0:
            return self._span(cursor.stop.row)
        later = [one.minute for one in self.plan.stops[cursor.column] if one.minute > cursor.stop.minute]
        end = min((*later[:1], cursor.stop.minute + 15))
        return self._grid.span(cursor.column, cursor.stop.minute, end)

    def _span(self, row: int) -> QRect:
        block, (lane, of) = self.plan.blocks[row], self.plan.lanes[row]
        return self._grid.span(block.column, block.start, block.end, lane, of)

    def _offset(self) -> QPoint:
        return QPoint(self.horizontalOffset(), self.verticalOffset())

    def _hints_above(self) -> QRect:
        return QRect(0, 0, self.viewport().width(), self.fontMetrics().height() + 4)

    def _hints_below(self) -> QRect:
        height = self.fontMetrics().height() + 4
        return QRect(0, self.viewport().height() - height, self.viewport().width(), height)

    def _measured(self, width: int, height: int) -> Grid:
        plan, metrics = self.plan, QFontMetrics(self.font())
        count = len(plan.columns)
        least = self._least_column()
        top = metrics.height() // 2 + 4
        per_minute = max((metrics.height() + 5) / 15, (height - 2 * top) / max(plan.last - plan.first, 60))
        return Grid(
            count=count,
            width=max(width, least * count),
            per_minute=per_minute,
            first=plan.first,
            last=plan.last,
            top=top,
        )

    def _least_column(self) -> int:
        return max(LEAST_COLUMN, QFontMetrics(self.font()).horizontalAdvance(_("12:30 Unconfirmed")) + _AROUND)

    def _pin(self) -> None:
        self._head.move_to(self.horizontalOffset(), -1 if self._cursor is None else self._cursor.column)
        self._gutter.move_to(self.verticalOffset(), -1 if self._now is None else self._now)

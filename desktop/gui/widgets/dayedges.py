"""The pinned edges of a day: whose column it is, above; which hour it is, at the left."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.gui import palette
from desktop.gui.safe import tip_text
from desktop.gui.widgets.daygrid import Column, Grid, Plan
from desktop.gui.widgets.daytime import clock, hour

_ELIDE = Qt.TextElideMode.ElideRight


class DayHeader(QWidget):
    """The names of the columns; scrolls across with the day, never down."""

    def __init__(self, parent: QWidget) -> None:
        """The parent is the day itself, whose font and palette it shares."""
        super().__init__(parent)
        self._plan, self._grid, self._across, self._current = Plan(), Grid(), 0, -1

    def show_plan(self, plan: Plan, grid: Grid) -> None:
        """Show the columns of this plan."""
        self._plan, self._grid = plan, grid
        self.setAccessibleName(", ".join(f"{one.title} {one.suffix}: {one.note}" for one in plan.columns))
        self.update()

    def move_to(self, across: int, current: int) -> None:
        """Scroll to `across` and underline the column that the cursor is in."""
        if (across, current) != (self._across, self._current):
            self._across, self._current = across, current
            self.update()

    def sizeHint(self) -> QSize:
        """Two lines and room around them."""
        return QSize(0, QFontMetrics(palette.strong(self.font())).height() + self.fontMetrics().height() + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the two lines of every column in sight."""
        painter = QPainter(self)
        colors = palette.of(self.palette())
        painter.fillRect(event.rect(), QColor(colors.window))
        for at in range(len(self._plan.columns)):
            left, right = self._grid.left(at) - self._across, self._grid.left(at + 1) - self._across
            if right > 0 and left < self.width():
                self._column(painter, at, QRect(left, 0, right - left, self.height()), colors)
        painter.setPen(QColor(colors.border))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def _column(self, painter: QPainter, at: int, area: QRect, colors: palette.Colors) -> None:
        column, bold = self._plan.columns[at], palette.strong(self.font())
        metrics, plain = QFontMetrics(bold), self.fontMetrics()
        left, room = area.x() + 8, area.width() - 14
        base = 5 + metrics.ascent()
        title, suffix, note = _fitting(column, metrics, plain, room)
        painter.setFont(bold)
        painter.setPen(QColor(colors.text))
        painter.drawText(QPoint(left, base), title)
        painter.setFont(self.font())
        painter.setPen(QColor(colors.muted))
        painter.drawText(QPoint(left + metrics.horizontalAdvance(f"{title} "), base), suffix)
        painter.drawText(QPoint(left, base + metrics.descent() + plain.ascent() + 2), note)
        painter.setPen(QColor(colors.grid))
        painter.drawLine(area.right(), 4, area.right(), area.bottom())
        if at == self._current:
            painter.fillRect(area.x() + 1, area.bottom() - 2, area.width() - 3, 3, QColor(colors.focus))

    def event(self, event: QEvent) -> bool:
        """Show the column's whole name and note as a tooltip."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._plan.columns:
            column = self._plan.columns[self._grid.column_at(event.x() + self._across)]
            QToolTip.showText(event.globalPos(), tip_text(column.tip), self)
            return True
        return super().event(event)


class DayGutter(QWidget):
    """The hours; scrolls down with the day, never across, and names the time now."""

    def __init__(self, parent: QWidget) -> None:
        """The parent is the day itself, whose font and palette it shares."""
        super().__init__(parent)
        self._plan, self._grid, self._down, self._now = Plan(), Grid(), 0, -1
        self.setAccessibleName("")

    def show_plan(self, plan: Plan, grid: Grid) -> None:
        """Show the hours of this plan."""
        self._plan, self._grid = plan, grid
        self.update()

    def move_to(self, down: int, now: int) -> None:
        """Scroll to `down` and mark the minute now (-1: none)."""
        if (down, now) != (self._down, self._now):
            self._down, self._now = down, now
            self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for the longest time."""
        return QSize(QFontMetrics(palette.strong(self.font())).horizontalAdvance("10:59 AM") + 14, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hours beside their lines; the time now hides an hour that it would touch."""
        painter = QPainter(self)
        colors, metrics = palette.of(self.palette()), self.fontMetrics()
        painter.fillRect(event.rect(), QColor(colors.window))
        painter.setPen(QColor(colors.muted))
        now = self._grid.y(self._now) - self._down if self._now >= 0 else -1000
        for minute in range(self._plan.first, self._plan.last, 60):
            y = self._grid.y(minute) - self._down
            if abs(y - now) > metrics.height():
                painter.drawText(self._line(y, metrics), int(Qt.AlignmentFlag.AlignRight), hour(minute))
        if self._now >= 0:
            self._mark(painter, now, colors)
        painter.setPen(QColor(colors.border))
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())

    def _line(self, y: int, metrics: QFontMetrics) -> QRect:
        return QRect(0, y - metrics.height() // 2, self.width() - 8, metrics.height())

    def _mark(self, painter: QPainter, y: int, colors: palette.Colors) -> None:
        bold = palette.strong(self.font())
        painter.setFont(bold)
        box = self._line(y, QFontMetrics(bold)).adjusted(2, -1, 6, 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.err))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(colors.base))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), clock(self._now))


def _fitting(column: Column, bold: QFontMetrics, plain: QFontMetrics, room: int) -> tuple[str, str, str]:
    """Name, credentials and second line as they fit: the given name shrinks first, then the credentials go below."""
    short = column.short or column.title
    beside = plain.horizontalAdvance(f" {column.suffix}") if column.suffix else 0
    for title in (column.title, short):
        if bold.horizontalAdvance(title) + beside <= room:
            return title, column.suffix, plain.elidedText(column.note, _ELIDE, room)
    title = next((one for one in (column.title, short) if bold.horizontalAdvance(one) <= room), short)
    below = " · ".join(part for part in (column.suffix, column.note) if part)
    fits = plain.horizontalAdvance(below) <= room
    note = below if fits else plain.elidedText(column.note, _ELIDE, room)
    return bold.elidedText(title, _ELIDE, room), "", note

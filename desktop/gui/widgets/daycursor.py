"""What lies over a day: the cursor, the ghost of a move, the time now, and counts of what is out of sight."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop.gui.widgets.dayghost import Ghost
from desktop.gui.widgets.daygrid import Cursor, Plan
from desktop.gui.widgets.dayink import RADIUS, Ink
from desktop.gui.widgets.daytime import clock

_CENTER = int(Qt.AlignmentFlag.AlignCenter)


def paint_cursor(painter: QPainter, ink: Ink, area: QRect, cursor: Cursor, *, focused: bool) -> None:
    """A ring around the appointment or the open slot; the slot says its time."""
    color = QColor(ink.colors.focus)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if cursor.stop.row < 0:
        wash = QColor(color)
        wash.setAlpha(28 if focused else 12)
        painter.setBrush(wash)
    painter.setPen(QPen(color, 2 if focused else 1, Qt.PenStyle.SolidLine if focused else Qt.PenStyle.DashLine))
    painter.drawRoundedRect(area.toRectF().adjusted(0, 0, 0, 0), RADIUS + 1, RADIUS + 1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    if cursor.stop.row < 0 and area.height() >= ink.metrics.ascent():
        painter.setFont(ink.font)
        painter.setPen(color)
        inside = area.adjusted(8, 0, -2, 0)
        text = ink.metrics.elidedText(
            _("{time} · open").format(time=clock(cursor.stop.minute)), Qt.TextElideMode.ElideRight, inside.width()
        )
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)


def paint_ghost(painter: QPainter, ink: Ink, plan: Plan, ghost: Ghost) -> None:
    """The appointment where it would go, with the time in words and a warning when something is in the way."""
    taken = plan.clashes(ghost.row, ghost.column, ghost.start, ghost.end)
    color = QColor(ink.colors.err if taken else ink.colors.focus)
    origin = plan.blocks[ghost.row]
    faded = QColor(ink.colors.base)
    faded.setAlpha(150)
    painter.fillRect(ink.blocks[ghost.row].body, faded)
    area = ink.grid.span(ghost.column, ghost.start, ghost.end)
    fill = QColor(ink.colors.base)
    fill.setAlpha(225)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill)
    painter.setPen(QPen(color, 2, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(area.toRectF().adjusted(1, 1, -1, -1), RADIUS, RADIUS)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(color)
    word = _("Taken") if taken else _("Free")
    times = f"{clock(ghost.start, short=True)}–{clock(ghost.end, short=True)}"
    lines = (f"{times} · {word}", origin.title)
    at = QPoint(area.x() + 8, area.y() + 3 + ink.bold_metrics.ascent())
    painter.setFont(ink.bold)
    for text in lines:
        if at.y() <= area.bottom():
            cut = ink.bold_metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width() - 12)
            painter.drawText(at, cut)
        at += QPoint(0, ink.metrics.height())


def paint_now(painter: QPainter, ink: Ink, column: int, minute: int, width: int, *, dot: bool) -> None:
    """The line of the time now across one column, `width` pixels thick, with a dot where it begins."""
    y = ink.grid.y(minute)
    left, right = ink.grid.left(column), ink.grid.left(column + 1)
    color = QColor(ink.colors.err)
    painter.fillRect(QRect(left, y - width // 2, right - left, width), color)
    if dot:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QPoint(left + 4, y), 5, 5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def hidden(ink: Ink, plan: Plan, sight: QRect) -> tuple[tuple[int, int], ...]:
    """For each column: how many appointments are wholly above and wholly below what is in sight."""
    found = []
    for rows in plan.rows:
        bodies = [ink.blocks[row].body for row in rows]
        above = sum(body.bottom() <= sight.top() + 8 for body in bodies)
        below = sum(body.top() >= sight.bottom() - 8 for body in bodies)
        found.append((above, below))
    return tuple(found)


def paint_hints(painter: QPainter, ink: Ink, plan: Plan, sight: QRect) -> None:
    """Arrows with counts at the top and bottom of the columns; `sight` is what the viewport shows of the content."""
    height = ink.metrics.height() + 2
    painter.setFont(ink.bold)
    for column, (above, below) in enumerate(hidden(ink, plan, sight)):
        middle = (ink.grid.left(column) + ink.grid.left(column + 1)) // 2 - sight.x()
        if above:
            _pill(painter, ink, QPoint(middle, 1), f"▲ {above}", height)
        if below:
            _pill(painter, ink, QPoint(middle, sight.height() - height - 1), f"▼ {below}", height)


def _pill(painter: QPainter, ink: Ink, at: QPoint, text: str, height: int) -> None:
    width = ink.bold_metrics.horizontalAdvance(text) + height
    box = QRect(at.x() - width // 2, at.y(), width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(ink.colors.border), 1))
    painter.setBrush(QColor(ink.colors.base))
    painter.drawRoundedRect(box, height / 2, height / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(QColor(ink.colors.text))
    painter.drawText(box, _CENTER, text)

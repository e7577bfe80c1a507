"""What a day looks like: everything is worked out once for a size and a palette, and then only drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QLine, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap

from desktop.gui.palette import Colors, strong
from desktop.gui.widgets.daygrid import Block, Grid, Plan
from desktop.gui.widgets.daytime import clock
from desktop.gui.widgets.glyphs import Glyph, pixmap

BAR = 4
RADIUS = 3.0
Line = tuple[QPoint, str]


@dataclass(frozen=True, slots=True)
class Inked:
    """One block, ready to draw: titles are bold, lines are not."""

    body: QRect
    look: str
    dashed: bool
    title: Line
    lines: tuple[Line, ...]
    sign: QPixmap
    sign_at: QPoint
    tick_at: QPoint | None


@dataclass(frozen=True, slots=True)
class _Tint:
    brush: QBrush
    bar: QColor
    text: QColor
    tick: QPixmap


class Ink:
    """The day in one size, one font and one palette."""

    def __init__(self, plan: Plan, grid: Grid, colors: Colors, font: QFont, ratio: float = 1.0) -> None:
        """`ratio` is the device's pixels for each of ours."""
        self.grid = grid
        self.colors = colors
        self.font, self.bold, self.struck = QFont(font), strong(font), QFont(font)
        self.struck.setStrikeOut(True)
        self.metrics, self.bold_metrics = QFontMetrics(self.font), QFontMetrics(self.bold)
        self.sign = max(9, round(self.metrics.ascent() * 0.85))
        self._ratio = ratio
        self._signs: dict[tuple[str, Glyph], QPixmap] = {}
        self._tints = {look: self._tint(look, ratio) for look in colors.appointment}
        self.blocks = tuple(self._inked(plan, row) for row in range(len(plan.blocks)))
        self._rest = tuple(_rest(plan, grid))
        self._base, self._off = QBrush(QColor(colors.base)), QBrush(QColor(colors.window))
        self._hours = [
            QLine(0, grid.y(minute), grid.width, grid.y(minute)) for minute in range(plan.first, plan.last + 1, 60)
        ]
        self._halves = [
            QLine(0, grid.y(minute), grid.width, grid.y(minute)) for minute in range(plan.first + 30, plan.last, 60)
        ]
        self._edges = [QLine(grid.left(at) - 1, 0, grid.left(at) - 1, grid.height) for at in range(1, grid.count + 1)]

    def paint(self, painter: QPainter, area: QRect, line: Callable[[int], None]) -> None:
        """Draw hours and blocks inside the area of the content.

        `line` draws the time now in that thickness: between the blocks, and thinner across them but under the words.
        """
        self._paper(painter, area)
        line(2)
        shown = [one for one in self.blocks if one.body.intersects(area)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one in shown:
            self._body(painter, one)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        line(1)
        for one in shown:
            tint = self._tints[one.look]
            painter.drawPixmap(one.sign_at, one.sign)
            if one.tick_at is not None:
                painter.drawPixmap(one.tick_at, tint.tick)
        self._words(painter, shown)

    def _paper(self, painter: QPainter, area: QRect) -> None:
        painter.fillRect(area, self._base)
        for rest in self._rest:
            if rest.intersects(area):
                painter.fillRect(rest, self._off)
        line = QColor(self.colors.grid)
        painter.setPen(line)
        painter.drawLines(self._hours)
        painter.drawLines(self._edges)
        pale = QPen(line)
        pale.setDashPattern([1, 3])
        painter.setPen(pale)
        painter.drawLines(self._halves)

    def _body(self, painter: QPainter, one: Inked) -> None:
        tint, body = self._tints[one.look], one.body
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint.brush)
        painter.drawRoundedRect(body, RADIUS, RADIUS)
        painter.fillRect(QRect(body.x(), body.y() + 1, BAR, body.height() - 2), tint.bar)
        if one.dashed:
            painter.setPen(QPen(tint.bar, 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(body.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    def _words(self, painter: QPainter, shown: list[Inked]) -> None:
        last = ""
        painter.setFont(self.bold)
        for one in sorted((one for one in shown if one.look != "canceled"), key=lambda one: one.look):
            if one.look != last:
                painter.setPen(self._tints[one.look].text)
                last = one.look
            painter.drawText(*one.title)
        painter.setFont(self.struck)
        painter.setPen(self._tints["canceled"].text)
        for one in shown:
            if one.look == "canceled":
                painter.drawText(*one.title)
        painter.setFont(self.font)
        for one in sorted(shown, key=lambda one: one.look):
            if one.look != last:
                painter.setPen(self._tints[one.look].text)
                last = one.look
            for line in one.lines:
                painter.drawText(*line)

    def _tint(self, look: str, ratio: float) -> _Tint:
        colors = self.colors.appointment[look]
        bar = QColor(colors.bar)
        return _Tint(
            brush=QBrush(QColor(colors.background)),
            bar=bar,
            text=QColor(colors.text),
            tick=pixmap(Glyph.TICK, bar, self.sign, ratio),
        )

    def _sign(self, block: Block) -> QPixmap:
        key = (block.look, block.sign)
        if key not in self._signs:
            self._signs[key] = pixmap(block.sign, self._tints[block.look].bar, self.sign, self._ratio)
        return self._signs[key]

    def _inked(self, plan: Plan, row: int) -> Inked:
        block, (lane, of) = plan.blocks[row], plan.lanes[row]
        body = self.grid.span(block.column, block.start, block.end, lane, of)
        step, left = self.metrics.height(), body.x() + BAR + 4
        room = body.right() - left - 2
        fits = max(1, (body.height() - 4) // step)
        top = body.y() + (3 if body.height() >= step + 6 else max(0, (body.height() - step) // 2))
        at = top + self.metrics.ascent()
        title = self._cut(block, room - self.sign - 4, alone=fits == 1)
        words = self._lines(block, fits, room)
        lines = tuple(
            (QPoint(left, at + step * (number + 1)), self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
            for number, text in enumerate(words)
        )
        tick = block.confirmed and block.look in ("intake", "kap")
        across = left + self.sign + 4 + self.bold_metrics.horizontalAdvance(title) + 4
        return Inked(
            body=body,
            look=block.look,
            dashed=block.look in ("canceled", "hold"),
            title=(QPoint(left + self.sign + 4, at), title),
            lines=lines,
            sign=self._sign(block),
            sign_at=QPoint(left, at - self.sign + 1),
            tick_at=QPoint(min(across, body.right() - self.sign), at - self.sign + 1) if tick else None,
        )

    def _cut(self, block: Block, room: int, *, alone: bool) -> str:
        metrics = self.metrics if block.look == "canceled" else self.bold_metrics
        if block.confirmed and block.look in ("intake", "kap"):
            room -= self.sign + 4
        tries = [block.title, block.short or block.title]
        if alone:
            tries = [f"{one} · {block.word}" for one in tries]
        fitting = (one for one in tries if metrics.horizontalAdvance(one) <= room)
        return next(fitting, metrics.elidedText(tries[-1], Qt.TextElideMode.ElideRight, max(room, 0)))

    def _lines(self, block: Block, fits: int, room: int) -> list[str]:
        if fits == 1:
            return []
        first = f"{clock(block.start, short=True)} · {block.word}"
        if self.metrics.horizontalAdvance(first) > room:
            first = first.replace(" · ", " ")
        return [first, block.place] if fits > 2 and block.place else [first]


def _rest(plan: Plan, grid: Grid) -> list[QRect]:
    """The hours in which the therapist of a column does not work."""
    found: list[QRect] = []
    for at, column in enumerate(plan.columns):
        left, width = grid.left(at), grid.left(at + 1) - grid.left(at)
        free_from = plan.first
        for start, end in (*sorted(column.working), (plan.last, plan.last)):
            if start > free_from:
                top, bottom = grid.y(free_from), grid.y(start)
                found.append(QRect(QPoint(left, 0 if free_from == plan.first else top), QSize(width, 0)))
                found[-1].setBottom(bottom - 1)
            free_from = max(free_from, end)
    return found

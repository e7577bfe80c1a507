"""The small signs beside a status: drawn, because no font has them all; color is never the only sign."""

from __future__ import annotations

import math
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.gui import palette


class Glyph(StrEnum):
    """A sign by its shape."""

    TICK = "tick"
    RING = "ring"
    DISC = "disc"
    SQUARE = "square"
    CROSS = "cross"
    STAR = "star"
    DIAMOND = "diamond"
    DOTS = "dots"
    DASH = "dash"
    TRIANGLE = "triangle"


def draw(painter: QPainter, glyph: Glyph, box: QRectF, color: QColor) -> None:
    """Paint the glyph into the square in the middle of the box."""
    side = min(box.width(), box.height())
    square = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
    inner = square.adjusted(side * 0.12, side * 0.12, -side * 0.12, -side * 0.12)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if glyph in (Glyph.DISC, Glyph.SQUARE, Glyph.STAR, Glyph.DIAMOND, Glyph.DOTS):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(color, max(1.4, side * 0.14))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
    painter.drawPath(_path(glyph, inner))
    painter.restore()


def pixmap(glyph: Glyph, color: QColor, side: int, ratio: float = 1.0) -> QPixmap:
    """The glyph as a picture of `side` pixels, for item views."""
    made = QPixmap(round(side * ratio), round(side * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    draw(painter, glyph, QRectF(0, 0, side, side), color)
    painter.end()
    return made


class Sign(QWidget):
    """A glyph beside a line of text; the text says the same in words."""

    def __init__(self, glyph: Glyph, tone: str, parent: QWidget | None = None) -> None:
        """`tone` names a color of the palette."""
        super().__init__(parent)
        self._glyph = glyph
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as a line of text."""
        metrics = self.fontMetrics()
        return QSize(metrics.ascent() + 2, metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the glyph."""
        del event
        painter = QPainter(self)
        color = palette.of(self.palette()).color(self._tone)
        draw(painter, self._glyph, QRectF(self.rect()).adjusted(1, 2, -2, -2), color)


def _path(glyph: Glyph, box: QRectF) -> QPainterPath:
    path = QPainterPath()
    left, top, right, bottom, middle = box.left(), box.top(), box.right(), box.bottom(), box.center()
    if glyph in (Glyph.RING, Glyph.DISC):
        path.addEllipse(box)
    elif glyph is Glyph.SQUARE:
        path.addRect(box.adjusted(1, 1, -1, -1))
    elif glyph is Glyph.TICK:
        path.moveTo(left, middle.y() + box.height() * 0.1)
        path.lineTo(left + box.width() * 0.36, bottom - box.height() * 0.06)
        path.lineTo(right, top + box.height() * 0.1)
    elif glyph is Glyph.CROSS:
        path.moveTo(left, top)
        path.lineTo(right, bottom)
        path.moveTo(right, top)
        path.lineTo(left, bottom)
    elif glyph is Glyph.DASH:
        path.moveTo(left, middle.y())
        path.lineTo(right, middle.y())
    elif glyph is Glyph.DOTS:
        dot = box.width() * 0.26
        for at in (left, middle.x() - dot / 2, right - dot):
            path.addEllipse(QRectF(at, middle.y() - dot / 2 + box.height() * 0.2, dot, dot))
    else:
        path.addPolygon(_polygon(glyph, box))
        path.closeSubpath()
    return path


def _polygon(glyph: Glyph, box: QRectF) -> QPolygonF:
    middle = box.center()
    if glyph is Glyph.TRIANGLE:
        return QPolygonF([QPointF(middle.x(), box.top()), box.bottomRight(), box.bottomLeft()])
    if glyph is Glyph.DIAMOND:
        ends = (QPointF(middle.x(), box.top()), QPointF(box.right(), middle.y()))
        return QPolygonF([*ends, QPointF(middle.x(), box.bottom()), QPointF(box.left(), middle.y())])
    radius = box.width() / 2
    turns = [(step * math.pi / 5 - math.pi / 2, radius if step % 2 == 0 else radius * 0.45) for step in range(10)]
    return QPolygonF([QPointF(middle.x() + far * math.cos(at), middle.y() + far * math.sin(at)) for at, far in turns])

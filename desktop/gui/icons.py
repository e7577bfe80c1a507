"""Our line icons in the colors of the palette."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop import resource
from desktop.gui.palette import Colors

SIZE = 20


@cache
def icon(name: str, colors: Colors) -> QIcon:
    """The icon of resources/icons/ in the text's color, and in the disabled and highlighted ones for those states."""
    made = QIcon()
    for mode, color in (
        (QIcon.Mode.Normal, colors.text),
        (QIcon.Mode.Active, colors.text),
        (QIcon.Mode.Disabled, colors.disabled),
        (QIcon.Mode.Selected, colors.highlighted),
    ):
        for scale in (1, 2):
            made.addPixmap(_drawn(name, color, scale), mode)
    return made


def _drawn(name: str, color: str, scale: int) -> QPixmap:
    text = resource(f"icons/{name}.svg").read_text(encoding="utf-8").replace("currentColor", QColor(color).name())
    pixmap = QPixmap(SIZE * scale, SIZE * scale)
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, SIZE, SIZE))
    painter.end()
    return pixmap

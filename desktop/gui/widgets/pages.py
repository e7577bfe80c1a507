"""The pages of a PDF on the screen, drawn from memory; no file is written."""

from __future__ import annotations

import pypdfium2
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.gui import palette

_GAP = 12
_WIDEST = 1000


class Page(QWidget):
    """One page, drawn anew for every width so that the letters stay sharp."""

    def __init__(self, page: pypdfium2.PdfPage, number: int, parent: QWidget | None = None) -> None:
        """`number` counts from 1."""
        super().__init__(parent)
        self._page = page
        self._size = page.get_size()
        self._image = QImage()
        self.text: str = page.get_textpage().get_text_range()
        self.setAccessibleName(f"Page {number}")
        self.setAccessibleDescription(self.text)

    def fit(self, width: int) -> None:
        """Take that width, and the height that goes with it."""
        self.setFixedSize(width, round(width * self._size[1] / self._size[0]))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the page on white paper with a thin edge."""
        del event
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        if self._image.width() != round(self.width() * ratio):
            self._image = _drawn(self._page, self.width() * ratio / self._size[0], ratio)
        painter.drawImage(QRect(0, 0, self.width(), self.height()), self._image)
        painter.setPen(QColor(palette.of(self.palette()).border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class PageView(QScrollArea):
    """All pages one below the other, as wide as there is room."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is what a screen reader calls it."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._document: pypdfium2.PdfDocument | None = None
        self.pages: list[Page] = []

    def show_pdf(self, data: bytes) -> None:
        """Show these pages; nothing for no bytes."""
        before, self._document = self._document, pypdfium2.PdfDocument(data) if data else None
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        layout.setSpacing(_GAP)
        document = self._document
        count = 0 if document is None else len(document)
        self.pages = [Page(document[at], at + 1, holder) for at in range(count)] if document is not None else []
        for page in self.pages:
            layout.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self.setWidget(holder)
        self._fit()
        if before is not None:
            before.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pages to the new width."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """Wide enough to read a page."""
        return QSize(self.fontMetrics().averageCharWidth() * 70, self.fontMetrics().height() * 40)

    def _fit(self) -> None:
        width = min(self.viewport().width() - 2 * _GAP, _WIDEST)
        for page in self.pages:
            page.fit(max(width, 100))


def _drawn(page: pypdfium2.PdfPage, scale: float, ratio: float) -> QImage:
    bitmap = page.render(scale=scale, prefer_bgrx=True)
    shown = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32)
    image = shown.copy()
    image.setDevicePixelRatio(ratio)
    return image

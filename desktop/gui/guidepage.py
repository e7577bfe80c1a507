"""A page of our own shipped Markdown: the second place, after `safe`, that may show markup."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QTextBrowser, QWidget

from desktop import resource

_PICTURE = re.compile(r"[a-z-]+-light\.png")


class _Guide(QTextBrowser):
    """Shows Markdown with the guide's own pictures and loads nothing else."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """The guide's picture in the colors of the window; an empty one for whatever else is asked.

        None would let Qt load it.
        """
        del kind
        asked = name.toString() if isinstance(name, QUrl) else name
        if not _PICTURE.fullmatch(asked):
            return QImage()
        shown = asked.replace("-light.", "-dark.") if self.palette().base().color().lightness() < 128 else asked
        picture = QImage(str(resource("help") / shown))
        bar = self.verticalScrollBar().sizeHint().width()
        width = self.width() - bar - 2 * (self.frameWidth() + int(self.document().documentMargin()) + 1)
        return picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation) if width > 0 else picture


def guide(markdown: str, parent: QWidget | None = None) -> QTextBrowser:
    """A page of our own shipped Markdown; never for text from data. Links are not followed."""
    made = _Guide(parent)
    made.setOpenLinks(False)
    made.setMarkdown(markdown)
    return made

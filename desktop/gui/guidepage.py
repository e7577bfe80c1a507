"""A page of our own shipped Markdown: the second place, after `safe`, that may show markup."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QTextBrowser, QWidget


class _Guide(QTextBrowser):
    """Shows Markdown and loads nothing: neither pictures nor other files."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """An empty picture for whatever is asked; None would let Qt load it."""
        del kind, name
        return QImage()


def guide(markdown: str, parent: QWidget | None = None) -> QTextBrowser:
    """A page of our own shipped Markdown; never for text from data. Links are not followed."""
    made = _Guide(parent)
    made.setOpenLinks(False)
    made.setMarkdown(markdown)
    return made

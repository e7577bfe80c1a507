"""The only place that builds widgets which could read text from data as markup: here it is always plain text."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QLabel, QWidget

from desktop.gui.palette import strong

if TYPE_CHECKING:  # Qt makes each class when it is first imported, and the first paint needs no dialog
    from PySide6.QtWidgets import QInputDialog, QMessageBox

# Qt.TextFormat.PlainText, by its number: naming it would have Python make every name of Qt before the first paint.
_PLAIN = 0


def clean(text: str) -> str:
    """The text without control characters, which a one-line field would keep and show as nothing."""
    return "".join(" " if char in "\t\n\r\u2028\u2029" else char for char in text if char in "\t\n\r" or char >= " ")


def doubled(text: str) -> str:
    """The text for a button, a tab or a menu, where a lone & would underline the next letter."""
    return text.replace("&", "&&")


def tip_text(text: str) -> str:
    """The text as a tooltip shows it: escaped, because Qt guesses whether a tooltip is markup."""
    from PySide6.QtCore import Qt as Core
    from PySide6.QtGui import Qt

    return Qt.convertFromPlainText(text, Core.WhiteSpaceMode.WhiteSpacePre) if text else ""


def tip(target: QWidget | QAction, text: str) -> None:
    """Give a widget or an action a tooltip of plain text."""
    target.setToolTip(tip_text(text))


def label(text: str = "", parent: QWidget | None = None, *, wrap: bool = False, kind: str = "") -> QLabel:
    """A label of plain text; `kind` names the style rule it follows: title, heading, muted, ok, warn, err."""
    made = QLabel(parent)
    made.setProperty("textFormat", _PLAIN)
    made.setText(text)
    made.setWordWrap(wrap)
    if kind:
        made.setProperty("kind", kind)
    if kind in ("title", "heading"):
        made.setFont(strong(QFont()))
    return made


def caption(text: str, field: QWidget, parent: QWidget | None = None) -> QLabel:
    """A field's caption with its mnemonic (the letter after &), which also names the field for a screen reader."""
    made = label(text, parent)
    made.setBuddy(field)
    if not field.accessibleName():
        field.setAccessibleName(text.replace("&", ""))
    return made


def notice(
    parent: QWidget, sentence: str, *, details: str = "", title: str = "", closed: Callable[[], None] | None = None
) -> QMessageBox:
    """Show a sentence with an OK button, without stopping anything else; `closed` is called when it goes."""
    from PySide6.QtWidgets import QMessageBox

    box = _box(parent, title or _("Warm Handoff"), sentence, details)
    box.addButton(QMessageBox.StandardButton.Ok)
    if closed is not None:
        box.finished.connect(lambda _code: closed())
    box.open()
    return box


def confirm(
    parent: QWidget, sentence: str, *, go: str, stay: str, then: Callable[[], None], details: str = ""
) -> QMessageBox:
    """Ask before something that cannot be undone; both buttons name the act, and `stay` is the default."""
    from PySide6.QtWidgets import QMessageBox

    box = _box(parent, _("Warm Handoff"), sentence, details)
    yes = box.addButton(go, QMessageBox.ButtonRole.AcceptRole)
    no = box.addButton(stay, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    yes.clicked.connect(lambda: then())
    box.open()
    return box


def ask_text(parent: QWidget, question: str, then: Callable[[str], None], *, title: str = "") -> QInputDialog:
    """Ask for one line of text; `then` gets it without control characters and outer blanks."""
    from PySide6.QtWidgets import QInputDialog

    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title or _("Warm Handoff"))
    dialog.setLabelText(question)
    for part in dialog.findChildren(QLabel):
        part.setProperty("textFormat", _PLAIN)
    dialog.finished.connect(dialog.deleteLater)
    dialog.textValueSelected.connect(lambda text: then(clean(text).strip()))
    dialog.open()
    return dialog


def _box(parent: QWidget, title: str, sentence: str, details: str) -> QMessageBox:
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(parent)
    box.setProperty("textFormat", _PLAIN)
    box.setWindowTitle(title)
    box.setText(sentence)
    box.setInformativeText(details)
    box.finished.connect(box.deleteLater)
    return box

"""Actions: the one form in which menus, tool bar, find box and the sheet of keys know what can be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.gui import palette, safe
from desktop.gui.icons import icon

PICTURE = "picture"


def command(
    owner: QWidget,
    text: str,
    slot: Callable[[], object],
    *,
    keys: str | tuple[str, ...] = (),
    picture: str = "",
    here: bool = False,
) -> QAction:
    """An action of that widget; `here` limits its keys to the widget and what is inside it.

    `text` has its mnemonic after &; `keys` are written as in Ctrl+Shift+N; `picture` names an icon.
    """
    made = QAction(text, owner)
    made.setShortcuts([QKeySequence(one) for one in ((keys,) if isinstance(keys, str) else keys)])
    if here:
        made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    if picture:
        made.setProperty(PICTURE, picture)
        made.setIcon(icon(picture, palette.of(owner.palette())))
    made.triggered.connect(lambda _checked=False: slot())
    safe.tip(made, named(made) + (f" ({shown_keys(made)})" if keys else ""))
    owner.addAction(made)
    return made


def named(action: QAction) -> str:
    """The action's name without mnemonic and dots."""
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip(".… ")


def shown_keys(action: QAction) -> str:
    """Its first keys as the user reads them, such as Ctrl+Shift+N."""
    return _readable(action.shortcut())


def repaint_icons(root: QWidget) -> None:
    """Draw every icon again in the colors of the present palette."""
    colors = palette.of(root.palette())
    for one in root.findChildren(QAction):
        picture = one.property(PICTURE)
        if picture:
            one.setIcon(icon(picture, colors))


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the sheet of keys: what it does, the keys, and where they work."""

    what: str
    keys: str
    where: str


def keys_of(root: QWidget) -> Iterator[Key]:
    """Every action under the widget that has keys."""
    for one in root.findChildren(QAction):
        pressed = ", ".join(dict.fromkeys(_readable(each) for each in one.shortcuts()))
        if pressed and named(one):
            local = one.shortcutContext() is not Qt.ShortcutContext.WindowShortcut
            yield Key(named(one), pressed, _place(one) if local else "")


def _readable(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter")


def _place(action: QAction) -> str:
    widget = action.parent()
    while isinstance(widget, QWidget):
        title = getattr(widget, "title", "")
        if isinstance(title, str) and title:
            return title
        if widget.accessibleName():
            return widget.accessibleName()
        widget = widget.parentWidget()
    return ""

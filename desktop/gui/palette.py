"""Colors of the window and of appointments, from resources/styles/palette.json; and the few style rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from desktop import resource

_MIDDLE = 128


class Scheme(StrEnum):
    """What the user can choose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Tint(NamedTuple):
    """The three colors of one kind of appointment, as #rrggbb."""

    background: str
    text: str
    bar: str


class Colors:
    """One scheme: colors as #rrggbb by what they mean, and the appointments' tints by status or kind.

    Equal only to itself, so that it can be looked up by identity.
    """

    window: str
    base: str
    alt: str
    text: str
    muted: str
    placeholder: str
    disabled: str
    border: str
    grid: str
    button: str
    highlight: str
    highlighted: str
    chosen: str
    resting: str
    link: str
    focus: str
    accent: str
    ok: str
    warn: str
    err: str
    info: str
    appointment: Mapping[str, Tint]

    def __init__(self, names: Mapping[str, str], tints: Mapping[str, Tint]) -> None:
        """Take the colors by their names; a name that is missing or unknown is a fault of the data file."""
        wanted = set(Colors.__annotations__) - {"appointment"}
        if set(names) != wanted:
            raise ValueError(sorted(wanted ^ set(names)))
        vars(self).update(names, appointment=tints)

    def color(self, name: str) -> QColor:
        """One of the colors by its name, such as muted."""
        return QColor(getattr(self, name))


@cache
def schemes() -> dict[Scheme, Colors]:
    """Every scheme of the data file."""
    data = json.loads(resource("styles/palette.json").read_text(encoding="utf-8"))
    return {Scheme(name): _colors(table) for name, table in data.items()}


def of(palette: QPalette) -> Colors:
    """The scheme that a widget's palette was made from; the light one for a foreign palette."""
    window = palette.color(QPalette.ColorRole.Window).name()
    found = (colors for colors in schemes().values() if colors.window == window)
    return next(found, schemes()[Scheme.LIGHT])


def chosen(scheme: Scheme, app: QApplication) -> Colors:
    """The colors for the user's choice; `system` follows the desktop's contrast and color scheme."""
    from PySide6.QtCore import Qt

    if scheme is not Scheme.SYSTEM:
        return schemes()[scheme]
    hints = app.styleHints()
    if hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast:
        return schemes()[Scheme.CONTRAST]
    dark = hints.colorScheme() is Qt.ColorScheme.Dark
    return schemes()[Scheme.DARK if dark else Scheme.LIGHT]


def guessed(scheme: Scheme, app: QApplication) -> Colors:
    """The same for the first paint, from the palette that the desktop gave: Qt's own names are not loaded yet."""
    if scheme is not Scheme.SYSTEM:
        return schemes()[scheme]
    return schemes()[
        Scheme.DARK if app.palette().color(QPalette.ColorRole.Window).lightness() < _MIDDLE else Scheme.LIGHT
    ]


def tell_system(app: QApplication, scheme: Scheme) -> None:
    """Have title bars and file dialogs of the desktop follow the choice, where it can."""
    from PySide6.QtCore import Qt

    wanted = {Scheme.LIGHT: Qt.ColorScheme.Light, Scheme.DARK: Qt.ColorScheme.Dark}
    app.styleHints().setColorScheme(wanted.get(scheme, Qt.ColorScheme.Unknown))


def apply(app: QApplication, colors: Colors) -> None:
    """Give the application a scheme's palette and style rules.

    The palette is set again after the rules, which would otherwise keep the one they were polished with.
    """
    palette = qpalette(colors)
    app.setPalette(palette)
    app.setStyleSheet(rules(colors, app.font().pointSizeF()))
    app.setPalette(palette)


def rules(colors: Colors, points: float) -> str:
    """The style rules of resources/styles/window.qss in these colors, for a font of that many points."""
    sizes = {"title": f"{points * 1.5:g}pt", "small": f"{points * 0.9:g}pt"}
    named = {name: value for name, value in vars(colors).items() if name != "appointment"} | sizes
    named["mark"] = resource("icons/tick.svg").as_posix()
    text = resource("styles/window.qss").read_text(encoding="utf-8")
    for name in sorted(named, key=len, reverse=True):
        text = text.replace(f"${name}", named[name])
    return text


def strong(font: QFont) -> QFont:
    """The same font in semibold: drawn by the variable font itself, where setBold would smear the regular one."""
    made = QFont(font)
    made.setVariableAxis(QFont.Tag("wght"), 600)
    return made


def qpalette(colors: Colors) -> QPalette:
    """Qt's palette in these colors."""
    role = QPalette.ColorRole
    pairs = {
        role.Window: colors.window,
        role.WindowText: colors.text,
        role.Base: colors.base,
        role.AlternateBase: colors.alt,
        role.Text: colors.text,
        role.Button: colors.button,
        role.ButtonText: colors.text,
        role.BrightText: colors.highlighted,
        role.PlaceholderText: colors.placeholder,
        role.Highlight: colors.highlight,
        role.HighlightedText: colors.highlighted,
        role.Accent: colors.accent,
        role.Link: colors.link,
        role.LinkVisited: colors.link,
        role.ToolTipBase: colors.base,
        role.ToolTipText: colors.text,
        role.Light: colors.base,
        role.Midlight: colors.alt,
        role.Mid: colors.grid,
        role.Dark: colors.border,
        role.Shadow: colors.border,
    }
    palette = QPalette()
    for which, value in pairs.items():
        palette.setColor(which, QColor(value))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colors.disabled))
    return palette


def _colors(table: dict[str, Any]) -> Colors:
    tints = {name: Tint(**tint) for name, tint in table["appointment"].items()}
    return Colors({name: value for name, value in table.items() if name != "appointment"}, tints)

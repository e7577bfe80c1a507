"""Colors of the window and of appointments, from resources/styles/palette.json; and the few style rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from desktop import resource


class Scheme(StrEnum):
    """What the user can choose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Tint:
    """The three colors of one kind of appointment, as #rrggbb."""

    background: str
    text: str
    bar: str


@dataclass(frozen=True, slots=True, eq=False)
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
    if scheme is not Scheme.SYSTEM:
        return schemes()[scheme]
    hints = app.styleHints()
    if hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast:
        return schemes()[Scheme.CONTRAST]
    dark = hints.colorScheme() is Qt.ColorScheme.Dark
    return schemes()[Scheme.DARK if dark else Scheme.LIGHT]


def apply(app: QApplication, scheme: Scheme) -> Colors:
    """Give the application the scheme's palette and style rules.

    The palette is set again after the rules, which would otherwise keep the one they were polished with.
    """
    colors = chosen(scheme, app)
    if scheme in (Scheme.LIGHT, Scheme.DARK):
        wanted = Qt.ColorScheme.Dark if scheme is Scheme.DARK else Qt.ColorScheme.Light
        app.styleHints().setColorScheme(wanted)
    palette = qpalette(colors)
    app.setPalette(palette)
    app.setStyleSheet(rules(colors, app.font().pointSizeF()))
    app.setPalette(palette)
    return colors


def rules(colors: Colors, points: float) -> str:
    """The style rules of resources/styles/window.qss in these colors, for a font of that many points."""
    named = {field.name: getattr(colors, field.name) for field in fields(colors) if field.name != "appointment"}
    sizes = {"title": f"{points * 1.5:g}pt", "small": f"{points * 0.9:g}pt"}
    return Template(resource("styles/window.qss").read_text(encoding="utf-8")).substitute(named | sizes)


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


def _colors(table: dict[str, object]) -> Colors:
    plain = {name: value for name, value in table.items() if name != "appointment"}
    tints = table["appointment"]
    if not isinstance(tints, dict):
        raise TypeError("palette.json: appointment")
    return Colors(**plain, appointment={name: Tint(**tint) for name, tint in tints.items()})  # type: ignore[arg-type]

"""Every pair of text and ground that the window can show has enough contrast, in every scheme."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette

from desktop import resource
from desktop.gui import palette
from desktop.gui.palette import Colors, Scheme

TEXTS = ("text", "muted", "ok", "warn", "err", "info", "link")
GROUNDS = ("window", "base", "alt", "chosen", "resting")
SHOWN = [Scheme.LIGHT, Scheme.DARK, Scheme.CONTRAST]


def _luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    made = QColor(color)
    return 0.2126 * linear(made.redF()) + 0.7152 * linear(made.greenF()) + 0.0722 * linear(made.blueF())


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colors (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _pairs(colors: Colors) -> list[tuple[str, str]]:
    pairs = [(getattr(colors, text), getattr(colors, ground)) for text in TEXTS for ground in GROUNDS]
    pairs += [(colors.placeholder, colors.base), (colors.highlighted, colors.highlight)]
    pairs += [(colors.text, colors.button)]
    return pairs + [(tint.text, tint.background) for tint in colors.appointment.values()]


@pytest.mark.parametrize("scheme", SHOWN)
def test_text_can_be_read(scheme: Scheme) -> None:
    """At least 4.5:1, and 7:1 in the high contrast scheme (WCAG 2.2, 1.4.3 and 1.4.6)."""
    least = 7.0 if scheme is Scheme.CONTRAST else 4.5
    low = [(one, other, contrast(one, other)) for one, other in _pairs(palette.schemes()[scheme])]
    assert [pair for pair in low if pair[2] < least] == []


@pytest.mark.parametrize("scheme", SHOWN)
def test_bars_rings_and_borders_can_be_seen(scheme: Scheme) -> None:
    """At least 3:1 against their ground (WCAG 2.2, 1.4.11)."""
    colors = palette.schemes()[scheme]
    pairs = [(tint.bar, tint.background) for tint in colors.appointment.values()]
    pairs += [(colors.focus, ground) for ground in (colors.window, colors.base)]
    pairs += [(colors.border, colors.base), (colors.accent, colors.base), (colors.accent, colors.chosen)]
    assert [pair for pair in pairs if contrast(*pair) < 3] == []


@pytest.mark.parametrize("scheme", SHOWN)
def test_a_widget_finds_its_scheme_again(scheme: Scheme) -> None:
    """Painters ask by the palette that they were given."""
    colors = palette.schemes()[scheme]
    made = palette.qpalette(colors)
    assert palette.of(made) is colors
    assert made.color(QPalette.ColorRole.Accent).name() == colors.accent


def test_no_color_of_the_rules_is_left_unnamed() -> None:
    """Every $name of the style rules is a color or a size; no color is written out in them."""
    for colors in palette.schemes().values():
        assert "$" not in palette.rules(colors, 10)
    assert "#" not in resource("styles/window.qss").read_text()

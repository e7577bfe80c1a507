"""The look of a letter: paper, margins, colors and styles of type."""

from __future__ import annotations

from functools import cache

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle

from desktop.documents import fonts

WIDTH: float = LETTER[0]
HEIGHT: float = LETTER[1]
SIDE = 72.0
TEXT = WIDTH - 2 * SIDE
TOP, TOP_LATER, BOTTOM = 40.0, 76.0, 84.0
ADDRESS, BODY = 164.0, 234.0  # from the top edge: what the window of a #10 envelope shows once folded in three
LABEL = 116.0

INK, MUTED, ACCENT, FAINT = HexColor("#16191d"), HexColor("#4d5560"), HexColor("#1d4e89"), HexColor("#c3cad3")
DRAFT = HexColor("#b3261e")


@cache
def styles() -> dict[str, ParagraphStyle]:
    """Every style by name; sizes in points."""

    def style(name: str, size: float, leading: float, color: Color = INK, **more: object) -> ParagraphStyle:
        given = {"fontName": fonts.REGULAR, "bulletFontName": fonts.REGULAR, "allowWidows": 0, "allowOrphans": 0}
        return ParagraphStyle(name, fontSize=size, leading=leading, textColor=color, **{**given, **more})

    every = (
        style("name", 16, 22, ACCENT, fontName=fonts.BOLD),
        style("contact", 8.5, 12, MUTED),
        style("date", 10, 14),
        style("address", 10, 13),
        style("title", 13, 17, spaceAfter=3, keepWithNext=1, fontName=fonts.BOLD),
        style("heading", 10, 14, ACCENT, spaceBefore=7, spaceAfter=1, keepWithNext=1, fontName=fonts.BOLD),
        style("body", 10, 13.7, spaceAfter=4),
        style("row", 10, 13.7, leftIndent=LABEL, bulletFontSize=10, bulletColor=MUTED, spaceAfter=1),
        style("item", 10, 13.7, leftIndent=14, bulletFontSize=10, spaceAfter=2),
        style("caption", 9, 13, MUTED, spaceBefore=8),
        style("signer", 10, 14, fontName=fonts.BOLD),
        style("signed", 9, 12.5, MUTED),
        style("notice", 7.6, 10.2, MUTED, spaceAfter=4),
        style("running", 8, 10, MUTED),
        style("running_right", 8, 10, MUTED, alignment=TA_RIGHT),
        style("footer", 7.6, 9.6, MUTED),
        style("crisis", 7.6, 9.6, fontName=fonts.BOLD),
    )
    return {one.name: one for one in every}

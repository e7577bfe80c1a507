"""Fonts that letters embed, and the font files of the scripts that the text face lacks."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont


def hebrew() -> Path:
    """Arimo, whose default weight is the regular one."""
    return _file("fontpkg_arimo", "files/Arimo[wght].ttf")


def arabic() -> Path:
    """Noto Sans Arabic with the presentation forms that shaped text is written in."""
    return _file("fontpkg_noto_sans_arabic", "files/NotoSansArabic[wdth,wght].ttf")


def han() -> Path:
    """Noto Sans CJK: Chinese, Japanese and Korean in one file."""
    return _file("noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf")


class Font(TTFont):  # type: ignore[misc] # reportlab has no types
    """A TrueType font whose text can be copied out of the document: every code says which letters it stands for."""

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802 - reportlab's name
        """Add the font to the document, with a map to Unicode that knows ligatures and letters beyond U+FFFF."""
        subsets = [list(subset) for subset in self.state[doc].subsets]
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            name = (SUBSETN(number) + b"+" + self.face.name + self.face.subfontNameX).decode("ascii")
            doc.idToObject[f"toUnicodeCMap:{name}"].content = to_unicode(name, subset)


def to_unicode(name: str, subset: Sequence[int]) -> str:
    """The ToUnicode map of a subset (ISO 32000-1, 9.10.3): shaped forms as the letters they were made from."""
    lines = [f"<{place:02X}> <{_letters(code)}>" for place, code in enumerate(subset) if code]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = [line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo",
            f"<< /Registry ({name})",
            f"/Ordering ({name})",
            "/Supplement 0",
            ">> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<00> <FF>",
            "endcodespacerange",
            *body,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        )
    )


def _letters(code: int) -> str:
    letter = chr(code)
    shaped = 0xFB1D <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFF
    return (unicodedata.normalize("NFKC", letter) if shaped else letter).encode("utf-16-be").hex().upper()


def _file(package: str, name: str) -> Path:
    return Path(str(files(package) / name))

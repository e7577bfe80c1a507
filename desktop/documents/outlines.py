"""Fonts with PostScript outlines, which reportlab refuses: the glyphs that a letter uses become TrueType ones."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from weakref import WeakKeyDictionary

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont as FontFile
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.ttLib.tables._g_l_y_f import Glyph
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.pdfmetrics import TypeFace
from reportlab.pdfbase.ttfonts import TTEncoding, TTFont, TTFontFace

from desktop.documents.typefaces import Font

_SYMBOLIC = 4  # font descriptor flag, ISO 32000-1 table 123


class OutlineFont(Font):
    """A font with PostScript outlines, which reportlab cannot read: the glyphs in use are turned into TrueType ones."""

    def __init__(self, name: str, file: Path) -> None:
        """Open the file; outlines are read when a document is written."""
        self.fontName = name
        self.face = OutlineFace(name, file)
        self.encoding = TTEncoding()
        self.state: WeakKeyDictionary[PDFDocument, TTFont.State] = WeakKeyDictionary()
        self._asciiReadable = False
        self.shapable = False


class OutlineFace(TTFontFace):  # type: ignore[misc] # reportlab has no types
    """What reportlab asks of a face, answered from a file with PostScript outlines."""

    def __init__(self, name: str, file: Path) -> None:
        """Read metrics and characters."""
        TypeFace.__init__(self, None)
        self._file = font = FontFile(file, lazy=True)
        self._glyphs = font.getGlyphSet()
        self._names: dict[int, str] = font.getBestCmap()
        scale = 1000 / font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        self.name = name.replace(" ", "").encode("ascii")
        self.subfontNameX = b""
        self.filename = file.name
        self.charToGlyph = self._names
        self.charWidths = {code: metrics[glyph][0] * scale for code, glyph in self._names.items()}
        self.defaultWidth = metrics[".notdef"][0] * scale
        self.ascent, self.descent = font["hhea"].ascent * scale, font["hhea"].descent * scale
        self.capHeight = getattr(font["OS/2"], "sCapHeight", font["hhea"].ascent) * scale
        head = font["head"]
        self.bbox = [round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)]
        self.flags, self.italicAngle, self.stemV = _SYMBOLIC, 0, 80

    def makeSubset(self, subset: Sequence[int]) -> bytes:  # noqa: N802 - reportlab's name
        """A TrueType file of the glyphs of those characters, each at its place in the subset."""
        names = {code: self._names.get(code, ".notdef") for code in subset}
        order = [".notdef", *dict.fromkeys(name for name in names.values() if name != ".notdef")]
        builder = FontBuilder(self._file["head"].unitsPerEm, isTTF=True)
        builder.font.recalcTimestamp = False
        builder.setupGlyphOrder(order)
        builder.setupGlyf({name: self._outline(name) for name in order})
        metrics = self._file["hmtx"].metrics
        bounds = builder.font["glyf"]
        builder.setupHorizontalMetrics({name: (metrics[name][0], getattr(bounds[name], "xMin", 0)) for name in order})
        builder.setupHorizontalHeader(ascent=self._file["hhea"].ascent, descent=self._file["hhea"].descent)
        builder.setupNameTable({"psName": self.name.decode("ascii")})
        builder.setupCharacterMap(names)
        builder.setupOS2()
        builder.setupPost(keepGlyphNames=False)
        builder.font["head"].created = builder.font["head"].modified = self._file["head"].modified
        table = CmapSubtable.newSubtable(6)
        table.platformID, table.platEncID, table.language = 1, 0, 0
        table.cmap = {place: names[code] for place, code in enumerate(subset)}
        builder.font["cmap"].tables = [table]
        written = BytesIO()
        builder.save(written)
        return written.getvalue()

    def _outline(self, name: str) -> Glyph:
        pen = TTGlyphPen(None)
        self._glyphs[name].draw(Cu2QuPen(pen, max_err=1, reverse_direction=True))
        return pen.glyph()

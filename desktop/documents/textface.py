"""The text face of letters: two static files, derived from a variable one.

IBM Plex Sans is under the SIL Open Font License 1.1 (resources/fonts/OFL.txt), which reserves the name Plex, so what is
derived from it is called Handoff Sans. The files in resources/fonts can be written again, byte for byte, with

    python -c "from desktop.documents.textface import ship; ship('resources/fonts')"
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

WEIGHTS: Mapping[str, int] = {"HandoffSans-Regular.ttf": 400, "HandoffSans-Bold.ttf": 700}

_LAYOUT = ("GDEF", "GPOS", "GSUB", "STAT", "HVAR", "MVAR", "avar", "DSIG", "meta")
_HINTING = ("fpgm", "prep", "cvt ", "gasp", "hdmx", "VDMX", "LTSH", "cvar")
_UNHINTED = 0x0004 | 0x0008  # bits of head.flags that say that hints change widths
_FAMILY = "Handoff Sans"
_PACKAGE = "fontpkg_ibm_plex_sans"


def derive(weight: int) -> bytes:
    """The static text face of that weight: no layout, no hints, 400 for regular and 700 for bold; takes seconds."""
    variable = (files(_PACKAGE) / "files" / "IBMPlexSans[wdth,wght].ttf").read_bytes()
    font = TTFont(BytesIO(variable), recalcTimestamp=False)
    instancer.instantiateVariableFont(font, {"wght": weight, "wdth": 100}, inplace=True)
    for tag in (*_LAYOUT, *_HINTING):
        if tag in font:
            del font[tag]
    font["glyf"].removeHinting()
    font["head"].flags &= ~_UNHINTED
    style = "Bold" if weight > 400 else "Regular"
    kept = {number: font["name"].getDebugName(number) for number in (0, 13, 14)}
    names = {1: _FAMILY, 2: style, 3: f"{_FAMILY} {style} 1", 4: f"{_FAMILY} {style}", 5: "Version 1.000"}
    names |= {6: f"HandoffSans-{style}", 10: "Derived from a variable font: static, without layout and hints."}
    font["name"].names = []
    for number, text in sorted((names | kept).items()):
        font["name"].setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    written = BytesIO()
    font.save(written, reorderTables=True)
    return written.getvalue()


def ship(folder: str) -> None:
    """Write both static files and their license into the folder."""
    for name, weight in WEIGHTS.items():
        (Path(folder) / name).write_bytes(derive(weight))
    (Path(folder) / "OFL.txt").write_bytes((files(_PACKAGE) / "LICENSE").read_bytes())

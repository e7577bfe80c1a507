"""Which font writes which letter: every text becomes runs, each in a font that has its characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import TypeVar
from xml.sax.saxutils import escape, quoteattr

from bidi import algorithm
from reportlab.pdfbase import pdfmetrics

from desktop import resource
from desktop.documents.typefaces import Font, arabic, han, hebrew

REGULAR = "HandoffSans"
BOLD = "HandoffSans-Bold"
UNKNOWN = "\ufffd"

T = TypeVar("T")

_R = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_LEFTWARD = re.compile(f"[{_R}]")
_STRETCH = re.compile(f"[{_R}](?:[^A-Za-z\u00aa-\u058f\u0900-\ufb1c]*[{_R}])*")  # without letters of other scripts
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_BREAKS = re.compile("\r\n?|[\u2028\u2029\u0085\x0b\x0c]")


def cleaned(text: str) -> str:
    """The text with composed letters and plain line ends, without control and direction marks; what no font has is �."""
    text = unicodedata.normalize("NFC", _BREAKS.sub("\n", text).replace("\t", " "))
    return "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cf"))


def unprintable(text: str) -> tuple[str, ...]:
    """The characters, in order, that no font of this installation has; a letter shows � for each."""
    return tuple(dict.fromkeys(letter for letter in cleaned(text) if letter != "\n" and not _covering(ord(letter))))


def markup(text: str, *, bold: bool = False) -> str:
    """The text for a reportlab Paragraph: escaped, line ends as spaces, each run in a font that has its letters.

    Right-to-left runs are shaped but keep the order they are read in; `in_sight_order` turns them, line by line.
    """
    face = BOLD if bold else REGULAR
    text = cleaned(text).replace("\n", " ")
    if _text_face(face) >= set(map(ord, text)):
        return escape(text)
    pieces = []
    for font, run in _runs(_shaped(text), face):
        pieces.append(escape(run) if font == face else f"<font name={quoteattr(font)}>{escape(run)}</font>")
    return "".join(pieces)


def is_leftward(text: str) -> bool:
    """Whether any of it is written from right to left."""
    return _LEFTWARD.search(text) is not None


def in_sight_order(pieces: Sequence[tuple[str, T]]) -> list[tuple[str, T]]:
    """The pieces of one line from left to right, as painted; each letter stays with what its piece came with.

    A stretch from the first to the last right-to-left letter is turned on its own (as if in Unicode isolates), so that the
    English around a name, and numbers after it, keep their places.
    """
    letters = [(letter, owner) for owner, (text, _with) in enumerate(pieces) for letter in text]
    for stretch in _STRETCH.finditer("".join(letter for letter, _owner in letters)):
        letters[stretch.start() : stretch.end()] = _turned(letters[stretch.start() : stretch.end()])
    groups = groupby(letters, key=lambda pair: pair[1])
    return [("".join(letter for letter, _owner in run), pieces[owner][1]) for owner, run in groups]


def _turned(letters: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """A stretch in visual order, by the Unicode bidirectional algorithm for a right-to-left paragraph."""
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = 1, "R"
    algorithm.get_embedding_levels("".join(letter for letter, _owner in letters), storage)
    for entry, (_letter, owner) in zip(storage["chars"], letters, strict=True):
        entry["owner"] = owner
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    algorithm.reorder_resolved_levels(storage, debug=False)
    algorithm.apply_mirroring(storage, debug=False)
    return [(entry["ch"], entry["owner"]) for entry in storage["chars"]]


@cache
def ready() -> None:
    """Register the text face; every other font is opened when a letter first needs it."""
    for name, file in ((REGULAR, "HandoffSans-Regular.ttf"), (BOLD, "HandoffSans-Bold.ttf")):
        pdfmetrics.registerFont(Font(name, str(resource(f"fonts/{file}")), asciiReadable=False))


@cache
def _text_face(name: str) -> frozenset[int]:
    ready()
    return frozenset(pdfmetrics.getFont(name).face.charToGlyph)


@cache
def _others() -> Mapping[str, Callable[[], Font]]:
    return {
        "Arimo": lambda: Font("Arimo", str(hebrew()), asciiReadable=False),
        "NotoSansArabic": lambda: Font("NotoSansArabic", str(arabic()), asciiReadable=False),
        "NotoSansCJK": _han,
    }


def _han() -> Font:
    from desktop.documents.outlines import OutlineFont  # its libraries load when a name first needs them

    return OutlineFont("NotoSansCJK", han())


@cache
def _covered(name: str) -> frozenset[int]:
    font = _others()[name]()
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


@cache
def _covering(code: int) -> str:
    """The name of the first font that has the character; empty when none has."""
    if code in _text_face(REGULAR):
        return REGULAR
    return next((name for name in _others() if code in _covered(name)), "")


def _shaped(text: str) -> str:
    if not _ARABIC.search(text):
        return text
    from arabic_reshaper import ArabicReshaper  # loads when a name first needs it

    settings = {"delete_harakat": False, "ARABIC LIGATURE ALLAH": False}
    return str(ArabicReshaper(configuration=settings).reshape(text))


def _runs(text: str, face: str) -> Iterator[tuple[str, str]]:
    chosen = [(letter, _font(letter, face)) for letter in text]
    for font, letters in groupby(chosen, key=lambda pair: pair[1] or face):
        yield font, "".join(letter if found else UNKNOWN for letter, found in letters)


def _font(letter: str, face: str) -> str:
    found = _covering(ord(letter))
    return face if found == REGULAR else found

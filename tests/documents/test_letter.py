"""Letters on paper: the text is the facts, in every script, and nothing in a fact is read as markup."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop import resource
from desktop.clinic.errors import BadInput
from desktop.clinic.letters import Letter, LetterKind, Signature
from desktop.clinic.template import Part, PartKind, Section
from desktop.documents import fonts, letter, textface
from tests.clinic.letter_facts import draft, lines

LETTER = replace(draft(LetterKind.REPLY_TO_REFERRER).letter, finalized=True)

NAMES = [
    "O'Brien-Nguyễn",
    "José",
    "Łukasz Żółć",
    "王",
    "محمد",
    "محمد بن علي",
    "עדי",
    "עדי כהן",
    "Ж",
    "Жуков",
    "Ελένη",
    "鈴木 さくら",
    "김민준",
    "𠮷田",
    "Đặng Thị Hồng",
    "X",
    "Smith & Sons",
]
HOSTILE = [
    "<img src='/x.png'>",
    "</para>",
    "&#x110000;",
    "&amp;lt;",
    "<b>Ann",
    "Ann <ann@x>",
    "<para alignment='x'>",
    "<font color=\"[__import__('os').system('id') for x in [1]]\">x</font>",
    "<a href='file:///etc/passwd'>x</a>",
    "]]>",
    "<!-- x -->",
    "<?x?>",
    "%s {0} $name \\n",
    "(unbalanced",
    "a\\",
]


def text_of(file: bytes) -> str:
    """The whole text of the PDF, as a reader copies it."""
    document = pdfium.PdfDocument(file)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def pages(file: bytes) -> list[str]:
    """The text of each page."""
    document = pdfium.PdfDocument(file)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def saying(*texts: str, notices: tuple[str, ...] = LETTER.notices) -> Letter:
    """A letter whose body is these paragraphs."""
    body = Section(name="body", parts=tuple(Part(text=text) for text in texts))
    return replace(LETTER, sections=(body,), notices=notices)


def squeezed(text: str) -> str:
    """Without spaces and line ends, which depend on where lines break; letters composed."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("kind", list(LetterKind))
def test_the_paper_says_what_the_letter_says(kind: LetterKind) -> None:
    """Every line of the letter, on the paper."""
    one = draft(kind)
    paper = squeezed(text_of(letter.pdf(replace(one.letter, finalized=True))))
    for line in lines(one).splitlines():
        assert squeezed(line) in paper


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", ["paragraph", "row", "addressee", "bold"])
def test_names_of_every_script_come_out_right(name: str, place: str) -> None:
    """As copied out of the document, wherever the name stands."""
    row = Section(name="x", parts=(Part(kind=PartKind.ROW, label="Client", text=name),))
    signed = (Signature(lines=(name,)),)
    given = {
        "paragraph": saying(name),
        "row": replace(LETTER, sections=(row,)),
        "addressee": replace(LETTER, addressee=(name, "8 Elder Avenue")),
        "bold": replace(LETTER, signatures=signed, sections=()),
    }[place]
    shown = [line.removeprefix("Client").strip() for line in text_of(letter.pdf(given)).splitlines()]
    if place == "row" and fonts.is_leftward(name):  # pdfium keeps words as painted when a line mixes directions
        assert any(set(line.split()) - {"Client"} == set(name.split()) for line in shown)
        return
    assert unicodedata.normalize("NFC", name) in [unicodedata.normalize("NFC", line) for line in shown]
    assert letter.unprintable(given) == ()


def test_a_name_in_the_middle_of_a_sentence_keeps_the_sentence() -> None:
    """English stays left to right around it, and what follows in brackets stays behind it."""
    pieces = [("Dear ", 0), ("עדי", 1), (" (MRN 12), hello", 0)]
    assert fonts.in_sight_order(pieces) == [("Dear ", 0), ("ידע", 1), (" (MRN 12), hello", 0)]
    assert fonts.in_sight_order([("אב", 1), (" 12 ", 0), ("גד", 1)]) == [("דג", 1), (" 12 ", 0), ("בא", 1)]


LONG_HEBREW = " ".join(f"מילה{word}" for word in "אבגדהוזחטיכלמנסעפצקרשת" for _time in range(6))


def test_long_right_to_left_text_breaks_in_reading_order() -> None:
    """The first words are on the first line, over pages too."""
    words = LONG_HEBREW.split()
    shown = text_of(letter.pdf(saying(*[LONG_HEBREW] * 12)))
    found = [word[::-1] if word[::-1] in words else word for word in shown.split() if "מילה" in word or "הלימ" in word]
    assert sorted(found) == sorted(words * 12)
    first = next(line for line in shown.splitlines() if "מילה" in line)
    assert {word for word in first.split() if "מילה" in word} <= set(words[:30])


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_names_are_printed_as_they_are(evil: str) -> None:
    """In every place of a letter; nothing is parsed, loaded or dropped."""
    body = Section(
        name="x",
        heading=evil,
        parts=(Part(text=evil), Part(kind=PartKind.ITEM, text=evil), Part(kind=PartKind.ROW, label=evil, text=evil)),
    )
    hostile = replace(
        LETTER,
        head=(evil, evil),
        addressee=(evil,),
        sections=(body,),
        signatures=(Signature(caption=evil, lines=(evil, evil)),),
        notices=(evil,),
        footer=(evil, evil),
    )
    file = letter.pdf(hostile)
    assert squeezed(text_of(file)).count(squeezed(evil)) == 14
    assert len(pages(file)) == 1
    assert b"/Subtype /Image" not in file
    assert b"/URI" not in file


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec="utf-8"), max_size=120))
def test_any_text_survives(text: str) -> None:
    """What the fonts have is on the paper; what they lack is told, and shown as a replacement character."""
    given = saying(f"begin {text} end")
    file = letter.pdf(given)
    assert file.startswith(b"%PDF")
    missing = set(letter.unprintable(given))
    plain = squeezed("".join(one for one in fonts.cleaned(text) if one not in missing))
    if plain.isascii():
        shown = squeezed(text_of(file))
        assert f"begin{plain}end" in shown.replace(fonts.UNKNOWN, "").replace("\ufffe", "")


@pytest.mark.parametrize(
    "text", ["x" * 20_000, "word " * 4_000, "\n" * 20_000, "a\n" * 10_000, "王" * 20_000, "<" * 20_000]
)
def test_the_longest_field_is_printed(text: str) -> None:
    """However it is made; over as many pages as it takes."""
    assert letter.pdf(saying(text)).startswith(b"%PDF")


def test_a_field_beyond_that_is_refused() -> None:
    """With a sentence that says how long it may be."""
    with pytest.raises(BadInput, match="20,000"):
        letter.pdf(replace(LETTER, addressee=("x" * 20_001,)))


def test_page_x_of_y_on_three_pages() -> None:
    """On each page, with the crisis line, and the practice's name on the later ones; the client's on none of them."""
    three = pages(letter.pdf(saying(*["A sentence that fills the page, again and again. " * 8] * 22)))
    assert [re.findall(r"Page (\d) of (\d)", page) for page in three] == [[(str(one), "3")] for one in (1, 2, 3)]
    assert all("call or text 988" in page for page in three)
    assert all("Wissahickon" in page and "November 23, 2026" in page for page in three)
    assert not any("Nguy" in page for page in three)


def test_no_page_holds_the_signature_alone() -> None:
    """Whatever the length of the letter, a sentence goes with it."""
    for count in range(18, 34):
        last = pages(letter.pdf(saying(*[f"Sentence {one}." for one in range(count)], notices=())))[-1]
        assert "Sentence" in last


def test_the_same_letter_gives_the_same_bytes() -> None:
    """Also in another process, whatever reportlab settings are in its environment."""
    here = letter.pdf(saying(*NAMES))
    assert here == letter.pdf(saying(*NAMES))
    code = (
        "import sys, hashlib; from tests.documents.test_letter import NAMES, letter, saying;"
        "sys.stdout.write(hashlib.sha256(letter.pdf(saying(*NAMES))).hexdigest())"
    )
    root = Path(__file__).parents[2]
    settings_of_others = {"RL_invariant": "0", "RL_pageCompression": "0", "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=root,
        env={**os.environ, **settings_of_others},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout == sha256(here).hexdigest()


def test_metadata_names_nobody_but_the_document_has_title_and_language() -> None:
    """Title by kind, English of the United States."""
    file = letter.pdf(LETTER)
    document = pdfium.PdfDocument(file)
    metadata = document.get_metadata_dict()
    document.close()
    assert metadata["Title"] == "Reply to a referral"
    assert "/Lang (en-US)" in file.decode("latin-1")
    told = " ".join(metadata.values())
    for name in ("Nguy", "O'Brien", "Marchetti", "Castellano", "Rowan", "dana"):
        assert name not in told


def test_every_font_is_embedded() -> None:
    """A letter looks the same on every computer."""
    file = letter.pdf(saying(*NAMES)).decode("latin-1")
    assert "Helvetica" not in file
    assert file.count("/Type /FontDescriptor") == file.count("/FontFile2") == file.count("/Subtype /TrueType")


def test_a_draft_says_so_on_every_page() -> None:
    """A finished letter does not."""
    long = saying(*["A sentence that fills the page, again and again. " * 8] * 12)
    assert all("DRAFT" in page for page in pages(letter.pdf(replace(long, finalized=False))))
    assert "DRAFT" not in text_of(letter.pdf(long))


def test_the_address_stands_in_the_window_of_a_number_10_envelope() -> None:
    """Letter paper folded in three: between 2.1 and 3.6 inches from the top, from 0.9 to 4.9 inches from the left."""
    document = pdfium.PdfDocument(letter.pdf(LETTER))
    page = document[0].get_textpage()
    text = page.get_text_range()
    at = text.index("Helene Marchetti"), text.index("19003") + 4
    boxes = [page.get_charbox(one) for one in at]
    document.close()
    assert all(0.9 <= left / 72 <= 4.9 for left, _bottom, _right, _top in boxes)
    assert (792 - boxes[0][3]) / 72 >= 2.1
    assert (792 - boxes[1][1]) / 72 <= 3.6


def test_the_shipped_fonts_are_the_derived_ones() -> None:
    """Byte for byte, and without the name that their license reserves."""
    for name, weight in textface.WEIGHTS.items():
        shipped = resource(f"fonts/{name}").read_bytes()
        assert textface.derive(weight) == shipped
        assert b"P\0l\0e\0x" not in shipped.split(b"Reserved")[0][:200]
    assert "SIL OPEN FONT LICENSE" in resource("fonts/OFL.txt").read_text("utf-8").upper()


def test_control_and_direction_marks_do_not_reach_the_paper() -> None:
    """They could turn a sentence around."""
    assert fonts.cleaned("a\u202eb\x00c\u200bd\r\ne\u2028f\tg") == "abcd\ne\nf g"


def test_numbers_and_dates_are_not_torn_apart() -> None:
    """Wherever the line ends."""
    for count in range(60, 100):
        for whole in ("(215) 555-0100", "3:00 PM", "November 8, 2026"):
            shown = text_of(letter.pdf(saying("x " * (count // 2) + whole + " and so on")))
            assert " ".join(whole.split()[:2]) in shown


def test_letters_can_be_printed_from_several_threads() -> None:
    """Each as if it were alone."""
    different = [saying(f"Letter {number}", *NAMES[number:]) for number in range(8)]
    alone = [letter.pdf(one) for one in different]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(letter.pdf, different)) == alone

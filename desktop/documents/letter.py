"""Letters as PDF: US Letter paper, letterhead, address where a #10 window envelope shows it, page x of y, footer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from gettext import gettext as _
from io import BytesIO
from threading import Lock
from typing import Any

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    KeepTogether,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from desktop.clinic.errors import BadInput
from desktop.clinic.letters import Letter, Signature
from desktop.clinic.template import LONGEST, Part, PartKind, Section
from desktop.documents import fonts
from desktop.documents.stationery import (
    ACCENT,
    ADDRESS,
    BODY,
    BOTTOM,
    DRAFT,
    FAINT,
    HEIGHT,
    INK,
    MUTED,
    SIDE,
    TEXT,
    TOP,
    TOP_LATER,
    WIDTH,
    styles,
)

_FLUSH = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_TIED = re.compile(rf"(\(\d{{3}}\)|\d:\d\d|\b(?:{_MONTHS})) (?=\d{{3}}-\d|[AP]M\b|\d{{1,2}},)")

_ONE_AT_A_TIME = Lock()  # reportlab's fonts keep a reading position of their own


def pdf(letter: Letter) -> bytes:
    """The letter as PDF; the same letter gives the same bytes, and its metadata names nobody.

    A letter that is not finalized says so on every page. Raises BadInput for a text beyond 20,000 characters.
    """
    _check(letter)
    with _ONE_AT_A_TIME:
        fonts.ready()
        written = BytesIO()
        document = _document(letter, written)
        document.build(list(_story(letter)), canvasmaker=partial(_NumberedCanvas, letter=letter))
        return written.getvalue()


def unprintable(letter: Letter) -> tuple[str, ...]:
    """The characters of the letter that no font has; the PDF shows � for each."""
    return fonts.unprintable("".join(_texts(letter)))


class _Text(Paragraph):  # type: ignore[misc] # reportlab has no types
    """A paragraph that turns what is written from right to left, line by line, when it is drawn."""

    def draw(self) -> None:
        lines = self.blPara.lines
        for number, line in enumerate(lines):
            if self.blPara.kind:
                line.words = _turned(line.words)
            else:
                lines[number] = (line[0], _turned_words(line[1]))
        super().draw()


class _NumberedCanvas(Canvas):  # type: ignore[misc] # reportlab has no types
    """A canvas that knows the number of pages when it writes the first one."""

    def __init__(self, file: BytesIO, letter: Letter, **settings: object) -> None:
        super().__init__(file, **settings)
        self._letter = letter
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        pages = self._pages
        for number, page in enumerate(pages, 1):
            self.__dict__.update(page)
            _frame_page(self, self._letter, number, len(pages))
            super().showPage()
        super().save()


class _Down(Flowable):  # type: ignore[misc] # reportlab has no types
    """Empty space down to a height on the first page, measured from the top edge; none when the text is past it."""

    def __init__(self, to: float) -> None:
        super().__init__()
        self._to = to

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        reached = HEIGHT - BOTTOM - height
        self.height = max(0.0, min(self._to - reached, height))
        return width, self.height

    def draw(self) -> None:
        """Nothing to see."""


def _document(letter: Letter, file: BytesIO) -> BaseDocTemplate:
    def frame(top: float) -> Frame:
        height = HEIGHT - top - BOTTOM
        return Frame(SIDE, BOTTOM, TEXT, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)

    return BaseDocTemplate(
        file,
        pagesize=LETTER,
        pageTemplates=[PageTemplate("first", [frame(TOP)]), PageTemplate("later", [frame(TOP_LATER)])],
        title=letter.title,
        author="",
        subject="",
        creator="Warm Handoff",
        keywords=[],
        lang=letter.language,
        invariant=1,
        pageCompression=1,
        initialFontName=fonts.REGULAR,
        displayDocTitle=True,
        allowSplitting=1,
    )


def _story(letter: Letter) -> Iterator[Flowable]:
    style = styles()
    yield NextPageTemplate("later")
    yield _text(letter.head[0] if letter.head else "", style["name"])
    for line in letter.head[1:]:
        yield from _lines(line, style["contact"])
    yield HRFlowable(width="100%", thickness=1.2, color=ACCENT, spaceBefore=7, spaceAfter=12)
    yield _text(letter.date, style["date"])
    yield _Down(ADDRESS)
    for line in letter.addressee:
        yield from _lines(line, style["address"])
    yield _Down(BODY)
    yield _text(letter.title, style["title"])
    body = [flowable for section in letter.sections if section.name != "closing" for flowable in _section(section)]
    kept = body[-1:] if body and isinstance(body[-1], Paragraph) and _is_short(body[-1]) else []
    yield from body[: len(body) - len(kept)]
    yield from _ending(letter, kept)
    notices = [line for notice in letter.notices for line in _lines(notice, style["notice"])]
    if notices:
        rule = HRFlowable(width="100%", thickness=0.5, color=FAINT, spaceBefore=10, spaceAfter=5)
        yield KeepTogether([rule, notices[0]])
    yield from notices[1:]


def _section(section: Section) -> Iterator[Flowable]:
    style = styles()
    if section.heading:
        yield from _lines(section.heading, style["heading"])
    else:
        yield Spacer(1, 5)
    for part in section.parts:
        yield from _part(part)


def _part(part: Part) -> Iterator[Paragraph]:
    style = styles()
    if part.kind is PartKind.ROW:
        return _lines(part.text, style["row"], part.label)
    if part.kind is PartKind.ITEM:
        return _lines(part.text, style["item"], "•")
    return _lines(part.text, style["body"])


def _is_short(paragraph: Paragraph) -> bool:
    """Whether it can be kept with the signature, so that no page holds that alone."""
    return sum(len(piece.text) for piece in paragraph.frags) < 600


def _ending(letter: Letter, kept: list[Flowable]) -> Iterator[Flowable]:
    closing = [line for one in letter.sections if one.name == "closing" for part in one.parts for line in _part(part)]
    blocks = [list(_signature(signature)) for signature in letter.signatures]
    if len(blocks) == 2 and sum(len(line) for signature in letter.signatures for line in signature.lines) < 400:
        beside = Table([blocks], colWidths=[TEXT / 2] * 2, style=[("VALIGN", (0, 0), (-1, -1), "BOTTOM"), *_FLUSH])
        blocks = [[beside]]
    first = [flowable for block in blocks[:1] for flowable in block]
    if kept or closing or first:
        yield KeepTogether([*kept, Spacer(1, 8), *closing, *first])
    for block in blocks[1:]:
        yield KeepTogether(block)


def _signature(signature: Signature) -> Iterator[Flowable]:
    style = styles()
    if signature.caption:
        yield _text(signature.caption, style["caption"])
    yield Spacer(1, 26 if signature.by_hand else 4)
    if signature.by_hand:
        yield HRFlowable(width=TEXT / 2 - 24, thickness=0.6, color=INK, hAlign="LEFT", spaceBefore=0, spaceAfter=3)
    for number, line in enumerate(signature.lines):
        yield from _lines(line, style["signed"] if number else style["signer"])


def _frame_page(canvas: Canvas, letter: Letter, number: int, pages: int) -> None:
    style = styles()
    if number > 1:
        _place(canvas, letter.head[0][:90] if letter.head else "", style["running"], 48, TEXT - 130)
        _place(canvas, letter.date, style["running_right"], 48)
        _rule(canvas, HEIGHT - 64)
    if not letter.finalized:
        canvas.setFillColor(DRAFT)
        canvas.setFont(fonts.BOLD, 8)
        canvas.drawRightString(WIDTH - SIDE, HEIGHT - 30, _("DRAFT – NOT SENT"))
    _rule(canvas, 76)
    below = 76.0
    for line, face in zip(letter.footer, ("footer", "crisis"), strict=False):
        below = _place(canvas, line, style[face], HEIGHT - below + 3, TEXT - 70)
    canvas.setFillColor(MUTED)
    canvas.setFont(fonts.REGULAR, 8)
    canvas.drawRightString(WIDTH - SIDE, 64, _("Page {number} of {pages}").format(number=number, pages=pages))


def _place(canvas: Canvas, text: str, style: ParagraphStyle, top: float, width: float = TEXT) -> float:
    """Draw the text with its upper edge that far below the page's top, at most three lines; the lower edge's height."""
    paragraph = _text(text, style)
    _width, height = paragraph.wrapOn(canvas, width, 3 * style.leading)
    pieces = paragraph.split(width, 3 * style.leading) if height > 3 * style.leading else [paragraph]
    if not pieces:
        return HEIGHT - top
    _width, height = pieces[0].wrapOn(canvas, width, HEIGHT)
    lower: float = HEIGHT - top - height
    pieces[0].drawOn(canvas, SIDE, lower)
    return lower


def _rule(canvas: Canvas, height: float) -> None:
    canvas.setStrokeColor(FAINT)
    canvas.setLineWidth(0.5)
    canvas.line(SIDE, height, WIDTH - SIDE, height)


def _lines(text: str, style: ParagraphStyle, bullet: str = "") -> Iterator[Paragraph]:
    """A paragraph for each line of plain text; many line breaks within one paragraph would take reportlab minutes."""
    for number, line in enumerate(fonts.cleaned(text).split("\n")):
        if line.strip() or not number:
            yield _text(line, style, "" if number else bullet)


def _text(text: str, style: ParagraphStyle, bullet: str = "") -> Paragraph:
    """A paragraph of plain text; numbers that belong together stay on one line."""
    tied = _TIED.sub("\\1\u00a0", text)
    marked = fonts.markup(tied, bold=style.fontName == fonts.BOLD)
    return _Text(marked, style, bulletText=fonts.cleaned(bullet).replace("\n", " ") or None)


def _turned(pieces: list[Any]) -> list[Any]:
    texts = [(piece.text, piece) for piece in pieces]
    if not any(fonts.is_leftward(text) for text, _piece in texts):
        return pieces
    return [piece.clone(text=text) for text, piece in fonts.in_sight_order(texts)]


def _turned_words(words: list[str]) -> list[str]:
    line = " ".join(words)
    return fonts.in_sight_order([(line, None)])[0][0].split(" ") if fonts.is_leftward(line) else words


def _texts(letter: Letter) -> Iterator[str]:
    yield from (*letter.head, letter.date, *letter.addressee, letter.title, *letter.notices, *letter.footer)
    for section in letter.sections:
        yield section.heading
        yield from (text for part in section.parts for text in (part.label, part.text))
    for signature in letter.signatures:
        yield from (signature.caption, *signature.lines)


def _check(letter: Letter) -> None:
    if any(len(text) > LONGEST for text in _texts(letter)):
        raise BadInput("letter", _("keep each field to 20,000 characters."))

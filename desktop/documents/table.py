"""CSV, both ways: bytes and rows of plain text. What the columns mean is decided elsewhere."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from gettext import gettext as _

from desktop.documents.rows import BadFile, bad_file, refuse_other_kinds

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 100
LONGEST_FIELD = 32_768

_SNIFFED = 64 * 1024
_DELIMITERS = ",;\t|"
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n＝＋－＠]")
_NEUTRAL = re.compile(r"'+\s*[=+\-@\t\r\n＝＋－＠]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table: the line of the file where it ends, counted from 1, and its cells."""

    line: int
    cells: tuple[str, ...]


def read_table(data: bytes) -> Iterator[Line]:
    """The rows of a CSV file, the header first, blank rows left out; the delimiter is found in the first 64 KB.

    Raises BadFile when it is too large, no text, holds NUL, or breaks the limits of rows, columns or cells.
    """
    if len(data) > MOST_BYTES:
        raise bad_file(_("the file is larger than {size} MB; split it.").format(size=MOST_BYTES // 1024 // 1024))
    text = _text(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows = 0
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            rows += 1
            yield _checked(cells, reader.line_num, rows)
    except csv.Error as error:
        sentence = _("the quotes in this line do not match, or a cell is far too long; mend the line.")
        raise _at(reader.line_num, sentence) from error
    if not rows:
        raise bad_file(_("the file is empty."))


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]], *, bom: bool = True) -> bytes:
    """A CSV file (RFC 4180, UTF-8) whose cells no spreadsheet takes for formulas; `bom` helps Excel see UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([neutral(cell) for cell in header])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def neutral(cell: str) -> str:
    """The cell with a leading apostrophe when a spreadsheet could take it for a formula; NUL is left out."""
    clean = cell.replace("\x00", "")
    return "'" + clean if _FORMULA.match(clean) else clean


def plain(cell: str) -> str:
    """The cell without the apostrophe that `neutral` put in front."""
    return cell[1:] if _NEUTRAL.match(cell) else cell


def _text(data: bytes) -> str:
    refuse_other_kinds(data)
    if b"\x00" in data:
        raise bad_file(_("the file holds NUL characters, so it is no CSV text; save it again as CSV UTF-8."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text
    raise bad_file(_("the file is neither UTF-8 nor Windows text; save it again as CSV UTF-8."))


def _delimiter(text: str) -> str:
    """The delimiter that gives the most columns in the first rows, all of the same width."""
    start = text[:_SNIFFED].splitlines()[:20]
    best, most = ",", 1
    for delimiter in _DELIMITERS:
        try:
            widths = [len(cells) for cells in csv.reader(start, delimiter=delimiter) if cells]
        except csv.Error:
            continue
        if widths and widths[0] > most and widths.count(widths[0]) * 2 > len(widths):
            best, most = delimiter, widths[0]
    return best


def _checked(cells: list[str], line: int, rows: int) -> Line:
    if rows > MOST_ROWS + 1:
        raise _at(line, _("the file has more than {most} rows; split it.").format(most=MOST_ROWS))
    if len(cells) > MOST_COLUMNS:
        raise _at(line, _("this line has more than {most} columns.").format(most=MOST_COLUMNS))
    if max(map(len, cells)) > LONGEST_FIELD:
        raise _at(line, _("a cell has more than {most} characters.").format(most=LONGEST_FIELD))
    return Line(line=line, cells=tuple(plain(cell).strip() for cell in cells))


def _at(line: int, sentence: str) -> BadFile:
    return bad_file(sentence, row=line, field=_("line {n}").format(n=line))

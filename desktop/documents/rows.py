"""What reading a file of others finds: errors row by row, all of them, and the progress of a long read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from gettext import ngettext

from desktop.clinic.errors import BadInput

Progress = Callable[[int, int], None]
"""Told (done, total) from time to time; raises Canceled to stop the work."""

MOST_ERRORS = 200
"""Reading stops after so many; nobody mends more at a time."""

_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """One thing that is wrong in a file: the row counted from 1 (0: the file itself), the field, and the fix."""

    row: int
    field: str
    sentence: str


class BadFile(BadInput):
    """This file cannot be used."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        """Keep every error, and say the first twenty in the sentence."""
        self.errors = tuple(errors)
        if len(self.errors) == 1:
            super().__init__(self.errors[0].field, self.errors[0].sentence)
            return
        lines = [f"{one.field}: {one.sentence}" if one.field else one.sentence for one in self.errors[:_SHOWN]]
        more = len(self.errors) - _SHOWN
        if more > 0:
            lines.append(ngettext("and {n} more error.", "and {n} more errors.", more).format(n=more))
        super().__init__("", _("{n} errors:").format(n=len(self.errors)) + "\n" + "\n".join(lines))


def bad_file(sentence: str, *, row: int = 0, field: str = "") -> BadFile:
    """The error for a file that has one thing wrong with it."""
    return BadFile([RowError(row=row, field=field, sentence=sentence)])


def quiet(done: int, total: int) -> None:
    """A progress that tells nobody."""
    del done, total


def known_kind(data: bytes) -> str:
    """What a file is by its first bytes when it is none of ours, as words for the user; empty when it may be text."""
    for start, words in (
        (b"PK\x03\x04", _("a ZIP archive or an Excel workbook")),
        (b"\x1f\x8b", _("a compressed file")),
        (b"%PDF", _("a PDF")),
        (b"\xd0\xcf\x11\xe0", _("an old Excel workbook")),
        (b"SQLite format 3", _("a database")),
        (b"\xff\xfe", _("UTF-16 text")),
        (b"\xfe\xff", _("UTF-16 text")),
    ):
        if data.startswith(start):
            return words
    return ""


def refuse_other_kinds(data: bytes) -> None:
    """Raise BadFile when the file begins as an archive, a PDF, a workbook, a database or UTF-16."""
    if kind := known_kind(data):
        raise bad_file(_("this is {kind}; save it as UTF-8 text (JSON or CSV) and choose that file.").format(kind=kind))

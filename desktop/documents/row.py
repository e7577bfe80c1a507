"""One row of a table by the names of its fields; what cannot be read is noted with its line and column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from gettext import gettext as _
from typing import Any, TypeVar

from desktop.clinic.errors import BadInput
from desktop.clinic.people import Name
from desktop.documents.columns import Columns
from desktop.documents.rows import RowError
from desktop.documents.table import Line

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Row:
    """One row with its fields by name; what cannot be read is noted, and the reading goes on."""

    line: Line
    known: Columns
    errors: list[RowError] = field(default_factory=list)

    def fits(self) -> bool:
        """Whether the row is no longer than the header; when it is longer, that is noted."""
        if any(self.line.cells[self.known.width :]):
            self.note("", _("this line has more cells than the header; put cells that hold a comma in quotes."))
            return False
        return True

    def text(self, name: str) -> str:
        """The cell of that field; empty when there is no such column or nothing in it."""
        place = self.known.places.get(name)
        return self.line.cells[place] if place is not None and place < len(self.line.cells) else ""

    def get(self, name: str, read: Callable[[str], T]) -> T | None:
        """The cell of that field as a value; None when it is empty or cannot be read, which is noted."""
        text = self.text(name)
        if not text:
            return None
        try:
            return read(text)
        except BadInput as error:
            self.note(name, error.sentence)
            return None

    def given(self, **readers: Callable[[str], Any]) -> dict[str, Any]:
        """The values of those fields that have something in their cell."""
        found = {name: self.get(name, read) for name, read in readers.items()}
        return {name: value for name, value in found.items() if value is not None}

    def note(self, name: str, sentence: str) -> None:
        """Keep an error of that field."""
        header = self.known.headers.get(name, name) or _("line {n}").format(n=self.line.line)
        self.errors.append(RowError(row=self.line.line, field=header, sentence=sentence))

    def name(self) -> Name | None:
        """The person's name, from its parts or from one cell (family name first when there is a comma)."""
        family, first = self.text("family"), " ".join(filter(None, (self.text("given"), self.text("middle"))))
        if not (family or first):
            family, first = split_name(self.text("name"))
        if not (family or first):
            self.note("family" if "family" in self.known.places else "name", _("give a family name or a given name."))
            return None
        return Name(family=family, given=first)


def split_name(text: str) -> tuple[str, str]:
    """Family and given name of a name in one cell: "Reyes, Marisol" or "Marisol Reyes"; the last word is the family."""
    if "," in text:
        family, _comma, given = text.partition(",")
        return family.strip(), given.strip()
    given, _space, family = text.strip().rpartition(" ")
    return family, given.strip()

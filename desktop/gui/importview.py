"""The picture of an import: what a file would add and change, what is wrong in it row by row, who may be there already."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from desktop.gui import safe
from desktop.gui.widgets.glyphs import Glyph
from desktop.gui.widgets.table import Column, Table, TableView

if TYPE_CHECKING:
    from desktop.documents.rows import RowError
    from desktop.office.intake import Preview


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """Somebody new in the file who may be on file already."""

    row: int
    name: str
    other: str
    born: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindLine:
    """How many records of a kind would be added, changed and left."""

    kind: str
    add: int
    change: int
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A preview with its counts, and the names that its suggestions need."""

    preview: Preview
    lines: tuple[KindLine, ...]
    twins: tuple[Twin, ...]

    @property
    def total(self) -> int:
        """How many records would be written; none while anything is wrong."""
        found = self.preview
        return 0 if found.errors else len(found.add) + len(found.change)


class ImportView(QWidget):
    """The lists of a Look; empty ones are hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Nothing was looked at yet."""
        super().__init__(parent)
        self.heading = safe.label(parent=self, wrap=True, kind="heading")
        self.counts = TableView(_count_table(), _("What would be brought in"), self)
        self.errors = TableView(_error_table(), _("What is wrong"), self)
        self.twins = TableView(_twin_table(), _("May be on file already"), self)
        self.twins_heading = safe.label(parent=self, wrap=True, kind="heading")
        self.ignored = safe.label(parent=self, wrap=True, kind="muted")
        self.errors.setWordWrap(True)
        self.errors.verticalHeader().setMinimumSectionSize(28)
        self.errors.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part, stretch in (
            (self.heading, 0),
            (self.errors, 3),
            (self.counts, 3),
            (self.twins_heading, 0),
            (self.twins, 2),
            (self.ignored, 0),
        ):
            layout.addWidget(part, stretch)
        self.show_look(None)

    def show_look(self, look: Look | None) -> None:
        """Show it, or nothing."""
        found = None if look is None else look.preview
        lines = () if look is None else look.lines
        errors: tuple[RowError, ...] = () if found is None else found.errors
        twins = () if look is None else look.twins
        ignored = () if found is None else found.ignored
        self.heading.setText(_headline(look))
        self.heading.setVisible(look is not None)
        for view, values in ((self.counts, () if errors else lines), (self.errors, errors), (self.twins, twins)):
            view.show_values(values)
            view.setVisible(bool(values))
        self.twins_heading.setText(
            _("May be on file already: compare them first; nothing is merged by itself. ({n})").format(n=len(twins))
        )
        self.twins_heading.setVisible(bool(twins))
        self.ignored.setText(_("Left aside: {names}").format(names=", ".join(safe.clean(one) for one in ignored)))
        self.ignored.setVisible(bool(ignored))


def _headline(look: Look | None) -> str:
    if look is None:
        return ""
    number = len(look.preview.errors)
    if number:
        text = ngettext(
            "{n} thing is wrong in the file; nothing can be brought in until it is put right there.",
            "{n} things are wrong in the file; nothing can be brought in until they are put right there.",
            number,
        )
        return text.format(n=f"{number:,}")
    if not look.total:
        return _("Everything in the file is on file already, just so; there is nothing to bring in.")
    return _("To add: {added}. To change: {changed}. Unchanged: {same}.").format(
        added=f"{len(look.preview.add):,}",
        changed=f"{len(look.preview.change):,}",
        same=f"{len(look.preview.unchanged):,}",
    )


def _count_table() -> Table[KindLine]:
    return Table(
        (
            Column(_("Kind"), lambda line: line.kind, bold=lambda _line: True),
            Column(_("To add"), lambda line: f"{line.add:,}", width=14, right=True),
            Column(_("To change"), lambda line: f"{line.change:,}", width=14, right=True),
            Column(_("Unchanged"), lambda line: f"{line.unchanged:,}", width=14, right=True),
        )
    )


def _error_table() -> Table[RowError]:
    return Table(
        (
            Column(
                _("Row"),
                lambda one: str(one.row or ""),
                glyph=lambda _one: Glyph.CROSS,
                tone=lambda _one: "err",
                width=9,
            ),
            Column(_("Field"), lambda one: one.field, bold=lambda _one: True, width=24),
            Column(_("What is wrong"), _sentence, tip=_sentence),
        ),
        spoken=lambda one: _("Row {row}, {field}: {sentence}").format(
            row=one.row, field=one.field, sentence=one.sentence
        ),
    )


def _sentence(one: RowError) -> str:
    return one.sentence[:1].upper() + one.sentence[1:]


def _twin_table() -> Table[Twin]:
    return Table(
        (
            Column(_("Row"), lambda one: str(one.row), width=9),
            Column(_("In the file"), lambda one: one.name, bold=lambda _one: True),
            Column(_("On file, or in an earlier row"), lambda one: one.other),
            Column(_("Born"), lambda one: one.born, width=14),
        )
    )


def kind_words(name: str) -> str:
    """A kind of record in the plural, as the front desk calls it."""
    known = {
        "Practice": _("Practice"),
        "Site": _("Sites"),
        "Room": _("Rooms"),
        "Service": _("Services"),
        "Group": _("Groups"),
        "Therapist": _("Therapists"),
        "Client": _("Clients"),
        "Referrer": _("Referrers"),
        "Referral": _("Referrals"),
        "Visit": _("Appointments"),
        "Pathway": _("KAP pathways"),
        "Staff": _("Staff"),
        "Fact": _("Rules of the practice"),
        "Letter": _("Letters"),
        "Waiting": _("Waitlist entries"),
        "Offer": _("Offers to the waitlist"),
    }
    return known.get(name, name)

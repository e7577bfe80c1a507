"""One change away: what would let more therapists see the client, above the excluded and beside each of them."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.clinic.people import TherapistId
from desktop.gui import safe
from desktop.gui.widgets.glyphs import Glyph, Sign

if TYPE_CHECKING:
    from desktop.clinic.near_misses import Relaxation
    from desktop.office.matching import Nearness

_NAMED = 3


class NearLines:
    """Places are kept while the excluded are listed, and filled when the answer comes."""

    def __init__(self, parent: QWidget) -> None:
        """No place yet; the lines become children of `parent`."""
        self._parent = parent
        self._top: QVBoxLayout | None = None
        self._places: dict[TherapistId, QVBoxLayout] = {}

    def begin(self, rows: QVBoxLayout) -> None:
        """Keep a place above the excluded; the places of before are gone."""
        self._places = {}
        self._top = self._place(rows)

    def place(self, therapist: TherapistId, rows: QVBoxLayout) -> None:
        """Keep a place below what stands against that therapist."""
        self._places[therapist] = self._place(rows)

    def show(self, found: Nearness, names: Mapping[TherapistId, str]) -> None:
        """Fill the places."""
        top, self._top = self._top, None
        if top is not None and found.relaxations:
            top.addWidget(safe.label(_("What would help"), self._parent, kind="heading"))
            for one in found.relaxations:
                top.addLayout(self._line(Glyph.STAR, relaxed(one, names)))
        for miss in found.misses:
            place = self._places.pop(miss.therapist, None)
            if place is not None:
                sentence = _("One change away: {change}").format(change=miss.sentence)
                place.addLayout(self._line(Glyph.STAR, sentence))

    def _place(self, rows: QVBoxLayout) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(4)
        rows.addLayout(box)
        return box

    def _line(self, glyph: Glyph, sentence: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(Sign(glyph, "info", self._parent), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(safe.label(sentence, self._parent, wrap=True), 1)
        return line


def relaxed(one: Relaxation, names: Mapping[TherapistId, str]) -> str:
    """A change of the request and whom it would add, as in Pay without insurance: 2 more (A; B)."""
    number = len(one.unlocks)
    some = "; ".join(names.get(key, "") for key in one.unlocks[:_NAMED]) + ("; …" if number > _NAMED else "")
    more = ngettext("{n} more", "{n} more", number).format(n=number)
    return f"{one.sentence[:1].upper()}{one.sentence[1:]}: {more} ({some})"

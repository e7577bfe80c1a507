"""The plan for the whole waitlist: who could go to whom and when, why, and who stays without a place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.gui import safe, verdictlist, waitwords, words
from desktop.gui.widgets.factsheet import FactSheet, Part, Row
from desktop.gui.widgets.fieldrows import scrolled
from desktop.gui.widgets.glyphs import Glyph
from desktop.gui.widgets.sides import Sides
from desktop.gui.widgets.table import Column, Table, TableView

if TYPE_CHECKING:
    from desktop.clinic.waiting import Waiting
    from desktop.office.waitlines import PlacementLine, PlanSheet, UnmetLine


class PlanView(QWidget):
    """`opened` carries a waitlist entry that somebody wants to look at."""

    opened = Signal(object)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        """No plan yet; `today` is the practice's date."""
        super().__init__(parent)
        self._today = today
        self._plan: PlanSheet | None = None
        self.summary = safe.label(kind="heading", wrap=True)
        self.note = safe.label(_("A proposal: nothing is offered or booked by it."), kind="muted", wrap=True)
        self.places = TableView(self._place_table(), _("Plan"), self)
        self.rest = safe.label(kind="heading", wrap=True)
        self.unmet = TableView(_unmet_table(), _("Without a place"), self)
        self.facts = FactSheet(_("Why"), self)
        self.open = QPushButton(_("Show &entry"), self)
        self.open.setAutoDefault(False)
        self._last: Waiting | None = None
        self._arrange()
        self.places.picked.connect(self._explain)
        self.unmet.picked.connect(self._lack)
        for table in (self.places, self.unmet):
            table.opened.connect(lambda _line: self._open())
        self.open.clicked.connect(lambda: self._open())
        self._explain(None)

    def show_plan(self, found: PlanSheet) -> None:
        """Show the proposal."""
        self._plan = found
        places, left = len(found.placements), len(found.unmet)
        text = ngettext("A place for {n} client", "A place for {n} clients", places).format(n=places)
        best = _("no other plan is better by urgency, fit and wait") if found.proven else _("the best that was found")
        self.summary.setText(f"{text}; {best}.")
        self.places.show_values(found.placements, lambda one: one.placement.waiting.id)
        self.unmet.show_values(found.unmet, lambda one: one.unmet.waiting.id)
        self.rest.setText(ngettext("{n} stays without a place", "{n} stay without a place", left).format(n=left))
        for part in (self.rest, self.unmet):
            part.setVisible(left > 0)
        self._explain(self.places.current)

    def _explain(self, line: PlacementLine | None) -> None:
        self.open.setEnabled(line is not None)
        if line is None:
            self.facts.show_facts("", _("Nobody is selected."), ())
            return
        self._last = line.placement.waiting
        why = tuple(Row(text=one, tone="ok", glyph=Glyph.TICK) for one in line.reasons)
        title = _("{client} to {therapist}").format(client=line.client, therapist=line.therapist)
        points = _("{points} of 100 points; first opening: {when}").format(
            points=line.placement.points, when=line.opening
        )
        parts = (
            Part(heading=_("Why"), rows=why),
            Part(heading=_("Please note"), rows=verdictlist.rows(line.placement.verdicts)),
            Part(heading=_("Room for new clients"), rows=self._rooms()),
        )
        self.facts.show_facts(title, points, parts)

    def _lack(self, line: UnmetLine | None) -> None:
        if line is not None and self.unmet.hasFocus():
            self._last = line.unmet.waiting
            rows = verdictlist.rows(line.unmet.verdicts)
            self.facts.show_facts(line.client, line.service, (Part(heading=_("Why no place"), rows=rows),))

    def _rooms(self) -> tuple[Row, ...]:
        if self._plan is None:
            return ()
        return tuple(
            Row(label=name, text=_("{given} of {capacity}").format(given=room.given, capacity=room.capacity))
            for name, room in self._plan.rooms
            if room.given
        )

    def _open(self) -> None:
        if self._last is not None:
            self.opened.emit(self._last)

    def _place_table(self) -> Table[PlacementLine]:
        return Table(
            (
                Column(
                    _("Priority"),
                    lambda one: words.urgency(one.placement.waiting.priority),
                    tone=lambda one: words.urgency_tone(one.placement.waiting.priority),
                    width=10,
                ),
                Column(_("Client"), lambda one: one.client, bold=lambda _one: True, width=20),
                Column(_("Service"), lambda one: one.service, width=18, spare=2),
                Column(_("Therapist"), lambda one: one.therapist),
                Column(_("First opening"), lambda one: one.opening, width=23),
                Column(_("Points"), lambda one: str(one.placement.points), right=True, width=8, spare=1),
                Column(
                    _("Waiting"),
                    lambda one: waitwords.since(one.placement.waiting, self._today()),
                    width=19,
                    spare=3,
                ),
            ),
            spoken=lambda one: f"{one.client}, {one.therapist}, {one.opening}",
        )

    def _arrange(self) -> None:
        line = self.fontMetrics().height()
        left, right = QWidget(self), QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(line // 2, 0, line // 2, line // 2)
        for widget, stretch in ((self.summary, 0), (self.note, 0), (self.places, 3), (self.rest, 0), (self.unmet, 2)):
            column.addWidget(widget, stretch)
        side = QVBoxLayout(right)
        side.setContentsMargins(line // 2, 0, 0, 0)
        side.addWidget(self.open, 0, Qt.AlignmentFlag.AlignLeft)
        side.addWidget(self.facts, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.places.setMinimumHeight(line * 7)
        self.unmet.setMinimumHeight(line * 6)
        self.facts.setMinimumHeight(line * 8)
        layout.addWidget(scrolled(Sides(left, right, self, letters=(96, 46)), self))


def _unmet_table() -> Table[UnmetLine]:
    return Table(
        (
            Column(_("Client"), lambda one: one.client, bold=lambda _one: True, width=20),
            Column(_("Service"), lambda one: one.service, width=18, spare=1),
            Column(
                _("Why no place"),
                lambda one: "; ".join(one.reasons),
                glyph=lambda _one: Glyph.CROSS,
                tone=lambda _one: "err",
                tip=lambda one: "\n".join(one.reasons),
            ),
        )
    )

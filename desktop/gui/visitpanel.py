"""Beside the calendar: the selected appointment in full, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.clinic.clients import Client
from desktop.clinic.moments import local_date
from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import VisitStatus
from desktop.clinic.wording import telephone
from desktop.gui import peoplewords, words
from desktop.gui.widgets.factsheet import FactSheet, Part, Row
from desktop.gui.widgets.flow import Flow

if TYPE_CHECKING:
    from desktop.office.daybook import VisitLine


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDetail:
    """A visit with its people."""

    line: VisitLine
    therapist: Therapist
    clients: tuple[Client, ...]


class VisitPanel(QWidget):
    """Shows one appointment; asks for what its buttons say."""

    status_asked = Signal(str, object)
    cancel_asked = Signal(str)
    letter_asked = Signal(str)
    client_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with nothing selected."""
        super().__init__(parent)
        self._visit = ""
        self._client = ""
        self._facts = FactSheet(_("Selected appointment"), self)
        self.setFocusProxy(self._facts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._facts, 1)
        box = QWidget(self)
        flow = Flow(box)
        margin = self.fontMetrics().height() // 2
        flow.setContentsMargins(margin, 0, margin, margin)
        self._buttons = {
            VisitStatus.CONFIRMED: self._button(_("Con&firmed  C")),
            VisitStatus.ARRIVED: self._button(_("Arr&ived  A")),
            VisitStatus.COMPLETED: self._button(_("Don&e")),
            VisitStatus.NO_SHOW: self._button(_("&No-show  N")),
        }
        for status, button in self._buttons.items():
            button.clicked.connect(lambda _checked=False, one=status: self.status_asked.emit(self._visit, one))
            flow.addWidget(button)
        self._cancel = self._button(_("Cancel...  Del"))
        self._cancel.clicked.connect(lambda: self.cancel_asked.emit(self._visit))
        self._letter = self._button(_("Confirmation le&tter"))
        self._letter.clicked.connect(lambda: self.letter_asked.emit(self._visit))
        self._open = self._button(_("&Open client"))
        self._open.clicked.connect(lambda: self.client_opened.emit(self._client))
        for button in (self._cancel, self._letter, self._open):
            flow.addWidget(button)
        layout.addWidget(box)
        self.show_nothing()

    def show_nothing(self, hint: str = "") -> None:
        """No appointment is selected; `hint` says what could be done instead."""
        self._visit = self._client = ""
        hint = hint or _("Select an appointment, or press Enter on an open slot to book it.")
        self._facts.show_facts("", hint, ())
        for button in (*self._buttons.values(), self._cancel, self._letter, self._open):
            button.hide()

    def show_visit(self, detail: VisitDetail) -> None:
        """Show that appointment."""
        visit = detail.line.visit
        self._visit, self._client = visit.id, detail.clients[0].id if len(detail.clients) == 1 else ""
        self._facts.show_facts(detail.line.client, _when(detail), (_visit_part(detail), *_client_parts(detail)))
        live = visit.status.holds_time
        for status, button in self._buttons.items():
            button.setVisible(live and status is not visit.status)
        self._cancel.setVisible(live)
        self._letter.setVisible(live and bool(self._client))
        self._open.setVisible(bool(self._client))

    def _button(self, text: str) -> QPushButton:
        made = QPushButton(text, self)
        made.setAutoDefault(False)
        made.setAccessibleName(text.replace("&", "").split("  ")[0].rstrip("."))
        return made


def _when(detail: VisitDetail) -> str:
    visit = detail.line.visit
    minutes = (visit.end - visit.start) // timedelta(minutes=1)
    return _("{day}\n{start} – {end} · {minutes} min").format(
        day=words.day(local_date(visit.start)),
        start=words.clock(visit.start),
        end=words.clock(visit.end),
        minutes=minutes,
    )


def _visit_part(detail: VisitDetail) -> Part:
    line, visit = detail.line, detail.line.visit
    kind = line.service.kind
    place = ", ".join(part for part in (line.site, line.room) if part)
    states = ", ".join(sorted({seat.expected_state.value for seat in visit.seats if seat.expected_state}))
    rows = [
        Row(
            label=_("Status"),
            text=words.status(visit.status),
            tone={VisitStatus.NO_SHOW: "err", VisitStatus.HOLD: "warn"}.get(visit.status, ""),
            glyph=words.glyph(visit.status, kind),
        ),
        Row(label=_("With"), text=f"{detail.therapist.name.full}, {detail.therapist.credentials}".rstrip(", ")),
        Row(label=_("Service"), text=line.service.name),
        Row(label=_("Where"), text=place or words.way(visit.format)),
    ]
    if states and not place:
        rows.append(Row(label=_("Client in"), text=states))
    if visit.cancellation is not None:
        reason = f": {visit.cancellation.reason}" if visit.cancellation.reason else ""
        rows.append(Row(label=_("Canceled by"), text=f"{visit.cancellation.by}{reason}", tone="muted"))
    rows += [Row(label=_("Noted"), text=one.reason, tone="warn") for one in visit.overrides if one.reason]
    return Part(rows=tuple(rows))


def _client_parts(detail: VisitDetail) -> list[Part]:
    parts = []
    for client in detail.clients[:8]:
        called = f" ({client.goes_by})" if client.goes_by else ""
        pronouns = f", {client.pronouns}" if client.pronouns else ""
        rows = [
            Row(
                label=peoplewords.phone_kind(one.kind),
                text=telephone(one.number) + (_(" · voicemail OK") if one.voicemail_ok else _(" · no voicemail")),
            )
            for one in client.phones
        ]
        if client.interpreter:
            rows.append(Row(text=_("Needs an interpreter"), tone="warn"))
        if client.accessibility:
            rows.append(Row(label=_("Access"), text=client.accessibility))
        parts.append(Part(heading=client.name.full + called + pronouns, rows=tuple(rows)))
    return parts

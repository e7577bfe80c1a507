"""Quick booking at an open slot: who, which service, how and where, with every verdict before anything is booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.clinic.people import State
from desktop.clinic.practice import Room, Site
from desktop.clinic.services import Format, Service
from desktop.clinic.verdict import Outcome, Verdict, refusing, worst
from desktop.gui import safe, verdictlist, words
from desktop.gui.clientpick import ClientPick
from desktop.gui.widgets.factsheet import FactSheet, Part

if TYPE_CHECKING:
    from desktop.records.store import ClientLine

_NEAR = (State.PA, State.NJ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """What stands in the fields; nothing is chosen when there is no client or no service."""

    client: ClientLine | None
    service: Service | None
    format: Format
    state: State | None
    room: Room | None


class QuickBook(QDialog):
    """The form; `typed` carries letters for the client, `changed` says that a field changed, `book_asked` the reason."""

    typed = Signal(str)
    changed = Signal()
    book_asked = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        """An empty form."""
        super().__init__(parent)
        self.setWindowTitle(_("New appointment"))
        self._verdicts: Sequence[Verdict] | None = None
        self.slot = safe.label(kind="heading", wrap=True)
        self.clients = ClientPick(self)
        self.service, self.format, self.state, self.room = (QComboBox(self) for _number in range(4))
        self.facts = FactSheet(_("What the rules say"), self)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(200)
        self._why = safe.caption(_("&Reason for booking anyway"), self.reason, self)
        buttons = QDialogButtonBox(self)
        self.go = buttons.addButton(_("Book"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        self.stay = buttons.addButton(_("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.stay.setAutoDefault(False)
        self._arrange(buttons)
        buttons.accepted.connect(self._book)
        buttons.rejected.connect(self.close)
        self.clients.typed.connect(self.typed)
        self.clients.picked.connect(lambda _line: self.changed.emit())
        self.clients.opened.connect(lambda _line: self._book())
        for box in (self.format, self.room):
            box.activated.connect(lambda _at: self.changed.emit())
        self.show_verdicts(None)

    @property
    def wished(self) -> Wished:
        """What stands in the fields."""
        return Wished(
            client=self.clients.current,
            service=self.service.currentData(),
            format=Format(self.format.currentData() or Format.IN_PERSON),
            state=State(self.state.currentData()) if self.format.currentData() == Format.TELEHEALTH else None,
            room=self.room.currentData(),
        )

    def show_slot(self, when: str, whose: str) -> None:
        """Say whose time it is and when."""
        self.slot.setText(f"{when} · {whose}")

    def show_services(self, services: Sequence[Service], chosen: Service | None) -> None:
        """Offer these services."""
        _fill(self.service, [(f"{one.name} ({one.minutes} min)", one) for one in services], chosen)

    def show_formats(self, formats: Sequence[Format]) -> None:
        """Offer these formats, keeping the one that is chosen if it is among them."""
        kept = self.format.currentData()
        _fill(self.format, [(words.way(one), one) for one in formats], kept)
        away = self.format.currentData() == Format.TELEHEALTH
        self.state.setEnabled(away)
        self.room.setEnabled(not away)

    def show_state(self, state: State | None) -> None:
        """Offer the states, with that one chosen."""
        states = [*_NEAR, *(one for one in State if one not in _NEAR)]
        _fill(self.state, [(one.value, one) for one in states], state or State.PA)

    def show_rooms(self, rooms: Sequence[Room], sites: dict[str, Site], chosen: Room | None) -> None:
        """Offer the free rooms, with that one chosen; say so when there is none."""
        named = [(f"{sites[room.site].name}, {room.name}" if room.site in sites else room.name, room) for room in rooms]
        _fill(self.room, named or [(_("No room is free"), None)], chosen)

    def show_verdicts(self, verdicts: Sequence[Verdict] | None) -> None:
        """Show what the rules say (None: not yet asked), and let the button name what it would do."""
        self._verdicts = verdicts
        if verdicts is None:
            self.facts.show_facts("", _("Choose a client and a service."), ())
        else:
            self.facts.show_facts(
                "", "", (Part(heading=verdictlist.heading(verdicts), rows=verdictlist.rows(verdicts)),)
            )
        soft = verdicts is not None and worst(verdicts) is Outcome.WARN
        self.go.setText(_("Book anyway") if soft else _("Book"))
        self.go.setEnabled(verdicts is not None and not refusing(verdicts))
        self._why.setVisible(soft)
        self.reason.setVisible(soft)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say that it is gone."""
        super().closeEvent(event)
        self.closed.emit()

    def reject(self) -> None:
        """Esc closes it like the button does."""
        self.close()

    def _book(self) -> None:
        if self.go.isEnabled():
            self.book_asked.emit(safe.clean(self.reason.text()).strip())

    def _arrange(self, buttons: QDialogButtonBox) -> None:
        letter, line = self.fontMetrics().averageCharWidth(), self.fontMetrics().height()
        layout = QVBoxLayout(self)
        layout.addWidget(self.slot)
        layout.addWidget(self.clients, 2)
        grid = QGridLayout()
        for at, (text, field) in enumerate(
            (
                (_("&Service"), self.service),
                (_("&Format"), self.format),
                (_("Roo&m"), self.room),
                (_("Client sits &in"), self.state),
            )
        ):
            grid.addWidget(safe.caption(text, field, self), at // 2 * 2, at % 2)
            grid.addWidget(field, at // 2 * 2 + 1, at % 2)
            field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            field.setMinimumContentsLength(14)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        layout.addLayout(grid)
        layout.addWidget(self.facts, 3)
        layout.addWidget(self._why)
        layout.addWidget(self.reason)
        layout.addWidget(buttons)
        self.clients.list.setMinimumHeight(line * 7)
        self.facts.setMinimumHeight(line * 7)
        self.resize(letter * 84, line * 34)


def _fill(box: QComboBox, items: Sequence[tuple[str, object]], chosen: object) -> None:
    box.blockSignals(True)
    box.clear()
    for text, value in items:
        box.addItem(text, value)
    at = next((at for at, (_text, value) in enumerate(items) if value == chosen), 0)
    box.setCurrentIndex(at)
    box.blockSignals(False)

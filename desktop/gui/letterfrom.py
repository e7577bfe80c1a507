"""What a new letter is about: a client, then one of their referrals or appointments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from desktop.clinic.people import ClientId
from desktop.clinic.referral import Direction
from desktop.gui import safe, words
from desktop.gui.clientpick import ClientPick
from desktop.gui.desk import Desk
from desktop.gui.widgets.table import Column, Table, TableView

if TYPE_CHECKING:
    from desktop.records.store import ClientLine, Store

_FOUND, _VISITS = 20, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Something to write about: its key for the letters screen, what the letter would be, and what it is about."""

    key: str
    letter: str
    about: str


class LetterFrom(QDialog):
    """`chosen` carries `referral:...` or `visit:...`."""

    chosen = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        """Nobody is chosen yet."""
        super().__init__(parent)
        self.setWindowTitle(_("New letter"))
        self._desk = desk
        self.clients = ClientPick(self)
        self.sources = TableView(
            Table(
                (
                    Column(_("Letter"), lambda one: one.letter, width=26, bold=lambda _one: True),
                    Column(_("About"), lambda one: one.about),
                )
            ),
            _("What to write about"),
            self,
        )
        buttons = QDialogButtonBox(self)
        self._go = buttons.addButton(_("Write letter"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(_("Close"), QDialogButtonBox.ButtonRole.RejectRole).setAutoDefault(False)
        self._go.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.addWidget(self.clients, 1)
        layout.addWidget(safe.label(_("What to write about"), kind="heading"))
        layout.addWidget(self.sources, 1)
        layout.addWidget(buttons)
        self.clients.typed.connect(self._find)
        self.clients.picked.connect(self._of)
        self.clients.opened.connect(lambda _line: self.sources.setFocus())
        self.sources.opened.connect(lambda _one: self._choose())
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        self.resize(self.fontMetrics().averageCharWidth() * 96, self.fontMetrics().height() * 32)
        self.clients.box.setFocus()

    def _find(self, text: str) -> None:
        def question(store: Store) -> tuple[ClientLine, ...]:
            with store.reading() as reader:
                return reader.clients_matching(text, limit=_FOUND)

        self._desk.ask(question, self.clients.show_lines, key="letter-clients")

    def _of(self, line: ClientLine | None) -> None:
        if line is None:
            self._show(())
            return
        key, now = line.id, self._desk.now
        self._desk.ask(lambda store: sources(store, key, now), self._show, key="letter-sources")

    def _show(self, found: tuple[Source, ...]) -> None:
        self.sources.show_values(found)
        self._go.setEnabled(bool(found))

    def _choose(self) -> None:
        source = self.sources.current
        if source is not None:
            self.accept()
            self.chosen.emit(source.key)


def sources(store: Store, client: ClientId, now: datetime) -> tuple[Source, ...]:
    """What can be written about for that client: referrals with somebody to write to, and visits still to come."""
    with store.reading() as reader:
        referrals = [one for one in reader.referrals(client=client) if one.referrer is not None]
        visits = [one for one in reader.visits_of(client) if one.start > now and one.status.holds_time]
    return (
        *(
            Source(
                key=f"referral:{one.id}",
                letter=_("Reply to a referral") if one.direction is Direction.IN else _("Referral"),
                about=f"{words.short_date(one.received_on)} · {words.stage(one.stage)}",
            )
            for one in referrals
        ),
        *(
            Source(key=f"visit:{one.id}", letter=_("Appointment confirmation"), about=words.moment(one.start))
            for one in visits[:_VISITS]
        ),
    )

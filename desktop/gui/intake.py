"""The sheet for a call: a new client or one on file, what they ask for, saved with one key and matched at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client
from desktop.clinic.errors import BadInput, ClinicError
from desktop.clinic.people import Address, ClientId
from desktop.clinic.referral import Referral
from desktop.clinic.risk import CrisisLine
from desktop.gui import callform, safe, words
from desktop.gui.callfields import ROOMY, CallFields, Choices
from desktop.gui.commands import command
from desktop.gui.crisiscard import CrisisCard, lines_for
from desktop.gui.desk import Desk
from desktop.gui.screen import BESIDE, Place
from desktop.gui.widgets.column import Column
from desktop.gui.widgets.fieldrows import fit
from desktop.gui.widgets.flow import Flow

if TYPE_CHECKING:
    from desktop.records.search import ClientLine
    from desktop.records.store import Store


@dataclass(frozen=True, slots=True)
class _Known:
    id: ClientId
    words: str


class CallSheet(QDialog):
    """Ctrl+Enter saves and shows the matches; Esc closes, nothing is saved."""

    def __init__(self, desk: Desk, go: Callable[[Place], None], parent: QWidget | None = None) -> None:
        """`go` shows the matches when the call was taken in."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("New call"))
        self._desk = desk
        self._go = go
        self._existing: _Known | None = None
        self.fields = CallFields(self)
        self._place = Address()
        self._problem = safe.label(wrap=True, kind="err")
        self._arrange()
        self.fields.person_typed.connect(self._look_up)
        self.fields.zip_typed.connect(self._find_place)
        self.fields.crisis.toggled.connect(self._show_crisis)
        self.fields.state.currentIndexChanged.connect(lambda _at: self._show_crisis(self.fields.crisis.isChecked()))
        command(self, _("Save and match"), self.save, keys=("Ctrl+Return", "Ctrl+Enter"))
        desk.ask(_choices, self.fields.offer)

    def save(self) -> None:
        """Take the call in; a mistake is said under the fields, with the focus on the first wrong one."""
        from desktop.office import referrals

        typed, today, existing = self.fields.typed(), self._desk.today, self._existing
        try:
            client = None if existing else callform.new_client(typed, today)
            request = callform.new_request(typed, today)
        except BadInput as error:
            self._say(error)
            return

        def task(store: Store, actor: Actor) -> Referral:
            person = client if client is not None else _on_file(store, existing)
            return referrals.receive(
                store,
                actor,
                person,
                request=request,
                referrer=typed.referrer,
                urgency=typed.urgency,
                reason=typed.reason,
                crisis=typed.crisis,
            )

        self._save.setEnabled(False)
        self._desk.do(_("Take in referral"), task, self._saved, failed=self._failed)

    def _saved(self, referral: Referral) -> None:
        crisis = _("The call is kept. The client may be in danger: stay on the line and fetch the clinician on call.")
        safe_now = not self.fields.crisis.isChecked()
        self._desk.tell(_("The call is taken in; these therapists fit.") if safe_now else crisis)
        go = self._go
        self.accept()
        go(Place(screen="referrals", id=referral.id))
        go(Place(screen=BESIDE, id=referral.id))

    def _failed(self, error: ClinicError) -> None:
        self._save.setEnabled(True)
        self._problem.setText(error.sentence)

    def _say(self, error: BadInput) -> None:
        self._problem.setText(error.sentence)
        self.fields.point_at(error.field, error.sentence)

    def _look_up(self, text: str) -> None:
        self._desk.ask(lambda store: _matching(store, text), self._offer_known, key="who calls")

    def _offer_known(self, lines: tuple[ClientLine, ...]) -> None:
        self._existing = None
        while (item := self._known.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if lines:
            self._known.addWidget(safe.label(_("Already on file?"), kind="warn"))
        for line in lines:
            shown = f"{line.listed}, {words.short_date(line.birth_date)}"
            button = QPushButton(safe.doubled(shown), self)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setProperty("kind", "opening")
            button.toggled.connect(lambda on, known=_Known(line.id, shown): self._use(known if on else None))
            self._known.addWidget(button)

    def _use(self, known: _Known | None) -> None:
        self._existing = known
        self.fields.show_known(known is not None)

    def _find_place(self, text: str) -> None:
        def read(_store: Store) -> Address:
            return callform.read_place(text)

        def show(place: Address) -> None:
            self._place = place
            self.fields.show_place(place)
            self._show_crisis(self.fields.crisis.isChecked())

        self._desk.ask(read, show, key="zip", failed=lambda _error: None)

    def _show_crisis(self, crisis: bool) -> None:
        """Show the card with the numbers for where the caller is; without a state, those for everywhere."""
        self.crisis.setVisible(crisis)
        if crisis:
            state, actor = self.fields.typed().state, self._desk.actor
            county = self._place.county if state is not None and state is self._place.state else ""
            self._desk.ask(lambda store: lines_for(store, actor, state, county), self._fill_crisis, key="crisis card")

    def _fill_crisis(self, lines: tuple[CrisisLine, ...]) -> None:
        self.crisis.show_lines(lines)
        QTimer.singleShot(0, self, lambda: self._body.ensureWidgetVisible(self.crisis))

    def _arrange(self) -> None:
        line = self.fontMetrics().height()
        known = QWidget(self)
        self._known = Flow(known)
        self.crisis = CrisisCard(self)
        self.crisis.hide()
        buttons = QDialogButtonBox(self)
        self._save = buttons.addButton(_("Save and match  Ctrl+Enter"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._save.setDefault(True)
        stay = buttons.addButton(_("Close without saving"), QDialogButtonBox.ButtonRole.RejectRole)
        stay.setAutoDefault(False)
        self._save.clicked.connect(lambda: self.save())
        buttons.rejected.connect(self.reject)
        self._body = Column(_("Call"), self)
        self._body.rows.addWidget(self.fields)
        self._body.rows.addWidget(known)
        self._body.rows.addWidget(self.crisis)
        self._body.rows.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(line, line, line, line)
        layout.setSpacing(line // 2)
        layout.addWidget(self._body, 1)
        layout.addWidget(self._problem)
        layout.addWidget(buttons)
        fit(self, ROOMY + 14, 38)


def _on_file(store: Store, known: _Known | None) -> Client:
    if known is None:
        raise BadInput("name", _("type the name."))
    with store.reading() as reader:
        return reader.get(Client, known.id)


def _matching(store: Store, text: str) -> tuple[ClientLine, ...]:
    with store.reading() as reader:
        return reader.clients_matching(text, limit=3)


def _choices(store: Store) -> Choices:
    from desktop.clinic.people import Referrer
    from desktop.clinic.services import Service
    from desktop.clinic.therapists import Therapist

    with store.reading() as reader:
        staff = [one for one in reader.all(Therapist) if not one.retired]
        services = tuple(one for one in reader.all(Service) if not one.retired)
        referrers = tuple(one for one in reader.all(Referrer) if not one.retired)
    return Choices(
        services=tuple(sorted(services, key=lambda one: (one.kind != "intake", one.name))),
        referrers=tuple(sorted(referrers, key=lambda one: one.name.listed)),
        payers=tuple(sorted({payer for one in staff for payer in one.payers})),
        languages=tuple(sorted({language for one in staff for language in one.languages})),
    )

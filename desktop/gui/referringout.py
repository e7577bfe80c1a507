"""Referring a client to somebody outside: to whom, how urgent, why; then its letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client
from desktop.clinic.errors import BadInput
from desktop.clinic.people import Referrer, ReferrerId
from desktop.clinic.referral import Referral, Urgency
from desktop.gui import words
from desktop.gui.desk import Desk
from desktop.gui.screen import Place
from desktop.gui.widgets.fieldrows import FormDialog, choice, typed

if TYPE_CHECKING:
    from desktop.records.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """To whom, how urgent and why."""

    recipient: ReferrerId
    urgency: Urgency
    reason: str


class ReferOut(FormDialog):
    """The draft of a referral out; `save_asked` carries the Outgoing."""

    def __init__(self, referrers: tuple[Referrer, ...], parent: QWidget) -> None:
        """Begin with the first recipient, routine, and no reason."""
        super().__init__(_("Refer out"), parent, go=_("Write letter  Ctrl+Enter"), letters=72, lines=16)
        self.stay.setText(_("Close"))
        self.recipient = choice([(_spoken(one), str(one.id)) for one in referrers])
        self.urgency = choice([(words.urgency(one), one.value) for one in Urgency])
        self.reason = QLineEdit(self)
        self.rows.add("recipient", _("&To"), self.recipient)
        self.rows.add("urgency", _("&Urgency"), self.urgency)
        self.rows.add("reason", _("&Why"), self.reason, hint=_("One plain sentence; no clinical detail."))
        self.recipient.setFocus()

    def value(self) -> Outgoing:
        """What the fields describe.

        Raises BadInput when there is nobody to refer to, or no reason is given.
        """
        if self.recipient.currentData() is None:
            raise BadInput("recipient", _("import or add a referrer first; nobody outside is on file."))
        if not typed(self.reason):
            raise BadInput("reason", _("say in one sentence what is asked of them."))
        return Outgoing(
            recipient=ReferrerId(str(self.recipient.currentData())),
            urgency=Urgency(self.urgency.currentData()),
            reason=typed(self.reason),
        )


def refer_out(desk: Desk, parent: QWidget, client: Client, go: Callable[[Place], None]) -> None:
    """Ask to whom the client is referred, draft the referral, and open its letter."""

    def question(store: Store) -> tuple[Referrer, ...]:
        with store.reading() as reader:
            known = [one for one in reader.all(Referrer) if not one.retired]
        return tuple(sorted(known, key=lambda one: _spoken(one).casefold()))

    def show(referrers: tuple[Referrer, ...]) -> None:
        form = ReferOut(referrers, parent)
        form.save_asked.connect(lambda asked: _draft(desk, form, client, asked, go))
        form.open()

    desk.ask(question, show, key="refer-out")


def _draft(desk: Desk, form: ReferOut, client: Client, asked: Outgoing, go: Callable[[Place], None]) -> None:
    def task(store: Store, actor: Actor) -> Referral:
        from desktop.office import referrals

        return referrals.refer_out(
            store,
            actor,
            client.id,
            asked.recipient,
            urgency=asked.urgency,
            reason=asked.reason,
            therapist=client.therapist,
        )

    def done(drafted: Referral) -> None:
        form.accept()
        go(Place(screen="letters", id=f"referral:{drafted.id}"))

    desk.do(_("Draft referral"), task, done, failed=form.show_error)


def _spoken(referrer: Referrer) -> str:
    return ", ".join(part for part in (referrer.name.listed, referrer.organization) if part)

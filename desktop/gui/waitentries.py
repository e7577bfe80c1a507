"""Who waits: the list by priority and wait, and one entry in full with its offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from gettext import gettext as _
from gettext import ngettext

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.clinic.errors import BadInput
from desktop.clinic.people import TherapistId
from desktop.clinic.referral import Urgency
from desktop.clinic.waiting import OfferState
from desktop.gui import safe, waitwords, words
from desktop.gui.commands import command
from desktop.gui.waitwords import Waiter, Waiters
from desktop.gui.widgets import dateword
from desktop.gui.widgets.factsheet import FactSheet
from desktop.gui.widgets.fieldrows import FormDialog, choice, typed
from desktop.gui.widgets.flow import Flow
from desktop.gui.widgets.glyphs import Glyph
from desktop.gui.widgets.sides import Sides
from desktop.gui.widgets.table import Column, Table, TableView


class EntriesView(QWidget):
    """`answered` carries an offer and the answer, the other signals an entry."""

    answered = Signal(object, object)
    opened = Signal(object)
    change_asked = Signal(object)
    remove_asked = Signal(object)

    def __init__(self, now: Callable[[], datetime], today: Callable[[], date], parent: QWidget | None = None) -> None:
        """An empty list; `now` and `today` are the practice's."""
        super().__init__(parent)
        self._now, self._today = now, today
        self._rows: tuple[Waiter, ...] = ()
        self._names: Mapping[TherapistId, str] = {}
        self.box = QLineEdit(self)
        self.box.setPlaceholderText(_("Client, service, modality or state"))
        self.box.setAccessibleName(_("Find on the waitlist"))
        self.box.setClearButtonEnabled(True)
        self.summary = safe.label(kind="muted", wrap=True)
        self.list = TableView(self._table(), _("Waitlist"), self)
        self.facts = FactSheet(_("Waitlist entry"), self)
        self.accept, self.decline, self.withdraw = (QPushButton(self) for _each in range(3))
        self.change, self.remove = QPushButton(self), QPushButton(self)
        self._arrange()
        self.keys = self._connect()
        self._pick(None)

    @property
    def current(self) -> Waiter | None:
        """The chosen entry."""
        found: Waiter | None = self.list.current
        return found

    def show_waiters(self, found: Waiters) -> None:
        """Show the waitlist."""
        self._rows, self._names = found.rows, found.names
        self._paint()

    def _paint(self) -> None:
        wanted = safe.clean(self.box.text()).casefold().split()
        found = [one for one in self._rows if all(part in _text(one) for part in wanted)]
        number = ngettext("{n} entry", "{n} entries", len(found)).format(n=len(found))
        over = sum(one.line.expired for one in found)
        if over:
            number += " · " + ngettext("{n} has run out", "{n} have run out", over).format(n=over)
        self.summary.setText(number)
        self.list.show_values(found, lambda row: row.waiting.id)
        self._pick(self.current)

    def _pick(self, row: Waiter | None) -> None:
        held = None if row is None else waitwords.held(row.offers, self._now())
        self.accept.setEnabled(held is not None)
        self.accept.setText(_("&Book accepted  Y") if _accepted(held) else _("Accepted  Y"))
        self.decline.setEnabled(held is not None)
        self.withdraw.setEnabled(held is not None)
        for button in (self.change, self.remove):
            button.setEnabled(row is not None)
        if row is None:
            self.facts.show_facts("", _("Nobody is selected."), ())
        else:
            self.facts.show_facts(row.line.client, row.asks, waitwords.parts(row, self._names, self._now()))

    def _answer(self, state: OfferState) -> None:
        row = self.current
        held = None if row is None else waitwords.held(row.offers, self._now())
        if held is not None:
            self.answered.emit(held, state)

    def _connect(self) -> tuple[QAction, ...]:
        self.box.textEdited.connect(lambda _text: self._paint())
        self.list.picked.connect(self._pick)
        self.list.opened.connect(self.opened)
        self.accept.clicked.connect(lambda: self._answer(OfferState.ACCEPTED))
        self.decline.clicked.connect(lambda: self._answer(OfferState.DECLINED))
        self.withdraw.clicked.connect(lambda: self._answer(OfferState.WITHDRAWN))
        self.change.clicked.connect(lambda: self._emit(self.change_asked))
        self.remove.clicked.connect(lambda: self._emit(self.remove_asked))
        answer = self._answer
        return (
            command(self.list, _("Accepted"), lambda: answer(OfferState.ACCEPTED), keys="Y", here=True),
            command(self.list, _("Declined"), lambda: answer(OfferState.DECLINED), keys="N", here=True),
            command(self, _("Change entry"), self.change.click, keys="F2", here=True),
            command(self.list, _("Take off the list"), self.remove.click, keys="Del", here=True),
        )

    def _emit(self, signal: SignalInstance) -> None:
        if self.current is not None:
            signal.emit(self.current)

    def _arrange(self) -> None:
        line = self.fontMetrics().height()
        left, right = QWidget(self), QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(line // 2, 0, line // 2, line // 2)
        column.addWidget(self.box)
        column.addWidget(self.summary)
        column.addWidget(self.list, 1)
        buttons = QWidget(right)
        flow = Flow(buttons)
        flow.setContentsMargins(line // 2, 0, line // 2, line // 2)
        for button, text in (
            (self.accept, _("Accepted  Y")),
            (self.decline, _("Declined  N")),
            (self.withdraw, _("&Withdraw offer")),
            (self.change, _("Chan&ge  F2")),
            (self.remove, _("Take o&ff the list")),
        ):
            button.setText(text)
            button.setAutoDefault(False)
            flow.addWidget(button)
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(buttons)
        side.addWidget(self.facts, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Sides(left, right, self, letters=(96, 50)))

    def _table(self) -> Table[Waiter]:
        return Table(
            (
                Column(
                    _("Priority"),
                    lambda row: row.line.priority,
                    tone=lambda row: words.urgency_tone(row.waiting.priority),
                    glyph=lambda row: _BANDS[row.waiting.priority],
                    width=11,
                ),
                Column(_("Client"), lambda row: row.line.client, bold=lambda _row: True, width=20),
                Column(_("Asks for"), lambda row: row.asks, tip=lambda row: row.asks),
                Column(_("State"), lambda row: row.state, width=6, spare=4),
                Column(_("Waiting since"), lambda row: waitwords.since(row.waiting, self._today()), width=19, spare=1),
                Column(
                    _("Counts until"),
                    lambda row: waitwords.until(row.waiting, self._today()),
                    tone=lambda row: waitwords.until_tone(row.waiting, self._today()),
                    width=14,
                    spare=3,
                ),
                Column(_("Offer"), self._offer, tone=self._tone, glyph=self._sign, width=12, spare=2),
            ),
            spoken=lambda row: ", ".join((row.line.client, row.line.priority, row.asks, self._offer(row))),
        )

    def _offer(self, row: Waiter) -> str:
        held = waitwords.held(row.offers, self._now())
        return "" if held is None else _("accepted") if _accepted(held) else _("offered")

    def _tone(self, row: Waiter) -> str:
        held = waitwords.held(row.offers, self._now())
        return "" if held is None else waitwords.offer_sign(held, self._now())[1]

    def _sign(self, row: Waiter) -> Glyph | None:
        held = waitwords.held(row.offers, self._now())
        return None if held is None else waitwords.offer_sign(held, self._now())[0]


_BANDS = {Urgency.URGENT: Glyph.TRIANGLE, Urgency.SOON: Glyph.DIAMOND, Urgency.ROUTINE: None}


class EntryForm(FormDialog):
    """Priority and last day of an entry; the value is both."""

    def __init__(self, row: Waiter, today: date, parent: QWidget) -> None:
        """Fill the fields from the entry."""
        super().__init__(_("Change waitlist entry"), parent, letters=62, lines=14)
        self._today = today
        self.rows.wide(safe.label(f"{row.line.client}: {row.asks}", self, kind="heading", wrap=True))
        chosen = row.waiting.priority
        self.priority = choice([(words.urgency(one), one) for one in reversed(Urgency)], chosen)
        self.expires = QLineEdit(self)
        self.expires.setText(words.short_date(row.waiting.expires) if row.waiting.expires else "")
        self.rows.add("priority", _("&Priority"), self.priority)
        self.rows.add(
            "expires", _("&Counts until"), self.expires, hint=_("A day, such as 6/30/2027, or +90d from today.")
        )
        self.priority.setFocus()

    def value(self) -> tuple[Urgency, date | None]:
        """What the fields describe."""
        last = None
        if typed(self.expires):
            try:
                last = dateword.read(typed(self.expires), self._today).day
            except BadInput as error:
                raise BadInput("expires", error.sentence) from None
            if last < self._today:
                raise BadInput("expires", _("choose today or a later day."))
        return Urgency(self.priority.currentData()), last


def _accepted(offer: object) -> bool:
    return getattr(offer, "state", None) is OfferState.ACCEPTED


def _text(row: Waiter) -> str:
    return f"{row.line.client} {row.asks} {row.state} {row.line.priority}".casefold()

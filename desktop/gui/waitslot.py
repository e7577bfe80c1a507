"""From a free slot to people: choose the time, see whom to call with every reason, offer, and note the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.clinic.errors import BadInput
from desktop.clinic.moments import instant, local, local_date
from desktop.clinic.people import TherapistId
from desktop.clinic.practice import SiteId
from desktop.clinic.services import Format
from desktop.clinic.verdict import Verdict
from desktop.clinic.waiting import Offer, OfferState, Slot
from desktop.gui import safe, verdictlist, waitwords, words
from desktop.gui.commands import command
from desktop.gui.widgets import dateword
from desktop.gui.widgets.factsheet import FactSheet, Part, Row
from desktop.gui.widgets.fieldrows import plain, scrolled, typed
from desktop.gui.widgets.flow import Flow
from desktop.gui.widgets.glyphs import Glyph
from desktop.gui.widgets.sides import Sides
from desktop.gui.widgets.table import Column, Table, TableView

if TYPE_CHECKING:
    from desktop.office.waitlines import CallLine, OtherLine, SlotSheet

MINUTES = 60
_MOST = 8 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """A canceled appointment still to come: what the box calls it, and its time as slots."""

    visit: str
    text: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotChoices:
    """What can be chosen: canceled appointments, therapists and sites by name."""

    freed: tuple[Freed, ...]
    therapists: tuple[tuple[str, TherapistId], ...]
    sites: tuple[tuple[str, SiteId], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """The waitlist for a slot, and who holds it now."""

    sheet: SlotSheet
    holder: Offer | None
    name: str


class SlotView(QWidget):
    """`searched` carries the Slot, `offered` the waiting client's CallLine, `answered` an offer and the answer."""

    searched = Signal(object)
    offered = Signal(object)
    answered = Signal(object, object)

    def __init__(self, now: Callable[[], datetime], today: Callable[[], date], parent: QWidget | None = None) -> None:
        """Nothing is searched yet; `now` and `today` are the practice's."""
        super().__init__(parent)
        self._now, self._today = now, today
        self._found: Called | None = None
        self._freed: tuple[Slot, ...] = ()
        self._choices = SlotChoices(freed=(), therapists=(), sites=())
        self.canceled, self.therapist, self.format = (QComboBox(self) for _each in range(3))
        self.when, self.minutes = QLineEdit(self), QLineEdit(self)
        self.seek = QPushButton(_("Find &people"), self)
        self.problem = safe.label(kind="err", wrap=True)
        self.heading = safe.label(kind="heading", wrap=True)
        self.calls = TableView(self._call_table(), _("Whom to call"), self)
        self.against = safe.label(kind="heading")
        self.others = TableView(_other_table(), _("Who does not fit"), self)
        self.facts = FactSheet(_("Why"), self)
        self.offer, self.accept, self.decline = (QPushButton(self) for _each in range(3))
        self._arrange()
        self.keys = self._connect()
        self.show_called(None)

    @property
    def slot(self) -> Slot:
        """The slot that the fields describe.

        Raises BadInput naming the field that is wrong.
        """
        kept = self._freed[self.format.currentIndex()] if self._freed else None
        if kept is not None:
            return kept
        found = dateword.read(typed(self.when), self._today())
        if found.minute is None:
            raise BadInput("", _("Type the time too, for example fri 6p."))
        start = instant(found.day, time(found.minute // 60, found.minute % 60))
        length = typed(self.minutes)
        if not length.isdecimal() or not 1 <= int(length) <= _MOST:
            raise BadInput("", _("Give the minutes that are free, such as 60."))
        site = self.format.currentData()
        return Slot(
            therapist=TherapistId(self.therapist.currentData()),
            start=start,
            end=start + timedelta(minutes=int(length)),
            format=Format.TELEHEALTH if not site else Format.IN_PERSON,
            site=SiteId(site) if site else None,
        )

    def show_choices(self, choices: SlotChoices) -> None:
        """Offer what can be chosen, keeping what is."""
        self._choices = choices
        _refill(
            self.canceled, [(_("Choose therapist and time"), ""), *((one.text, one.visit) for one in choices.freed)]
        )
        _refill(self.therapist, [(name, str(key)) for name, key in choices.therapists])
        self._take_canceled(search=False)

    def choose_freed(self, visit: str) -> bool:
        """Take the time of that canceled appointment and search; False when it is not among them."""
        at = self.canceled.findData(visit)
        if at < 0:
            return False
        self.canceled.setCurrentIndex(at)
        self._take_canceled(search=True)
        return True

    def search(self) -> None:
        """Ask who fits the slot, or say what is wrong with the fields."""
        self.problem.hide()
        try:
            slot = self.slot
        except BadInput as error:
            self.problem.setText(plain(error))
            self.problem.show()
            self.when.setAccessibleDescription(plain(error))
            self.when.setFocus()
            return
        self.searched.emit(slot)

    def show_called(self, found: Called | None) -> None:
        """Show whom to call, or that nothing was searched."""
        self._found = found
        self.problem.setVisible(False)
        if found is None:
            self.heading.setText(_("Choose a canceled appointment, or a therapist and a time."))
            self.calls.show_values(())
            self.others.show_values(())
        else:
            sheet = found.sheet
            self.heading.setText(f"{sheet.words} · {_('{n} to call').format(n=len(sheet.calls))}")
            self.calls.show_values(sheet.calls, lambda one: one.fit.waiting.id)
            self.others.show_values(sheet.others, lambda one: one.waiting.id)
            if sheet.verdicts and found.holder is None:
                self.problem.setText("\n".join(one.sentence for one in sheet.verdicts))
                self.problem.show()
        number = 0 if found is None else len(found.sheet.others)
        self.against.setText(_("{n} who do not fit").format(n=number))
        for part in (self.against, self.others):
            part.setVisible(number > 0)
        self._explain(self.calls.current)

    def _explain(self, line: CallLine | None) -> None:
        found = self._found
        holder = None if found is None else found.holder
        self.offer.setEnabled(line is not None and found is not None and not found.sheet.verdicts)
        self.accept.setEnabled(holder is not None)
        self.decline.setEnabled(holder is not None)
        if found is not None and holder is not None:
            glyph, tone = waitwords.offer_sign(holder, self._now())
            state = Row(text=waitwords.offer_state(holder, self._now()), glyph=glyph, tone=tone)
            self.facts.show_facts(
                _("On offer to {client}").format(client=found.name), found.sheet.words, (Part(rows=(state,)),)
            )
        elif line is None:
            self.facts.show_facts("", _("Nobody is selected."), ())
        else:
            self.facts.show_facts(line.client, line.script, _call_parts(line))

    def _refuse(self, line: OtherLine | None) -> None:
        if line is not None and self.others.hasFocus():
            rows = verdictlist.rows(line.verdicts)
            self.facts.show_facts(line.client, "", (Part(heading=_("Why not"), rows=rows),))

    def show_refused(self, client: str, verdicts: Sequence[Verdict]) -> None:
        """Say why the slot was not offered."""
        self.facts.show_facts(client, "", (Part(heading=_("Not offered"), rows=verdictlist.rows(verdicts)),))

    def _take_canceled(self, *, search: bool) -> None:
        chosen = next((one for one in self._choices.freed if one.visit == self.canceled.currentData()), None)
        self._freed = () if chosen is None else chosen.slots
        sites = {key: name for name, key in self._choices.sites}
        if chosen is None:
            _refill(
                self.format,
                [
                    (_("By video"), ""),
                    *((_("In person, {site}").format(site=name), str(key)) for name, key in self._choices.sites),
                ],
            )
        else:
            first = chosen.slots[0]
            names = [
                _("By video") if one.site is None else _("In person, {site}").format(site=sites.get(one.site, ""))
                for one in chosen.slots
            ]
            _refill(self.format, [(name, str(at)) for at, name in enumerate(names)])
            self.therapist.setCurrentIndex(max(self.therapist.findData(str(first.therapist)), 0))
            self.when.setText(f"{words.short_date(local(first.start).date())} {words.clock(first.start)}")
            self.minutes.setText(str(int((first.end - first.start) / timedelta(minutes=1))))
        for field in (self.therapist, self.when, self.minutes):
            field.setEnabled(chosen is None)
        if search and chosen is not None:
            self.search()

    def _answer(self, state: OfferState) -> None:
        if self._found is not None and self._found.holder is not None:
            self.answered.emit(self._found.holder, state)

    def _ask_offer(self) -> None:
        if self.calls.current is not None and self.offer.isEnabled():
            self.offered.emit(self.calls.current)

    def _connect(self) -> tuple[QAction, ...]:
        self.canceled.activated.connect(lambda _at: self._take_canceled(search=True))
        self.format.activated.connect(lambda _at: self.search() if self._found is not None else None)
        self.seek.clicked.connect(lambda: self.search())
        for field in (self.when, self.minutes):
            field.returnPressed.connect(self.search)
        self.calls.picked.connect(self._explain)
        self.calls.opened.connect(lambda _line: self._ask_offer())
        self.others.picked.connect(self._refuse)
        self.offer.clicked.connect(lambda: self._ask_offer())
        self.accept.clicked.connect(lambda: self._answer(OfferState.ACCEPTED))
        self.decline.clicked.connect(lambda: self._answer(OfferState.DECLINED))
        answer = self._answer
        return (
            command(self.calls, _("Offer slot"), self._ask_offer, keys="O", here=True),
            command(self.calls, _("Accepted"), lambda: answer(OfferState.ACCEPTED), keys="Y", here=True),
            command(self.calls, _("Declined"), lambda: answer(OfferState.DECLINED), keys="N", here=True),
        )

    def _arrange(self) -> None:
        line, letter = self.fontMetrics().height(), self.fontMetrics().averageCharWidth()
        fields = QWidget(self)
        flow = Flow(fields, gap=letter)
        flow.setContentsMargins(line // 2, 0, line // 2, line // 3)
        self.when.setPlaceholderText(_("fri 6p"))
        self.minutes.setText(str(MINUTES))
        self.when.setMinimumWidth(letter * 26)
        self.minutes.setMaximumWidth(letter * 9)
        for caption, field in (
            (_("Canceled"), self.canceled),
            (_("Therapist"), self.therapist),
            (_("Starts"), self.when),
            (_("Minutes"), self.minutes),
            (_("Way"), self.format),
        ):
            pair = QWidget(fields)
            row = QHBoxLayout(pair)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(safe.caption(caption, field, pair))
            row.addWidget(field, 1)
            flow.addWidget(pair)
        for box, letters in ((self.canceled, 26), (self.therapist, 18), (self.format, 16)):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(letters)
        flow.addWidget(self.seek)
        left, right = QWidget(self), QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(line // 2, 0, line // 2, line // 2)
        column.addWidget(self.heading)
        column.addWidget(self.problem)
        column.addWidget(self.calls, 3)
        column.addWidget(self.against)
        column.addWidget(self.others, 2)
        buttons = QWidget(right)
        answers = Flow(buttons)
        answers.setContentsMargins(line // 2, 0, line // 2, line // 2)
        for button, text in (
            (self.offer, _("Offer  O")),
            (self.accept, _("Accepted  Y")),
            (self.decline, _("Declined  N")),
        ):
            button.setText(text)
            button.setAutoDefault(False)
            answers.addWidget(button)
        self.offer.setProperty("kind", "go")
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(buttons)
        side.addWidget(self.facts, 1)
        self.heading.setMinimumHeight(line * 2)
        for widget, lines in ((self.calls, 7), (self.others, 6), (self.facts, 8)):
            widget.setMinimumHeight(line * lines)
        inside = QWidget(self)
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(fields)
        whole.addWidget(Sides(left, right, inside, letters=(90, 50)), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(inside, self))

    def _call_table(self) -> Table[CallLine]:
        return Table(
            (
                Column(
                    _("Priority"),
                    lambda one: words.urgency(one.fit.waiting.priority),
                    tone=lambda one: words.urgency_tone(one.fit.waiting.priority),
                    width=10,
                ),
                Column(_("Client"), lambda one: one.client, bold=lambda _one: True, width=22),
                Column(_("Points"), lambda one: str(one.fit.points), right=True, width=8),
                Column(_("Waiting"), lambda one: waitwords.since(one.fit.waiting, self._today()), width=19, spare=2),
                Column(_("Phone"), lambda one: words.phone(one.phones[0].number) if one.phones else "", spare=1),
            ),
            spoken=lambda one: ", ".join((one.client, words.urgency(one.fit.waiting.priority), *one.reasons)),
        )


def _other_table() -> Table[OtherLine]:
    return Table(
        (
            Column(_("Client"), lambda one: one.client, width=22),
            Column(
                _("Why not"),
                lambda one: one.verdicts[0].sentence if one.verdicts else "",
                glyph=lambda _one: Glyph.CROSS,
                tone=lambda _one: "err",
                tip=lambda one: "\n".join(each.sentence for each in one.verdicts),
            ),
            Column(
                _("More"),
                lambda one: _("{n} more").format(n=len(one.verdicts) - 1) if len(one.verdicts) > 1 else "",
                tone=lambda _one: "muted",
                width=9,
                spare=1,
            ),
        ),
        spoken=lambda one: ", ".join((one.client, *(each.sentence for each in one.verdicts))),
    )


def _call_parts(line: CallLine) -> tuple[Part, ...]:
    good = tuple(Row(text=one, tone="ok", glyph=Glyph.TICK) for one in line.reasons)
    return (
        Part(heading=_("Call"), rows=(Row(text=waitwords.phones(line.phones)),)),
        Part(heading=_("Why this client"), rows=good),
        Part(heading=_("Please note"), rows=verdictlist.rows(line.fit.verdicts)),
    )


def _refill(box: QComboBox, items: Sequence[tuple[str, str]]) -> None:
    kept = box.currentData()
    box.blockSignals(True)
    box.clear()
    for text, value in items:
        box.addItem(text, value)
    box.setCurrentIndex(max(box.findData(kept), 0))
    box.blockSignals(False)


def freed_words(slot: Slot, therapist: str) -> str:
    """A canceled appointment's time as the box calls it, without the client."""
    return f"{words.day(local_date(slot.start))}, {words.clock(slot.start)} · {therapist}"

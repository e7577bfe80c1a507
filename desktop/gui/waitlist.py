"""The waitlist: who waits, whom to call about a free slot, and a plan for everybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from gettext import gettext as _
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.clinic.errors import ClinicError, Refused
from desktop.clinic.referral import Urgency
from desktop.clinic.services import Format
from desktop.clinic.verdict import Outcome, Verdict
from desktop.clinic.visits import VisitId
from desktop.clinic.waiting import Offer, OfferState, Slot, Waiting
from desktop.gui import waitwords, words
from desktop.gui.commands import command
from desktop.gui.desk import Desk
from desktop.gui.offerbooking import OfferBooking
from desktop.gui.screen import Place, Screen
from desktop.gui.waitentries import EntriesView, EntryForm
from desktop.gui.waitplan import PlanView
from desktop.gui.waitslot import Called, Freed, SlotChoices, SlotView, freed_words
from desktop.gui.waitwords import Waiter, Waiters

if TYPE_CHECKING:
    from desktop.clinic.change import Actor
    from desktop.clinic.requests import Proposal
    from desktop.clinic.visits import Visit
    from desktop.office.waitlines import CallLine, PlanSheet
    from desktop.records.store import Store

_AHEAD = timedelta(weeks=12)
_MOST = 60


class Page(StrEnum):
    """The pages of the screen, in their order."""

    ENTRIES = "entries"
    SLOT = "slot"
    PLAN = "plan"


class WaitlistView(QWidget):
    """Three pages behind a row of buttons."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Begin with who waits; the desk tells now and today."""
        super().__init__(parent)
        self.entries = EntriesView(lambda: desk.now, lambda: desk.today, self)
        self.slot = SlotView(lambda: desk.now, lambda: desk.today, self)
        self.plan = PlanView(lambda: desk.today, self)
        self.pages = QStackedWidget(self)
        self.modes = QButtonGroup(self)
        line = self.fontMetrics().height()
        bar = QHBoxLayout()
        bar.setContentsMargins(line // 2, line // 3, line // 2, line // 3)
        bar.setSpacing(2)
        for at, (text, page) in enumerate(
            ((_("Who waits"), self.entries), (_("Free slot"), self.slot), (_("Plan"), self.plan))
        ):
            button = QPushButton(text, self)
            button.setCheckable(True)
            button.setProperty("kind", "mode")
            button.setAutoDefault(False)
            self.modes.addButton(button, at)
            bar.addWidget(button)
            self.pages.addWidget(page)
        bar.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.pages, 1)
        self.show_page(Page.ENTRIES)

    @property
    def page(self) -> Page:
        """The page in front."""
        return list(Page)[self.pages.currentIndex()]

    def show_page(self, page: Page) -> None:
        """Bring a page to the front."""
        at = list(Page).index(page)
        self.modes.button(at).setChecked(True)
        self.pages.setCurrentIndex(at)


class WaitlistPresenter(QObject):
    """Fills the page in front, and does what it asks."""

    def __init__(
        self, view: WaitlistView, desk: Desk, go: Callable[[Place], None], counted: Callable[[int], None]
    ) -> None:
        """`go` brings another screen to the front, `counted` tells how many wait."""
        super().__init__(view)
        self._view, self._desk, self._go, self._counted = view, desk, go, counted
        self._slot: Slot | None = None
        self._wanted = ""
        self._freed = ""
        view.modes.idClicked.connect(lambda at: self.show_page(list(Page)[at]))
        view.entries.opened.connect(lambda row: go(Place(screen="clients", id=row.waiting.client)))
        view.entries.answered.connect(self._answer)
        view.entries.change_asked.connect(self._change)
        view.entries.remove_asked.connect(self._remove)
        view.slot.searched.connect(self._search)
        view.slot.offered.connect(self._offer)
        view.slot.answered.connect(self._answer)
        view.plan.opened.connect(lambda entry: self.reveal(entry.id))

    def refresh(self) -> None:
        """Read the page in front again."""
        desk, actor = self._desk, self._desk.actor
        if self._view.page is Page.ENTRIES:
            desk.ask(lambda store: waitwords.read_waiters(store, actor), self._show_waiters, key="waitlist")
        elif self._view.page is Page.PLAN:
            desk.ask(lambda store: _plan(store, actor), self._view.plan.show_plan, key="waitlist")
        else:
            desk.ask(lambda store: _choices(store, actor), self._show_choices, key="waitlist")
            if self._slot is not None:
                self._search(self._slot)

    def show_page(self, page: Page) -> None:
        """Bring a page to the front, filled."""
        self._view.show_page(page)
        self.refresh()
        first = {
            Page.ENTRIES: self._view.entries.list,
            Page.SLOT: self._view.slot.canceled,
            Page.PLAN: self._view.plan.places,
        }
        first[page].setFocus()

    def reveal(self, key: str) -> None:
        """Show that entry; `visit:` and an id ask who could take a canceled appointment's time."""
        if key.startswith("visit:"):
            self._freed = key.removeprefix("visit:")
            self.show_page(Page.SLOT)
        else:
            self._wanted = key
            self.show_page(Page.ENTRIES)

    def _show_waiters(self, found: Waiters) -> None:
        self._view.entries.show_waiters(found)
        self._counted(len(found.rows))
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self._view.entries.list.select(lambda row: row.waiting.id == wanted)

    def _show_choices(self, choices: SlotChoices) -> None:
        self._view.slot.show_choices(choices)
        freed, self._freed = self._freed, ""
        if freed and not self._view.slot.choose_freed(freed):
            self._desk.tell(_("That time is not free any more."))

    def _search(self, slot: Slot) -> None:
        self._slot = slot
        actor = self._desk.actor
        self._desk.ask(lambda store: _called(store, actor, slot), self._show_called, key="waitlist-slot")

    def _show_called(self, found: Called) -> None:
        fresh = self._view.slot.calls.current is None
        self._view.slot.show_called(found)
        if fresh and found.sheet.calls and self._view.page is Page.SLOT:
            self._view.slot.calls.setFocus()

    def _offer(self, line: CallLine) -> None:
        slot = self._slot
        if slot is None:
            return
        key = line.fit.waiting.id

        def task(store: Store, actor: Actor) -> Offer:
            from desktop.office import waitlist

            return waitlist.offer(store, actor, key, slot)

        def done(made: Offer) -> None:
            until = words.moment(made.held_until)
            self._desk.tell(_("Kept for {client} until {moment}.").format(client=line.client, moment=until))

        def failed(error: ClinicError) -> None:
            if isinstance(error, Refused):
                verdicts = [one for one in error.verdicts if isinstance(one, Verdict)]
                self._view.slot.show_refused(line.client, verdicts)
            else:
                self._desk.failed.emit(error)

        self._desk.do(_("Offer opening"), task, done, failed=failed)

    def _answer(self, offer: Offer, state: OfferState) -> None:
        if state is OfferState.ACCEPTED and offer.state is OfferState.ACCEPTED:
            self._open_booking(offer)
            return

        def task(store: Store, actor: Actor) -> Offer:
            from desktop.office import waitlist

            return waitlist.answer(store, actor, offer.id, state)

        def done(after: Offer) -> None:
            if state is OfferState.ACCEPTED:
                self._open_booking(after)
            else:
                self._desk.tell(_("The time is free again for the next client; Ctrl+Z takes it back."))

        self._desk.do(_("Answer to offer"), task, done)

    def _open_booking(self, offer: Offer) -> None:
        actor = self._desk.actor
        self._desk.ask(lambda store: _proposed(store, actor, offer), lambda found: self._ask_booking(offer, *found))

    def _ask_booking(self, offer: Offer, proposal: Proposal, verdicts: tuple[Verdict, ...], what: str) -> None:
        form = OfferBooking(what, verdicts, self._view)
        key = VisitId(str(uuid4()))

        def book(reason: str) -> None:
            def task(store: Store, actor: Actor) -> Visit:
                from desktop.office import booking

                with store.reading() as reader:
                    referral = reader.get(Waiting, offer.waiting).referral
                return booking.book(store, actor, proposal, visit_id=key, referral=referral, reason=reason)

            def done(visit: Visit) -> None:
                form.accept()
                self._desk.tell(_("Booked {when}; off the waitlist.").format(when=words.moment(visit.start)))

            self._desk.do(_("Book appointment"), task, done, failed=form.show_error)

        form.save_asked.connect(book)
        form.open()

    def _change(self, row: Waiter) -> None:
        form = EntryForm(row, self._desk.today, self._view)

        def save(said: tuple[Urgency, date | None]) -> None:
            def task(store: Store, actor: Actor) -> Waiting:
                from desktop.office import waitlist

                return waitlist.change(store, actor, row.waiting.id, priority=said[0], expires=said[1])

            def done(_entry: Waiting) -> None:
                form.accept()
                self._view.entries.list.setFocus()

            self._desk.do(_("Change waitlist entry"), task, done, failed=form.show_error)

        form.save_asked.connect(save)
        form.open()

    def _remove(self, row: Waiter) -> None:
        def task(store: Store, actor: Actor) -> Waiting:
            from desktop.office import waitlist

            return waitlist.remove(store, actor, row.waiting.id)

        def done(_entry: Waiting) -> None:
            self._desk.tell(_("Taken off the waitlist; Ctrl+Z puts the entry back."))

        self._desk.do(_("Remove from waitlist"), task, done)


class WaitlistScreen(Screen):
    """The module Waitlist."""

    title = _("Waitlist")

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Put view and presenter together, with their keys."""
        super().__init__(desk, parent)
        self.view = WaitlistView(desk, self)
        self.presenter = WaitlistPresenter(self.view, desk, self.wanted.emit, self.counted.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        for number, (page, text) in enumerate(
            ((Page.ENTRIES, _("Who waits")), (Page.SLOT, _("Free slot")), (Page.PLAN, _("Plan for the waitlist"))), 1
        ):
            command(self, text, self._to(page), keys=f"Alt+{number}")

    def refresh(self) -> None:
        """Read the page in front again."""
        self.presenter.refresh()

    def reveal(self, key: str) -> None:
        """Show the entry of that id, or with `visit:` who could take a canceled appointment's time."""
        self.presenter.reveal(key)

    def panes(self) -> Sequence[QWidget]:
        """The lists of the page in front."""
        view = self.view
        return {
            Page.ENTRIES: (view.entries.box, view.entries.list, view.entries.change),
            Page.SLOT: (view.slot.canceled, view.slot.calls, view.slot.others, view.slot.offer),
            Page.PLAN: (view.plan.places, view.plan.unmet, view.plan.open),
        }[view.page]

    def tools(self) -> Sequence[QAction]:
        """Nothing beside the buttons of the pages."""
        return ()

    def focus_first(self) -> None:
        """Begin in the first list of the page."""
        view = self.view
        first = {Page.ENTRIES: view.entries.list, Page.SLOT: view.slot.canceled, Page.PLAN: view.plan.places}
        first[view.page].setFocus()

    def _to(self, page: Page) -> Callable[[], None]:
        return lambda: self.presenter.show_page(page)


def _plan(store: Store, actor: Actor) -> PlanSheet:
    from desktop.office import waitlist

    return waitlist.plan(store, actor)


def _called(store: Store, actor: Actor, slot: Slot) -> Called:
    from desktop.clinic.clients import Client
    from desktop.clinic.offers import holder
    from desktop.office import waitlist

    sheet = waitlist.slot(store, actor, slot)
    with store.reading() as reader:
        held = holder(slot, reader.offers(start=slot.start, end=slot.end), actor.now)
        name = "" if held is None else reader.get(Client, held.client).name.listed
    return Called(sheet=sheet, holder=held, name=name)


def _choices(store: Store, actor: Actor) -> SlotChoices:
    from desktop.clinic.practice import Site
    from desktop.clinic.therapists import Therapist
    from desktop.office import waitlist

    with store.reading() as reader:
        staff = sorted(
            (one for one in reader.all(Therapist) if not one.retired), key=lambda one: one.name.listed.casefold()
        )
        names = {one.id: one.name.listed for one in staff}
        sites = tuple((one.name, one.id) for one in reader.all(Site) if not one.retired)
        visits = reader.visits(actor.now, actor.now + _AHEAD, freed=True)
    gone = [one for one in visits if not one.status.holds_time and one.start > actor.now and one.therapist in names]
    freed = []
    for visit in gone[:_MOST]:
        slots = waitlist.freed(store, actor, visit.id)
        if slots:
            freed.append(Freed(visit=visit.id, text=freed_words(slots[0], names[visit.therapist]), slots=slots))
    return SlotChoices(freed=tuple(freed), therapists=tuple((one.name.listed, one.id) for one in staff), sites=sites)


def _proposed(store: Store, actor: Actor, offer: Offer) -> tuple[Proposal, tuple[Verdict, ...], str]:
    """The visit to book, what the rules say of it, and what it is in words; in person in a free room of the site."""
    from desktop.clinic.clients import Client
    from desktop.clinic.services import Service
    from desktop.clinic.therapists import Therapist
    from desktop.gui.quickbooking import free_rooms
    from desktop.office import booking, waitlist

    proposal = waitlist.proposal(store, actor, offer.id)
    with store.reading() as reader:
        service = reader.get(Service, proposal.service)
        if proposal.format is Format.IN_PERSON and proposal.room is None:
            rooms = [one for one in free_rooms(reader, service, proposal.start) if one.site == proposal.site]
            proposal = replace(proposal, room=rooms[0].id if rooms else None)
        client, therapist = reader.get(Client, offer.client), reader.get(Therapist, offer.slot.therapist)
    what = _("{client}: {service} with {therapist}, {moment}").format(
        client=client.name.listed,
        service=service.name,
        therapist=therapist.name.full,
        moment=words.moment(proposal.start),
    )
    found = booking.check(store, actor, proposal)
    return proposal, tuple(one for one in found if one.outcome is not Outcome.ALLOW), what

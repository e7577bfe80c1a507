"""The screen Waitlist: who waits, whom to call about a freed slot, and the plan; by keys, and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.clinic.referral import Urgency
from desktop.clinic.visits import Visit, VisitId
from desktop.clinic.waiting import Offer, OfferState, Slot, WaitEnd, Waiting
from desktop.gui.desk import Desk
from desktop.gui.offerbooking import OfferBooking
from desktop.gui.waitentries import EntryForm
from desktop.gui.waitlist import Page, WaitlistScreen
from desktop.gui.window import Window
from desktop.office import waitlist
from tests.conftest import NOW, TODAY
from tests.gui.conftest import Settle
from tests.gui.oversight import active, focused, form_of, retype, undo, went
from tests.gui.test_window import until_clean

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def screen(window: Window, settle: Settle) -> WaitlistScreen:
    """The screen, filled."""
    return went(window, settle, WaitlistScreen, "waitlist")


def canceled(desk: Desk) -> tuple[VisitId, Slot]:
    """A canceled appointment still to come whose time suits somebody who waits."""
    with desk._store.reading() as reader:
        visits = reader.visits(NOW + timedelta(days=1), NOW + timedelta(weeks=8), freed=True)
    for visit in visits:
        if not visit.status.holds_time:
            slot = waitlist.freed(desk._store, desk.actor, visit.id)[0]
            if len(waitlist.slot(desk._store, desk.actor, slot).calls) > 1:
                return visit.id, slot
    raise AssertionError


def entry(desk: Desk, key: str) -> Waiting:
    """The entry as it lies in the clinic file."""
    with desk._store.reading() as reader:
        return reader.get(Waiting, key)


def test_it_shows_what_the_office_says(screen: WaitlistScreen, desk: Desk) -> None:
    """Everybody by priority and wait, with words that say both."""
    found = waitlist.entries(desk._store, desk.actor)
    assert [row.line for row in screen.view.entries.list.values] == list(found)
    first = found[0]
    table = screen.view.entries.list.model()
    assert table.index(0, 0).data() == first.priority
    assert table.index(0, 4).data().startswith(f"{first.days} day")
    assert focused() is screen.view.entries.list


def test_typing_narrows_the_list(screen: WaitlistScreen, qtbot: QtBot) -> None:
    """A modality and a state."""
    qtbot.keyClicks(screen.view.entries.box, "emdr pa")
    rows = screen.view.entries.list.values
    assert rows
    assert all("EMDR" in row.asks and row.state == "PA" for row in rows)


def test_a_slot_is_offered_accepted_and_booked_by_keys(
    screen: WaitlistScreen, window: Window, desk: Desk, settle: Settle
) -> None:
    """From the canceled appointment: O offers to the first, Y opens the booking, Ctrl+Enter books; undo three times."""
    visit, slot = canceled(desk)
    expected = waitlist.slot(desk._store, desk.actor, slot)
    screen.reveal(f"visit:{visit}")
    settle()
    calls = screen.view.slot.calls
    assert calls.values == expected.calls
    assert screen.view.slot.others.values == expected.others
    assert focused() is calls
    line = calls.current
    QTest.keyClick(calls, Qt.Key.Key_O)
    settle()
    with desk._store.reading() as reader:
        (offer,) = reader.offers(waiting=line.fit.waiting.id)
    assert offer.slot == slot
    assert not screen.view.slot.offer.isEnabled()
    QTest.keyClick(calls, Qt.Key.Key_Y)
    settle()
    form = form_of(window)
    assert isinstance(form, OfferBooking)
    form.save()
    settle()
    after = entry(desk, line.fit.waiting.id)
    assert after.ended is not None
    assert after.ended.how is WaitEnd.BOOKED
    with desk._store.reading() as reader:
        booked = [one for one in reader.visits_of(after.client) if one.start == slot.start]
        assert [one.therapist for one in booked] == [slot.therapist]
    for _step in ("booking", "answer", "offer"):
        undo(window, settle)
    assert entry(desk, line.fit.waiting.id).ended is None
    with desk._store.reading() as reader:
        assert reader.offers(waiting=line.fit.waiting.id) == ()


def test_who_declined_is_not_asked_again(screen: WaitlistScreen, desk: Desk, settle: Settle) -> None:
    """N; the client moves to those who do not fit, and the next one may be offered the time."""
    visit, _slot = canceled(desk)
    screen.reveal(f"visit:{visit}")
    settle()
    view = screen.view.slot
    line = view.calls.current
    QTest.keyClick(view.calls, Qt.Key.Key_O)
    settle()
    QTest.keyClick(view.calls, Qt.Key.Key_N)
    settle()
    assert line.fit.waiting.id not in [one.fit.waiting.id for one in view.calls.values]
    other = next(one for one in view.others.values if one.waiting.id == line.fit.waiting.id)
    assert [one.code for one in other.verdicts] == ["OFFER_DECLINED"]
    assert view.offer.isEnabled()


def test_a_time_is_typed(screen: WaitlistScreen, window: Window, desk: Desk, settle: Settle) -> None:
    """Therapist and words for the time; without an hour it says so and keeps the field."""
    QTest.keyClick(window, Qt.Key.Key_2, ALT)
    settle()
    view = screen.view.slot
    retype(view.when, "fri")
    QTest.keyClick(view.when, Qt.Key.Key_Return)
    assert "time too" in view.problem.text()
    assert focused() is view.when
    retype(view.when, "fri 10a")
    QTest.keyClick(view.when, Qt.Key.Key_Return)
    settle()
    expected = waitlist.slot(desk._store, desk.actor, view.slot)
    assert view.others.values == expected.others
    assert expected.words in view.heading.text()


def test_the_plan_is_shown(screen: WaitlistScreen, window: Window, desk: Desk, settle: Settle) -> None:
    """Alt+3: the office's proposal; Enter shows the entry."""
    QTest.keyClick(window, Qt.Key.Key_3, ALT)
    settle()
    expected = waitlist.plan(desk._store, desk.actor)
    view = screen.view.plan
    assert view.places.values == expected.placements
    assert view.unmet.values == expected.unmet
    line = view.places.current
    QTest.keyClick(view.places, Qt.Key.Key_Return)
    settle()
    assert screen.view.page is Page.ENTRIES
    assert screen.view.entries.list.current.waiting.id == line.placement.waiting.id


def test_an_entry_is_changed_and_removed(screen: WaitlistScreen, window: Window, desk: Desk, settle: Settle) -> None:
    """F2 with a day in words; Del takes it off; Ctrl+Z puts it back."""
    row = screen.view.entries.list.current
    QTest.keyClick(screen.view.entries.list, Qt.Key.Key_F2)
    form = form_of(window)
    assert isinstance(form, EntryForm)
    retype(form.expires, "yesterday")
    form.save()
    assert "later day" in form.expires.accessibleDescription()
    retype(form.expires, "+90d")
    form.priority.setCurrentIndex(form.priority.findData(Urgency.ROUTINE))
    form.save()
    settle()
    after = entry(desk, row.waiting.id)
    assert (after.priority, after.expires) == (Urgency.ROUTINE, TODAY + timedelta(days=90))
    active(window)
    screen.view.entries.list.select(lambda one: one.waiting.id == row.waiting.id)
    QTest.keyClick(screen.view.entries.list, Qt.Key.Key_Delete)
    settle()
    assert entry(desk, row.waiting.id).ended is not None
    undo(window, settle)
    assert entry(desk, row.waiting.id).ended is None


def test_an_offer_is_answered_from_the_list(screen: WaitlistScreen, desk: Desk, window: Window, settle: Settle) -> None:
    """The chosen entry says who holds what until when; N declines."""
    _visit, slot = canceled(desk)
    call = waitlist.slot(desk._store, desk.actor, slot).calls[0]
    waitlist.offer(desk._store, desk.actor, call.fit.waiting.id, slot)
    window.refresh()
    settle()
    rows = screen.view.entries.list
    rows.select(lambda one: one.waiting.id == call.fit.waiting.id)
    QTest.keyClick(rows, Qt.Key.Key_N)
    settle()
    with desk._store.reading() as reader:
        (offer,) = reader.all(Offer)
        assert offer.state is OfferState.DECLINED
        assert reader.count(Visit) > 0


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("page", list(Page))
def test_it_passes_the_lint(window: Window, settle: Settle, qtbot: QtBot, percent: int, page: Page) -> None:
    """Names, targets, no clipped words, no key twice; on every page."""
    window.settings_with(text_percent=percent)
    screen = went(window, settle, WaitlistScreen, "waitlist")
    screen.presenter.show_page(page)
    settle()
    until_clean(qtbot, window)
    assert screen.findChildren(QLineEdit)

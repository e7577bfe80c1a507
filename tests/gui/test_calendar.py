"""The calendar on the demo practice: show, book, move, mark, cancel, undo, go to dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.clinic.clients import Client
from desktop.clinic.moments import local_date
from desktop.clinic.visits import Visit, VisitStatus
from desktop.gui.calendar import CalendarScreen
from desktop.gui.calendarview import Mode
from desktop.gui.cancelbox import CancelBox
from desktop.gui.desk import Desk
from desktop.gui.quickbook import QuickBook
from desktop.gui.screen import Place
from desktop.gui.verdictlist import VerdictBox
from desktop.gui.window import Window
from tests.conftest import NOW, TODAY
from tests.gui.conftest import Settle
from tests.gui.lint import findings

Key = Qt.Key
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def screen(window: Window, settle: Settle) -> CalendarScreen:
    """The calendar of the tests' day in the window."""
    window.go(Place(screen="calendar"))
    settle()
    assert window.session is not None
    found = window.session.current
    assert isinstance(found, CalendarScreen)
    return found


def visit_of(desk: Desk, key: str) -> Visit:
    """The visit as it lies in the clinic file."""
    with desk._store.reading() as reader:
        return reader.get(Visit, key)


def some(screen: CalendarScreen, *statuses: str) -> str:
    """A visit of the day that looks so."""
    return next(one.visit for one in screen.view.day.plan.blocks if one.look in statuses)


def test_the_day_has_a_column_for_everyone_who_works(screen: CalendarScreen, desk: Desk) -> None:
    """Every visit of the day that anybody of the staff holds is in it, spoken with names and times."""
    plan = screen.view.day.plan
    with desk._store.reading() as reader:
        visits = [
            one
            for one in reader.visits(NOW - timedelta(hours=14), NOW + timedelta(hours=14), freed=True)
            if local_date(one.start) == TODAY
        ]
    assert {one.visit for one in plan.blocks} == {one.id for one in visits}
    assert [one.title for one in plan.columns] == sorted((one.title for one in plan.columns), key=str.casefold)
    assert all(" with " in one.spoken and " to " in one.spoken for one in plan.blocks)
    assert all(one.working or any(block.column == at for block in plan.blocks) for at, one in enumerate(plan.columns))


def test_nothing_is_wrong_with_the_screen(screen: CalendarScreen, window: Window, settle: Settle) -> None:
    """Names, sizes, words and keys, with an appointment selected."""
    screen.view.day.pick(some(screen, "scheduled", "confirmed"))
    settle()
    assert findings(window) == []


def test_twice_the_text_folds_the_panel_away(screen: CalendarScreen, window: Window, settle: Settle) -> None:
    """At 200 % the day keeps its room; Enter brings the panel back."""
    window.settings_with(text_percent=200)
    settle()
    assert screen.view.is_panel_folded
    screen.view.day.setFocus()
    screen.view.day.pick(some(screen, "confirmed"))
    QTest.keyClick(screen.view.day, Key.Key_Return)
    assert not screen.view.is_panel_folded


def test_letters_mark_and_ctrl_z_takes_it_back(
    screen: CalendarScreen, window: Window, desk: Desk, settle: Settle
) -> None:
    """A, then undo."""
    key = some(screen, "scheduled")
    screen.view.day.setFocus()
    screen.view.day.pick(key)
    QTest.keyClick(screen.view.day, Key.Key_A)
    settle()
    assert visit_of(desk, key).status is VisitStatus.ARRIVED
    assert screen.view.day.block is not None
    assert screen.view.day.block.visit == key
    window.undo()
    settle()
    assert visit_of(desk, key).status is VisitStatus.SCHEDULED


def test_delete_asks_and_keeps_the_record(screen: CalendarScreen, desk: Desk, settle: Settle) -> None:
    """Canceled late is offered for short notice; the visit stays, struck through."""
    key = some(screen, "scheduled")
    screen.view.day.pick(key)
    QTest.keyClick(screen.view.day, Key.Key_Delete)
    box = screen.findChild(CancelBox)
    assert box is not None
    box.reason.setText("Called this morning")
    QTest.keyClick(box, Key.Key_Return)
    settle()
    found = visit_of(desk, key)
    assert found.status is VisitStatus.LATE_CANCEL
    assert found.cancellation is not None
    assert (found.cancellation.by, found.cancellation.reason) == ("client", "Called this morning")
    assert any(one.visit == key and one.look == "canceled" for one in screen.view.day.plan.blocks)


def test_a_move_asks_the_rules_first(screen: CalendarScreen, desk: Desk, settle: Settle) -> None:
    """Onto another appointment of the same therapist: refused with the sentence, nothing moved."""
    plan = screen.view.day.plan
    column, rows = next(
        (at, rows)
        for at, rows in enumerate(plan.rows)
        if len([row for row in rows if plan.blocks[row].holds_time]) >= 2
    )
    first, second = [plan.blocks[row] for row in rows if plan.blocks[row].holds_time][:2]
    before = visit_of(desk, first.visit)
    screen.view.day.move_asked.emit(first.visit, plan.slot(column, second.start))
    settle()
    box = screen.findChild(VerdictBox)
    assert box is not None
    assert box.go is None
    assert visit_of(desk, first.visit) == before
    box.reject()


def test_go_to_a_date_by_words(screen: CalendarScreen, window: Window, settle: Settle) -> None:
    """Ctrl+G, fri; a wrong word stays, with a sentence."""
    QTest.keyClick(window, Key.Key_G, CTRL)
    assert QApplication.focusWidget() is screen.view.goto
    QTest.keyClicks(screen.view.goto, "soonish")
    QTest.keyClick(screen.view.goto, Key.Key_Return)
    assert "soonish" in screen.view.goto_error.text()
    assert screen.view.goto.text() == "soonish"
    QTest.keyClicks(screen.view.goto, "fri")
    QTest.keyClick(screen.view.goto, Key.Key_Return)
    settle()
    assert screen.presenter.day == date(2026, 11, 27)
    assert not screen.view.goto_error.isVisible()
    assert screen.view.day.hasFocus()


def test_pages_and_today(screen: CalendarScreen, window: Window, settle: Settle) -> None:
    """Page Down goes on, Alt+Left back, Ctrl+T to today."""
    screen.view.day.setFocus()
    QTest.keyClick(screen.view.day, Key.Key_PageDown)
    QTest.keyClick(screen.view.day, Key.Key_PageDown)
    settle()
    assert screen.presenter.day == TODAY + timedelta(days=2)
    QTest.keyClick(window, Key.Key_Left, ALT)
    settle()
    assert screen.presenter.day == TODAY + timedelta(days=1)
    QTest.keyClick(window, Key.Key_T, CTRL)
    settle()
    assert screen.presenter.day == TODAY
    assert screen.view.day.hasFocus()


def test_week_and_agenda(screen: CalendarScreen, window: Window, settle: Settle) -> None:
    """Alt+2 shows the week of the therapist under the cursor, Alt+4 a list by time."""
    therapist = screen.view.day.plan.columns[2].therapist
    screen.view.day.go_to(2, 600)
    QTest.keyClick(window, Key.Key_2, ALT)
    settle()
    assert {one.therapist for one in screen.view.day.plan.columns} == {therapist}
    assert len({one.day for one in screen.view.day.plan.columns}) >= 5
    QTest.keyClick(window, Key.Key_4, ALT)
    settle()
    assert screen.presenter.mode is Mode.AGENDA
    starts = [screen.view.agenda.model().index(row, 0).data() for row in range(5)]
    assert starts == ["Mon, Nov 23"] * 5
    assert findings(window) == []


def test_filters_shorten_the_day(screen: CalendarScreen) -> None:
    """By site and by modality; everybody appears when nobody has to work."""
    everyone = len(screen.view.day.plan.columns)
    screen.view.modality.setCurrentIndex(screen.view.modality.findData("emdr"))
    screen.view.modality.activated.emit(0)
    assert 0 < len(screen.view.day.plan.columns) < everyone
    screen.view.modality.setCurrentIndex(0)
    screen.view.working.setChecked(False)
    assert len(screen.view.day.plan.columns) >= everyone


def test_book_by_keys_alone(screen: CalendarScreen, desk: Desk, settle: Settle) -> None:
    """Enter on an open slot next week, type a name, Enter; the visit stands under the cursor."""
    day, presenter = screen.view.day, screen.presenter
    presenter.show_day(TODAY + timedelta(days=8))
    settle()
    client = adult(desk)
    booked = None
    for column, one in enumerate(day.plan.columns):
        open_slots = [
            stop.minute
            for stop in day.plan.stops[column]
            if stop.row < 0 and any(start <= stop.minute and stop.minute + 60 <= end for start, end in one.working)
        ]
        if not open_slots:
            continue
        day.setFocus()
        day.go_to(column, open_slots[0])
        QTest.keyClick(day, Key.Key_Return)
        form = next(one for one in screen.findChildren(QuickBook) if one.isVisible())
        QTest.keyClicks(form.clients.box, client.name.listed)
        settle()
        if form.go.isEnabled():
            QTest.keyClick(form.clients.box, Key.Key_Return)
            settle()
            booked = day.block
            break
        assert form.facts.findChildren(type(form.slot))
        form.close()
        settle()
    assert booked is not None
    assert client.id in visit_of(desk, booked.visit).clients


def adult(desk: Desk) -> Client:
    """An active adult of Pennsylvania who consented to treatment."""
    with desk._store.reading() as reader:
        return next(
            one
            for one in reader.all(Client)
            if one.status == "active"
            and one.address.state == "PA"
            and 1960 < one.birth_date.year < 2000
            and one.consents
            and one.name.listed.isascii()
        )


def test_typing_on_an_open_slot_looks_for_the_client(screen: CalendarScreen, settle: Settle) -> None:
    """The letter stands in the box, and clients are listed."""
    day = screen.view.day
    column, minute = next(
        (at, stop.minute) for at, stops in enumerate(day.plan.stops) for stop in stops if stop.row < 0
    )
    day.setFocus()
    day.go_to(column, minute)
    QTest.keyClick(day, Key.Key_F)
    settle()
    form = next(one for one in screen.findChildren(QuickBook) if one.isVisible())
    assert form.clients.box.text() == "f"
    assert form.clients.list.model().rowCount() > 1
    assert findings(form) == []
    form.close()


def test_a_visit_is_found_from_elsewhere(screen: CalendarScreen, desk: Desk, settle: Settle) -> None:
    """Its day comes, whatever the filters say, and the cursor is on it."""
    with desk._store.reading() as reader:
        visit = next(one for one in reader.visits(NOW + timedelta(days=20), NOW + timedelta(days=30)))
    screen.view.modality.setCurrentIndex(3)
    screen.presenter.reveal(visit.id)
    settle()
    assert screen.presenter.day == local_date(visit.start)
    assert screen.view.day.block is not None
    assert screen.view.day.block.visit == visit.id

"""The form for a therapist: nothing is lost, what is wrong is said in its row, saving re-checks, undo takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.clinic.facts import Facts
from desktop.clinic.moments import whole_day
from desktop.clinic.therapists import License, Therapist, TimeOff
from desktop.clinic.verdict import Outcome
from desktop.gui import therapistrows
from desktop.gui.desk import Desk
from desktop.gui.rowlist import RowList
from desktop.gui.therapistform import TherapistChoices, TherapistForm
from desktop.gui.therapists import TherapistsScreen
from desktop.gui.window import Window
from desktop.office import upkeep
from tests.conftest import TODAY
from tests.gui.conftest import Settle
from tests.gui.oversight import CTRL, focused, form_of, retype, undo, went
from tests.gui.test_window import until_clean


@pytest.fixture
def screen(window: Window, settle: Settle) -> TherapistsScreen:
    """The directory, filled."""
    return went(window, settle, TherapistsScreen, "therapists")


def opened(screen: TherapistsScreen, window: Window, settle: Settle, name: str = "") -> TherapistForm:
    """The form of a therapist, opened with F2."""
    if name:
        assert screen.view.list.select(lambda line: line.therapist.name.family == name)
    QTest.keyClick(screen.view.list, Qt.Key.Key_F2)
    settle()
    form = form_of(window)
    assert isinstance(form, TherapistForm)
    return form


def stored(desk: Desk, key: str) -> Therapist:
    """The therapist as they lie in the clinic file."""
    with desk._store.reading() as reader:
        return reader.get(Therapist, key)


def test_nothing_is_lost(qtbot: QtBot, demo: Facts) -> None:
    """Every therapist of the demo is the same after the form was filled and read."""
    parent = QWidget()
    qtbot.addWidget(parent)
    choices = TherapistChoices(staff=demo.therapists, sites=demo.sites)
    for one in demo.therapists:
        form = TherapistForm(one, choices, TODAY, parent)
        assert form.value() == one
        form.deleteLater()


def test_records_are_the_same_when_typed_anew(demo: Facts) -> None:
    """What the rows show makes the same record, time off as whole days and with hours, but for what rows do not show."""
    forms = (
        (therapistrows.licenses(), "licenses"),
        (therapistrows.authorities(), "authorities"),
        (therapistrows.supervisions(demo.therapists), "supervisions"),
        (therapistrows.qualifications(), "qualifications"),
        (therapistrows.hours(demo.sites), "hours"),
        (therapistrows.time_off(), "time_off"),
    )
    for one in demo.therapists:
        for form, field in forms:
            for record in getattr(one, field):
                values = form.values(record)
                assert form.make(record, values) == record


def test_a_renewal_by_keys(screen: TherapistsScreen, window: Window, desk: Desk, settle: Settle) -> None:
    """F2, another last day, Ctrl+Enter; the license cliff has moved; Ctrl+Z takes it back."""
    form = opened(screen, window, settle, "Roundtree")
    before = form.therapist
    assert before is not None
    row = next(one for one in form.lists["licenses"].rows if one.before is not None and one.before.state == "NJ")
    field = row.fields["expires"]
    assert isinstance(field, QLineEdit)
    retype(field, "11/30/2028")
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    settle()
    after = stored(desk, before.id)
    assert [one.expires for one in after.licenses if one.state == "NJ"] == [date(2028, 11, 30)]
    assert replace(after, licenses=before.licenses) == before
    assert screen.view.list.current.therapist == after
    undo(window, settle)
    assert stored(desk, before.id) == before


def test_a_suspension_writes_tasks(screen: TherapistsScreen, window: Window, desk: Desk, settle: Settle) -> None:
    """Saving judges the planned appointments anew in the same step."""
    form = opened(screen, window, settle, "Roundtree")
    for row in form.lists["licenses"].rows:
        box = row.fields["status"]
        box.setCurrentIndex(box.findData("suspended"))  # type: ignore[attr-defined]
    form.save()
    settle()
    tasks = upkeep.tasks(desk._store, desk.actor)
    assert tasks
    assert {one.todo.outcome for one in tasks} >= {Outcome.BLOCK}


def test_what_is_wrong_is_said_in_its_row(screen: TherapistsScreen, window: Window, desk: Desk, settle: Settle) -> None:
    """A license that ends before it begins; the page turns, the focus is there, nothing is saved."""
    form = opened(screen, window, settle)
    licenses: RowList[License] = form.lists["licenses"]
    licenses.more.click()
    row = licenses.rows[-1]
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    assert "fill this in" in row.problem.text()
    assert form.pages.tabText(form.pages.currentIndex()) == "Licenses"
    first, last = row.fields["effective"], row.fields["expires"]
    row.fields["title"].setEditText("LPC")  # type: ignore[attr-defined]
    assert isinstance(first, QLineEdit)
    assert isinstance(last, QLineEdit)
    retype(first, "1/1/2027")
    retype(last, "1/1/2026")
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    assert "takes effect" in row.problem.text()
    assert focused() is last
    assert desk.to_undo is None
    retype(form.npi, "12")
    row.frame.findChildren(QPushButton)[0].click()
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    assert form.pages.currentIndex() == 0
    assert form.npi.accessibleDescription() == "An NPI has ten digits."


def test_a_new_therapist(screen: TherapistsScreen, window: Window, desk: Desk, settle: Settle) -> None:
    """Ctrl+N, a name; shown in the directory, taken back with Ctrl+Z."""
    with desk._store.reading() as reader:
        number = reader.count(Therapist)
    QTest.keyClick(window, Qt.Key.Key_N, CTRL)
    settle()
    form = form_of(window)
    assert isinstance(form, TherapistForm)
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    assert "name" in form.family.accessibleDescription()
    retype(form.family, "Abara")
    form.lists["hours"].more.click()
    row = form.lists["hours"].rows[0]
    for key, text in (("start", "9a"), ("end", "5:30p")):
        field = row.fields[key]
        assert isinstance(field, QLineEdit)
        retype(field, text)
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    settle()
    made = screen.view.list.current.therapist
    assert made.name.family == "Abara"
    assert (made.hours[0].window.start, made.hours[0].window.end) == (time(9), time(17, 30))
    undo(window, settle)
    with desk._store.reading() as reader:
        assert reader.count(Therapist) == number


def test_time_off_is_whole_days_without_a_time() -> None:
    """The last day counts."""
    form = therapistrows.time_off()
    made = form.make(None, {"first": date(2026, 12, 24), "start": None, "last": date(2026, 12, 26), "end": None})
    assert made == TimeOff(start=whole_day(date(2026, 12, 24))[0], end=whole_day(date(2026, 12, 26))[1])


@pytest.mark.parametrize("percent", [100, 200])
def test_it_passes_the_lint(
    screen: TherapistsScreen, window: Window, settle: Settle, qtbot: QtBot, percent: int
) -> None:
    """Every page of the form."""
    window.settings_with(text_percent=percent)
    form = opened(screen, window, settle)
    for page in range(form.pages.count()):
        form.pages.setCurrentIndex(page)
        until_clean(qtbot, form)

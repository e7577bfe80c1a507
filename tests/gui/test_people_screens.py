"""Clients and therapists on the demo practice: find, show, change, undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.clinic.clients import Client
from desktop.clinic.people import ClientId
from desktop.clinic.therapists import Therapist
from desktop.gui import peoplewords
from desktop.gui.clientform import ClientForm
from desktop.gui.clients import ClientsScreen
from desktop.gui.desk import Desk
from desktop.gui.screen import Place, Screen
from desktop.gui.therapists import TherapistsScreen
from desktop.gui.widgets.factsheet import FactSheet
from desktop.gui.window import Window
from tests.conftest import NOW, ROSA, TODAY
from tests.gui.conftest import Settle
from tests.gui.lint import findings

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def words_of(sheet: FactSheet) -> str:
    """Everything that stands on a page of facts."""
    return "\n".join(one.text() for one in sheet.findChildren(QLabel))


def front(window: Window, key: str, settle: Settle) -> Screen:
    """Bring that screen to the front."""
    window.go(Place(screen=key))
    settle()
    assert window.session is not None
    assert window.session.current is not None
    return window.session.current


@pytest.fixture
def clients(window: Window, settle: Settle) -> ClientsScreen:
    """The clients in the window."""
    found = front(window, "clients", settle)
    assert isinstance(found, ClientsScreen)
    return found


@pytest.fixture
def therapists(window: Window, settle: Settle) -> TherapistsScreen:
    """The therapists in the window."""
    found = front(window, "therapists", settle)
    assert isinstance(found, TherapistsScreen)
    return found


def shown(qtbot: QtBot, screen: ClientsScreen, text: str) -> None:
    """Wait until the page of facts speaks of it."""
    qtbot.waitUntil(lambda: text in words_of(screen.view.facts), timeout=10_000)


def test_before_typing_the_clients_of_today_are_listed(clients: ClientsScreen, desk: Desk, qtbot: QtBot) -> None:
    """The first is the next to come, and shown."""
    QAbstractItemModelTester(clients.view.pick.list.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    line = clients.view.pick.current
    assert line is not None
    shown(qtbot, clients, line.listed)
    with desk._store.reading() as reader:
        visits = reader.visits_of(line.id)
    assert any(abs(one.start - NOW) < timedelta(hours=14) for one in visits)
    assert "Upcoming appointments" in words_of(clients.view.facts)


def test_letters_find_and_arrows_walk(clients: ClientsScreen, desk: Desk, qtbot: QtBot, settle: Settle) -> None:
    """The letters stay in the box while Down goes through the list; a phone number finds, too."""
    box = clients.view.pick.box
    assert box.hasFocus()
    QTest.keyClicks(box, "o'b")
    settle()
    first = clients.view.pick.current
    assert first is not None
    assert "O'Brien" in first.listed
    QTest.keyClick(box, Key.Key_Down)
    assert clients.view.pick.current != first
    assert box.text() == "o'b"
    QTest.keyClick(box, Key.Key_Escape)
    assert box.text() == ""
    with desk._store.reading() as reader:
        someone = next(one for one in reader.all(Client) if one.phones)
    QTest.keyClicks(box, someone.phones[0].number[-10:])
    settle()
    qtbot.waitUntil(lambda: clients.view.pick.list.model().rowCount() >= 1)
    assert any(one.id == someone.id for one in clients.view.pick.list.values)


def test_nothing_is_wrong_with_the_screens(
    clients: ClientsScreen, window: Window, settle: Settle, qtbot: QtBot
) -> None:
    """Names, sizes, words and keys, at once and twice the text size, of the form as well."""
    line = clients.view.pick.current
    assert line is not None
    shown(qtbot, clients, line.listed)
    assert findings(window) == []
    clients.presenter.edit()
    settle()
    form = clients.findChild(ClientForm)
    assert form is not None
    assert findings(form) == []
    form.reject()
    front(window, "therapists", settle)
    assert findings(window) == []


def test_a_client_is_edited_and_the_edit_taken_back(
    clients: ClientsScreen, window: Window, desk: Desk, qtbot: QtBot, settle: Settle
) -> None:
    """F2, another first name, a guardian, Ctrl+Enter; what the form does not show stays as it was."""
    line = clients.view.pick.current
    assert line is not None
    shown(qtbot, clients, line.listed)
    before = stored(desk, line.id)
    QTest.keyClick(window, Key.Key_F2)
    settle()
    form = clients.findChild(ClientForm)
    assert form is not None
    form.goes_by.setText("Sunny")
    form.guardians.more.click()
    form.guardians._rows[-1].name.setText("Sunshine, Pat")
    QTest.keyClick(form.family, Key.Key_Return, CTRL)
    settle()
    after = stored(desk, line.id)
    assert after.goes_by == "Sunny"
    assert after.guardians[-1].name.full == "Pat Sunshine"
    assert replace(after, goes_by=before.goes_by, guardians=before.guardians) == before
    window.undo()
    settle()
    assert stored(desk, line.id) == before


def test_every_client_of_the_demo_survives_the_form(desk: Desk, qtbot: QtBot) -> None:
    """Opened and saved without a change, a client is the same."""
    from desktop.gui.clientform import read_choices

    choices = read_choices(desk._store)
    host = FactSheet("host")
    qtbot.addWidget(host)
    with desk._store.reading() as reader:
        everyone = reader.all(Client)
    for client in everyone[::15]:
        form = ClientForm(client, choices, host)
        assert form.client() == client
        form.deleteLater()


def test_a_wrong_number_is_named_beside_its_field(
    clients: ClientsScreen, desk: Desk, settle: Settle, qtbot: QtBot
) -> None:
    """A new client: nothing is saved until the number can be one."""
    with desk._store.reading() as reader:
        count = reader.count(Client)
    clients.presenter.add()
    settle()
    form = clients.findChild(ClientForm)
    assert form is not None
    form.family.setText("Zephyrine")
    form.born.setText("3/14/1991")
    form.numbers[0].setText("12")
    form.save()
    assert "area code" in form.error.text()
    assert form.focusWidget() is form.numbers[0]
    form.numbers[0].setText("215 555 0199")
    form.save()
    settle()
    with desk._store.reading() as reader:
        assert reader.count(Client) == count + 1
    shown(qtbot, clients, "Zephyrine")


def test_a_client_changed_elsewhere_is_not_overwritten(
    clients: ClientsScreen, desk: Desk, qtbot: QtBot, settle: Settle
) -> None:
    """The form says so and stays open with what was typed."""
    line = clients.view.pick.current
    assert line is not None
    shown(qtbot, clients, line.listed)
    clients.presenter.edit()
    settle()
    form = clients.findChild(ClientForm)
    assert form is not None
    before = stored(desk, line.id)
    with desk._store.writing(ROSA, "Elsewhere") as writer:
        writer.replace(before, replace(before, pronouns="xe/xem"))
    form.goes_by.setText("Mine")
    form.save()
    settle()
    assert form.isVisible()
    assert form.error.text()
    assert stored(desk, line.id).goes_by == before.goes_by
    form.reject()


def stored(desk: Desk, key: ClientId) -> Client:
    """The client as it lies in the clinic file."""
    with desk._store.reading() as reader:
        return reader.get(Client, key)


def test_the_directory_says_what_ends_when(therapists: TherapistsScreen, desk: Desk) -> None:
    """The demo has licenses that end in seven days; words and sign say so."""
    table = therapists.view.list.model()
    QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    texts = [table.index(row, 3).data() for row in range(table.rowCount())]
    assert "expires in 7 days" in texts
    with desk._store.reading() as reader:
        assert table.rowCount() == sum(not one.retired for one in reader.all(Therapist))


def test_words_shorten_the_directory(therapists: TherapistsScreen) -> None:
    """State and modality together."""
    everyone = len(therapists.view.list.values)
    QTest.keyClicks(therapists.view.box, "nj emdr")
    assert 0 < len(therapists.view.list.values) < everyone
    assert "EMDR" in words_of(therapists.view.facts)


def test_accepting_is_switched_and_taken_back(
    therapists: TherapistsScreen, window: Window, desk: Desk, settle: Settle
) -> None:
    """By the keys; the therapist stays selected."""
    line = therapists.view.list.current
    QTest.keyClick(window, Key.Key_A, CTRL | Qt.KeyboardModifier.ShiftModifier)
    settle()
    with desk._store.reading() as reader:
        assert reader.get(Therapist, line.therapist.id).accepting is not line.therapist.accepting
    assert therapists.view.list.current.therapist.id == line.therapist.id
    window.undo()
    settle()
    with desk._store.reading() as reader:
        assert reader.get(Therapist, line.therapist.id).accepting is line.therapist.accepting


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        (-3, "expired 3 days ago", "err"),
        (-1, "expired 1 day ago", "err"),
        (0, "expires today", "err"),
        (1, "expires in 1 day", "err"),
        (7, "expires in 7 days", "err"),
        (8, "expires in 8 days", "warn"),
        (90, "expires in 90 days", "warn"),
        (91, "expires Feb 22, 2027", ""),
    ],
)
def test_how_far_off_an_expiry_is(days: int, words: str, tone: str) -> None:
    """In words, with a tone that is never the only sign."""
    day: date = TODAY + timedelta(days=days)
    assert (peoplewords.expiry(day, TODAY), peoplewords.expiry_tone(day, TODAY)) == (words, tone)

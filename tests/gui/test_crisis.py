"""A caller in crisis: the card at once, the call kept, matching stopped; and letters from where their key is pressed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.clinic.clients import Client
from desktop.clinic.letters import Draft, LetterKind
from desktop.clinic.referral import Direction, Referral
from desktop.gui.calendar import CalendarScreen
from desktop.gui.crisiscard import CrisisCard
from desktop.gui.desk import Desk
from desktop.gui.intake import CallSheet
from desktop.gui.letters import LettersScreen
from desktop.gui.matching import MatchPanel
from desktop.gui.referrals import ReferralsScreen
from desktop.gui.window import Window
from desktop.office import matching
from tests.conftest import NOW, ROSA
from tests.gui.conftest import Settle
from tests.gui.lint import findings
from tests.gui.oversight import went

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def sheet(window: Window, settle: Settle) -> CallSheet:
    """The sheet for a call."""
    window.new_call()
    settle()
    return next(one for one in window.findChildren(CallSheet) if one.isVisible())


def call(sheet: CallSheet, settle: Settle, *, name: str, code: str = "19103") -> None:
    """Type what a caller says, and that they are in crisis."""
    fields = sheet.fields
    for field, text in (
        (fields.name, name),
        (fields.phone, "2155550177"),
        (fields.birth, "3/14/91"),
        (fields.zip, code),
    ):
        field.setFocus()
        QTest.keyClicks(field, text)
    settle()
    fields.crisis.setFocus()
    QTest.keyClick(fields.crisis, Qt.Key.Key_Space)
    settle()


def taken_in(desk: Desk) -> tuple[Referral, Client]:
    """The referral that came in now, with its client."""
    with desk._store.reading() as reader:
        found = next(one for one in reader.referrals() if one.history and one.history[-1].at == NOW)
        return found, reader.get(Client, found.client)


def test_a_call_in_crisis_is_kept_and_stops_matching(
    window: Window, sheet: CallSheet, desk: Desk, settle: Settle, qtbot: QtBot
) -> None:
    """The card shows Philadelphia's numbers; after Ctrl+Enter the panel says stop and shows the card again."""
    assert not sheet.crisis.isVisible()
    call(sheet, settle, name="Abernathy, Wren")
    assert sheet.crisis.isVisible()
    assert sheet.crisis.numbers == ("911", "988", "988", "215-685-6440")
    qtbot.waitUntil(lambda: findings(sheet) == [])
    QTest.keyClick(sheet, Qt.Key.Key_Return, CTRL)
    settle()
    referral, client = taken_in(desk)
    assert client.name.listed == "Abernathy, Wren"
    assert client.risk_screen is not None
    assert (client.risk_screen.plan_or_intent_now, client.risk_screen.taken_at) == (True, NOW)
    assert "CRISIS_STOP" in {one.code for one in matching.match_referral(desk._store, ROSA, referral.id).verdicts}
    assert window.session is not None
    panel = window.session.beside
    assert isinstance(panel, MatchPanel)
    assert panel.findChildren(CrisisCard)[0].numbers[:2] == ("911", "988")
    assert not panel.view.cards
    assert "stay on the line" in window.line.sentence


def test_somebody_on_file_in_crisis_is_stopped_too(
    window: Window, sheet: CallSheet, desk: Desk, settle: Settle
) -> None:
    """Their screen is taken anew, in the step that takes in the call; one undo takes back both."""
    with desk._store.reading() as reader:
        known = reader.referrals()[0].client
        before = reader.get(Client, known)
    sheet.fields.name.setFocus()
    QTest.keyClicks(sheet.fields.name, before.name.listed)
    QTest.keyClick(sheet.fields.name, Qt.Key.Key_Tab)
    settle()
    next(one for one in sheet.findChildren(QPushButton) if before.name.listed in one.text()).click()
    QTest.keyClick(sheet.fields.crisis, Qt.Key.Key_Space)
    settle()
    QTest.keyClick(sheet, Qt.Key.Key_Return, CTRL)
    settle()
    with desk._store.reading() as reader:
        after = reader.get(Client, known)
    assert after.risk_screen is not None
    assert after.risk_screen.plan_or_intent_now
    assert after.risk_screen.cleared_by is None
    window.undo()
    settle()
    with desk._store.reading() as reader:
        assert reader.get(Client, known) == before


def test_the_sheet_fits_a_small_screen_at_twice_the_text(window: Window, settle: Settle, qtbot: QtBot) -> None:
    """Who calls above what they ask for, scrolling; nothing is clipped, and the buttons stay in sight."""
    window.settings_with(text_percent=200)
    window.new_call()
    settle()
    sheet = next(one for one in window.findChildren(CallSheet) if one.isVisible())
    assert sheet.minimumSizeHint().width() <= window.width()
    assert sheet.minimumSizeHint().height() <= window.height()
    call(sheet, settle, name="Abernathy, Wren")
    qtbot.waitUntil(lambda: findings(sheet) == [])


def test_the_numbers_follow_the_state(sheet: CallSheet, settle: Settle) -> None:
    """New Jersey has others; unticked, the card goes."""
    call(sheet, settle, name="Abernathy, Wren", code="08854")
    assert "888-222-2228" in sheet.crisis.numbers
    QTest.keyClick(sheet.fields.crisis, Qt.Key.Key_Space)
    assert not sheet.crisis.isVisible()


def test_l_on_a_referral_drafts_the_reply(window: Window, desk: Desk, settle: Settle) -> None:
    """The letters come to the front with the draft to whoever sent the client."""
    with desk._store.reading() as reader:
        wanted = next(
            one.id for one in reader.referrals(direction=Direction.IN) if one.referrer is not None and one.stage.is_open
        )
    screen = went(window, settle, ReferralsScreen, "referrals", wanted)
    QTest.keyClick(screen.view.list, Qt.Key.Key_L)
    settle()
    opened = letter(window)
    assert (opened.asked.kind, opened.asked.referral) == (LetterKind.REPLY_TO_REFERRER, wanted)


def test_the_letter_of_the_visit_panel_drafts_the_confirmation(window: Window, desk: Desk, settle: Settle) -> None:
    """The button beside the calendar."""
    with desk._store.reading() as reader:
        visits = reader.visits(NOW, NOW + timedelta(hours=6))
        wanted = next(one.id for one in visits if len(one.seats) == 1 and one.status.holds_time)
    screen = went(window, settle, CalendarScreen, "calendar", wanted)
    settle()
    button = screen.view.panel._letter
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()
    opened = letter(window)
    assert (opened.asked.kind, opened.asked.visit) == (LetterKind.APPOINTMENT_CONFIRMATION, wanted)


def letter(window: Window) -> Draft:
    """The draft that is open on the letters screen."""
    assert window.session is not None
    screen = window.session.current
    assert isinstance(screen, LettersScreen)
    opened = screen.presenter._opened
    assert opened is not None
    assert opened.draft is not None
    return opened.draft

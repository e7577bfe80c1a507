"""One referral, keys alone: unlock, referrals, match, book, undo; and a call from the first ring to the booking."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.clinic.clients import Client
from desktop.clinic.referral import Referral, Stage
from desktop.clinic.visits import Visit
from desktop.gui.desk import Desk
from desktop.gui.intake import CallSheet
from desktop.gui.widgets.matchcard import MatchCard
from desktop.gui.window import Window
from desktop.records.vault import key_file
from tests.conftest import PASSPHRASE, ROSA

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def focused() -> QWidget:
    """Who has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def settled(qtbot: QtBot, desk: Desk) -> None:
    """Wait until nothing is asked any more."""
    calm = [0]

    def is_calm() -> bool:
        calm[0] = calm[0] + 1 if desk.pending == 0 else 0
        return calm[0] >= 3

    qtbot.waitUntil(is_calm, timeout=15_000)


@pytest.fixture
def clinic(demo_file: Path, tmp_path: Path) -> Path:
    """A copy of the demo practice that the window may open."""
    path = tmp_path / "walk.handoff"
    shutil.copyfile(demo_file, path)
    shutil.copyfile(key_file(demo_file), key_file(path))
    return path


@pytest.fixture
def unlocked(empty_window: Window, qtbot: QtBot, clinic: Path) -> tuple[Window, Desk]:
    """The window, unlocked by typing."""
    empty_window.unlock.offer((str(clinic),), "")
    empty_window.unlock.focus_first()
    qtbot.keyClicks(focused(), ROSA.user)
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    qtbot.keyClicks(focused(), PASSPHRASE)
    with qtbot.waitSignal(empty_window.entered, timeout=20_000) as entered:
        QTest.keyClick(focused(), Qt.Key.Key_Return)
    desk = entered.args[0]
    settled(qtbot, desk)
    return empty_window, desk


def test_a_wrong_passphrase_says_so_and_keeps_the_focus(empty_window: Window, qtbot: QtBot, clinic: Path) -> None:
    """A sentence beside the field; the passphrase is selected, to be typed again."""
    empty_window.unlock.offer((str(clinic),), ROSA.user)
    empty_window.unlock.focus_first()
    qtbot.keyClicks(focused(), "not this one")
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    problem = empty_window.unlock._problem
    qtbot.waitUntil(lambda: "passphrase is not right" in problem.text(), timeout=20_000)
    assert focused().accessibleDescription() == problem.text()
    assert empty_window.session is None


def test_from_unlock_to_booked_without_the_mouse(unlocked: tuple[Window, Desk], qtbot: QtBot) -> None:
    """Ctrl+3, Down, M, Enter; the referral is booked, the line offers undo, and Ctrl+Z takes all of it back."""
    window, desk = unlocked
    QTest.keyClick(window, Qt.Key.Key_3, CTRL)
    settled(qtbot, desk)
    view = window.session.current.view  # type: ignore[union-attr]
    wanted = next(
        one for one in view.list.values if one.referral.stage is Stage.TRIAGED and one.client == bookable(desk)
    )
    while view.current is not wanted:
        QTest.keyClick(focused(), Qt.Key.Key_Down)
    settled(qtbot, desk)
    QTest.keyClick(focused(), Qt.Key.Key_M)
    settled(qtbot, desk)
    card = focused()
    assert isinstance(card, MatchCard)
    QTest.keyClick(card, Qt.Key.Key_Right)
    assert card.chosen == 1
    QTest.keyClick(card, Qt.Key.Key_Return)
    settled(qtbot, desk)
    referral = stored(desk, wanted.referral.id)
    assert referral.stage is Stage.BOOKED
    assert referral.visit is not None
    assert window.line.sentence.startswith(f"Booked {wanted.client} with ")
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    settled(qtbot, desk)
    assert stored(desk, wanted.referral.id).stage is Stage.TRIAGED


def bookable(desk: Desk) -> str:
    """The name of a client whose triaged referral somebody fits with an opening that can be booked."""
    from desktop.clinic.verdict import refusing
    from desktop.gui.matching import proposal_of
    from desktop.office import booking, matching

    with desk._store.reading() as reader:
        referrals = [one for one in reader.referrals(stages=(Stage.TRIAGED,)) if one.request is not None]
    for referral in referrals:
        found = matching.match_referral(desk._store, desk.actor, referral.id)
        if found.eligible and len(found.eligible[0].openings) > 1:
            proposal = proposal_of(referral, found.eligible[0].openings[1])
            if not refusing(booking.check(desk._store, desk.actor, proposal)):
                with desk._store.reading() as reader:
                    return reader.get(Client, referral.client).name.listed
    raise AssertionError


def stored(desk: Desk, key: str) -> Referral:
    """The referral as it lies in the clinic file."""
    with desk._store.reading() as reader:
        return reader.get(Referral, key)


def choose(box: QComboBox, text: str) -> None:
    """Type the beginning of an entry."""
    box.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(box, text)


def test_a_call_is_typed_saved_and_matched(unlocked: tuple[Window, Desk], qtbot: QtBot) -> None:
    """Ctrl+Shift+N, name, phone, birth date, ZIP code; Ctrl+Enter shows who fits; under 60 keys."""
    window, desk = unlocked
    QTest.keyClick(window, Qt.Key.Key_N, CTRL | SHIFT)
    sheet = next(one for one in window.findChildren(CallSheet) if one.isVisible())
    settled(qtbot, desk)
    keys = 0
    for typed in ("Nguyen, Thi", "7325550142", "3/14/91", "08854"):
        qtbot.keyClicks(focused(), typed)
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        keys += len(typed) + 1
    qtbot.waitUntil(lambda: "Piscataway" in sheet.fields.place.text(), timeout=15_000)
    assert sheet.fields.state.currentText() == "NJ"
    choose(sheet.fields.modality, "emdr")
    sheet.save()
    settled(qtbot, desk)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), MatchCard), timeout=15_000)
    with desk._store.reading() as reader:
        client = next(one for one in reader.all(Client) if one.name.family == "Nguyen" and one.name.given == "Thi")
        assert reader.referrals(client=client.id)[0].owner == ROSA.user
        assert reader.visits_of(client.id) == ()
        assert reader.count(Visit) > 0
    assert keys < 60


def test_a_mistake_in_the_call_names_its_field(unlocked: tuple[Window, Desk], qtbot: QtBot) -> None:
    """The sheet stays, the focus is on what is wrong, nothing is saved."""
    window, desk = unlocked
    QTest.keyClick(window, Qt.Key.Key_N, CTRL | SHIFT)
    sheet = next(one for one in window.findChildren(CallSheet) if one.isVisible())
    settled(qtbot, desk)
    qtbot.keyClicks(focused(), "Nguyen")
    QTest.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert focused() is sheet.fields.phone
    assert "area code" in sheet._problem.text()
    assert desk.to_undo is None

"""Letters on the demo practice: draft, what leaves, finish, save; nothing on disk before that."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from desktop.clinic.clients import Client, DataClass
from desktop.clinic.letters import Letter
from desktop.clinic.referral import Direction, Referral
from desktop.gui.desk import Desk
from desktop.gui.letterfrom import LetterFrom
from desktop.gui.letters import LettersScreen
from desktop.gui.screen import Place
from desktop.gui.window import Window
from tests.conftest import NOW
from tests.gui.conftest import Settle
from tests.gui.lint import findings

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def screen(window: Window, settle: Settle) -> LettersScreen:
    """The letters in the window."""
    window.go(Place(screen="letters"))
    settle()
    assert window.session is not None
    found = window.session.current
    assert isinstance(found, LettersScreen)
    return found


@pytest.fixture
def visit(desk: Desk) -> str:
    """A coming visit of one client."""
    with desk._store.reading() as reader:
        visits = reader.visits(NOW, NOW + timedelta(days=7))
        return next(one.id for one in visits if len(one.seats) == 1)


def replies(desk: Desk, *, released: bool) -> list[Referral]:
    """Referrals that can be replied to, with or without any release to whoever sent them."""
    with desk._store.reading() as reader:
        found = [one for one in reader.referrals(direction=Direction.IN) if one.referrer is not None]
        return [
            one
            for one in found
            if any(each.recipient == one.referrer for each in reader.get(Client, one.client).releases) is released
        ]


def beside(screen: LettersScreen) -> str:
    """Everything that stands beside the pages."""
    return "\n".join(one.text() for one in screen.view.facts.findChildren(QLabel))


def test_a_confirmation_is_drafted_finished_and_saved(
    screen: LettersScreen, window: Window, desk: Desk, settle: Settle, visit: str, tmp_path: Path
) -> None:
    """The pages come from memory; the file is what was shown; Ctrl+Z takes the letter back."""
    window.go(Place(screen="letters", id=f"visit:{visit}"))
    settle()
    assert "DRAFT" in screen.view.pages.pages[0].text
    assert "What leaves" in beside(screen)
    assert findings(window) == []
    QTest.keyClick(window, Key.Key_Return, CTRL)
    settle()
    letters = stored(desk)
    assert len(letters) == 1
    assert "DRAFT" not in screen.view.pages.pages[0].text
    QTest.keyClick(window, Key.Key_S, CTRL)
    dialog = screen.findChild(QFileDialog)
    assert dialog is not None
    target = tmp_path / "letter.pdf"
    dialog.fileSelected.emit(str(target))
    dialog.reject()
    assert target.read_bytes().startswith(b"%PDF")
    window.undo()
    settle()
    assert stored(desk) == ()


def test_without_a_release_the_letter_cannot_be_finished(
    screen: LettersScreen, window: Window, desk: Desk, settle: Settle
) -> None:
    """A cross and the words; the button rests, and the keys do nothing."""
    window.go(Place(screen="letters", id=f"referral:{replies(desk, released=False)[0].id}"))
    settle()
    assert "no release allows it" in beside(screen)
    assert not screen.view.finish.isEnabled()
    QTest.keyClick(window, Key.Key_Return, CTRL)
    settle()
    assert stored(desk) == ()


def test_own_sentences_and_more_classes_are_drafted_again(
    screen: LettersScreen, window: Window, desk: Desk, settle: Settle, qtbot: QtBot
) -> None:
    """A plan needs the class treatment: the page changes, and beside it the release or its lack."""
    window.go(Place(screen="letters", id=f"referral:{replies(desk, released=True)[0].id}"))
    settle()
    screen.view._notes["plan"].setPlainText("Weekly sessions for three months.")
    qtbot.waitUntil(lambda: DataClass.TREATMENT in screen.view._classes, timeout=10_000)
    settle()
    assert "Weekly sessions" not in screen.view.pages.pages[0].text
    assert "Kept back" in beside(screen)
    screen.view._classes[DataClass.TREATMENT].setChecked(True)
    qtbot.waitUntil(lambda: any("Weekly sessions" in page.text for page in screen.view.pages.pages), timeout=10_000)
    assert "treatment" in beside(screen)


def test_a_new_letter_begins_with_a_client(screen: LettersScreen, desk: Desk, settle: Settle) -> None:
    """Type a name, choose an appointment or a referral, and the draft comes."""
    with desk._store.reading() as reader:
        client = reader.get(Client, replies(desk, released=True)[0].client)
    screen.presenter.new()
    form = screen.findChild(LetterFrom)
    assert form is not None
    QTest.keyClicks(form.clients.box, client.name.listed)
    settle()
    assert form.sources.model().rowCount() >= 1
    assert findings(form) == []
    QTest.keyClick(form.clients.box, Key.Key_Return)
    assert form.sources.hasFocus()
    QTest.keyClick(form.sources, Key.Key_Return)
    settle()
    assert screen.view.pages.pages


def stored(desk: Desk) -> tuple[Letter, ...]:
    """The finished letters in the clinic file."""
    with desk._store.reading() as reader:
        return reader.all(Letter)

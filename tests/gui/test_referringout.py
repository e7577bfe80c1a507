"""Referring a client out from their page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.clinic.referral import Direction, NextAction, Stage
from desktop.gui.desk import Desk
from desktop.gui.referringout import ReferOut
from desktop.gui.screen import Place
from desktop.gui.window import Window
from desktop.office import referrals
from desktop.records.store import Store
from tests.conftest import ROSA
from tests.gui.conftest import Settle
from tests.gui.lint import findings


def _open(window: Window, store: Store, settle: Settle, qtbot: QtBot) -> tuple[str, ReferOut]:
    """The form over the page of a client."""
    with store.reading() as reader:
        client = next(one for one in reader.clients_matching("sch") if one.status == "active").id
    window.go(Place(screen="clients", id=client))
    settle()
    assert window.session is not None
    screen = window.session.current
    assert screen is not None
    qtbot.waitUntil(lambda: screen.presenter._found is not None, timeout=5_000)  # type: ignore[attr-defined]
    screen.presenter.refer_out()  # type: ignore[attr-defined]
    settle()
    (form,) = window.findChildren(ReferOut)
    return client, form


def test_a_client_is_referred_out_by_keys(
    window: Window, desk: Desk, demo_store: Store, settle: Settle, qtbot: QtBot
) -> None:
    """The draft has an owner and a date, its letter is open, and undo takes it back."""
    before = len(referrals.worklist(demo_store, ROSA, direction=Direction.OUT))
    client, form = _open(window, demo_store, settle, qtbot)
    assert findings(form) == []
    QTest.keyClick(form.recipient, Qt.Key.Key_Down)
    QTest.keyClicks(form.reason, "Would profit from a consultation about medication.")
    QTest.keyClick(form.reason, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    drafted = [
        line.referral
        for line in referrals.worklist(demo_store, ROSA, direction=Direction.OUT)
        if line.referral.client == client and line.referral.stage is Stage.DRAFTED
    ]
    assert len(drafted) == 1
    assert (drafted[0].owner, drafted[0].next_action) == (ROSA.user, NextAction.SEND)
    assert window.session is not None
    assert window.session.current is not None
    assert window.session.current.title == "Letters"
    desk.undo()
    settle()
    assert len(referrals.worklist(demo_store, ROSA, direction=Direction.OUT)) == before


def test_a_referral_out_needs_a_reason(window: Window, demo_store: Store, settle: Settle, qtbot: QtBot) -> None:
    """The sentence stands under the field; nothing is drafted."""
    before = len(referrals.worklist(demo_store, ROSA, direction=Direction.OUT))
    _client, form = _open(window, demo_store, settle, qtbot)
    form.save()
    settle()
    assert form.isVisible()
    assert len(referrals.worklist(demo_store, ROSA, direction=Direction.OUT)) == before

"""The daily re-check: once, when it is quiet, seen at once, and never in the way of undo."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop.clinic.referral import Stage
from desktop.gui.chores import QUIET, Chores
from desktop.gui.cliff import CliffScreen
from desktop.gui.desk import Desk
from desktop.gui.window import Window
from desktop.office import referrals, upkeep
from tests.conftest import ROSA
from tests.gui.conftest import Clock, Settle
from tests.gui.oversight import went


def chores(desk: Desk, qtbot: QtBot) -> Chores:
    """What waits for the window to be left alone."""
    qtbot.waitUntil(lambda: desk.findChild(Chores) is not None)
    found = desk.findChild(Chores)
    assert found is not None
    return found


def open_tasks(desk: Desk) -> int:
    """How many tasks are open."""
    with desk._store.reading() as reader:
        return len(reader.todos())


def test_planned_appointments_are_rechecked_when_it_is_quiet(
    window: Window, desk: Desk, settle: Settle, clock: Clock, qtbot: QtBot
) -> None:
    """Not while somebody types; then the list of tasks is filled without a key, and there is nothing to undo."""
    waiting = chores(desk, qtbot)
    screen = went(window, settle, CliffScreen, "licenses")
    before = desk._store.dump_hash()
    waiting.look()
    settle()
    assert desk._store.dump_hash() == before
    clock.seconds += QUIET
    said = window.line.sentence
    with qtbot.waitSignal(desk.tidied, timeout=20_000):
        waiting.look()
    settle()
    assert open_tasks(desk) > 0
    assert screen.isVisible()
    assert (desk.to_undo, window.line.sentence) == (None, said)


def test_a_change_before_it_can_still_be_undone(
    window: Window, desk: Desk, settle: Settle, clock: Clock, qtbot: QtBot
) -> None:
    """Ctrl+Z takes back what the user did."""
    waiting = chores(desk, qtbot)
    with desk._store.reading() as reader:
        one = next(one for one in reader.referrals() if one.stage is Stage.RECEIVED)
    desk.do("Move", lambda store, actor: referrals.advance(store, actor, one.id, Stage.ACKNOWLEDGED))
    settle()
    clock.seconds += QUIET
    with qtbot.waitSignal(desk.tidied, timeout=20_000):
        waiting.look()
    settle()
    window.undo()
    settle()
    with desk._store.reading() as reader:
        assert reader.get(type(one), one.id) == one


def test_it_is_done_once_a_day(desk: Desk) -> None:
    """Whichever desk was first; the audit knows."""
    assert upkeep.daily(desk._store, ROSA) is not None
    before = desk._store.dump_hash()
    assert upkeep.daily(desk._store, ROSA) is None
    assert desk._store.dump_hash() == before

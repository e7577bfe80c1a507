"""The desk: questions, changes, word of them, undo and redo."""

from __future__ import annotations

from desktop.clinic.change import Task
from desktop.clinic.errors import ClinicError, Missing
from desktop.clinic.visits import Visit, VisitId, VisitStatus
from desktop.gui.desk import Desk
from desktop.office import booking, daybook
from desktop.records.store import Store
from tests.gui.conftest import Settle


def some_visit(desk: Desk) -> Visit:
    """A visit that was only scheduled."""
    with desk._store.reading() as reader:
        return next(one for one in reader.all(Visit) if one.status is VisitStatus.SCHEDULED)


def status_of(desk: Desk, visit: Visit) -> VisitStatus:
    """Its status in the clinic file."""
    with desk._store.reading() as reader:
        return reader.get(Visit, visit.id).status


def confirm(desk: Desk, visit: Visit) -> None:
    """Mark it confirmed."""
    desk.do("Mark", lambda store, actor: booking.set_status(store, actor, visit.id, VisitStatus.CONFIRMED))


def test_a_change_is_told_with_what_it_changed(desk: Desk, settle: Settle) -> None:
    """Once, before `done`; only what this change did."""
    visit, told = some_visit(desk), list[object]()
    desk.changed.connect(told.append)
    desk.do(
        "Mark",
        lambda store, actor: booking.set_status(store, actor, visit.id, VisitStatus.CONFIRMED),
        lambda changed: told.append(changed.status),
    )
    settle()
    task, status = told
    assert isinstance(task, Task)
    assert [change.id for change in task.changes] == [visit.id]
    assert status is VisitStatus.CONFIRMED


def test_undo_and_redo_go_back_and_forth(desk: Desk, settle: Settle) -> None:
    """Redo is the undo of the undo; a new change forgets what could be done again."""
    visit = some_visit(desk)
    confirm(desk, visit)
    settle()
    for _round in range(2):
        desk.undo()
        settle()
        assert status_of(desk, visit) is VisitStatus.SCHEDULED
        assert desk.to_undo is None
        desk.redo()
        settle()
        assert status_of(desk, visit) is VisitStatus.CONFIRMED
    desk.undo()
    settle()
    confirm(desk, visit)
    settle()
    assert desk.to_redo is None
    assert desk.to_undo is not None


def test_what_cannot_be_done_is_told_and_leaves_nothing_to_undo(desk: Desk, settle: Settle) -> None:
    """To the asker if they want to know, else to the window."""
    failed, own = list[ClinicError](), list[ClinicError]()
    desk.failed.connect(failed.append)

    def task(store: Store, actor: object) -> None:
        del actor
        with store.reading() as reader:
            reader.get(Visit, VisitId("none"))

    desk.do("Look", task)
    desk.do("Look", task, failed=own.append)
    settle()
    assert [type(one) for one in (*failed, *own)] == [Missing, Missing]
    assert desk.to_undo is None


def test_reading_is_no_change(desk: Desk, settle: Settle) -> None:
    """A task that wrote nothing is neither told nor undone."""
    told: list[object] = []
    desk.changed.connect(told.append)
    desk.do("Look", lambda store, actor: daybook.day(store, actor, desk.today))
    settle()
    assert told == []
    assert desk.to_undo is None

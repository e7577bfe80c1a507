"""Tasks as the audit tells them: who did what when, and every record before and after."""

from __future__ import annotations

from itertools import islice
from typing import Any

from sqlalchemy import Connection

from desktop.clinic.change import Change, Task, TaskId, UserId
from desktop.clinic.errors import Missing
from desktop.records import audit
from desktop.records.tables import TABLES, value_of


def task(connection: Connection, task_id: TaskId) -> Task:
    """The task with all its changes.

    Raises Missing when there is none of that id.
    """
    rows = audit.task_rows(connection, task_id)
    if not rows:
        raise Missing
    first = audit.event(rows[0])
    changes = tuple(_change(row) for row in rows if row.kind)
    return Task(id=task_id, label=first.label, user=first.user, at=first.at, changes=changes)


def newest(connection: Connection, limit: int) -> tuple[Task, ...]:
    """The tasks that changed something, newest first."""
    return tuple(task(connection, one.task) for one in islice(audit.task_ends(connection), limit))


def undoable(connection: Connection, user: UserId) -> Task | None:
    """The newest task of that user that changed something, is no undo itself and was not undone."""
    found = audit.undoable_task(connection, user)
    return None if found is None else task(connection, found)


def _change(row: Any) -> Change:  # noqa: ANN401
    type_ = TABLES[row.kind].type
    before, after = (None if body is None else value_of(type_, body) for body in (row.before, row.after))
    return Change(kind=row.kind, id=row.record, before=before, after=after)

"""Tasks that the program wrote, closed as soon as the visit they are about is gone or has moved."""

from __future__ import annotations

from dataclasses import replace

from desktop.clinic.change import Actor
from desktop.clinic.visits import VisitId
from desktop.records.store import Writer


def close_tasks(writer: Writer, actor: Actor, visit: VisitId) -> None:
    """Close the open tasks about a visit that was just canceled, or judged anew and moved."""
    for todo in writer.todos(about=(visit,)):
        writer.replace(todo, replace(todo, closed_at=actor.now))

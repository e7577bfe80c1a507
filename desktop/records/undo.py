"""Taking a task back: every change in reverse, as one task of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import Enum, auto
from gettext import gettext as _
from itertools import groupby

from desktop.clinic.change import Actor, Change, Task
from desktop.clinic.clients import Client
from desktop.clinic.errors import Refused, Stale
from desktop.clinic.practice import Room
from desktop.clinic.services import Service
from desktop.clinic.staff import Staff, StaffRole
from desktop.clinic.therapists import Therapist
from desktop.clinic.verdict import Outcome, Verdict
from desktop.clinic.visits import Visit, VisitId, VisitStatus
from desktop.records.tables import kind_of
from desktop.records.writer import Writer

# Whoever or whatever a visit cannot do without.
_NEEDED = tuple(kind_of(one).name for one in (Client, Therapist, Service, Room))


class _Way(Enum):
    ADD = auto()
    REMOVE = auto()
    REPLACE = auto()


def take_back(writer: Writer, task: Task, actor: Actor) -> None:
    """Make every record what it was before the task; many alike are written together.

    A visit stays on record, because a calendar may have seen it: one that the task booked becomes "booked in error", and
    its sequence rises. Only a visit that came together with its client, as an import brings them, goes with them.
    Raises Stale when a record was changed since or another one needs it by now, Refused when a visit's time is taken.
    """
    brought = {change.id for change in task.changes if change.before is None and change.kind in _NEEDED}
    steps = ((_way(change, brought), change) for change in reversed(task.changes))
    retaken: list[VisitId] = []
    for way, group in groupby(steps, key=lambda step: step[0]):
        changes = [change for _way, change in group]
        if way is _Way.ADD:
            writer.add_all([change.before for change in changes])
            retaken += [change.before.id for change in changes if isinstance(change.before, Visit)]
        elif way is _Way.REMOVE:
            writer.remove_all([change.after for change in changes])
        else:
            retaken += _put_back(writer, changes, actor)
    _refuse_orphans(writer, task.changes)
    _refuse_lockout(writer, task.changes)
    _refuse_taken_time(writer, retaken)


def _way(change: Change, brought: set[str]) -> _Way:
    if change.after is None:
        return _Way.ADD
    if change.before is not None:
        return _Way.REPLACE
    stays = isinstance(change.after, Visit) and brought.isdisjoint(_needs(change.after))
    return _Way.REPLACE if stays else _Way.REMOVE


def _needs(visit: Visit) -> set[str]:
    return {visit.service, visit.room or "", *visit.therapists, *visit.clients}


def _put_back(writer: Writer, changes: Iterable[Change], actor: Actor) -> Iterator[VisitId]:
    """Put the older value in place of the newer; yields the visits that hold time which they did not hold just now."""
    for change in changes:
        if not isinstance(change.after, Visit):
            writer.replace(change.after, change.before)
            continue
        restored = _earlier(change.before, change.after, actor)
        writer.replace(change.after, restored)
        if restored.status.holds_time and _hold(restored) != _hold(change.after):
            yield restored.id


def _earlier(before: object, after: Visit, actor: Actor) -> Visit:
    back = before if isinstance(before, Visit) else replace(after, status=VisitStatus.BOOKED_IN_ERROR)
    return replace(back, sequence=after.sequence + 1, changed_at=actor.now)


def _hold(visit: Visit) -> tuple[object, ...]:
    return (visit.status.holds_time, visit.start, visit.end, visit.service, visit.room, visit.therapists, visit.clients)


def _refuse_orphans(writer: Writer, changes: Sequence[Change]) -> None:
    removed: dict[type, list[str]] = {}
    for change in changes:
        if change.before is None and isinstance(change.after, Client | Therapist | Room):
            removed.setdefault(type(change.after), []).append(change.id)
    for type_, keys in removed.items():
        if writer.is_referred_to(type_, keys):
            raise Stale(_("A later record refers to what this would remove; take that back first."))


def _refuse_lockout(writer: Writer, changes: Sequence[Change]) -> None:
    people = any(change.kind == kind_of(Staff).name for change in changes)
    if people and not any(one.role is StaffRole.ADMINISTRATOR and not one.retired for one in writer.all(Staff)):
        raise Stale(_("Nobody would be left who looks after the clinic file; this cannot be taken back."))


def _refuse_taken_time(writer: Writer, visits: Sequence[VisitId]) -> None:
    together = set(visits)
    if any(other not in together for _visit, other in writer.overlaps(visits)):
        sentence = _("That time has been taken since; choose another one.")
        raise Refused((Verdict(outcome=Outcome.BLOCK, code="TIME_TAKEN", sentence=sentence),), sentence)

"""Writing the records: every write is a Change, an audit row, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from gettext import gettext as _
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, bindparam, delete, insert, update

from desktop.clinic.change import Actor, Change, Task, TaskId
from desktop.clinic.clients import Client
from desktop.clinic.errors import AlreadyThere, BadInput, Missing, Stale
from desktop.clinic.services import Service
from desktop.clinic.visits import Visit, VisitId
from desktop.records import audit, references
from desktop.records.reader import Reader
from desktop.records.search import forget_clients, index_clients
from desktop.records.tables import KINDS, LONGEST, Kind, body_of, chunks, kind_of, part, seconds, value_of

_BATCH = 5_000


class Writer(Reader):
    """One task's transaction: reads see its own writes; leaving commits, raising rolls everything back."""

    def __init__(
        self, connection: Connection, *, actor: Actor, label: str, audit_key: bytes, undoes: TaskId | None
    ) -> None:
        super().__init__(connection)
        self._actor, self._label, self._key, self._undoes = actor, label, audit_key, undoes
        self._id = TaskId(str(uuid4()))
        self._changes: list[Change] = []

    @property
    def task(self) -> Task:
        """What this task has changed so far; after the commit, what it changed."""
        return Task(
            id=self._id, label=self._label, user=self._actor.user, at=self._actor.now, changes=tuple(self._changes)
        )

    def add(self, value: object) -> None:
        """Keep a new value; a visit without a calendar UID is given one.

        Raises AlreadyThere when there is one of that id.
        """
        self.add_all([value])

    def add_all(self, values: Iterable[object]) -> None:
        """Keep many new values of any kinds, audited and undoable like a single one.

        Raises AlreadyThere when one of them is there already.
        """
        by_kind = _by_kind(map(_finished, values))
        for kind in KINDS:
            batch = by_kind.get(kind.name, [])
            for at in range(0, len(batch), _BATCH):
                self._insert(kind, batch[at : at + _BATCH])

    def replace(self, before: object, after: object) -> None:
        """Put a changed value in place of the one that was read.

        Raises Stale when somebody else changed it in the meantime, Missing when it is gone.
        """
        self.replace_all([(before, after)])

    def replace_all(self, pairs: Iterable[tuple[object, object]]) -> None:
        """Put many changed values of any kinds, each of another id, in place of those that were read.

        Raises Stale when somebody else changed one in the meantime, Missing when one is gone.
        """
        by_kind: dict[str, list[tuple[object, object]]] = {}
        for before, after in pairs:
            by_kind.setdefault(kind_of(type(after)).name, []).append((before, after))
        for kind in KINDS:
            for chunk in chunks(by_kind.get(kind.name, [])):
                self._update(kind, chunk)

    def remove(self, value: object) -> None:
        """Take a value out.

        Raises Stale when somebody else changed it in the meantime, Missing when it is gone.
        """
        self.remove_all([value])

    def remove_all(self, values: Iterable[object]) -> None:
        """Take many values of any kinds out, what refers to others first.

        Raises Stale when somebody else changed one in the meantime, Missing when one is gone.
        """
        by_kind = _by_kind(values)
        for kind in reversed(KINDS):
            batch = by_kind.get(kind.name, [])
            for at in range(0, len(batch), _BATCH):
                self._delete(kind, batch[at : at + _BATCH])

    def is_referred_to(self, type_: type, keys: Sequence[str]) -> bool:
        """Whether a visit or another record names one of these clients, therapists or rooms."""
        return references.is_referred_to(self._connection, type_, keys)

    def overlaps(self, visits: Sequence[VisitId]) -> Iterator[tuple[VisitId, VisitId]]:
        """Pairs of one of these visits and another that holds the same therapist's, room's or client's time."""
        return references.overlaps(self._connection, visits)

    def record(self, label: str, record: str = "") -> None:
        """Note in the audit something that changes no record: an export, a letter shown, a sign-in."""
        audit.append(self._connection, self._key, [audit.row(self._actor, self._id, label, record=record)])

    def _insert(self, kind: Kind[Any], values: Sequence[object]) -> None:
        keys = [kind.key(value) for value in values]
        if len(set(keys)) < len(keys) or any(self._bodies(kind, keys)):
            raise AlreadyThere(_("There is already a record with this id; nothing was changed."))
        rows = [
            {"id": key, "version": 1, "body": body_of(value), **kind.derived(value)}
            for key, value in zip(keys, values, strict=True)
        ]
        self._connection.execute(insert(kind.table), rows)
        self._derive(kind, values, fresh=True)
        self._note(kind, [(key, None, value) for key, value in zip(keys, values, strict=True)])

    def _update(self, kind: Kind[Any], pairs: Sequence[tuple[object, object]]) -> None:
        changed = [(kind.key(after), before, after) for before, after in pairs]
        self._expect(kind, [(key, before) for key, before, _after in changed])
        rows = [{"key": key, "body": body_of(after), **kind.derived(after)} for key, _before, after in changed]
        columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "key"}
        statement = update(kind.table).where(kind.table.c.id == bindparam("key"))
        self._connection.execute(statement.values(version=kind.table.c.version + 1, **columns), rows)
        self._derive(kind, [after for _key, _before, after in changed], fresh=False)
        self._note(kind, changed)

    def _delete(self, kind: Kind[Any], values: Sequence[object]) -> None:
        pairs = [(kind.key(value), value) for value in values]
        self._expect(kind, pairs)
        for chunk in chunks([key for key, _value in pairs]):
            self._connection.execute(delete(kind.table).where(kind.table.c.id.in_(chunk)))
        if kind.type is Client:
            forget_clients(self._connection, [key for key, _value in pairs])
        self._note(kind, [(key, value, None) for key, value in pairs])

    def _expect(self, kind: Kind[Any], pairs: Sequence[tuple[str, object]]) -> None:
        stored = dict(self._bodies(kind, [key for key, _value in pairs]))
        for key, value in pairs:
            if key not in stored:
                raise Missing
            # A body that an older program wrote may lack a field that has its default now.
            if stored[key] != body_of(value) and value_of(kind.type, stored[key]) != value:
                raise Stale

    def _derive(self, kind: Kind[Any], values: Sequence[Any], *, fresh: bool) -> None:
        if kind.type is Client:
            if not fresh:
                forget_clients(self._connection, [value.id for value in values])
            index_clients(self._connection, values)
        elif kind.type is Visit:
            if not fresh:
                self._connection.execute(delete(part).where(part.c.visit.in_([value.id for value in values])))
            self._connection.execute(insert(part), self._parts(values))

    def _parts(self, visits: Sequence[Visit]) -> list[dict[str, Any]]:
        services = {one.id: one for one in self.all(Service)}
        return [row for visit in visits for row in _parts(visit, services.get(visit.service))]

    def _note(self, kind: Kind[Any], changed: Sequence[tuple[str, object, object]]) -> None:
        self._changes += [Change(kind=kind.name, id=key, before=old, after=new) for key, old, new in changed]
        rows = [
            {
                **audit.row(self._actor, self._id, self._label, kind=kind.name, record=key, undoes=self._undoes),
                "before": None if old is None else body_of(old),
                "after": None if new is None else body_of(new),
            }
            for key, old, new in changed
        ]
        audit.append(self._connection, self._key, rows)


def _by_kind(values: Iterable[object]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for value in values:
        found.setdefault(kind_of(type(value)).name, []).append(value)
    return found


def _finished(value: object) -> object:
    if isinstance(value, Visit) and not value.uid:
        return replace(value, uid=str(uuid4()))
    return value


def _parts(visit: Visit, service: Service | None) -> list[dict[str, Any]]:
    before = timedelta(minutes=service.buffer_before if service else 0)
    after = timedelta(minutes=service.buffer_after if service else 0)
    if before > LONGEST or visit.end - visit.start + after > LONGEST:
        raise BadInput("end", _("a visit with its buffers lasts at most 24 hours; book each day on its own."))
    clients = set(visit.clients)
    everyone = dict.fromkeys((*visit.therapists, *([visit.room] if visit.room else ()), *visit.clients))
    return [
        {
            "visit": visit.id,
            "resource": resource,
            "start": seconds(visit.start),
            "end": seconds(visit.end),
            "busy_from": seconds(visit.start if resource in clients else visit.start - before),
            "busy_to": seconds(visit.end if resource in clients else visit.end + after),
            "holds": visit.status.holds_time,
        }
        for resource in everyone
    ]

"""Writing the records: every write is a Change, an audit row, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select, update

from desktop.clinic.change import Actor, Change, Task, TaskId
from desktop.clinic.clients import Client
from desktop.clinic.errors import AlreadyThere, Missing, Stale
from desktop.clinic.services import Service
from desktop.clinic.visits import Visit
from desktop.records import audit
from desktop.records.reader import Reader
from desktop.records.search import forget_client, index_clients
from desktop.records.tables import Kind, body_of, kind_of, part, seconds

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
        by_kind: dict[str, list[object]] = {}
        for value in values:
            by_kind.setdefault(kind_of(type(value)).name, []).append(_finished(value))
        for batch in by_kind.values():
            for at in range(0, len(batch), _BATCH):
                self._insert(batch[at : at + _BATCH])

    def replace(self, before: object, after: object) -> None:
        """Put a changed value in place of the one that was read.

        Raises Stale when somebody else changed it in the meantime, Missing when it is gone.
        """
        kind = kind_of(type(after))
        key = kind.key(after)
        self._expect(kind, key, before)
        row = {"body": body_of(after), "version": kind.table.c.version + 1, **kind.derived(after)}
        self._connection.execute(update(kind.table).where(kind.table.c.id == key).values(row))
        self._derive(kind, [after], fresh=False)
        self._note(kind, [(key, before, after)])

    def remove(self, value: object) -> None:
        """Take a value out.

        Raises Stale when somebody else changed it in the meantime, Missing when it is gone.
        """
        kind = kind_of(type(value))
        key = kind.key(value)
        self._expect(kind, key, value)
        self._connection.execute(delete(kind.table).where(kind.table.c.id == key))
        if isinstance(value, Client):
            forget_client(self._connection, value.id)
        self._note(kind, [(key, value, None)])

    def record(self, label: str, record: str = "") -> None:
        """Note in the audit something that changes no record: an export, a letter shown, a sign-in."""
        audit.append(self._connection, self._key, [audit.row(self._actor, self._id, label, record=record)])

    def _insert(self, values: Sequence[object]) -> None:
        kind = kind_of(type(values[0]))
        keys = [kind.key(value) for value in values]
        if len(set(keys)) < len(keys) or self.many(kind.type, keys):
            raise AlreadyThere
        rows = [
            {"id": key, "version": 1, "body": body_of(value), **kind.derived(value)}
            for key, value in zip(keys, values, strict=True)
        ]
        self._connection.execute(insert(kind.table), rows)
        self._derive(kind, values, fresh=True)
        self._note(kind, [(key, None, value) for key, value in zip(keys, values, strict=True)])

    def _expect(self, kind: Kind[Any], key: str, value: object) -> None:
        stored = self._connection.execute(select(kind.table.c.body).where(kind.table.c.id == key)).scalar_one_or_none()
        if stored is None:
            raise Missing
        if stored != body_of(value):
            raise Stale

    def _derive(self, kind: Kind[Any], values: Sequence[Any], *, fresh: bool) -> None:
        if kind.type is Client:
            for value in () if fresh else values:
                forget_client(self._connection, value.id)
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


def _finished(value: object) -> object:
    if isinstance(value, Visit) and not value.uid:
        return replace(value, uid=str(uuid4()))
    return value


def _parts(visit: Visit, service: Service | None) -> list[dict[str, Any]]:
    before = timedelta(minutes=service.buffer_before if service else 0)
    after = timedelta(minutes=service.buffer_after if service else 0)
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

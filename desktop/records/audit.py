"""The audit: a row for every change in the same transaction, chained by a keyed hash so that tampering shows."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, Row, func, insert, select

from desktop.clinic.change import Actor, TaskId, UserId
from desktop.records.tables import audit

_FIELDS = ("number", "task", "at", "user", "label", "undoes", "kind", "record", "before", "after")
_START = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One row of the audit, without the bodies."""

    number: int
    task: TaskId
    at: datetime
    user: UserId
    label: str
    kind: str
    record: str


def audit_key(key: bytes) -> bytes:
    """The key of the chain, derived from the data key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"audit").derive(key)


def append(connection: Connection, key: bytes, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the rows to the end of the chain."""
    if not rows:
        return
    last = connection.execute(select(audit.c.number, audit.c.mac).order_by(audit.c.number.desc()).limit(1)).first()
    number, mac = (0, _START) if last is None else (last.number, last.mac)
    chained = []
    for row in rows:
        number += 1
        mac = _mac(key, mac, {**row, "number": number})
        chained.append({**row, "number": number, "mac": mac})
    connection.execute(insert(audit), chained)


def row(actor: Actor, task: TaskId, label: str, **fields: str | None) -> dict[str, Any]:
    """One audit row of a task."""
    blank: dict[str, Any] = {"undoes": None, "kind": "", "record": "", "before": None, "after": None}
    return {**blank, "task": task, "at": actor.now.isoformat(), "user": actor.user, "label": label, **fields}


def broken_at(connection: Connection, key: bytes) -> int | None:
    """The number of the first row that was changed, removed or put in from outside; None when the chain is whole."""
    mac = _START
    for expected, found in enumerate(connection.execute(select(audit).order_by(audit.c.number)), 1):
        mac = _mac(key, mac, {name: getattr(found, name) for name in _FIELDS})
        if found.number != expected or not hmac.compare_digest(mac, found.mac):
            return expected
    return None


def events(connection: Connection, *, record: str | None = None, limit: int = 500) -> tuple[Event, ...]:
    """The newest rows, of one record if it is given."""
    query = select(audit).order_by(audit.c.number.desc()).limit(limit)
    found = connection.execute(query if record is None else query.where(audit.c.record == record))
    return tuple(event(one) for one in found)


def task_rows(connection: Connection, task: TaskId) -> Sequence[Row[Any]]:
    """Every row of that task, oldest first."""
    return connection.execute(select(audit).where(audit.c.task == task).order_by(audit.c.number)).all()


def task_ends(connection: Connection) -> Iterator[Event]:
    """The last change of every task that changed something, newest task first; read only as far as they are asked for."""
    before = None
    while True:
        query = select(audit).where(audit.c.kind != "").order_by(audit.c.number.desc()).limit(1)
        last = connection.execute(query if before is None else query.where(audit.c.number < before)).first()
        if last is None:
            return
        yield event(last)
        # One writer at a time: a task's rows lie together, so the next task ends before this one begins.
        first = select(func.min(audit.c.number)).where(audit.c.task == last.task)
        before = connection.execute(first).scalar_one()


def undoable_task(connection: Connection, user: UserId) -> TaskId | None:
    """The newest task of that user that changed something, is no undo itself and was not undone."""
    undone = select(audit.c.undoes).where(audit.c.undoes.is_not(None))
    query = (
        select(audit.c.task)
        .where(audit.c.user == user, audit.c.kind != "", audit.c.undoes.is_(None), audit.c.task.not_in(undone))
        .order_by(audit.c.number.desc())
        .limit(1)
    )
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else TaskId(found)


def event(found: Row[Any]) -> Event:
    """One row without its bodies."""
    return Event(
        number=found.number,
        task=TaskId(found.task),
        at=datetime.fromisoformat(found.at),
        user=UserId(found.user),
        label=found.label,
        kind=found.kind,
        record=found.record,
    )


def _mac(key: bytes, before: str, fields: Mapping[str, Any]) -> str:
    text = json.dumps([fields[name] for name in _FIELDS], ensure_ascii=True, separators=(",", ":"))
    return hmac.new(key, before.encode() + text.encode(), "sha256").hexdigest()

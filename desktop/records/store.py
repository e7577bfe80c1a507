"""The clinic file, open: one transaction for each task, undo, audit, and a hash over everything."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from gettext import gettext as _
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from desktop.clinic.change import Actor, Task, TaskId, UserId
from desktop.clinic.errors import AlreadyThere, CannotOpen, NewerThanProgram, NotAClinicFile
from desktop.records import audit, migrations, tasks
from desktop.records.engine import check_file, create_file, engine_for, plain_errors, remove_file
from desktop.records.files import keep_private
from desktop.records.reader import Reader
from desktop.records.search import ClientLine
from desktop.records.tables import KINDS
from desktop.records.undo import take_back
from desktop.records.writer import Writer

__all__ = ["ClientLine", "Reader", "Store", "Writer", "create_store", "open_store"]


class Store:
    """An open clinic file; may be used from several threads: readers run beside the one writer."""

    def __init__(self, engine: Engine, key: bytes, path: Path) -> None:
        self.path = path
        self._engine = engine
        self._key = key
        self._audit_key = audit.audit_key(key)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """Read within one snapshot."""
        with self._connected(write=False) as connection:
            yield Reader(connection)

    @contextmanager
    def writing(self, actor: Actor, label: str, *, undoes: TaskId | None = None) -> Iterator[Writer]:
        """Change the records in one transaction: leaving commits, raising rolls everything back.

        `label` is what the Undo menu shows. Raises what the task raises.
        """
        with self._connected(write=True) as connection:
            yield Writer(connection, actor=actor, label=label, audit_key=self._audit_key, undoes=undoes)

    def tasks(self, limit: int = 50) -> tuple[Task, ...]:
        """The newest tasks that changed something, newest first."""
        with self._connected(write=False) as connection:
            return tasks.newest(connection, limit)

    def undoable(self, user: UserId) -> Task | None:
        """The newest task of that user that can be undone: not an undo itself, and not undone already."""
        with self._connected(write=False) as connection:
            return tasks.undoable(connection, user)

    def undo(self, actor: Actor, task_id: TaskId) -> Task:
        """Take a task back in one step; undoing the undo does it again.

        A visit stays on record: one that was booked becomes "booked in error", and its calendar sequence rises; only
        visits that were brought in together with their clients go with them.
        Raises Missing when there is no such task, Stale when a record was changed since or another one needs it by now,
        Refused when the time of a visit has been taken since.
        """
        with self._connected(write=False) as connection:
            task = tasks.task(connection, task_id)
        with self.writing(actor, _("Undo: {task}").format(task=task.label), undoes=task_id) as writer:
            take_back(writer, task, actor)
        return writer.task

    def broken_audit_row(self) -> int | None:
        """The number of the first audit row that was tampered with; None when the chain is whole."""
        with self._connected(write=False) as connection:
            return audit.broken_at(connection, self._audit_key)

    def problems(self) -> tuple[str, ...]:
        """What a full check of the file finds wrong, in plain words; empty when it is sound."""
        damaged = _("The file's structure is damaged.")
        try:
            with plain_errors():
                return tuple(self._found_wrong(damaged))
        except NotAClinicFile:
            return (damaged,)

    def _found_wrong(self, damaged: str) -> Iterator[str]:
        if self._sealed_pages_broken():
            yield _("A page of the file was changed from outside.")
        with self._connected(write=False) as connection:
            if connection.exec_driver_sql("PRAGMA integrity_check").scalars().first() != "ok":
                yield damaged
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                yield _("A visit's parts do not belong to a visit.")
        row = self.broken_audit_row()
        if row is not None:
            yield _("The audit was changed from outside at row {number}.").format(number=row)

    def dump_hash(self) -> str:
        """A hash over every record, the same for two files that hold the same."""
        with self._connected(write=False) as connection:
            return _dump_hash(connection)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def copy_into(self, other: Path) -> str:
        """Write a consistent copy of the whole file, encrypted with the same key, while others work on.

        Returns the hash of what the copy must hold. Raises FileExistsError when there is a file of that name, OSError when
        the folder cannot be written to, Unavailable when the disk is full.
        """
        create_file(other, self._key)
        target = engine_for(other, self._key)
        try:
            with self._connected(write=False) as connection, closing(target.raw_connection()) as copy:
                # In the snapshot that is hashed here, which the copy then reads, too.
                promised = _dump_hash(connection)
                connection.connection.driver_connection.backup(copy.driver_connection)  # type: ignore[union-attr]
        except BaseException:
            target.dispose()
            remove_file(other)
            raise
        target.dispose()
        return promised

    def _sealed_pages_broken(self) -> bool:
        connection = self._engine.raw_connection()
        try:
            # The page check reads the file past the write-ahead log, so the log is written back first.
            connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
            return connection.driver_connection.execute("PRAGMA cipher_integrity_check").fetchone() is not None  # type: ignore[union-attr]
        finally:
            connection.close()

    @contextmanager
    def _connected(self, *, write: bool) -> Iterator[Connection]:
        with plain_errors(), self._engine.connect() as plain:
            connection = plain.execution_options(write=write)
            with connection.begin():
                yield connection


def create_store(path: Path, key: bytes) -> Store:
    """Make a new clinic file with all tables and open it.

    Raises AlreadyThere when there is a file of that name, CannotOpen when the folder cannot be written.
    """
    keep_private()
    try:
        create_file(path, key)
    except FileExistsError:
        raise AlreadyThere from None
    except OSError as error:
        raise CannotOpen(_("The folder cannot be written to; choose another one.")) from error
    engine = engine_for(path, key)
    try:
        _migrate(engine, migrations.STEPS)
    except BaseException:
        engine.dispose()
        remove_file(path)
        raise
    return Store(engine, key, path)


def open_store(
    path: Path,
    key: bytes,
    *,
    before_upgrade: Callable[[Store], object] | None = None,
    steps: migrations.Steps = migrations.STEPS,
) -> Store:
    """Open a clinic file with its data key; one written by an older program is upgraded after `before_upgrade` saved it.

    An upgrade that fails leaves the file as it was.
    Raises CannotOpen when there is no such file or it cannot be reached, NotAClinicFile, NewerThanProgram.
    """
    keep_private()
    if not path.is_file():
        raise CannotOpen(_("There is no file at that place; check the name and whether the drive is connected."))
    check_file(path, key)
    engine = engine_for(path, key)
    store = Store(engine, key, path)
    try:
        revision = _revision(engine)
        if revision not in steps.revisions:
            raise NewerThanProgram
        if revision != steps.newest:
            if before_upgrade is not None:
                before_upgrade(store)
            _migrate(engine, steps)
    except BaseException:
        store.close()
        raise
    return store


def _revision(engine: Engine) -> str:
    with plain_errors(), engine.connect() as connection:
        # A file whose making was cut short has no tables at all.
        if connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").first() is None:
            raise NotAClinicFile
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def _migrate(engine: Engine, steps: migrations.Steps) -> None:
    with plain_errors(), engine.connect() as plain:
        connection = plain.execution_options(write=True)
        with connection.begin():
            migrations.upgrade(connection, steps)
            if connection.exec_driver_sql("PRAGMA integrity_check").scalars().first() != "ok":
                raise NotAClinicFile


def _dump_hash(connection: Connection) -> str:
    digest = hashlib.sha256()
    for kind in KINDS:
        query = select(kind.table.c.id, kind.table.c.body).order_by(kind.table.c.id)
        for key, body in connection.execute(query):
            digest.update(f"{kind.name}\0{key}\0{body}\0".encode())
    return digest.hexdigest()

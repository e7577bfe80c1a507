"""The one module that speaks SQLCipher: connecting, pragmas, and what its errors mean to the user."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from gettext import gettext as _
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from desktop.clinic.errors import CannotOpen, ClinicError, NotAClinicFile, Unavailable

# "hand" in ASCII: marks the file as ours inside the encrypted header.
APPLICATION_ID = 0x68616E64

# SQLite 3.7.0 to 3.51.2 can lose commits of a WAL database with two connections (sqlite.org/wal.html#walresetbug).
_OLDEST = (3, 51, 3)

# cipher_memory_security stays off: Python keeps the same text in memory anyway, and an import would take thrice as long.
_PRAGMAS = (
    "synchronous=FULL",
    "fullfsync=1",
    "checkpoint_fullfsync=1",
    "foreign_keys=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
    "cache_size=-65536",
)


def engine_for(path: Path, key: bytes) -> Engine:
    """An engine on the encrypted file; transactions begin IMMEDIATE when the connection has the option `write`."""
    engine = create_engine(
        "sqlite+pysqlite://",
        module=driver,
        creator=_creator(path, key),
        poolclass=QueuePool,
        pool_size=6,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def create_file(path: Path, key: bytes) -> None:
    """Make an empty encrypted file in WAL mode, readable by its owner alone; the log beside it inherits that.

    Raises FileExistsError when there is one already, OSError when the folder cannot be written to.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with plain_errors(), closing(_creator(path, key)()) as connection:
            # Set once, here: the switch ignores the busy timeout and fails inside a transaction.
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    except BaseException:
        remove_file(path)
        raise


def remove_file(path: Path) -> None:
    """Take away a file that could not be finished, with its log."""
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def check_file(path: Path, key: bytes) -> None:
    """Prove that the file is a clinic file, really encrypted, and opens with this key.

    Raises NotAClinicFile, CannotOpen.
    """
    with plain_errors(), closing(_creator(path, key)()) as connection:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise NotAClinicFile


@contextmanager
def plain_errors() -> Iterator[None]:
    """Say in a sentence what the driver reports of the disk and the file; any other error of it is our own mistake.

    Raises Unavailable when the disk is full, the drive is gone or the file is locked; NotAClinicFile when it is damaged.
    """
    try:
        yield
    except (driver.Error, DBAPIError) as error:
        plain = _plain(error.orig if isinstance(error, DBAPIError) else error)
        if plain is None:
            raise
        raise plain from None


def _plain(error: BaseException | None) -> ClinicError | None:
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return NotAClinicFile()
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Unavailable(_("Another program is writing to the clinic file; nothing was changed. Try again."))
    if name.startswith("SQLITE_FULL"):
        return Unavailable(_("The disk is full; nothing was changed. Free some space and try again."))
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM")):
        return Unavailable(_("The clinic file cannot be reached or written; nothing was changed. Check the drive."))
    return None


def prove(connection: Any, version: tuple[int, ...]) -> None:  # noqa: ANN401
    """Prove that this connection encrypts and that its SQLite, of that version, loses no commits.

    Raises CannotOpen.
    """
    status = connection.execute("PRAGMA cipher_status").fetchone()
    if version < _OLDEST or status is None or str(status[0]) != "1":
        raise CannotOpen(_("The database driver on this computer is not safe to use; install Warm Handoff again."))


def _creator(path: Path, key: bytes) -> Callable[[], Any]:
    secret = f"x'{key.hex()}'"
    # Never made by accident: a file that has vanished meanwhile would come back empty.
    posix = path.absolute().as_posix()
    address = f"file://{'' if posix.startswith('/') else '/'}{quote(posix)}?mode=rw"

    def connect() -> Any:  # noqa: ANN401
        connection = driver.connect(address, timeout=30, isolation_level=None, check_same_thread=False, uri=True)
        try:
            connection.execute("PRAGMA cipher_log_level=NONE")
            connection.set_key(secret)
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            prove(connection, driver.sqlite_version_info)
        except BaseException:
            connection.close()
            raise
        return connection

    return connect

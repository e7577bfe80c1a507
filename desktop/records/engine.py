"""The one module that speaks SQLCipher: connecting, pragmas, full-text table."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from desktop.clinic.errors import NotAClinicFile

# "hand" in ASCII: marks the file as ours inside the encrypted header.
APPLICATION_ID = 0x68616E64

# SQLite 3.7.0 to 3.51.2 can lose commits of a WAL database with two connections (sqlite.org/wal.html#walresetbug).
_OLDEST = (3, 51, 3)

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

SEARCH_TABLE = (
    "CREATE VIRTUAL TABLE client_search USING fts5("
    "words, id UNINDEXED, listed UNINDEXED, called UNINDEXED, birth_date UNINDEXED, phone UNINDEXED, status UNINDEXED, "
    "tokenize=\"unicode61 remove_diacritics 2\", prefix='1 2 3')"
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
    """Make an empty encrypted file in WAL mode, readable by its owner alone.

    Raises FileExistsError when there is one already.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = _creator(path, key)()
    # Set once, here: the switch ignores the busy timeout and fails inside a transaction.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.close()


def check_file(path: Path, key: bytes) -> None:
    """Prove that the file is a clinic file, really encrypted, and opens with this key.

    Raises NotAClinicFile.
    """
    connection = _creator(path, key)()
    try:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise NotAClinicFile
    finally:
        connection.close()


def _creator(path: Path, key: bytes) -> Callable[[], Any]:
    secret = f"x'{key.hex()}'"

    def connect() -> Any:  # noqa: ANN401
        connection = driver.connect(str(path), timeout=30, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA cipher_log_level=NONE")
            connection.set_key(secret)
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            _prove(connection)
        except driver.DatabaseError:
            connection.close()
            raise NotAClinicFile from None
        return connection

    return connect


def _prove(connection: Any) -> None:  # noqa: ANN401
    if driver.sqlite_version_info < _OLDEST:
        message = f"SQLite {driver.sqlite_version} can lose commits; install sqlcipher3 0.6.4 or newer"
        raise RuntimeError(message)
    status = connection.execute("PRAGMA cipher_status").fetchone()
    if status is None or str(status[0]) != "1":
        message = "the database driver does not encrypt"
        raise RuntimeError(message)

"""What the file's engine promises, and what the user reads when the disk or the drive does not play along."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from desktop.clinic.clients import Client
from desktop.clinic.errors import CannotOpen, NotAClinicFile, Unavailable
from desktop.records.engine import engine_for, prove
from desktop.records.store import Store, create_store
from tests.records.samples import client_of, kept


def _pragma(store: Store, pragma: str) -> None:
    """Set it on the one connection that the store has open."""
    connection = store._engine.raw_connection()
    connection.cursor().execute(f"PRAGMA {pragma}")
    connection.close()


def test_a_driver_that_does_not_encrypt_is_refused() -> None:
    """The standard library's SQLite takes a key without a word and writes plain text."""
    plain = sqlite3.connect(":memory:")
    with pytest.raises(CannotOpen, match="not safe"):
        prove(plain, (3, 53, 0))
    plain.close()


def test_an_sqlite_that_can_lose_commits_is_refused(store: Store) -> None:
    """3.51.2 and older (sqlite.org/wal.html#walresetbug)."""
    connection = store._engine.raw_connection()
    with pytest.raises(CannotOpen, match="not safe"):
        prove(connection.driver_connection, (3, 51, 2))
    prove(connection.driver_connection, (3, 51, 3))
    connection.close()


@pytest.mark.parametrize(
    ("pragma", "said"), [("max_page_count=1", "disk is full"), ("query_only=ON", "cannot be reached or written")]
)
def test_a_full_disk_or_a_write_protected_file_is_told(store: Store, pragma: str, said: str) -> None:
    """A sentence, and nothing half done: the next look finds the file as it was."""
    kept(store, client_of())
    before = store.dump_hash()
    _pragma(store, pragma)
    with pytest.raises(Unavailable, match=said):
        kept(store, *(client_of(number) for number in range(2, 400)))
    assert store.dump_hash() == before
    with store.reading() as reader:
        assert reader.count(Client) == 1


def test_another_program_that_writes_for_too_long_is_told(store: Store, blank_file: tuple[Path, bytes]) -> None:
    """After the wait, here cut short, nothing is changed."""
    kept(store, client_of())
    _pragma(store, "busy_timeout=0")
    other = engine_for(store.path, blank_file[1])
    with other.connect() as plain:
        holding = plain.execution_options(write=True)
        with holding.begin(), pytest.raises(Unavailable, match="Another program"):
            kept(store, client_of(2))
    other.dispose()
    with store.reading() as reader:
        assert reader.count(Client) == 1


def test_a_file_that_vanishes_does_not_come_back_empty(store: Store) -> None:
    """A drive that was pulled out must not be answered with a new, empty file."""
    store.close()
    store.path.unlink()
    with pytest.raises(Unavailable, match="cannot be reached"), store.reading() as reader:
        reader.count(Client)
    assert not store.path.exists()


@pytest.mark.parametrize("name", ["a b.handoff", "50% off?#1.handoff", "Łódź 王.handoff", "it's.handoff"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    """Spaces, signs and letters of every script."""
    create_store(tmp_path / name, bytes(32)).close()
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_half_made_file_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the tables cannot be made, the name is free again."""
    monkeypatch.setattr(driver, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(CannotOpen, match="not safe"):
        create_store(tmp_path / "a.handoff", bytes(32))
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_not_read_on(store: Store) -> None:
    """The first page that does not fit its seal ends the reading."""
    kept(store, *(client_of(number) for number in range(300)))
    store.close()
    data = bytearray(store.path.read_bytes())
    for at in range(8192, len(data), 4096):
        data[at + 100] ^= 1
    store.path.write_bytes(data)
    with pytest.raises(NotAClinicFile), store.reading() as reader:
        reader.all(Client)
    assert store.problems() != ()

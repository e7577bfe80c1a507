"""Backups: whole although others work on, checked, and never in the way."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from desktop.clinic.change import UserId
from desktop.clinic.errors import AlreadyThere, CannotOpen, KeysMissing
from desktop.office import access
from desktop.records.backup import back_up
from desktop.records.engine import engine_for
from desktop.records.store import Store, open_store
from desktop.records.vault import key_file
from tests.conftest import NOW, PASSPHRASE, ROSA
from tests.records.samples import client_of, kept


def test_a_backup_equals_the_file(store: Store, blank_file: tuple[Path, bytes], tmp_path: Path) -> None:
    """It opens with the same key, holds the same, and never replaces another backup."""
    kept(store, client_of())
    target = tmp_path / "copy.handoff"
    back_up(store, blank_file[1], target)
    with pytest.raises(AlreadyThere):
        back_up(store, blank_file[1], target)
    copy = open_store(target, blank_file[1])
    assert copy.dump_hash() == store.dump_hash()
    copy.close()
    assert {one.stat().st_mode & 0o777 for one in (target, key_file(target))} == {0o600}


def test_a_backup_is_unlocked_with_the_same_passphrase(
    store: Store, blank_file: tuple[Path, bytes], tmp_path: Path
) -> None:
    """The keys go with it."""
    back_up(store, blank_file[1], tmp_path / "copy.handoff")
    access.unlock(tmp_path / "copy.handoff", UserId(ROSA.user), PASSPHRASE, now=NOW).close()


def test_a_backup_is_whole_while_others_write(store: Store, blank_file: tuple[Path, bytes], tmp_path: Path) -> None:
    """Each is the state of one moment, and never called unequal for what came after it."""
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            kept(store, client_of(number))

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for number in range(8):
            back_up(store, blank_file[1], tmp_path / f"copy{number}.handoff")
    finally:
        stop.set()
        writer.join()


class _Forgetful(Store):
    """A store whose copy does not hold what was promised."""

    def copy_into(self, other: Path) -> str:
        """The copy, and the hash of something else."""
        super().copy_into(other)
        return "0" * 64


def test_a_copy_that_is_not_equal_is_refused_and_taken_away(
    store: Store, blank_file: tuple[Path, bytes], tmp_path: Path
) -> None:
    """Nothing that looks like a backup stays."""
    forgetful = _Forgetful(engine_for(store.path, blank_file[1]), blank_file[1], store.path)
    with pytest.raises(CannotOpen, match="does not equal"):
        back_up(forgetful, blank_file[1], tmp_path / "copy.handoff")
    forgetful.close()
    assert [one.name for one in tmp_path.iterdir() if "copy" in one.name] == []


def test_a_backup_that_cannot_be_written_leaves_nothing(
    store: Store, blank_file: tuple[Path, bytes], tmp_path: Path
) -> None:
    """No folder, or no keys to go with it."""
    with pytest.raises(CannotOpen, match="cannot be written"):
        back_up(store, blank_file[1], tmp_path / "no such folder" / "copy.handoff")
    key_file(store.path).unlink()
    with pytest.raises(KeysMissing):
        back_up(store, blank_file[1], tmp_path / "copy.handoff")
    assert [one.name for one in tmp_path.iterdir() if "copy" in one.name] == []

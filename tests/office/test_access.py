"""Making a clinic file, unlocking it, and letting others in."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from desktop.clinic.change import Actor, UserId
from desktop.clinic.errors import (
    AlreadyThere,
    BadInput,
    CannotOpen,
    KeysMissing,
    NotAllowed,
    Stale,
    WrongPassphrase,
)
from desktop.clinic.practice import Practice
from desktop.clinic.staff import Staff, StaffRole
from desktop.office import access
from desktop.records.store import Store
from desktop.records.vault import key_file
from tests.conftest import CHEAP, NOW, PASSPHRASE, ROSA

NEW_WORDS = "nine tin drums march by"


def _made(path: Path, passphrase: str = PASSPHRASE) -> tuple[Store, str]:
    return access.new_clinic(
        path, user=ROSA.user, name="Rosa", passphrase=passphrase, practice=Practice(name="W"), now=NOW, cost=CHEAP
    )


def test_a_new_clinic_has_one_administrator_and_no_other_way_in(tmp_path: Path) -> None:
    """No default account, no default passphrase."""
    made, recovery = _made(tmp_path / "a.handoff")
    with made.reading() as reader:
        assert reader.all(Staff) == (Staff(id=ROSA.user, name="Rosa", role=StaffRole.ADMINISTRATOR),)
    made.close()
    assert access.users(tmp_path / "a.handoff") == (ROSA.user,)
    assert len(recovery.split("-")) == 8


def test_unlocking_stands_in_the_audit(store: Store) -> None:
    """Who opened the file, and when."""
    opened = access.unlock(store.path, ROSA.user, PASSPHRASE, now=NOW)
    with opened.reading() as reader:
        newest = reader.events(limit=1)[0]
    opened.close()
    assert (newest.label, newest.user, newest.at) == ("Unlock", "rosa", NOW)


def test_a_failed_start_leaves_no_half_made_clinic(tmp_path: Path) -> None:
    """A short passphrase, a wrong name or a folder that is not there leave nothing behind."""
    with pytest.raises(BadInput, match="passphrase"):
        _made(tmp_path / "a.handoff", "short")
    with pytest.raises(BadInput, match="ends in"):
        _made(tmp_path / "a.txt")
    with pytest.raises(CannotOpen):
        _made(tmp_path / "no such folder" / "a.handoff")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Neither a clinic file nor a key file whose clinic file is away."""
    made, _ = _made(tmp_path / "a.handoff")
    made.close()
    keys = key_file(tmp_path / "a.handoff").read_bytes()
    with pytest.raises(AlreadyThere):
        _made(tmp_path / "a.handoff")
    (tmp_path / "a.handoff").unlink()
    with pytest.raises(AlreadyThere):
        _made(tmp_path / "a.handoff")
    assert key_file(tmp_path / "a.handoff").read_bytes() == keys


def test_the_recovery_key_gives_a_new_passphrase(tmp_path: Path) -> None:
    """Somebody who forgot theirs gets in with the printed sheet."""
    made, recovery = _made(tmp_path / "a.handoff")
    made.close()
    again = access.recover(tmp_path / "a.handoff", recovery, user=ROSA.user, passphrase=NEW_WORDS, now=NOW, cost=CHEAP)
    again.close()
    access.unlock(tmp_path / "a.handoff", ROSA.user, NEW_WORDS, now=NOW).close()
    with pytest.raises(WrongPassphrase):
        access.unlock(tmp_path / "a.handoff", ROSA.user, PASSPHRASE, now=NOW)


def test_recovery_is_for_users_of_the_file_and_stands_in_the_audit(tmp_path: Path) -> None:
    """The printed sheet lets nobody in who was never a user, and a weak passphrase changes nothing."""
    path = tmp_path / "a.handoff"
    made, recovery = _made(path)
    made.close()
    keys = key_file(path).read_bytes()
    with pytest.raises(WrongPassphrase):
        access.recover(path, recovery, user=UserId("mallory"), passphrase=NEW_WORDS, now=NOW, cost=CHEAP)
    with pytest.raises(BadInput, match="12 to 128"):
        access.recover(path, recovery, user=ROSA.user, passphrase="short", now=NOW, cost=CHEAP)
    with pytest.raises(CannotOpen, match="no file"):
        access.recover(tmp_path / "b.handoff", recovery, user=ROSA.user, passphrase=NEW_WORDS, now=NOW, cost=CHEAP)
    assert key_file(path).read_bytes() == keys
    again = access.recover(path, recovery, user=ROSA.user, passphrase=NEW_WORDS, now=NOW, cost=CHEAP)
    with again.reading() as reader:
        assert [one.label for one in reader.events(limit=2)] == ["Change passphrase", "Unlock with the recovery key"]
    again.close()


def test_who_has_left_the_practice_does_not_get_in(store: Store) -> None:
    """The right passphrase is not enough, and the sentence tells nothing."""
    ivo = Staff(id=UserId("ivo"), name="Ivo")
    access.add_user(store, ROSA, PASSPHRASE, ivo, NEW_WORDS, cost=CHEAP)
    access.unlock(store.path, ivo.id, NEW_WORDS, now=NOW).close()
    with store.writing(ROSA, "Leaves") as writer:
        writer.replace(ivo, replace(ivo, retired=True))
    with pytest.raises(WrongPassphrase) as caught:
        access.unlock(store.path, ivo.id, NEW_WORDS, now=NOW)
    assert caught.value.sentence == WrongPassphrase.__doc__


def test_only_an_administrator_lets_others_in(store: Store) -> None:
    """The front desk cannot, and neither can somebody who is only on the list with a passphrase."""
    ivo, dee = (Staff(id=UserId(name), name=name, role=StaffRole.FRONT_DESK) for name in ("ivo", "dee"))
    access.add_user(store, ROSA, PASSPHRASE, ivo, NEW_WORDS, cost=CHEAP)
    with pytest.raises(NotAllowed):
        access.add_user(store, Actor(user=ivo.id, now=NOW), NEW_WORDS, dee, NEW_WORDS, cost=CHEAP)
    assert access.users(store.path) == (ivo.id, ROSA.user)


def test_somebody_on_the_staff_list_is_given_a_passphrase(store: Store) -> None:
    """The list is brought up to date with what was typed; the audit tells for whom it was."""
    dee = Staff(id=UserId("dee"), name="Dee")
    with store.writing(ROSA, "Hire") as writer:
        writer.add(dee)
    access.add_user(store, ROSA, PASSPHRASE, replace(dee, name="Dee Desk"), NEW_WORDS, cost=CHEAP)
    with store.reading() as reader:
        assert reader.get(Staff, "dee").name == "Dee Desk"
        assert "Add user" in [one.label for one in reader.events(record="dee")]
    access.unlock(store.path, dee.id, NEW_WORDS, now=NOW).close()


def test_undo_does_not_lock_everybody_out(store: Store) -> None:
    """The very first task made the practice and its administrator; it stays."""
    task = store.tasks()[-1]
    with pytest.raises(Stale, match="Nobody would be left"):
        store.undo(ROSA, task.id)
    access.unlock(store.path, ROSA.user, PASSPHRASE, now=NOW).close()


def test_a_passphrase_that_cannot_be_written_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk: the old passphrase and the recovery key stay good, and the audit does not say otherwise."""
    path = tmp_path / "a.handoff"
    made, recovery = _made(path)
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", _no_space)
        with pytest.raises(CannotOpen, match="disk is full"):
            access.change_passphrase(made, ROSA, PASSPHRASE, NEW_WORDS, cost=CHEAP)
        with pytest.raises(CannotOpen, match="disk is full"):
            access.recover(path, recovery, user=ROSA.user, passphrase=NEW_WORDS, now=NOW, cost=CHEAP)
        with pytest.raises(CannotOpen, match="disk is full"):
            _made(tmp_path / "b.handoff")
    with made.reading() as reader:
        assert "Change passphrase" not in [one.label for one in reader.events()]
    made.close()
    access.unlock(path, ROSA.user, PASSPHRASE, now=NOW).close()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.handoff", "a.handoff.keys"]


def _no_space(_handle: int) -> None:
    raise OSError(errno.ENOSPC, "no space")


def test_a_clinic_that_cannot_be_finished_leaves_no_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys without their file would stand in the way of the next try."""
    monkeypatch.setattr(driver, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(CannotOpen, match="not safe"):
        _made(tmp_path / "a.handoff")
    assert list(tmp_path.iterdir()) == []


def test_changing_a_passphrase_asks_the_old_one(store: Store) -> None:
    """An unlocked computer alone is not enough."""
    with pytest.raises(WrongPassphrase):
        access.change_passphrase(store, ROSA, "not the old one", NEW_WORDS, cost=CHEAP)
    access.change_passphrase(store, ROSA, PASSPHRASE, NEW_WORDS, cost=CHEAP)
    access.unlock(store.path, ROSA.user, NEW_WORDS, now=NOW).close()


def test_another_person_is_let_in_with_their_own_passphrase(store: Store) -> None:
    """Only with the acting user's passphrase, and never in place of somebody else."""
    ivo = Staff(id=UserId("ivo"), name="Ivo", role=StaffRole.FRONT_DESK)
    with pytest.raises(WrongPassphrase):
        access.add_user(store, ROSA, "wrong", ivo, NEW_WORDS, cost=CHEAP)
    with pytest.raises(BadInput):
        access.add_user(store, ROSA, PASSPHRASE, ivo, "short", cost=CHEAP)
    with store.reading() as reader:
        assert reader.find(Staff, "ivo") is None
    access.add_user(store, ROSA, PASSPHRASE, ivo, NEW_WORDS, cost=CHEAP)
    access.unlock(store.path, ivo.id, NEW_WORDS, now=NOW).close()
    with pytest.raises(AlreadyThere):
        access.add_user(store, ROSA, PASSPHRASE, ivo, NEW_WORDS, cost=CHEAP)


def test_what_is_missing_is_named(store: Store, tmp_path: Path) -> None:
    """The file itself, or its keys."""
    with pytest.raises(CannotOpen, match="no file"):
        access.unlock(tmp_path / "none.handoff", ROSA.user, PASSPHRASE, now=NOW)
    key_file(store.path).unlink()
    with pytest.raises(KeysMissing, match=r"\.handoff\.keys"):
        access.unlock(store.path, ROSA.user, PASSPHRASE, now=NOW)

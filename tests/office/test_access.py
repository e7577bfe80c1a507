"""Making a clinic file, unlocking it, and letting others in."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.clinic.change import UserId
from desktop.clinic.errors import AlreadyThere, BadInput, CannotOpen, KeysMissing, WrongPassphrase
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

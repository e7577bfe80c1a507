"""Keys: who can open a clinic file, and what does not help."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from desktop.clinic.change import UserId
from desktop.clinic.errors import (
    BadInput,
    CannotOpen,
    KeysMissing,
    NewerThanProgram,
    NotAClinicFile,
    WrongPassphrase,
)
from desktop.records import vault
from desktop.records.vault import Cost, key_file
from tests.conftest import CHEAP, PASSPHRASE

ROSA, IVO = UserId("rosa"), UserId("ivo")


def _keys(path: Path) -> tuple[bytes, str]:
    return vault.new_keys(path, ROSA, PASSPHRASE, cost=CHEAP)


def test_every_user_and_the_recovery_sheet_open_the_same_key(tmp_path: Path) -> None:
    """One data key, several ways to it."""
    path = tmp_path / "a.handoff"
    key, recovery = _keys(path)
    vault.set_passphrase(path, key, IVO, "seven brass kettles sing", cost=CHEAP)
    assert len(key) == 32
    assert key == vault.unwrap(path, ROSA, PASSPHRASE) == vault.unwrap(path, IVO, "seven brass kettles sing")
    assert key == vault.unwrap_with_recovery(path, recovery.lower().replace("-", "  "))
    assert vault.users(path) == (IVO, ROSA)


@pytest.mark.parametrize(
    ("user", "passphrase"), [("rosa", "quiet river stone lamp!"), ("nobody", PASSPHRASE), ("", "")]
)
def test_a_wrong_name_and_a_wrong_passphrase_say_the_same(tmp_path: Path, user: str, passphrase: str) -> None:
    """Nothing tells whether the user exists."""
    path = tmp_path / "a.handoff"
    _keys(path)
    with pytest.raises(WrongPassphrase) as caught:
        vault.unwrap(path, UserId(user), passphrase)
    assert caught.value.sentence == WrongPassphrase.__doc__


def test_composed_and_decomposed_letters_are_the_same_passphrase(tmp_path: Path) -> None:
    """Two keyboards may write é in two ways."""
    path = tmp_path / "a.handoff"
    key, _ = vault.new_keys(path, ROSA, "café lumière dorée", cost=CHEAP)
    assert key == vault.unwrap(path, ROSA, "cafe\u0301 lumie\u0300re dore\u0301e")


@pytest.mark.parametrize(
    "passphrase",
    [
        "short",
        "x" * 129,
        "aaaaaaaaaaaaaa",
        "rosa is my name here",
        "abababababab",
        "secret secret secret",
        "Correct horse battery staple",
        "Password-2026!",
        "psychotherapy1",
    ],
)
def test_a_weak_passphrase_is_refused(tmp_path: Path, passphrase: str) -> None:
    """The sentence says what to do instead, and no key file is left behind."""
    path = tmp_path / "a.handoff"
    with pytest.raises(BadInput, match="unrelated words"):
        vault.new_keys(path, ROSA, passphrase, cost=CHEAP)
    assert not key_file(path).exists()


def test_a_mistyped_recovery_key_is_told_from_a_foreign_one(tmp_path: Path) -> None:
    """Check letters catch the slip of a finger."""
    path, other = tmp_path / "a.handoff", tmp_path / "b.handoff"
    _, recovery = _keys(path)
    _, foreign = _keys(other)
    wrong = ("B" if recovery[3] != "B" else "C").join([recovery[:3], recovery[4:]])
    for text in (wrong, recovery[:-1], "", "-"):
        with pytest.raises(BadInput, match="compare all eight groups"):
            vault.unwrap_with_recovery(path, text)
    with pytest.raises(WrongPassphrase):
        vault.unwrap_with_recovery(path, foreign)


@pytest.mark.parametrize(
    ("name", "value"),
    [("user", "ivo"), ("cost", {"memory_kib": 32, "passes": 1, "lanes": 1}), ("salt", "00" * 16), ("nonce", "00" * 12)],
)
def test_a_tampered_slot_does_not_open(tmp_path: Path, name: str, value: object) -> None:
    """A slot is bound to its user, its cost and its file."""
    path = tmp_path / "a.handoff"
    _keys(path)
    keys = json.loads(key_file(path).read_bytes())
    keys["slots"][0][name] = value
    key_file(path).write_text(json.dumps(keys))
    with pytest.raises(WrongPassphrase):
        vault.unwrap(path, UserId(keys["slots"][0]["user"]), PASSPHRASE)


def test_a_slot_of_another_file_does_not_open(tmp_path: Path) -> None:
    """Copying somebody's slot into another clinic's key file does not let them in."""
    path, other = tmp_path / "a.handoff", tmp_path / "b.handoff"
    _keys(path)
    _keys(other)
    keys, theirs = (json.loads(key_file(one).read_bytes()) for one in (path, other))
    key_file(other).write_text(json.dumps({**theirs, "slots": keys["slots"]}))
    with pytest.raises(WrongPassphrase):
        vault.unwrap(other, ROSA, PASSPHRASE)


def test_changing_a_passphrase_rewrites_one_slot(tmp_path: Path) -> None:
    """The old one no longer opens, the others' slots are untouched, nothing else lies around."""
    path = tmp_path / "a.handoff"
    key, _ = _keys(path)
    vault.set_passphrase(path, key, IVO, "seven brass kettles sing", cost=CHEAP)
    before = {one["user"]: one for one in json.loads(key_file(path).read_bytes())["slots"]}
    vault.set_passphrase(path, key, ROSA, "nine tin drums march by", cost=CHEAP)
    after = {one["user"]: one for one in json.loads(key_file(path).read_bytes())["slots"]}
    assert {user for user in after if after[user] != before[user]} == {ROSA}
    assert key == vault.unwrap(path, ROSA, "nine tin drums march by")
    with pytest.raises(WrongPassphrase):
        vault.unwrap(path, ROSA, PASSPHRASE)
    assert [one.name for one in tmp_path.iterdir()] == ["a.handoff.keys"]


def test_a_key_file_that_is_missing_or_no_key_file_says_so(tmp_path: Path) -> None:
    """Each has its own sentence."""
    path = tmp_path / "a.handoff"
    with pytest.raises(KeysMissing):
        vault.unwrap(path, ROSA, PASSPHRASE)
    for text in (
        "",
        "{}",
        "[]",
        '{"version": 1, "slots": [{}]}',
        '{"version": "x", "slots": []}',
        "\0" * 99,
        "[" * 9999,
    ):
        key_file(path).write_text(text)
        with pytest.raises(NotAClinicFile):
            vault.unwrap(path, ROSA, PASSPHRASE)
    key_file(path).write_text('{"version": 2, "database": "", "slots": []}')
    with pytest.raises(NewerThanProgram):
        vault.unwrap(path, ROSA, PASSPHRASE)
    key_file(path).unlink()
    key_file(path).mkdir()
    with pytest.raises(CannotOpen, match="cannot be read"):
        vault.unwrap(path, ROSA, PASSPHRASE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cost", None),
        ("cost", {"memory_kib": 1 << 40, "passes": 1, "lanes": 1}),
        ("cost", {"memory_kib": 64, "passes": 1 << 30, "lanes": 1}),
        ("cost", {"memory_kib": 4, "passes": 1, "lanes": 1}),
        ("cost", {"memory_kib": 64.5, "passes": 1, "lanes": 1}),
        ("cost", {"guesses": 1}),
        ("salt", ""),
        ("nonce", "zz"),
        ("wrapped", "00"),
        ("user", ["rosa"]),
        ("user", ""),
    ],
)
def test_a_hostile_slot_is_refused_before_any_work(tmp_path: Path, name: str, value: object) -> None:
    """A key file cannot make the program take all memory, run for hours, or fall over."""
    path = tmp_path / "a.handoff"
    _keys(path)
    keys = json.loads(key_file(path).read_bytes())
    keys["slots"][0][name] = value
    key_file(path).write_text(json.dumps(keys))
    for ask in (lambda: vault.unwrap(path, ROSA, PASSPHRASE), lambda: vault.users(path)):
        with pytest.raises(NotAClinicFile):
            ask()


def test_a_key_file_without_a_recovery_slot_says_so(tmp_path: Path) -> None:
    """The recovery key opens nothing there; the passphrases still do."""
    path = tmp_path / "a.handoff"
    key, recovery = _keys(path)
    keys = json.loads(key_file(path).read_bytes())
    key_file(path).write_text(json.dumps({**keys, "slots": keys["slots"][:1]}))
    with pytest.raises(NotAClinicFile):
        vault.unwrap_with_recovery(path, recovery)
    assert vault.unwrap(path, ROSA, PASSPHRASE) == key


def test_the_backup_key_is_the_files_own(tmp_path: Path) -> None:
    """Random, stays the same when a passphrase changes, and another file's data key does not open it."""
    path, other = tmp_path / "a.handoff", tmp_path / "b.handoff"
    key, _ = _keys(path)
    foreign, _ = _keys(other)
    backups = vault.backup_key(path, key)
    vault.set_passphrase(path, key, ROSA, "nine tin drums march by", cost=CHEAP)
    assert vault.backup_key(path, key) == backups
    assert len({key, backups, foreign, vault.backup_key(other, foreign)}) == 4
    with pytest.raises(WrongPassphrase):
        vault.backup_key(path, foreign)
    keys = json.loads(key_file(path).read_bytes())
    key_file(path).write_text(json.dumps({name: value for name, value in keys.items() if name != "backup"}))
    with pytest.raises(NotAClinicFile):
        vault.backup_key(path, key)


def test_an_unknown_user_costs_the_same_work(tmp_path: Path) -> None:
    """A guess at a name takes as long as a guess at a passphrase, at the cost that this file has."""
    path = tmp_path / "a.handoff"
    vault.new_keys(path, ROSA, PASSPHRASE, cost=Cost(memory_kib=16 * 1024, passes=2, lanes=1))
    known, unknown = (min(_seconds(path, UserId(user)) for _ in range(5)) for user in ("rosa", "nobody"))
    assert 0.4 < unknown / known < 2.5


def _seconds(path: Path, user: UserId) -> float:
    begin = time.perf_counter()
    with pytest.raises(WrongPassphrase):
        vault.unwrap(path, user, "not the passphrase")
    return time.perf_counter() - begin


def test_the_default_cost_is_above_the_floor() -> None:
    """RFC 9106, second recommended option: 64 MiB, three passes, four lanes."""
    assert Cost().memory_kib >= 64 * 1024
    assert Cost().passes >= 3
    assert Cost().lanes >= 4


def test_the_key_file_is_private(tmp_path: Path) -> None:
    """Only its owner can read it."""
    path = tmp_path / "a.handoff"
    _keys(path)
    assert key_file(path).stat().st_mode & 0o777 == 0o600

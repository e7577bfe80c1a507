"""Keys: one random data key opens the clinic file; each user's passphrase and the recovery sheet wrap it.

The wrapped copies ("slots") lie in a small file beside the clinic file. Changing a passphrase rewrites one slot only.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any
from uuid import uuid4

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from desktop.clinic.change import UserId
from desktop.clinic.errors import CannotOpen, KeysMissing, NewerThanProgram, NotAClinicFile, WrongPassphrase
from desktop.records.files import write_whole
from desktop.records.passphrase import fit, normal
from desktop.records.recovery import SIZE, heard, spoken

_VERSION = 1
_RECOVERY = ""
# A key file that asks for more was not written by this program; trying it would only exhaust the computer.
_MOST_MEMORY_KIB, _MOST_PASSES = 4 * 1024 * 1024, 64
_SALT, _NONCE, _TAG = 16, 12, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What it costs to try a passphrase (Argon2id, RFC 9106); the default takes 0.3 to 0.7 s on two cores."""

    memory_kib: int = 128 * 1024
    passes: int = 3
    lanes: int = 4


def key_file(path: Path) -> Path:
    """Where the wrapped keys of a clinic file lie."""
    return path.with_name(path.name + ".keys")


def key_bytes(path: Path) -> bytes:
    """What the key file of a clinic file holds.

    Raises KeysMissing, CannotOpen when it cannot be read.
    """
    try:
        return key_file(path).read_bytes()
    except FileNotFoundError:
        raise KeysMissing from None
    except OSError:
        raise CannotOpen(_("The key file beside the clinic file cannot be read; ask who looks after it.")) from None


def new_keys(path: Path, user: UserId, passphrase: str, *, cost: Cost | None = None) -> tuple[bytes, str]:
    """Make a data key for a new clinic file and write its key file; return the key and the recovery text to print once.

    Raises BadInput when the passphrase is too short or too well known, CannotOpen when the folder cannot be written to.
    """
    key, recovery = secrets.token_bytes(SIZE), secrets.token_bytes(SIZE)
    database = str(uuid4())
    slots = [
        _slot(database, user, key, passphrase=fit(passphrase, user), cost=cost or Cost()),
        _slot(database, UserId(_RECOVERY), key, recovery=recovery),
    ]
    _write(path, {"version": _VERSION, "database": database, "slots": slots, "backup": _new_backup(database, key)})
    return key, spoken(recovery)


def unwrap(path: Path, user: UserId, passphrase: str) -> bytes:
    """The data key, by a user's passphrase.

    Raises WrongPassphrase, with the same words and the same work for an unknown user; KeysMissing; NotAClinicFile.
    """
    keys = _read(path)
    people = [one for one in keys["slots"] if one["user"] != _RECOVERY]
    slot = next((one for one in people if one["user"] == user), None)
    if slot is None:
        _stretched(passphrase, os.urandom(_SALT), Cost(**people[0]["cost"]) if people else Cost())
        raise WrongPassphrase
    return _opened(keys["database"], slot, _stretched(passphrase, _bytes(slot["salt"]), Cost(**slot["cost"])))


def unwrap_with_recovery(path: Path, text: str) -> bytes:
    """The data key, by the recovery text; spaces, dashes and letter case do not matter.

    Raises BadInput when the text was mistyped, WrongPassphrase when it belongs to another clinic file.
    """
    keys = _read(path)
    slot = next((one for one in keys["slots"] if one["user"] == _RECOVERY), None)
    if slot is None:
        raise NotAClinicFile
    return _opened(keys["database"], slot, _recovery_key(heard(text), _bytes(slot["salt"])))


def backup_key(path: Path, key: bytes) -> bytes:
    """The random key for backups, which the data key wraps, so that a new data key leaves old backups readable.

    Raises WrongPassphrase when the data key is another clinic file's, KeysMissing, NotAClinicFile.
    """
    keys = _read(path)
    try:
        box, bound = keys["backup"], _backup_bound(keys["database"])
        return AESGCM(key).decrypt(_bytes(box["nonce"]), _bytes(box["wrapped"]), bound)
    except (KeyError, TypeError, ValueError):
        raise NotAClinicFile from None
    except InvalidTag:
        raise WrongPassphrase from None


def users(path: Path) -> tuple[UserId, ...]:
    """Who has a passphrase for the clinic file, by name."""
    return tuple(sorted(UserId(one["user"]) for one in _read(path)["slots"] if one["user"] != _RECOVERY))


def set_passphrase(path: Path, key: bytes, user: UserId, passphrase: str, *, cost: Cost | None = None) -> None:
    """Give a user a passphrase, the first or a new one; nobody else's slot and no byte of the clinic file changes.

    Raises BadInput when the passphrase is too short or too well known, CannotOpen when the folder cannot be written to.
    """
    keys = _read(path)
    slot = _slot(keys["database"], user, key, passphrase=fit(passphrase, user), cost=cost or Cost())
    others = [one for one in keys["slots"] if one["user"] != user]
    _write(path, {**keys, "slots": [*others, slot]})


def _stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    try:
        return hash_secret_raw(
            normal(passphrase).encode("utf-8", "surrogatepass"),
            salt,
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=32,
            type=Type.ID,
        )
    except HashingError:
        raise CannotOpen(_("There is not enough free memory to check the passphrase; close other programs.")) from None


def _new_backup(database: str, key: bytes) -> dict[str, str]:
    nonce = os.urandom(_NONCE)
    wrapped = AESGCM(key).encrypt(nonce, secrets.token_bytes(SIZE), _backup_bound(database))
    return {"nonce": nonce.hex(), "wrapped": wrapped.hex()}


def _backup_bound(database: str) -> bytes:
    return json.dumps({"database": database, "version": _VERSION, "purpose": "backup"}, sort_keys=True).encode()


def _recovery_key(recovery: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"recovery").derive(recovery)


def _slot(
    database: str,
    user: UserId,
    key: bytes,
    *,
    passphrase: str = "",
    cost: Cost | None = None,
    recovery: bytes = b"",
) -> dict[str, Any]:
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    wrapping = _recovery_key(recovery, salt) if cost is None else _stretched(passphrase, salt, cost)
    slot: dict[str, Any] = {"user": user, "salt": salt.hex(), "nonce": nonce.hex()}
    slot["cost"] = None if cost is None else asdict(cost)
    return {**slot, "wrapped": AESGCM(wrapping).encrypt(nonce, key, _bound(database, slot)).hex()}


def _opened(database: str, slot: Mapping[str, Any], wrapping: bytes) -> bytes:
    try:
        return AESGCM(wrapping).decrypt(_bytes(slot["nonce"]), _bytes(slot["wrapped"]), _bound(database, slot))
    except InvalidTag:
        raise WrongPassphrase from None


def _bound(database: str, slot: Mapping[str, Any]) -> bytes:
    # Bound to the slot, so that nobody can move it to another clinic file, to another user, or lower its cost.
    named = {"database": database, "version": _VERSION, **{one: slot[one] for one in ("user", "salt", "cost")}}
    return json.dumps(named, sort_keys=True).encode()


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text)


def _read(path: Path) -> dict[str, Any]:
    text = key_bytes(path)
    try:
        keys: dict[str, Any] = json.loads(text)
        version = int(keys["version"])
        sound = version == _VERSION and isinstance(keys["database"], str) and all(map(_is_slot, keys["slots"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotAClinicFile from None
    if version > _VERSION:
        raise NewerThanProgram
    if not sound:
        raise NotAClinicFile
    return keys


def _is_slot(slot: Mapping[str, Any]) -> bool:
    user, cost = slot["user"], slot["cost"]
    fits = _is_wrapped(slot) and len(_bytes(slot["salt"])) == _SALT
    if not isinstance(user, str) or not fits:
        return False
    return cost is None if user == _RECOVERY else _is_affordable(Cost(**cost))


def _is_wrapped(box: Mapping[str, Any]) -> bool:
    return len(_bytes(box["nonce"])) == _NONCE and len(_bytes(box["wrapped"])) == SIZE + _TAG


def _is_affordable(cost: Cost) -> bool:
    whole = all(type(one) is int for one in (cost.memory_kib, cost.passes, cost.lanes))
    lanes_fit = whole and 1 <= cost.lanes <= cost.memory_kib // 8
    return lanes_fit and cost.memory_kib <= _MOST_MEMORY_KIB and 1 <= cost.passes <= _MOST_PASSES


def _write(path: Path, keys: Mapping[str, Any]) -> None:
    try:
        write_whole(key_file(path), json.dumps(keys, indent=1, sort_keys=True).encode())
    except OSError as error:
        raise CannotOpen(_("The folder of the clinic file cannot be written to, or the disk is full.")) from error

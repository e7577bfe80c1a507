"""Keys: one random data key opens the clinic file; each user's passphrase and the recovery sheet wrap it.

The wrapped copies ("slots") lie in a small file beside the clinic file. Changing a passphrase rewrites one slot only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from gettext import gettext as _
from pathlib import Path
from typing import Any
from uuid import uuid4

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from desktop.clinic.change import UserId
from desktop.clinic.errors import BadInput, KeysMissing, NotAClinicFile, WrongPassphrase
from desktop.records.files import write_whole

SHORTEST, LONGEST = 12, 128
_VERSION = 1
_RECOVERY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What it costs to try a passphrase (Argon2id, RFC 9106); the default takes about a third of a second."""

    memory_kib: int = 192 * 1024
    passes: int = 3
    lanes: int = 4


def key_file(path: Path) -> Path:
    """Where the wrapped keys of a clinic file lie."""
    return path.with_name(path.name + ".keys")


def new_keys(path: Path, user: UserId, passphrase: str, *, cost: Cost | None = None) -> tuple[bytes, str]:
    """Make a data key for a new clinic file and write its key file; return the key and the recovery text to print once.

    Raises BadInput when the passphrase is too short or too well known.
    """
    key, recovery = secrets.token_bytes(32), secrets.token_bytes(32)
    database = str(uuid4())
    slots = [
        _slot(database, user, key, passphrase=_fit(passphrase, user), cost=cost or Cost()),
        _slot(database, UserId(_RECOVERY), key, recovery=recovery),
    ]
    _write(path, {"version": _VERSION, "database": database, "slots": slots})
    return key, _spoken(recovery)


def unwrap(path: Path, user: UserId, passphrase: str) -> bytes:
    """The data key, by a user's passphrase.

    Raises WrongPassphrase, with the same words and the same work for an unknown user; KeysMissing; NotAClinicFile.
    """
    keys = _read(path)
    slot = next((one for one in keys["slots"] if one["user"] == user != _RECOVERY), None)
    if slot is None:
        _stretched(passphrase, os.urandom(16), Cost())
        raise WrongPassphrase
    return _opened(keys["database"], slot, _stretched(passphrase, _bytes(slot["salt"]), Cost(**slot["cost"])))


def unwrap_with_recovery(path: Path, text: str) -> bytes:
    """The data key, by the recovery text; spaces, dashes and letter case do not matter.

    Raises BadInput when the text was mistyped, WrongPassphrase when it belongs to another clinic file.
    """
    keys = _read(path)
    slot = next(one for one in keys["slots"] if one["user"] == _RECOVERY)
    return _opened(keys["database"], slot, _recovery_key(_heard(text), _bytes(slot["salt"])))


def users(path: Path) -> tuple[UserId, ...]:
    """Who has a passphrase for the clinic file, by name."""
    return tuple(sorted(UserId(one["user"]) for one in _read(path)["slots"] if one["user"] != _RECOVERY))


def set_passphrase(path: Path, key: bytes, user: UserId, passphrase: str, *, cost: Cost | None = None) -> None:
    """Give a user a passphrase, the first or a new one; nobody else's slot and no byte of the clinic file changes.

    Raises BadInput when the passphrase is too short or too well known.
    """
    keys = _read(path)
    slot = _slot(keys["database"], user, key, passphrase=_fit(passphrase, user), cost=cost or Cost())
    others = [one for one in keys["slots"] if one["user"] != user]
    _write(path, {**keys, "slots": [*others, slot]})


def _fit(passphrase: str, user: UserId) -> str:
    text = unicodedata.normalize("NFC", passphrase)
    if not user.strip():
        raise BadInput("user", _("give the name that this person will unlock with."))
    if not SHORTEST <= len(text) <= LONGEST:
        raise BadInput("passphrase", _("use 12 to 128 characters; a few unrelated words are easy to remember."))
    if len(set(text)) < 5 or text.casefold().startswith(user.casefold()):
        raise BadInput("passphrase", _("this one is easy to guess; use a few unrelated words."))
    return text


def _stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    return hash_secret_raw(
        unicodedata.normalize("NFC", passphrase).encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=32,
        type=Type.ID,
    )


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
    salt, nonce = os.urandom(16), os.urandom(12)
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


def _check(recovery: bytes) -> str:
    return base64.b32encode(hashlib.sha256(b"warm-handoff recovery" + recovery).digest()).decode()[:4]


def _spoken(recovery: bytes) -> str:
    text = base64.b32encode(recovery).decode().rstrip("=") + _check(recovery)
    return "-".join(text[at : at + 7] for at in range(0, len(text), 7))


def _heard(text: str) -> bytes:
    letters = "".join(one for one in text.upper() if one.isalnum()).replace("0", "O").replace("1", "I")
    try:
        recovery = base64.b32decode(letters[:-4] + "=" * (-len(letters[:-4]) % 8))
    except ValueError:
        recovery = b""
    if len(recovery) != 32 or _check(recovery) != letters[-4:]:
        raise BadInput("recovery key", _("a letter is missing or wrong; compare all eight groups with the sheet."))
    return recovery


def _read(path: Path) -> dict[str, Any]:
    try:
        keys: dict[str, Any] = json.loads(key_file(path).read_bytes())
        if keys["version"] != _VERSION or not all(
            {"user", "salt", "nonce", "cost", "wrapped"} <= one.keys() for one in keys["slots"]
        ):
            raise NotAClinicFile
    except FileNotFoundError:
        raise KeysMissing from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotAClinicFile from None
    return keys


def _write(path: Path, keys: Mapping[str, Any]) -> None:
    write_whole(key_file(path), json.dumps(keys, indent=1, sort_keys=True).encode())

"""Opening a clinic file: the key is derived first, while the rest of the program is still being loaded beside it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.clinic.change import UserId
from desktop.records import vault

if TYPE_CHECKING:
    from desktop.records.store import Store


def unlocked(path: Path, user: UserId, passphrase: str, now: datetime) -> Store:
    """The store of a clinic file, by a user's passphrase.

    Raises what `access.unlock` raises.
    """
    key = vault.unwrap(path, user, passphrase) if path.is_file() else b""
    from desktop.office import access

    return access.unlock_with_key(path, key, user, now=now) if key else access.unlock(path, user, passphrase, now=now)

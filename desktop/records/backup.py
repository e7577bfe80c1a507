"""Backups: whole, encrypted, verified right after they are written."""

from __future__ import annotations

import shutil
from gettext import gettext as _
from pathlib import Path

from desktop.clinic.errors import AlreadyThere, CannotOpen
from desktop.records.store import Store, open_store
from desktop.records.vault import key_file


def back_up(store: Store, key: bytes, path: Path) -> None:
    """Write a copy of the clinic file and of its key file while others work on, then open the copy and compare.

    Raises AlreadyThere when there is a file of that name, CannotOpen when the copy does not equal the file.
    """
    if path.exists():
        raise AlreadyThere
    store.copy_into(path)
    shutil.copyfile(key_file(store.path), key_file(path))
    key_file(path).chmod(0o600)
    copy = open_store(path, key)
    try:
        if copy.problems() or copy.dump_hash() != store.dump_hash():
            raise CannotOpen(_("The backup does not equal the clinic file; try again, or use another drive."))
    finally:
        copy.close()

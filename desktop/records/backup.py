"""Backups: whole, encrypted, verified right after they are written."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

from desktop.clinic.errors import AlreadyThere, CannotOpen, ClinicError
from desktop.records.engine import remove_file
from desktop.records.files import write_whole
from desktop.records.store import Store, open_store
from desktop.records.vault import key_bytes, key_file


def back_up(store: Store, key: bytes, path: Path) -> None:
    """Write a copy of the clinic file and of its key file while others work on, then open the copy and compare.

    A copy that fails is taken away again. Raises AlreadyThere when there is a file of that name, KeysMissing, CannotOpen
    when the folder cannot be written to or the copy does not equal the file, Unavailable when the disk is full.
    """
    if path.exists() or key_file(path).exists():
        raise AlreadyThere
    keys = key_bytes(store.path)
    try:
        promised = store.copy_into(path)
        try:
            write_whole(key_file(path), keys)
            _verify(path, key, promised)
        except BaseException:
            remove_file(path)
            key_file(path).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CannotOpen(_("The folder cannot be written to; choose another one.")) from error


def _verify(path: Path, key: bytes, promised: str) -> None:
    unequal = CannotOpen(_("The backup does not equal the clinic file; try again, or use another drive."))
    try:
        copy = open_store(path, key)
    except ClinicError as error:
        raise unequal from error
    try:
        if copy.problems() or copy.dump_hash() != promised:
            raise unequal
    finally:
        copy.close()

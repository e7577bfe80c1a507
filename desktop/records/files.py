"""Files that are either written whole or not at all, readable by their owner alone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4


def keep_private() -> None:
    """Let every file that this process makes be readable by its owner alone."""
    os.umask(0o077)


def write_whole(path: Path, data: bytes) -> None:
    """Write the file so that after a crash either the old or the new content is there; mode 0600.

    Raises OSError when the disk is full or the folder cannot be written; the old file is untouched then.
    """
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    # A directory cannot be opened on Windows; there the rename is durable without it.
    with suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

"""The recovery key as people type it: eight groups of seven letters, the last four of which check the others."""

from __future__ import annotations

import base64
import hashlib
from gettext import gettext as _

from desktop.clinic.errors import BadInput

SIZE = 32
_GROUP, _CHECKS = 7, 4


def spoken(key: bytes) -> str:
    """The key of 32 bytes as groups to print, such as ABCDEFG-HIJKLMN-..."""
    text = base64.b32encode(key).decode().rstrip("=") + _check(key)
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def heard(text: str) -> bytes:
    """The key that somebody typed from the sheet; spaces, dashes, letter case and 0 for O do not matter.

    Raises BadInput when a letter is wrong or missing.
    """
    letters = "".join(one for one in text.upper() if one.isalnum()).replace("0", "O").replace("1", "I")
    body = letters[:-_CHECKS]
    try:
        key = base64.b32decode(body + "=" * (-len(body) % 8))
    except ValueError:
        key = b""
    if len(key) != SIZE or _check(key) != letters[-_CHECKS:]:
        raise BadInput("recovery key", _("a letter is missing or wrong; compare all eight groups with the sheet."))
    return key


def _check(key: bytes) -> str:
    return base64.b32encode(hashlib.sha256(b"warm-handoff recovery" + key).digest()).decode()[:_CHECKS]

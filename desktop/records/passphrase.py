"""Which passphrases protect a clinic file."""

from __future__ import annotations

from functools import cache
from gettext import gettext as _
from unicodedata import normalize

from desktop import resource
from desktop.clinic.change import UserId
from desktop.clinic.errors import BadInput

SHORTEST, LONGEST = 12, 128
_FEWEST_CHARACTERS = 5


def normal(passphrase: str) -> str:
    """The passphrase with its accents in one form (NFC), because two keyboards may write the same letter in two."""
    return normalize("NFC", passphrase)


def fit(passphrase: str, user: UserId) -> str:
    """The passphrase in its normal form.

    Raises BadInput when it is shorter than 12 or longer than 128 characters, or among the first that anyone would try.
    """
    text = normal(passphrase)
    if not user.strip():
        raise BadInput("user", _("give the name that this person will unlock with."))
    if not SHORTEST <= len(text) <= LONGEST:
        raise BadInput("passphrase", _("use 12 to 128 characters; a few unrelated words are easy to remember."))
    bare = "".join(one for one in text.casefold() if one.isalnum())
    if text.casefold().startswith(user.casefold()) or _is_uniform(text) or _is_repeated(bare) or bare in _common():
        raise BadInput("passphrase", _("this one is easy to guess; use a few unrelated words."))
    return text


def _is_uniform(text: str) -> bool:
    return len(set(text)) < _FEWEST_CHARACTERS


def _is_repeated(bare: str) -> bool:
    return any(bare == bare[:size] * (len(bare) // size) for size in range(1, len(bare) // 2 + 1))


@cache
def _common() -> frozenset[str]:
    return frozenset((resource("passphrases") / "common.txt").read_text(encoding="utf-8").split())

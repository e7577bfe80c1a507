"""Clients who may be one person: same birth date, names that sound alike, a shared number. A person merges them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from desktop.clinic.clients import Client
from desktop.clinic.phrases import translated as _
from desktop.clinic.verdict import Outcome, Verdict

_CODES = {
    letter: code for code, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1) for letter in letters
}
_SILENT = frozenset("hw")
_STARTS = (
    ("ph", "f"),
    ("kn", "n"),
    ("wr", "r"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "sy"),
    ("c", "k"),
    ("q", "k"),
    ("j", "g"),
    ("z", "s"),
)


def judge_duplicates(client: Client, others: Iterable[Client]) -> tuple[Verdict, ...]:
    """A warning for each other client with the same birth date, a name that sounds alike, and a shared phone or email.

    A missing phone and email on either side counts as not different. Nothing is ever merged by itself.
    """
    names, ways = _names(client), _ways(client)
    return tuple(
        _verdict(other)
        for other in others
        if other.id != client.id
        and other.birth_date == client.birth_date
        and names & _names(other)
        and _may_be_reached_alike(ways, _ways(other))
    )


def _verdict(other: Client) -> Verdict:
    text = _("A client with the same birth date, a similar name and the same contact is on record; compare and merge.")
    return Verdict(outcome=Outcome.WARN, code="DUPLICATE", sentence=text, evidence={"client": str(other.id)})


def _may_be_reached_alike(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return not ours or not theirs or bool(ours & theirs)


def _ways(client: Client) -> frozenset[str]:
    numbers = {_digits(one.number)[-10:] for one in client.phones} - {""}
    return frozenset(numbers | ({client.email.strip().casefold()} - {""}))


def _digits(number: str) -> str:
    return "".join(one for one in number if one.isdigit())


def _names(client: Client) -> set[frozenset[str]]:
    """The sound of family name and given name, in either order, once with the name they go by."""
    family = sound(client.name.family)
    return {frozenset({family, sound(given)}) for given in (client.name.given, client.goes_by) if given.strip()} or {
        frozenset({family})
    }


def plain(name: str) -> str:
    """The name in lower case without accents, spaces, hyphens and apostrophes."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(one for one in parts if one.isalnum())


def sound(name: str) -> str:
    """The Soundex code of the name (a letter and three digits), with beginnings that sound alike made one.

    So Catherine is Katherine and Geoffrey is Jeffrey. A name with letters beyond a to z stays as it is.
    """
    letters = plain(name)
    if not letters.isascii() or not letters:
        return letters
    start, alike = next(((old, new) for old, new in _STARTS if letters.startswith(old)), ("", ""))
    letters = alike + letters.removeprefix(start)
    digits, last = "", _CODES.get(letters[0], 0)
    for letter in letters[1:]:
        code = _CODES.get(letter, 0)
        if code and code != last:
            digits += str(code)
        if letter not in _SILENT:
            last = code
    return (letters[0].upper() + digits + "000")[:4]

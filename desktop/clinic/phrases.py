"""Translated sentences and written dates for verdicts, kept once looked up: a match asks for thousands of them."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from gettext import gettext

from desktop.clinic.rulebook import Fact


@cache
def translated(message: str) -> str:
    """The message in the user's language; `gettext` itself searches the disk at every call."""
    return gettext(message)


@lru_cache(maxsize=4096)
def shown(day: date) -> str:
    """The day as a sentence shows it, as in Nov 30, 2026; whatever the computer's own language is."""
    months = translated("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
    return translated("{month} {day}, {year}").format(month=months[day.month - 1], day=day.day, year=day.year)


def evidence(fact: Fact | None, **more: str) -> dict[str, str]:
    """What a verdict shows for checking: what is given, then the rule's key, source, confidence and verified date."""
    return more if fact is None else {**more, **fact.evidence}


def as_date(value: object) -> date | None:
    """A date of rule data: TOML has dates, the practice's own JSON entries have ISO text; None when there is none."""
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) and value else None

"""Days as people type them: tue, tomorrow, +2w, 12/3, dec 3, fri 6p."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from gettext import gettext as _

from desktop.clinic.errors import BadInput

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_NEAR = {"today": 0, "now": 0, "tod": 0, "tomorrow": 1, "tom": 1, "tmrw": 1, "yesterday": -1}
_TIME = re.compile(r"(?:^|\s)(?:at\s+)?(\d{1,2})(?::(\d{2}))?\s*([ap])\.?m?\.?$|(?:^|\s)(?:at\s+)?(\d{1,2}):(\d{2})$")
_STEP = re.compile(r"(?:in\s+)?([+-]?)\s*(\d{1,4})\s*(d|days?|w|weeks?|wks?|m|mos?|months?|y|years?)")
_NUMBERS = re.compile(r"(\d{1,2})[/.\-](\d{1,2})(?:[/.\-](\d{2}|\d{4}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NAMED = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?")
_NAMED_AFTER = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]+)\.?(?:,?\s+(\d{4}))?")
_FAR = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The day that was meant, and the minute after midnight when a time was typed too."""

    day: date
    minute: int | None = None


def read(text: str, today: date) -> Moment:
    """What the words mean, seen from today.

    A weekday is the coming one, never today; a date without a year is the one nearest to today.
    Raises BadInput with a sentence that says what can be typed.
    """
    words = " ".join(text.lower().replace(",", " ").split())
    if not words:
        raise _unclear(text)
    minute, rest = _time(words)
    try:
        day = today if not rest else next(_days(rest, today), None)
    except (ValueError, OverflowError):
        raise BadInput("", _("There is no such day: {text}.").format(text=text.strip())) from None
    if day is None:
        raise _unclear(text)
    if abs(day.year - today.year) > _FAR:
        raise BadInput("", _("That is too far away: {text}.").format(text=text.strip()))
    return Moment(day=day, minute=minute)


def _unclear(text: str) -> BadInput:
    if not text.strip():
        return BadInput("", _("Type a day, for example tue, tomorrow, +2w or 12/3."))
    sentence = _("“{text}” is not a day; type for example tue, tomorrow, +2w, 12/3 or fri 6p.")
    return BadInput("", sentence.format(text=text.strip()))


def _time(words: str) -> tuple[int | None, str]:
    found = _TIME.search(words)
    if found is None:
        return None, words
    rest = words[: found.start()].strip()
    if found[3]:
        hours, minutes = int(found[1]), int(found[2] or 0)
        if not 1 <= hours <= 12 or minutes > 59:
            raise BadInput("", _("There is no such time: {text}.").format(text=found[0].strip()))
        return (hours % 12 + (12 if found[3] == "p" else 0)) * 60 + minutes, rest
    hours, minutes = int(found[4]), int(found[5])
    if hours > 23 or minutes > 59:
        raise BadInput("", _("There is no such time: {text}.").format(text=found[0].strip()))
    return hours * 60 + minutes, rest


def _days(words: str, today: date) -> Iterator[date]:
    """The day by every form that fits, the plainest first; ValueError for a day that does not exist."""
    if words in _NEAR:
        yield today + timedelta(days=_NEAR[words])
    if step := _STEP.fullmatch(words):
        yield _stepped(today, int(step[2]) * (-1 if step[1] == "-" else 1), step[3][0])
    if iso := _ISO.fullmatch(words):
        yield date(int(iso[1]), int(iso[2]), int(iso[3]))
    if numbers := _NUMBERS.fullmatch(words):
        yield _dated(int(numbers[1]), int(numbers[2]), numbers[3], today)
    yield from _weekday(words, today)
    if named := _NAMED.fullmatch(words):
        for month in _number(named[1], _MONTHS):
            yield _dated(month + 1, int(named[2]), named[3], today)
    if after := _NAMED_AFTER.fullmatch(words):
        for month in _number(after[2], _MONTHS):
            yield _dated(month + 1, int(after[1]), after[3], today)


def _weekday(words: str, today: date) -> Iterator[date]:
    word = words.removeprefix("next ").removeprefix("last ")
    for number in _number(word, _DAYS):
        ahead = (number - today.weekday() - 1) % 7 + 1
        if words.startswith("next "):
            yield today + timedelta(days=7 - today.weekday() + number)
        elif words.startswith("last "):
            yield today + timedelta(days=ahead - 7 if ahead < 7 else -7)
        else:
            yield today + timedelta(days=ahead)


def _number(word: str, names: tuple[str, ...]) -> list[int]:
    """The place of the name that begins with the word; none when no name or more than one does."""
    word = {"tues": "tue", "thurs": "thu", "thur": "thu", "weds": "wed", "sept": "sep"}.get(word, word)
    found = [at for at, name in enumerate(names) if len(word) >= 2 and name.startswith(word)]
    return found if len(found) == 1 else []


def _dated(month: int, day: int, year: str | None, today: date) -> date:
    if year:
        return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    if not 1 <= month <= 12:
        raise ValueError
    years = (today.year - 1, today.year, today.year + 1)
    tries = [date(at, month, day) for at in years if 1 <= day <= monthrange(at, month)[1]]
    if not tries:
        raise ValueError
    return min(tries, key=lambda one: abs((one - today).days))


def _stepped(today: date, count: int, unit: str) -> date:
    if unit in "dw":
        return today + timedelta(days=count * (7 if unit == "w" else 1))
    months = today.month - 1 + count * (12 if unit == "y" else 1)
    year, month = today.year + months // 12, months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))

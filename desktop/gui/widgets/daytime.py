"""Times of day as people at a front desk say them: twelve hours, AM and PM."""

from __future__ import annotations

from gettext import gettext as _

_NOON = 12 * 60


def clock(minute: int, *, short: bool = False) -> str:
    """A minute after midnight as "9:05 AM", or "9:05" when the hour is plain from its place."""
    minute %= 2 * _NOON
    text = f"{(minute // 60 + 11) % 12 + 1}:{minute % 60:02d}"
    if short:
        return text
    return _("{time} AM").format(time=text) if minute < _NOON else _("{time} PM").format(time=text)


def hour(minute: int) -> str:
    """A full hour as "9 AM"."""
    return clock(minute).replace(":00", "")

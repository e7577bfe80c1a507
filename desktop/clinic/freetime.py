"""When in the week each therapist has free working time at all; a quick look before openings are searched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from desktop.clinic.facts import Facts
from desktop.clinic.moments import Window, local_date
from desktop.clinic.practice import SiteId
from desktop.clinic.question import Question
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format
from desktop.clinic.therapists import Therapist
from desktop.clinic.timetable import Taken
from desktop.clinic.workweek import Day, Period, Shift, closed_days, days_between, joined, shifts, time_off, without

_QUARTER = 15
_DAY = 24 * 60 // _QUARTER
_ALWAYS = (1 << (7 * _DAY)) - 1


class FreeTime:
    """The quarters of an hour of a week in which a therapist is free at least once, by format and site.

    It never misses time in which there is an opening; what it shows may still turn out too tight for one.
    """

    def __init__(
        self, therapists: Sequence[Therapist], facts: Facts, rules: Rulebook, taken: Taken, span: Period
    ) -> None:
        """Look at everything that is taken between the two instants of the span."""
        first, last = local_date(span.start), local_date(span.end)
        days = days_between(first, last, closed_days(facts.practice, rules, first, last))
        times = taken([one.id for one in therapists], span.start, span.end)
        self._free = [_weekly(one, days, joined((*times.get(one.id, ()), *time_off(one)))) for one in therapists]
        self._windows: dict[tuple[Window, ...], int] = {}

    def suits(self, number: int, asked: Question) -> bool:
        """Whether the nth therapist is ever free for the length of the service at times that suit the client."""
        free = self._free[number]
        if free is None:
            return True
        open_then = self._open(asked.windows)
        length = -(-asked.service.minutes // _QUARTER)
        return any(
            _has_run(free.get((format, site), 0) & open_then, length)
            for format in asked.formats
            for site in (asked.sites if format is Format.IN_PERSON else (None,))
        )

    def _open(self, windows: tuple[Window, ...]) -> int:
        found = self._windows.get(windows)
        if found is None:
            found = _ALWAYS if not windows else 0
            for one in windows:
                found |= _bits(one.day.number, _minutes(one.start), _minutes(one.end))
            self._windows[windows] = found
        return found


def _weekly(
    therapist: Therapist, days: Iterable[Day], busy: Sequence[Period]
) -> Mapping[tuple[Format, SiteId | None], int] | None:
    """The free quarters by format and site; None when no hours are on record."""
    if not therapist.hours:
        return None
    found: dict[tuple[Format, SiteId | None], int] = {}
    place = 0
    for day, shift in shifts(therapist, days):
        while place < len(busy) and busy[place].end <= day.midnight:
            place += 1
        bits = _free(day, shift, busy[place : place + _DAY])
        for format in shift.formats:
            key = (format, shift.site if format is Format.IN_PERSON else None)
            found[key] = found.get(key, 0) | bits
    return found


def _free(day: Day, shift: Shift, busy: Sequence[Period]) -> int:
    if not day.plain:
        return _bits(day.day.weekday(), 0, 24 * 60)
    bits = 0
    for one in without(Period(shift.start, shift.end), busy):
        bits |= _bits(day.day.weekday(), _since(day, one.start), _since(day, one.end))
    return bits


def _since(day: Day, moment: datetime) -> int:
    return -int((day.midnight - moment.astimezone(UTC)) // timedelta(minutes=1))


def _minutes(wall: time) -> int:
    return wall.hour * 60 + wall.minute + (wall.second > 0)


def _bits(weekday: int, start: int, end: int) -> int:
    """The quarters that the minutes of the day touch."""
    low, high = start // _QUARTER, -(-end // _QUARTER)
    return ((1 << (high - low)) - 1) << (weekday * _DAY + low)


def _has_run(bits: int, length: int) -> bool:
    """Whether that many neighboring bits are set somewhere."""
    have = 1
    while bits and have < length:
        step = min(have, length - have)
        bits &= bits >> step
        have += step
    return bits != 0

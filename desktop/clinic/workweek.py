"""When a therapist works: weekly hours on the wall clock, less closed days and time off, as instants."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from desktop.clinic.moments import Weekday, Window, local_date, whole_day, zone
from desktop.clinic.phrases import as_date
from desktop.clinic.practice import Practice, SiteId
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format
from desktop.clinic.therapists import Hours, Therapist

_DAY = timedelta(days=1)
_STEP = timedelta(minutes=15)


# A named tuple, not a dataclass: a match makes tens of thousands of them.
class Period(NamedTuple):
    """A half-open stretch of time, [start, end), between two UTC instants."""

    start: datetime
    end: datetime

    def overlaps(self, other: Period) -> bool:
        """Whether the two share any time; periods that only touch do not."""
        return self.start < other.end and other.start < self.end


class Shift(NamedTuple):
    """One stretch of work: when, at which site (none: from home), and in which formats visits may take place."""

    start: datetime
    end: datetime
    site: SiteId | None
    formats: frozenset[Format]


class Day(NamedTuple):
    """A calendar day in New York with its first instant; plain when no clock changes on it."""

    day: date
    midnight: datetime
    plain: bool

    def at(self, wall: time) -> datetime:
        """The instant of a wall-clock time; one that the start of DST skips becomes the moment of the change."""
        if self.plain:
            return self.midnight + _since_midnight(wall)
        local = datetime.combine(self.day, wall, tzinfo=zone())
        utc = local.astimezone(UTC)
        if utc.astimezone(zone()).replace(tzinfo=None) == local.replace(tzinfo=None):
            return utc
        return self._change()

    def _change(self) -> datetime:
        before = self.midnight.astimezone(zone()).utcoffset()
        moment = self.midnight
        while moment.astimezone(zone()).utcoffset() == before:
            moment += _STEP
        return moment


@lru_cache(maxsize=2048)
def _since_midnight(wall: time) -> timedelta:
    return timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second)


@lru_cache(maxsize=2048)
def day_of(day: date) -> Day:
    """The day with its first instant."""
    start, end = whole_day(day)
    return Day(day, start, end - start == _DAY)


def days_between(first: date, last: date, closed: Container[date] = frozenset()) -> tuple[Day, ...]:
    """The days from first to last, both inclusive, that are not closed."""
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(day_of(day) for day in every if day not in closed)


def holidays(rules: Rulebook, first: date, last: date) -> dict[date, str]:
    """The federal holidays (5 U.S.C. 6103) from first to last, with their names; the rulebook lists them by year."""
    found: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        fact = rules.find("holidays.federal", date(year, 7, 1))
        for entry in () if fact is None else fact.value:
            day = as_date(entry["day"])
            if day is not None and first <= day <= last:
                found[day] = str(entry["name"])
    return found


def closed_days(practice: Practice, rules: Rulebook, first: date, last: date) -> dict[date, str]:
    """The days from first to last on which the practice sees nobody, with the holiday's name or an empty one."""
    closed = {} if practice.open_on_holidays else holidays(rules, first, last)
    return {**closed, **{day: closed.get(day, "") for day in practice.closures if first <= day <= last}}


def shifts(therapist: Therapist, days: Iterable[Day]) -> Iterator[tuple[Day, Shift]]:
    """The therapist's shifts on those days as the weekly hours plan them, in order of time; time off not yet taken out."""
    weekly = _weekly(therapist)
    for day in days:
        for hours in weekly[day.day.weekday()]:
            if (hours.valid_from is None or hours.valid_from <= day.day) and (
                hours.valid_to is None or day.day <= hours.valid_to
            ):
                start, end = day.at(hours.window.start), day.at(hours.window.end)
                if start < end:
                    yield day, Shift(start, end, hours.site, hours.formats)


def _weekly(therapist: Therapist) -> tuple[list[Hours], ...]:
    week: tuple[list[Hours], ...] = ([], [], [], [], [], [], [])
    for hours in sorted(therapist.hours, key=lambda one: (one.window.start, one.window.end, one.site or "")):
        week[_NUMBERS[hours.window.day]].append(hours)
    return week


_NUMBERS: Mapping[Weekday, int] = {day: day.number for day in Weekday}


def window_periods(windows: Iterable[Window], day: Day) -> list[Period]:
    """The windows of that weekday as periods, joined where they touch."""
    number = day.day.weekday()
    found = (Period(day.at(one.start), day.at(one.end)) for one in windows if _NUMBERS[one.day] == number)
    return joined(one for one in found if one.start < one.end)


def joined(periods: Iterable[Period]) -> list[Period]:
    """The same time as disjoint periods in order; overlapping and touching ones become one."""
    result: list[Period] = []
    for one in sorted(periods):
        if result and one[0] <= result[-1][1]:
            if one[1] > result[-1][1]:
                result[-1] = Period(result[-1][0], one[1])
        else:
            result.append(one)
    return result


def without(period: Period, taken: Iterable[Period]) -> list[Period]:
    """What is left of the period when the taken ones, in order of time, are cut out."""
    left, start = [], period.start
    for one in taken:
        if one.end <= start or one.start >= period.end:
            continue
        if start < one.start:
            left.append(Period(start, one.start))
        start = max(start, one.end)
    if start < period.end:
        left.append(Period(start, period.end))
    return left


def time_off(therapist: Therapist) -> list[Period]:
    """The therapist's time off as disjoint UTC periods."""
    return joined(Period(one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in therapist.time_off)


def work_periods(
    therapist: Therapist,
    start: datetime,
    end: datetime,
    format: Format | None,
    site: SiteId | None,
    practice: Practice,
    rules: Rulebook | None = None,
) -> tuple[Period, ...]:
    """When the therapist works between the two instants, joined, in UTC: hours less closures, holidays and time off.

    `format` and `site` narrow it to shifts in which such visits may take place; None is any. Without a rulebook no
    federal holiday is known.
    """
    first, last = local_date(start), local_date(end)
    closed = closed_days(practice, rules or Rulebook(), first, last)
    planned = joined(
        Period(shift.start, shift.end)
        for _, shift in shifts(therapist, days_between(first, last, closed))
        if (format is None or format in shift.formats) and (site is None or shift.site == site)
    )
    off = time_off(therapist)
    inside = (Period(max(one.start, start), min(one.end, end)) for one in planned)
    return tuple(rest for one in inside if one.start < one.end for rest in without(one, off))

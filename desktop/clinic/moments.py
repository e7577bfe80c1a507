"""Instants, wall-clock times and the practice's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from gettext import gettext as _
from typing import Annotated
from zoneinfo import ZoneInfo

from desktop.clinic.errors import BadInput

PRACTICE_ZONE = "America/New_York"
# Far enough from both ends of the calendar that adding weeks or another zone's offset never leaves it.
YEARS = range(1900, 2200)


@cache
def zone(name: str = PRACTICE_ZONE) -> ZoneInfo:
    """The time zone of that IANA name."""
    return ZoneInfo(name)


def aware(field: str, moment: datetime) -> datetime:
    """The moment itself when it has an offset and a year that anybody could mean.

    Raises BadInput naming the field when it is naive, or before 1900 or after 2199.
    """
    if moment.tzinfo is None:
        raise BadInput(field, _("give the UTC offset with the time, for example 2026-12-03T15:00:00-05:00."))
    usual(field, moment)
    return moment


def usual(field: str, day: date) -> date:
    """The day, or moment, itself.

    Raises BadInput naming the field when it lies before 1900 or after 2199.
    """
    if day.year not in YEARS:
        raise BadInput(field, _("the year must lie between 1900 and 2199."))
    return day


def instant(day: date, wall: time, name: str = PRACTICE_ZONE) -> datetime:
    """The UTC instant of a wall-clock time; the first one of an hour that the end of DST repeats.

    Raises BadInput when the start of DST skips that time (2:30 AM on 2027-03-14 does not exist in New York).
    """
    local = datetime.combine(day, wall, tzinfo=zone(name))
    utc = local.astimezone(UTC)
    if utc.astimezone(zone(name)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise BadInput(
            "start", _("this time does not exist that day, because clocks go forward; choose a time one hour later.")
        )
    return utc


def is_repeated(day: date, wall: time, name: str = PRACTICE_ZONE) -> bool:
    """Whether the wall-clock time happens twice that day, because clocks go back."""
    first = datetime.combine(day, wall, tzinfo=zone(name))
    second = first.replace(fold=1)
    return first.utcoffset() != second.utcoffset() and second.astimezone(UTC) > first.astimezone(UTC)


def local(moment: datetime, name: str = PRACTICE_ZONE) -> datetime:
    """The same instant on the practice's wall clock."""
    return moment.astimezone(zone(name))


def local_date(moment: datetime, name: str = PRACTICE_ZONE) -> date:
    """The practice's calendar date at that instant."""
    return local(moment, name).date()


def whole_day(day: date, name: str = PRACTICE_ZONE) -> tuple[datetime, datetime]:
    """The UTC instants at which that calendar day begins and ends (23, 24 or 25 hours apart)."""
    start = datetime.combine(day, time.min, tzinfo=zone(name)).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone(name)).astimezone(UTC)
    return start, end


def age_on(born: date, day: date) -> int:
    """Whole years on that day; a birthday counts as attained, and February 29 is attained on March 1 in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Weekday(StrEnum):
    """A day of the week, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"

    @property
    def number(self) -> int:
        """0 for Monday to 6 for Sunday, as `date.weekday` counts."""
        return list(Weekday).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of a weekday on the practice's wall clock, such as Tuesday 17:00 to 20:00."""

    day: Weekday
    start: Annotated[time, "wall clock, HH:MM:SS"]
    end: Annotated[time, "wall clock, exclusive, HH:MM:SS"]

    def __post_init__(self) -> None:
        """Refuse a window that ends before it begins."""
        if self.start >= self.end:
            raise BadInput("end", _("the end must be later than the start."))

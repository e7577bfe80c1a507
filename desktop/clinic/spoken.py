"""Moments as a sentence on the screen says them: short, on the practice's wall clock."""

from __future__ import annotations

from datetime import date, datetime

from desktop.clinic.moments import local
from desktop.clinic.phrases import translated as _


def short_day(day: date) -> str:
    """As in Tue, Dec 1; whatever the computer's own language is."""
    weekdays = _("Mon Tue Wed Thu Fri Sat Sun").split()
    months = _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()
    return _("{weekday}, {month} {day}").format(
        weekday=weekdays[day.weekday()], month=months[day.month - 1], day=day.day
    )


def clock_time(moment: datetime) -> str:
    """As in 6:00 PM, New York time."""
    here = local(moment)
    return f"{(here.hour - 1) % 12 + 1}:{here.minute:02} {_('AM') if here.hour < 12 else _('PM')}"


def short_moment(moment: datetime) -> str:
    """As in Tue, Dec 1, 6:00 PM."""
    return _("{day}, {time}").format(day=short_day(local(moment).date()), time=clock_time(moment))


def short_span(start: datetime, end: datetime) -> str:
    """As in Tue, Dec 1, 6:00 PM to 6:50 PM; the second day is named when it is another one."""
    same = local(start).date() == local(end).date()
    return _("{start} to {end}").format(start=short_moment(start), end=clock_time(end) if same else short_moment(end))

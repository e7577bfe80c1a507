"""Open slots: inside working hours, outside whatever is taken, in a free and suitable room when in person."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import le
from typing import NamedTuple

from desktop.clinic.facts import Facts
from desktop.clinic.moments import Window, local_date, whole_day
from desktop.clinic.people import ClientId, TherapistId
from desktop.clinic.practice import Room, RoomId, SiteId
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.schedule import room_features
from desktop.clinic.services import Format, Service, ServiceKind
from desktop.clinic.therapists import Therapist
from desktop.clinic.timetable import Taken, taken_from, utc
from desktop.clinic.workweek import (
    Day,
    Period,
    Shift,
    closed_days,
    days_between,
    joined,
    shifts,
    time_off,
    window_periods,
    without,
)

STEP = timedelta(minutes=15)
_WEEK = timedelta(days=7)

Permitted = Callable[[Therapist, Format, SiteId | None, date], bool]
"""Whether a therapist may see the client in that format, at that site, on that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A time at which a therapist could see the client, and where."""

    therapist: TherapistId
    start: datetime
    end: datetime
    format: Format
    site: SiteId | None = None
    room: RoomId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What openings are looked for: service, acceptable formats, site and windows (none: any), from first to last."""

    service: Service
    formats: frozenset[Format]
    site: SiteId | None = None
    windows: tuple[Window, ...] = ()
    client: ClientId | None = None
    first: datetime
    last: datetime


def openings(
    therapist: Therapist,
    service: Service,
    *,
    formats: frozenset[Format],
    site: SiteId | None = None,
    windows: tuple[Window, ...] = (),
    first: datetime,
    last: datetime,
    taken: Taken | None = None,
    facts: Facts,
    rules: Rulebook,
    client: ClientId | None = None,
    most: int = 3,
) -> tuple[Opening, ...]:
    """The therapist's first open slots that begin and end between the two instants, at most that many, in order.

    See `openings_of` for what makes a slot open.
    """
    wish = Wish(
        service=service, formats=formats, site=site, windows=windows, client=client, first=utc(first), last=utc(last)
    )
    return openings_of((therapist,), wish, facts, rules, taken, most=most)[therapist.id]


def openings_of(
    therapists: Sequence[Therapist],
    wish: Wish,
    facts: Facts,
    rules: Rulebook,
    taken: Taken | None = None,
    *,
    most: int = 3,
    permitted: Permitted | None = None,
) -> dict[TherapistId, tuple[Opening, ...]]:
    """The first open slots of each therapist, which overlap neither each other nor, with buffers, anything taken.

    They start every 15 minutes from the beginning of a shift, so that a 50-minute visit with a 10-minute buffer packs
    hour by hour; the visit ends within the shift, its buffer may reach beyond. In person only with a free room of the
    site that has what the service needs; closed days, federal holidays, time off and the client's own visits are kept
    free. `permitted` can rule out days, for example for want of a license. Instants are UTC.
    """
    found: dict[TherapistId, list[Opening]] = {one.id: [] for one in therapists}
    asked = taken or taken_from(facts)
    for first, last in _spans(wish.first, wish.last):
        waiting = [one for one in therapists if len(found[one.id]) < most]
        if not waiting:
            break
        search = _Search(wish, facts, rules, asked, waiting, Period(first, last), permitted)
        for therapist in waiting:
            slots = found[therapist.id]
            for opening in search.of(therapist):
                slots.append(opening)
                if len(slots) == most:
                    break
    return {key: tuple(slots) for key, slots in found.items()}


def _spans(first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The time in growing stretches, cut at midnight: who is free soon is found without asking for all that is taken."""
    start, weeks = first, 1
    while start < last:
        end = min(whole_day(local_date(start + weeks * _WEEK))[0], last)
        yield start, end
        start, weeks = end, weeks * 2


class _Busy(NamedTuple):
    """Disjoint taken periods as two parallel lists."""

    starts: list[datetime]
    ends: list[datetime]

    def until(self, start: datetime, end: datetime) -> datetime | None:
        """When the first taken period that overlaps [start, end) ends; None when there is none."""
        place = bisect_right(self.ends, start)
        return self.ends[place] if place < len(self.starts) and self.starts[place] < end else None


def _disjoint(periods: Sequence[Period]) -> _Busy:
    starts, ends = [one[0] for one in periods], [one[1] for one in periods]
    # What a calendar takes is in order and apart already, unless somebody was double-booked.
    if not all(map(le, ends, starts[1:])):
        periods = joined(periods)
        starts, ends = [one[0] for one in periods], [one[1] for one in periods]
    return _Busy(starts, ends)


class _Search:
    """One stretch of time, ready to be searched for any of the therapists it was prepared for."""

    def __init__(
        self,
        wish: Wish,
        facts: Facts,
        rules: Rulebook,
        taken: Taken,
        therapists: Sequence[Therapist],
        span: Period,
        permitted: Permitted | None,
    ) -> None:
        """Ask once what is taken of therapists and client; a site's rooms are asked about when one is needed."""
        service, first, last = wish.service, local_date(span.start), local_date(span.end - timedelta(microseconds=1))
        self._wish, self._span, self._permitted, self._taken = wish, span, permitted, taken
        self._length = timedelta(minutes=service.minutes)
        self._before, self._after = timedelta(minutes=service.buffer_before), timedelta(minutes=service.buffer_after)
        self._days = days_between(first, last, closed_days(facts.practice, rules, first, last))
        self._suitable = {day.day: window_periods(wish.windows, day) for day in self._days} if wish.windows else None
        self._rooms = suitable_rooms(wish, facts)
        self._furnished: dict[SiteId, list[tuple[RoomId, _Busy]]] = {}
        clients = () if wish.client is None else (wish.client,)
        self._times = self._asked((*(one.id for one in therapists), *clients))
        self._client = _disjoint(self._times.get(wish.client or "", ()))

    def _asked(self, ids: Iterable[str]) -> Mapping[str, Sequence[Period]]:
        margin = self._before + self._after
        return self._taken(ids, self._span.start - margin, self._span.end + margin)

    def of(self, therapist: Therapist) -> Iterator[Opening]:
        """The therapist's open slots, in order."""
        off, busy = time_off(therapist), _disjoint(self._times.get(therapist.id, ()))
        free_from = self._span.start
        for day, shift in shifts(therapist, self._days):
            stretches = self._stretches(day, shift, off)
            formats = self._formats(therapist, shift, day.day) if stretches else ()
            for stretch in stretches if formats else ():
                for opening in self._slots(therapist, shift, stretch, formats, busy, free_from):
                    free_from = opening.end + self._after + self._before
                    yield opening

    def _formats(self, therapist: Therapist, shift: Shift, day: date) -> Sequence[Format]:
        found = []
        for format in _PREFERRED if self._wish.site is None else _AT_THE_SITE:
            if format not in self._wish.formats or format not in shift.formats:
                continue
            site = shift.site if format is Format.IN_PERSON else None
            if format is Format.IN_PERSON and site not in self._rooms:
                continue
            if self._permitted is None or self._permitted(therapist, format, site, day):
                found.append(format)
        return found

    def _stretches(self, day: Day, shift: Shift, off: list[Period]) -> list[Period]:
        times = (self._span,) if self._suitable is None else self._suitable[day.day]
        found: list[Period] = []
        for time in times:
            start, end = max(shift.start, time.start, self._span.start), min(shift.end, time.end, self._span.end)
            if start < end:
                found += without(Period(start, end), off) if off else (Period(start, end),)
        return found

    def _slots(
        self,
        therapist: Therapist,
        shift: Shift,
        stretch: Period,
        formats: Sequence[Format],
        busy: _Busy,
        free_from: datetime,
    ) -> Iterator[Opening]:
        before, after = self._before, self._after
        start = _on_grid(shift.start, max(stretch.start, free_from))
        while (end := start + self._length) <= stretch.end:
            wait = busy.until(start - before, end + after)
            wait = wait + before if wait else self._client.until(start, end)
            if wait is not None:
                start = _on_grid(shift.start, wait)
                continue
            opening = self._placed(therapist, shift, Period(start, end), formats)
            if opening is None:
                start += STEP
                continue
            yield opening
            start = _on_grid(shift.start, end + after + before)

    def _placed(self, therapist: Therapist, shift: Shift, time: Period, formats: Sequence[Format]) -> Opening | None:
        for format in formats:
            if format is Format.TELEHEALTH or shift.site is None:
                return Opening(therapist=therapist.id, start=time.start, end=time.end, format=format)
            for room in self._free_rooms(shift.site, time):
                return Opening(
                    therapist=therapist.id, start=time.start, end=time.end, format=format, site=shift.site, room=room
                )
        return None

    def _free_rooms(self, site: SiteId, time: Period) -> Iterator[RoomId | None]:
        """The free rooms, plainest first; one that is not named where the practice keeps no rooms in its file."""
        rooms = self._rooms[site]
        if rooms is None:
            yield None
            return
        if site not in self._furnished:
            times = self._asked([one.id for one in rooms])
            self._furnished[site] = [(one.id, _disjoint(times.get(one.id, ()))) for one in rooms]
        start, end = time.start - self._before, time.end + self._after
        yield from (room for room, busy in self._furnished[site] if busy.until(start, end) is None)


# With a site asked for the client wants to come in; else a video visit leaves the rooms to those who need one.
_PREFERRED = (Format.TELEHEALTH, Format.IN_PERSON)
_AT_THE_SITE = (Format.IN_PERSON, Format.TELEHEALTH)


def _on_grid(anchor: datetime, moment: datetime) -> datetime:
    """The first quarter of an hour at or after the moment, counted from the anchor."""
    steps = -((anchor - moment) // STEP)
    return anchor + steps * STEP


def suitable_rooms(wish: Wish, facts: Facts) -> dict[SiteId, tuple[Room, ...] | None]:
    """The rooms that serve the wish, by site; the plainest first, so that special rooms stay free for who needs them.

    None for a site whose rooms are not in the file, when any room would do.
    """
    if Format.IN_PERSON not in wish.formats:
        return {}
    needed, seats = room_features(wish.service), _SEATS.get(wish.service.kind, 2)
    found: dict[SiteId, list[Room]] = {
        site.id: [] for site in facts.sites if not site.retired and wish.site in (None, site.id)
    }
    for room in facts.rooms:
        if room.site in found and not room.retired and needed <= room.features and room.seats >= seats:
            found[room.site].append(room)
    furnished = {room.site for room in facts.rooms}
    return {
        site: tuple(sorted(some, key=lambda one: (len(one.features), one.seats, one.id)))
        if needed or site in furnished
        else None
        for site, some in found.items()
    }


_SEATS = {ServiceKind.COUPLES: 3, ServiceKind.FAMILY: 3}

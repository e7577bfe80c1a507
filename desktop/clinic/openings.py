"""Open slots: inside working hours, outside whatever is taken, in a free and suitable room when in person."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
        search = _search(wish, facts, rules, asked, waiting, first, last, permitted)
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


class _Taken(NamedTuple):
    """Disjoint taken periods as two parallel lists."""

    starts: list[datetime]
    ends: list[datetime]

    def until(self, start: datetime, end: datetime) -> datetime | None:
        """When the first taken period that overlaps [start, end) ends; None when there is none."""
        place = bisect_right(self.ends, start)
        return self.ends[place] if place < len(self.starts) and self.starts[place] < end else None


_NOTHING = _Taken([], [])


def _disjoint(periods: Iterable[Period]) -> _Taken:
    whole = joined(periods)
    return _Taken([one[0] for one in whole], [one[1] for one in whole]) if whole else _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """One stretch of time, ready to be searched for any of the therapists it was prepared for."""

    wish: Wish
    days: tuple[Day, ...]
    first: datetime
    last: datetime
    suitable: Mapping[date, list[Period]] | None
    rooms: Mapping[SiteId, tuple[Room, ...] | None]
    taken: Mapping[str, _Taken]
    permitted: Permitted | None

    def of(self, therapist: Therapist) -> Iterator[Opening]:
        """The therapist's open slots, in order."""
        off = time_off(therapist)
        free_from = self.first
        for day, shift in shifts(therapist, self.days):
            formats = self._formats(therapist, shift, day.day)
            if not formats:
                continue
            for stretch in self._stretches(day, shift, off):
                for opening in self._slots(therapist, shift, stretch, formats, free_from):
                    free_from = self._after(opening.end)
                    yield opening

    def _after(self, end: datetime) -> datetime:
        buffers = self.wish.service.buffer_before + self.wish.service.buffer_after
        return end + timedelta(minutes=buffers)

    def _formats(self, therapist: Therapist, shift: Shift, day: date) -> list[Format]:
        wish = self.wish
        found = []
        for format in _PREFERRED if wish.site is None else _AT_THE_SITE:
            if format not in wish.formats or format not in shift.formats:
                continue
            site = shift.site if format is Format.IN_PERSON else None
            if format is Format.IN_PERSON and (site not in self.rooms or wish.site not in (None, site)):
                continue
            if self.permitted is None or self.permitted(therapist, format, site, day):
                found.append(format)
        return found

    def _stretches(self, day: Day, shift: Shift, off: list[Period]) -> Iterator[Period]:
        whole = Period(shift.start, shift.end)
        times = (whole,) if self.suitable is None else self.suitable[day.day]
        for time in times:
            start, end = max(whole.start, time.start, self.first), min(whole.end, time.end, self.last)
            if start < end:
                yield from without(Period(start, end), off) if off else (Period(start, end),)

    def _slots(
        self, therapist: Therapist, shift: Shift, stretch: Period, formats: Sequence[Format], free_from: datetime
    ) -> Iterator[Opening]:
        service = self.wish.service
        length = timedelta(minutes=service.minutes)
        before, after = timedelta(minutes=service.buffer_before), timedelta(minutes=service.buffer_after)
        mine = self.taken.get(therapist.id, _NOTHING)
        clients = self.taken.get(self.wish.client, _NOTHING) if self.wish.client else _NOTHING
        start = _on_grid(shift.start, max(stretch.start, free_from))
        while (end := start + length) <= stretch.end:
            busy = mine.until(start - before, end + after)
            wait = busy + before if busy else clients.until(start, end)
            if wait is not None:
                start = _on_grid(shift.start, wait)
                continue
            opening = self._placed(therapist, shift, Period(start, end), formats)
            if opening is None:
                start += STEP
                continue
            yield opening
            start = _on_grid(shift.start, self._after(end))

    def _placed(self, therapist: Therapist, shift: Shift, time: Period, formats: Sequence[Format]) -> Opening | None:
        for format in formats:
            if format is Format.TELEHEALTH:
                return Opening(therapist=therapist.id, start=time.start, end=time.end, format=format)
            for room in self._free_rooms(shift.site, time):
                return Opening(
                    therapist=therapist.id, start=time.start, end=time.end, format=format, site=shift.site, room=room
                )
        return None

    def _free_rooms(self, site: SiteId | None, time: Period) -> Iterator[RoomId | None]:
        """The free rooms, plainest first; one that is not named where the practice keeps no rooms in its file."""
        rooms = self.rooms.get(site) if site is not None else ()
        if rooms is None:
            yield None
            return
        service = self.wish.service
        start = time.start - timedelta(minutes=service.buffer_before)
        end = time.end + timedelta(minutes=service.buffer_after)
        yield from (one.id for one in rooms if self.taken.get(one.id, _NOTHING).until(start, end) is None)


# With a site asked for the client wants to come in; else a video visit leaves the rooms to those who need one.
_PREFERRED = (Format.TELEHEALTH, Format.IN_PERSON)
_AT_THE_SITE = (Format.IN_PERSON, Format.TELEHEALTH)


def _on_grid(anchor: datetime, moment: datetime) -> datetime:
    """The first quarter of an hour at or after the moment, counted from the anchor."""
    steps = -((anchor - moment) // STEP)
    return anchor + steps * STEP


def _search(
    wish: Wish,
    facts: Facts,
    rules: Rulebook,
    taken: Taken,
    therapists: Sequence[Therapist],
    first: datetime,
    last: datetime,
    permitted: Permitted | None,
) -> _Search:
    first_day, last_day = local_date(first), local_date(last - timedelta(microseconds=1))
    days = days_between(first_day, last_day, closed_days(facts.practice, rules, first_day, last_day))
    rooms = suitable_rooms(wish, facts)
    sites = {hours.site for one in therapists for hours in one.hours} if rooms else set()
    nearby = [room.id for site, some in rooms.items() if site in sites for room in some or ()]
    clients = () if wish.client is None else (wish.client,)
    margin = timedelta(minutes=wish.service.buffer_before + wish.service.buffer_after)
    times = taken((*(one.id for one in therapists), *nearby, *clients), first - margin, last + margin)
    return _Search(
        wish=wish,
        days=days,
        first=first,
        last=last,
        suitable={day.day: window_periods(wish.windows, day) for day in days} if wish.windows else None,
        rooms=rooms,
        taken={key: _disjoint(periods) for key, periods in times.items() if periods},
        permitted=permitted,
    )


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

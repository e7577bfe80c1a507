"""Which times are taken, by therapist, room and client."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter, itemgetter

from desktop.clinic.facts import Facts
from desktop.clinic.services import Service
from desktop.clinic.visits import VisitId
from desktop.clinic.workweek import Period

Taken = Callable[[Iterable[str], datetime, datetime], Mapping[str, Sequence[Period]]]
"""Asked for ids and two instants, the periods that overlap [start, end) for each id, in order of time.

Therapists' and rooms' periods include the buffers of the visits' services, clients' do not.
"""


def utc(moment: datetime) -> datetime:
    """The instant in UTC; one that already is stays the same object, which keeps comparisons fast."""
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def buffered(service: Service, start: datetime, end: datetime) -> Period:
    """The time that a visit of the service takes from therapist and room."""
    before, after = _buffers(service)
    return Period(start - before, end + after)


def _buffers(service: Service) -> tuple[timedelta, timedelta]:
    return timedelta(minutes=service.buffer_before), timedelta(minutes=service.buffer_after)


def taken_from(facts: Facts, *, ignoring: VisitId | None = None) -> Taken:
    """The times that the visits in the facts take; `ignoring` leaves out a visit that is about to be moved.

    Raises BadInput when asked about a visit whose service is not in the facts.
    """
    buffers = {one.id: _buffers(one) for one in facts.services}
    margin = facts.longest_visit + max((max(pair) for pair in buffers.values()), default=timedelta())

    def taken(ids: Iterable[str], start: datetime, end: datetime) -> Mapping[str, Sequence[Period]]:
        return {key: _of(key, start, end) for key in ids}

    def _of(key: str, start: datetime, end: datetime) -> list[Period]:
        visits = facts.calendar.get(key, [])
        near = visits[bisect_left(visits, start - margin, key=_START) : bisect_left(visits, end + margin, key=_START)]
        found = []
        for visit in near:
            first, last = utc(visit.start), utc(visit.end)
            if key == visit.therapist or key == visit.room or key in visit.therapists:
                before, after = buffers.get(visit.service) or _buffers(facts.service(visit.service))
                first, last = first - before, last + after
            if first < end and start < last and visit.id != ignoring:
                found.append(Period(first, last))
        found.sort(key=_FIRST)
        return found

    return taken


_START = attrgetter("start")
_FIRST = itemgetter(0)

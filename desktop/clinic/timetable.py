"""Which times are taken, by therapist, room and client."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter

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
    return Period(
        start - timedelta(minutes=service.buffer_before),
        end + timedelta(minutes=service.buffer_after),
    )


def taken_from(facts: Facts, *, ignoring: VisitId | None = None) -> Taken:
    """The times that the visits in the facts take; `ignoring` leaves out a visit that is about to be moved."""
    buffers = max((max(one.buffer_before, one.buffer_after) for one in facts.services), default=0)
    margin = facts.longest_visit + timedelta(minutes=buffers)

    def taken(ids: Iterable[str], start: datetime, end: datetime) -> Mapping[str, Sequence[Period]]:
        return {key: _of(key, start, end) for key in ids}

    def _of(key: str, start: datetime, end: datetime) -> list[Period]:
        visits = facts.calendar.get(key, [])
        near = visits[bisect_left(visits, start - margin, key=_START) : bisect_left(visits, end + margin, key=_START)]
        found = []
        for visit in near:
            period = Period(utc(visit.start), utc(visit.end))
            if key == visit.room or key in visit.therapists:
                period = buffered(facts.service(visit.service), *period)
            if visit.id != ignoring and period.start < end and start < period.end:
                found.append(period)
        return sorted(found)

    return taken


_START = attrgetter("start")

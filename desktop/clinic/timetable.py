"""Which times are taken, by therapist, room and client."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from desktop.clinic.facts import Facts
from desktop.clinic.services import Service
from desktop.clinic.visits import Visit, VisitId
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


def busy(visit: Visit, service: Service) -> Iterator[tuple[str, Period]]:
    """Whose time the visit takes, and which: nobody's when it was canceled."""
    if not visit.status.holds_time:
        return
    bare = Period(utc(visit.start), utc(visit.end))
    wide = buffered(service, *bare)
    for therapist in visit.therapists:
        yield therapist, wide
    if visit.room is not None:
        yield visit.room, wide
    for seat in visit.seats:
        yield seat.client, bare


def taken_from(facts: Facts, *, ignoring: VisitId | None = None) -> Taken:
    """The times that the visits in the facts take; `ignoring` leaves out a visit that is about to be moved."""
    visits = sorted(facts.visits, key=attrgetter("start"))
    starts = [visit.start for visit in visits]
    longest = max((visit.end - visit.start for visit in visits), default=timedelta())
    margin = longest + timedelta(
        minutes=max((max(one.buffer_before, one.buffer_after) for one in facts.services), default=0)
    )

    def taken(ids: Iterable[str], start: datetime, end: datetime) -> Mapping[str, Sequence[Period]]:
        found: dict[str, list[Period]] = {key: [] for key in ids}
        for visit in visits[bisect_left(starts, start - margin) : bisect_left(starts, end + margin)]:
            if visit.id == ignoring:
                continue
            for key, period in busy(visit, facts.service(visit.service)):
                if key in found and period.start < end and start < period.end:
                    found[key].append(period)
        return {key: sorted(periods) for key, periods in found.items()}

    return taken

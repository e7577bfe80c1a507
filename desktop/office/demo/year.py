"""A year of visits around today: the ordinary week carried over holidays, vacations and both ends of DST."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

import holidays

from desktop.clinic.moments import instant, local_date
from desktop.clinic.people import TherapistId
from desktop.clinic.practice import GroupId, Practice
from desktop.clinic.services import Format, Service
from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import Cancellation, Escort, Seat, Visit, VisitId, VisitStatus
from desktop.office.demo.grid import UNIT, Slot
from desktop.office.demo.week import Series

HALF = 26
OVER = frozenset({VisitStatus.COMPLETED, VisitStatus.NO_SHOW})
CALLED_OFF = frozenset({VisitStatus.CANCELED, VisitStatus.LATE_CANCEL})
REASONS = ("ill", "work", "child care", "weather", "")


@dataclass(kw_only=True)
class Year:
    """The days on which the practice is open, half a year each way from today, and the visits made so far."""

    rng: Random
    today: date
    monday: date
    closed: frozenset[date]
    away: dict[TherapistId, frozenset[date]]
    prefix: str
    instants: dict[tuple[date, int], datetime] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)

    @property
    def first(self) -> date:
        """The first day of the year."""
        return self.monday - timedelta(weeks=HALF)

    @property
    def last(self) -> date:
        """The last day of the year."""
        return self.monday + timedelta(weeks=HALF, days=6)

    def is_open(self, day: date, therapist: TherapistId) -> bool:
        """Whether the practice is open that day and the therapist is there."""
        return day not in self.closed and day not in self.away.get(therapist, frozenset())

    def start(self, day: date, unit: int) -> datetime:
        """The instant of that half hour of the day on the wall clock."""
        found = self.instants.get((day, unit))
        if found is None:
            found = instant(day, time(unit * UNIT // 60, unit * UNIT % 60))
            self.instants[day, unit] = found
        return found

    def days(self, slot: Slot, first: date, last: date) -> Iterator[date]:
        """The days of the slot from the first to the last, within the year, closed ones included."""
        for week in range(2 * HALF + 1):
            monday = self.first + timedelta(weeks=week)
            day = monday + timedelta(days=slot.weekday)
            if first <= day <= last and (slot.every == 1 or monday.toordinal() // 7 % 2 == slot.parity):
                yield day


def year_around(today: date, prefix: str, rng: Random, practice: Practice, therapists: tuple[Therapist, ...]) -> Year:
    """The year around today, without visits."""
    monday = today - timedelta(days=today.weekday())
    federal = holidays.country_holidays("US", years=range(today.year - 1, today.year + 2))
    return Year(
        rng=rng,
        today=today,
        monday=monday,
        closed=practice.closures | frozenset(federal),
        away={one.id: frozenset(_days_off(one)) for one in therapists},
        prefix=prefix,
    )


def carry(year: Year, series: Series) -> None:
    """Make the visits of one series."""
    for day in year.days(series.slot, series.first, series.last):
        if year.is_open(day, series.therapist) and all(year.is_open(day, one) for one in series.co_leaders):
            add_visit(
                year,
                day,
                service=series.service,
                therapist=series.therapist,
                co_leaders=series.co_leaders,
                seats=series.seats,
                slot=series.slot,
                series=series.id,
                group=series.group,
            )


def add_visit(
    year: Year,
    day: date,
    *,
    service: Service,
    therapist: TherapistId,
    slot: Slot,
    seats: tuple[Seat, ...],
    co_leaders: tuple[TherapistId, ...] = (),
    series: str | None = None,
    group: GroupId | None = None,
    escort: Escort | None = None,
    status: VisitStatus | None = None,
) -> Visit:
    """Make one visit; unless its status is given, past ones get an outcome and coming ones are confirmed or not yet."""
    start = year.start(day, slot.unit)
    found = status or _status(year, day)
    visit = Visit(
        id=VisitId(f"visit-{year.prefix}{len(year.visits) + 1:06}"),
        uid=f"{year.rng.getrandbits(128):032x}",
        service=service.id,
        therapist=therapist,
        co_leaders=co_leaders,
        seats=tuple(_seen(year, one, found) for one in seats) if found in OVER else seats,
        format=Format.IN_PERSON if slot.room else Format.TELEHEALTH,
        site=slot.site if slot.room else None,
        room=slot.room,
        start=start,
        end=start + timedelta(minutes=service.minutes),
        status=found,
        cancellation=_cancellation(year, start, found),
        sequence=1 if found in CALLED_OFF else 0,
        changed_at=start - timedelta(days=28),
        group=group,
        series=series,
        escort=escort,
        medication_attested=escort is not None,
    )
    year.visits.append(visit)
    return visit


def _status(year: Year, day: date) -> VisitStatus:
    draw = year.rng.random()
    if day < year.today:
        if year.today - day <= timedelta(days=3) and draw < 0.04:
            return VisitStatus.CONFIRMED
        outcomes = (VisitStatus.COMPLETED, VisitStatus.CANCELED, VisitStatus.LATE_CANCEL, VisitStatus.NO_SHOW)
        return year.rng.choices(outcomes, (90, 4, 3, 3))[0]
    if draw < 0.03:
        return VisitStatus.CANCELED
    near = day - year.today <= timedelta(days=3)
    if draw > (0.2 if near else 0.6) and day - year.today <= timedelta(days=14):
        return VisitStatus.CONFIRMED
    return VisitStatus.HOLD if draw < 0.04 else VisitStatus.SCHEDULED


def _seen(year: Year, seat: Seat, status: VisitStatus) -> Seat:
    came = status is VisitStatus.COMPLETED and (year.rng.random() < 0.93 or seat.expected_state is not None)
    return Seat(
        client=seat.client,
        expected_state=seat.expected_state,
        actual_state=seat.expected_state if came else None,
        attended=came,
    )


def _cancellation(year: Year, start: datetime, status: VisitStatus) -> Cancellation | None:
    if status not in CALLED_OFF:
        return None
    late = status is VisitStatus.LATE_CANCEL
    hours = year.rng.randrange(2, 23) if late else year.rng.randrange(26, 200)
    at = start - timedelta(hours=hours)
    if start.date() > year.today:
        at = min(at, year.start(year.today, 9 * 60 // UNIT) - timedelta(hours=hours))
    by = "client" if late or year.rng.random() < 0.75 else "therapist"
    return Cancellation(by=by, at=at, reason=year.rng.choice(REASONS))


def _days_off(therapist: Therapist) -> Iterator[date]:
    for off in therapist.time_off:
        day = local_date(off.start)
        while day <= local_date(off.end - timedelta(seconds=1)):
            yield day
            day += timedelta(days=1)

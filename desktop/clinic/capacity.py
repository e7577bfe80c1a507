"""Open hours: how much time therapists who take new clients have free, and whom it could serve."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from desktop.clinic.facts import Facts
from desktop.clinic.licensure import judge_licensure
from desktop.clinic.moments import local, local_date, whole_day
from desktop.clinic.people import State, TherapistId
from desktop.clinic.qualification import judge_qualification
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format, Level, Modality
from desktop.clinic.therapists import Role, Therapist
from desktop.clinic.timetable import Taken, utc
from desktop.clinic.turning import counts_days, rule_days, staff_days
from desktop.clinic.verdict import refusing
from desktop.clinic.workweek import Day, Period, Shift, closed_days, days_between, joined, shifts, time_off, without

WEEKS_AHEAD = 4
VISIT = timedelta(minutes=50)
_NOON = time(12)
_INSTANT = timedelta(microseconds=1)
_NO_LIMIT = 1_000_000


class Daypart(StrEnum):
    """A part of the week on the New York wall clock: before noon, noon to five, from five on; Saturday and Sunday."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    WEEKEND = "weekend"

    @property
    def since(self) -> timedelta:
        """How long after midnight it begins."""
        return timedelta(hours={"afternoon": 12, "evening": 17}.get(self.value, 0))

    @property
    def until(self) -> timedelta:
        """How long after midnight it ends, exclusive."""
        return timedelta(hours={"morning": 12, "afternoon": 17}.get(self.value, 24))


DAYPARTS = tuple(Daypart)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """A therapist's open hours a week in one daypart, with the states they reach and what the therapist is trained in.

    `coaching` are the states where no license is asked; `spare` is how many more clients the caseload takes. The
    modality none stands for therapy of any kind.
    """

    therapist: TherapistId
    daypart: Daypart
    states: frozenset[State]
    coaching: frozenset[State]
    modalities: frozenset[Modality | None]
    hours: float
    spare: int

    def reaches(self, state: State | None, modality: Modality | None) -> bool:
        """Whether a client in that state may be seen in these hours, trained or not."""
        return state in (self.coaching if modality is Modality.COACHING else self.states)

    def serves(self, modality: Modality | None, state: State | None) -> bool:
        """Whether these hours could serve a client who asks for that modality in that state."""
        return modality in self.modalities and self.reaches(state, modality)


def daypart_of(moment: datetime) -> Daypart:
    """The daypart of an instant."""
    wall = local(moment)
    if wall.weekday() >= 5:
        return Daypart.WEEKEND
    return Daypart.MORNING if wall.hour < 12 else Daypart.AFTERNOON if wall.hour < 17 else Daypart.EVENING


def open_hours(
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    taken: Taken,
    modalities: Iterable[Modality | None],
    states: Collection[State],
    caseloads: Mapping[TherapistId, int],
) -> tuple[Capacity, ...]:
    """The open hours of the next four weeks, as hours a week, of therapists who take new clients; by therapist.

    Free stretches of a daypart that are too short for a visit of 50 minutes do not count. Trained in a modality means
    that the rules let the therapist give it today; the license is judged on each day.
    """
    return _Search(facts, rules, now, taken, tuple(modalities), states).of(caseloads)


class _Search:
    def __init__(
        self,
        facts: Facts,
        rules: Rulebook,
        now: datetime,
        taken: Taken,
        modalities: tuple[Modality | None, ...],
        states: Collection[State],
    ) -> None:
        self._facts, self._rules, self._now, self._modalities = facts, rules, utc(now), modalities
        self._states = sorted(states)
        today = local_date(now)
        self._end = whole_day(today + timedelta(weeks=WEEKS_AHEAD))[0]
        last = local_date(self._end - _INSTANT)
        self._days = days_between(today, last, closed_days(facts.practice, rules, today, last))
        self._staff = [
            one for one in facts.therapists if one.accepting and not one.retired and one.role is not Role.PRESCRIBER
        ]
        self._taken = taken([one.id for one in self._staff], self._now, self._end)
        self._rule_days = rule_days(rules)
        self._turns: dict[TherapistId, list[date]] = {}
        self._licensed: dict[tuple[TherapistId, Format, State, date], bool] = {}

    def of(self, caseloads: Mapping[TherapistId, int]) -> tuple[Capacity, ...]:
        found: list[Capacity] = []
        for therapist in self._staff:
            load = caseloads.get(therapist.id, 0)
            spare = _NO_LIMIT if therapist.caseload_cap is None else therapist.caseload_cap - load
            if spare > 0:
                found += self._capacities(therapist, spare)
        return tuple(found)

    def _capacities(self, therapist: Therapist, spare: int) -> Iterator[Capacity]:
        trained = frozenset(one for one in self._modalities if self._is_trained(therapist, one))
        minutes: dict[tuple[Daypart, frozenset[State], frozenset[State]], timedelta] = {}
        for day, shift, free in self._free(therapist):
            where = self._reach(therapist, day, shift)
            for part, length in _split(day, free):
                minutes[part, *where] = minutes.get((part, *where), timedelta()) + length
        for (part, states, coaching), length in minutes.items():
            yield Capacity(
                therapist=therapist.id,
                daypart=part,
                states=states,
                coaching=coaching,
                modalities=trained,
                hours=length / timedelta(hours=1) / WEEKS_AHEAD,
                spare=spare,
            )

    def _free(self, therapist: Therapist) -> Iterator[tuple[Day, Shift, Period]]:
        busy = joined([*time_off(therapist), *(Period(*one) for one in self._taken.get(therapist.id, ()))])
        for day, shift in shifts(therapist, self._days):
            start, end = max(shift.start, self._now), min(shift.end, self._end)
            if start < end:
                for free in without(Period(start, end), busy):
                    yield day, shift, free
                # Two shifts at the same time, at two sites, are still the time of one person.
                busy = joined([*busy, Period(start, end)])

    def _is_trained(self, therapist: Therapist, modality: Modality | None) -> bool:
        if modality is None:
            return therapist.role is Role.THERAPIST
        verdicts = judge_qualification(
            therapist,
            modality=modality,
            level=Level.TRAINED,
            scope=frozenset(),
            day=local_date(self._now),
            facts=self._facts,
            rules=self._rules,
        )
        return not refusing(verdicts)

    def _reach(self, therapist: Therapist, day: Day, shift: Shift) -> tuple[frozenset[State], frozenset[State]]:
        at_site = None if shift.site is None else self._facts.site(shift.site).state
        ways = {(Format.TELEHEALTH, state) for state in self._states if Format.TELEHEALTH in shift.formats}
        if at_site is not None and Format.IN_PERSON in shift.formats:
            ways.add((Format.IN_PERSON, at_site))
        states = {state for format, state in ways if self._is_licensed(therapist, format, state, day)}
        return frozenset(states), frozenset(state for _format, state in ways)

    def _is_licensed(self, therapist: Therapist, format: Format, state: State, day: Day) -> bool:
        key = (therapist.id, format, state, self._since(therapist, day))
        if key not in self._licensed:
            start = day.at(_NOON)
            verdicts = judge_licensure(
                therapist,
                state=state,
                format=format,
                start=start,
                end=start + VISIT,
                facts=self._facts,
                rules=self._rules,
                now=self._now,
            )
            self._licensed[key] = not refusing(verdicts)
        return self._licensed[key]

    def _since(self, therapist: Therapist, day: Day) -> date:
        """The first day since which no dated rule can have changed its answer about the therapist."""
        if therapist.id not in self._turns:
            own = staff_days(therapist, self._facts, self._rules)
            self._turns[therapist.id] = sorted(own | self._rule_days)
        days = self._turns[therapist.id]
        place = bisect_right(days, day.day)
        return day.day if counts_days(therapist) else days[place - 1] if place else date.min


def _split(day: Day, free: Period) -> Iterator[tuple[Daypart, timedelta]]:
    """The dayparts of a free stretch that leave room for a visit, with how long it lies in each."""
    if day.day.weekday() >= 5:
        if free.end - free.start >= VISIT:
            yield Daypart.WEEKEND, free.end - free.start
        return
    noon, five = day.at(_NOON), day.at(time(17))
    bounds = {
        Daypart.MORNING: (free.start, noon),
        Daypart.AFTERNOON: (noon, five),
        Daypart.EVENING: (five, free.end),
    }
    for part, (since, until) in bounds.items():
        length = min(free.end, until) - max(free.start, since)
        if length >= VISIT:
            yield part, length

"""The dated rules of a match, asked once for each stretch of days on which nothing can change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date

from desktop.clinic.moments import local_date
from desktop.clinic.on_the_day import elsewhere, fitting, licensed, not_in_formats, places, turning_days
from desktop.clinic.openings import Opening
from desktop.clinic.people import State, TherapistId
from desktop.clinic.practice import SiteId
from desktop.clinic.question import Question
from desktop.clinic.services import Format
from desktop.clinic.therapists import Therapist
from desktop.clinic.verdict import Verdict, refusing


class Gate:
    """Answers for one question, kept while the match runs."""

    def __init__(self, asked: Question) -> None:
        """Take the question that every answer is about."""
        self._asked = asked
        self._turns: dict[TherapistId, list[date]] = {}
        self._fitting: dict[tuple[TherapistId, date], tuple[Verdict, ...]] = {}
        self._permits: dict[tuple[TherapistId, Format, State | None, date], bool] = {}
        self._licensed: dict[tuple[TherapistId, Format, State | None, date], tuple[Verdict, ...]] = {}

    def failures(self, therapist: Therapist, *, alone: bool = True) -> tuple[Verdict, ...]:
        """Why the therapist cannot see the client on any day of the search, as of its first; nothing when they can.

        `alone` False spares the look at later days, because the therapist is excluded for other reasons anyway.
        """
        failures = self._failures(therapist, self._asked.first_day)
        if not failures or not alone:
            return failures
        later = any(not self._failures(therapist, day) for day in self._days(therapist)[1:])
        return () if later else failures

    def _failures(self, therapist: Therapist, day: date) -> tuple[Verdict, ...]:
        """The failed rules of that day; those of format, site and license only when no way is left."""
        return (*refusing(self.fitting(therapist, day)), *self.closed_ways(therapist, day))

    def closed_ways(self, therapist: Therapist, day: date) -> tuple[Verdict, ...]:
        """Why no format and place is left in which the license holds that day; nothing when there is one."""
        reasons: list[Verdict] = [*not_in_formats(self._asked)]
        for format, state, is_placed in self._ways(therapist):
            refused = refusing(self.licensed(therapist, format, state, day))
            if is_placed and not refused:
                reasons.clear()
                break
            reasons += () if is_placed else (elsewhere(therapist, self._asked, format),)
            reasons += refused
        return _once(reasons)

    def _ways(self, therapist: Therapist) -> Iterator[tuple[Format, State | None, bool]]:
        """Each format and client state that was asked for, and whether the therapist's hours have a place for it."""
        sites = self._asked.sites
        for format, where in places(therapist, self._asked).items():
            if format is Format.TELEHEALTH:
                yield format, self._asked.request.state, bool(where)
                continue
            for state in sorted({sites[site] for site in where or sites if site is not None}):
                yield format, state, bool(where)
            if not sites:
                yield format, None, False

    def fitting(self, therapist: Therapist, day: date) -> tuple[Verdict, ...]:
        """What age and qualification say on that day."""
        key = (therapist.id, self._since(therapist, day))
        if key not in self._fitting:
            self._fitting[key] = fitting(therapist, self._asked, key[1])
        return self._fitting[key]

    def licensed(self, therapist: Therapist, format: Format, state: State | None, day: date) -> tuple[Verdict, ...]:
        """What the license rules say of that format on that day, with the client in that state."""
        key = (therapist.id, format, state, self._since(therapist, day))
        if key not in self._licensed:
            self._licensed[key] = licensed(therapist, self._asked, format, state, key[3])
        return self._licensed[key]

    def permits(self, therapist: Therapist, format: Format, site: SiteId | None, day: date) -> bool:
        """Whether every dated rule lets the therapist see the client that day in that format at that site."""
        state = self._state(format, site)
        key = (therapist.id, format, state, self._since(therapist, day))
        if key not in self._permits:
            verdicts = (*self.fitting(therapist, day), *self.licensed(therapist, format, state, day))
            self._permits[key] = not refusing(verdicts)
        return self._permits[key]

    def verdicts(self, therapist: Therapist, openings: Iterable[Opening]) -> tuple[Verdict, ...]:
        """What the dated rules say of each opening on its own day, each verdict once."""
        seen = dict.fromkeys((local_date(one.start), one.format, self._state(one.format, one.site)) for one in openings)
        return _once(
            verdict
            for day, format, state in seen
            for verdict in (*self.fitting(therapist, day), *self.licensed(therapist, format, state, day))
        )

    def any_day(self, therapist: Therapist) -> tuple[Verdict, ...]:
        """What the dated rules say on the first day on which the therapist may see the client, for each open way."""
        for day in self._days(therapist):
            if not self._failures(therapist, day):
                ways = (
                    self.licensed(therapist, format, state, day) for format, state, _placed in self._ways(therapist)
                )
                return _once(
                    (*self.fitting(therapist, day), *(one for way in ways if not refusing(way) for one in way))
                )
        return ()

    def _days(self, therapist: Therapist) -> list[date]:
        if therapist.id not in self._turns:
            self._turns[therapist.id] = [self._asked.first_day, *turning_days(therapist, self._asked)]
        return self._turns[therapist.id]

    def _since(self, therapist: Therapist, day: date) -> date:
        """The first day since which no dated rule can have changed its answer."""
        if day == self._asked.first_day:
            return day
        days = self._days(therapist)
        return days[bisect_right(days, day) - 1]

    def _state(self, format: Format, site: SiteId | None) -> State | None:
        return self._asked.request.state if format is Format.TELEHEALTH or site is None else self._asked.sites[site]


def _once(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    kept: list[Verdict] = []
    for one in verdicts:
        if one not in kept:
            kept.append(one)
    return tuple(kept)

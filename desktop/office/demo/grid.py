"""An ordinary week in half hours: who and which room is taken, apart for even and odd weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from desktop.clinic.practice import Room, RoomId, SiteId
from desktop.clinic.services import Format, Service
from desktop.clinic.therapists import Therapist

UNIT = 30
DAY = 24 * 60 // UNIT
WEEK = 7 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time of the week: weekday (Monday is 0), first half hour of the day, every how many weeks, and where."""

    weekday: int
    unit: int
    every: int = 1
    parity: int = 0
    site: SiteId | None = None
    room: RoomId | None = None

    def cells(self, units: int) -> frozenset[int]:
        """The half hours that it takes, numbered through an even and an odd week."""
        weeks = (0, 1) if self.every == 1 else (self.parity,)
        return _cells(self.weekday * DAY + self.unit, units, weeks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of a therapist's working week, in half hours of a weekday."""

    weekday: int
    first: int
    last: int
    site: SiteId | None
    formats: frozenset[Format]


def taken_units(service: Service) -> int:
    """Half hours that the service takes with its buffer."""
    return -(-(service.buffer_before + service.minutes + service.buffer_after) // UNIT)


def stretches(therapist: Therapist) -> list[Stretch]:
    """The therapist's working week."""
    return [
        Stretch(
            weekday=one.window.day.number,
            first=(one.window.start.hour * 60 + one.window.start.minute) // UNIT,
            last=(one.window.end.hour * 60 + one.window.end.minute) // UNIT,
            site=one.site,
            formats=one.formats,
        )
        for one in therapist.hours
    ]


class Grid:
    """What is taken so far; it only ever fills up."""

    def __init__(self) -> None:
        self._taken: dict[str, set[int]] = defaultdict(set)

    def is_free(self, ids: Iterable[str], cells: frozenset[int]) -> bool:
        """Whether none of them is taken in any of the half hours."""
        return all(self._taken[key].isdisjoint(cells) for key in ids)

    def take(self, ids: Iterable[str], cells: frozenset[int]) -> None:
        """Take the half hours of all of them."""
        for key in ids:
            self._taken[key] |= cells

    def room(self, rooms: Iterable[Room], cells: frozenset[int]) -> Room | None:
        """The first of the rooms that is free then."""
        return next((room for room in rooms if self.is_free((room.id,), cells)), None)


def starts(stretch: Stretch, service: Service) -> Iterator[int]:
    """The half hours of the day at which the service can begin within the stretch."""
    length = -(-service.minutes // UNIT)
    return iter(range(stretch.first, stretch.last - length + 1))


@cache
def _cells(first: int, units: int, weeks: tuple[int, ...]) -> frozenset[int]:
    return frozenset(week * WEEK + first + step for week in weeks for step in range(units))

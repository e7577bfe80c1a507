"""The geometry of a day: columns of people, minutes of wall clock, lanes for what overlaps, stops for the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Annotated

from PySide6.QtCore import QPoint, QRect

from desktop.clinic.moments import instant
from desktop.clinic.people import TherapistId
from desktop.clinic.visits import VisitId
from desktop.gui.widgets.glyphs import Glyph

SNAP = 15
MIDNIGHT = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in the calendar: whose time, on which day, at which minute after midnight."""

    therapist: TherapistId
    day: date
    minute: int

    @property
    def start(self) -> datetime:
        """The UTC instant.

        Raises BadInput when the clocks skip that time.
        """
        return instant(self.day, time(self.minute // 60, self.minute % 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One therapist on one day: heading, second line, tooltip, and the working hours as minutes after midnight."""

    therapist: TherapistId
    day: date
    title: str
    short: Annotated[str, "the title when there is little room"] = ""
    suffix: str = ""
    note: str = ""
    tip: str = ""
    working: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One visit in one column, in minutes after midnight; `look` names its tint."""

    visit: VisitId
    column: int
    start: int
    end: int
    title: str
    short: Annotated[str, "the title when there is little room"] = ""
    word: str
    place: str = ""
    look: str
    sign: Glyph
    spoken: str
    tip: str = ""
    confirmed: bool = False
    holds_time: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Where the cursor may rest in a column: on an appointment (`row` of the plan's blocks) or on an open slot (-1)."""

    minute: int
    row: int = -1


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the calendar shows: columns, blocks sorted by column and start, and the hours from `first` to `last`."""

    columns: tuple[Column, ...] = ()
    blocks: tuple[Block, ...] = ()
    first: int = 7 * 60
    last: int = 21 * 60

    @cached_property
    def rows(self) -> tuple[tuple[int, ...], ...]:
        """The rows of the blocks of each column, by start."""
        found: list[list[int]] = [[] for _column in self.columns]
        for row, block in enumerate(self.blocks):
            found[block.column].append(row)
        return tuple(tuple(sorted(rows, key=lambda row: (self.blocks[row].start, row))) for rows in found)

    @cached_property
    def lanes(self) -> tuple[tuple[int, int], ...]:
        """Each block's lane and how many lanes its neighborhood has."""
        placed = [(0, 1)] * len(self.blocks)
        for rows in self.rows:
            spans = [(self.blocks[row].start, self.blocks[row].end) for row in rows]
            for row, lane in zip(rows, lanes(spans), strict=True):
                placed[row] = lane
        return tuple(placed)

    @cached_property
    def stops(self) -> tuple[tuple[Stop, ...], ...]:
        """Where the cursor may rest, for each column from early to late."""
        return tuple(self._stops(column) for column in range(len(self.columns)))

    def slot(self, column: int, minute: int) -> Slot:
        """The place at that minute of that column."""
        found = self.columns[column]
        return Slot(therapist=found.therapist, day=found.day, minute=minute)

    def clashes(self, row: int, column: int, start: int, end: int) -> bool:
        """Whether another appointment that holds its time overlaps the span in that column."""
        visit = self.blocks[row].visit
        return any(
            one.holds_time and one.visit != visit and one.start < end and start < one.end
            for one in (self.blocks[other] for other in self.rows[column])
        )

    def _stops(self, column: int) -> tuple[Stop, ...]:
        blocks = [(self.blocks[row], row) for row in self.rows[column]]
        found = [Stop(minute=block.start, row=row) for block, row in blocks]
        found += [
            Stop(minute=minute)
            for minute in range(self.first, self.last, SNAP)
            if not any(block.start <= minute < block.end for block, _row in blocks)
        ]
        return tuple(sorted(found, key=lambda stop: (stop.minute, stop.row)))


def lanes(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For spans sorted by start: the lane of each, and the number of lanes of the cluster that it overlaps with."""
    placed: list[tuple[int, int]] = []
    cluster: list[int] = []
    ends: list[int] = []

    def close() -> None:
        for at in cluster:
            placed[at] = (placed[at][0], len(ends))

    for at, (start, end) in enumerate(spans):
        if ends and start >= max(ends):
            close()
            cluster, ends = [], []
        lane = next((lane for lane, free_from in enumerate(ends) if free_from <= start), len(ends))
        ends[lane : lane + 1] = [end]
        cluster.append(at)
        placed.append((lane, 1))
    close()
    return placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where the keyboard is: the column, the stop in it, and the minute it keeps when it goes sideways."""

    column: int = 0
    stop: Stop
    wanted: int


def landed(plan: Plan, column: int, minute: int) -> Cursor:
    """The cursor at the stop of that column which covers the minute, or else lies nearest to it."""
    column = min(max(column, 0), len(plan.columns) - 1)
    found = plan.stops[column]

    def far(stop: Stop) -> tuple[int, int]:
        if stop.row >= 0 and stop.minute <= minute < plan.blocks[stop.row].end:
            return (0, 0 if plan.blocks[stop.row].holds_time else 1)
        return (abs(stop.minute - minute), 2)

    return Cursor(column=column, stop=min(found, key=far, default=Stop(minute=minute)), wanted=minute)


def stepped(plan: Plan, cursor: Cursor, *, across: int = 0, down: int = 0) -> Cursor:
    """The cursor one column across or one stop down (negative: back, up), staying inside."""
    if across:
        return landed(plan, cursor.column + across, cursor.wanted)
    found = plan.stops[cursor.column]
    at = found.index(cursor.stop) if cursor.stop in found else 0
    stop = found[min(max(at + down, 0), len(found) - 1)]
    return Cursor(column=cursor.column, stop=stop, wanted=stop.minute)


def ended(plan: Plan, cursor: Cursor, *, last: bool) -> Cursor:
    """The cursor on the first or last stop of its column."""
    stop = plan.stops[cursor.column][-1 if last else 0]
    return Cursor(column=cursor.column, stop=stop, wanted=stop.minute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where columns and minutes lie in the content, in pixels."""

    count: int = 0
    width: int = 0
    per_minute: float = 1.0
    first: int = 0
    last: int = 0
    top: int = 0

    @property
    def height(self) -> int:
        """The height of the whole content."""
        return self.y(self.last) + self.top

    def left(self, column: int) -> int:
        """The left edge of a column; of column `count` the right end of all."""
        return round(column * self.width / self.count) if self.count else 0

    def column_at(self, x: int) -> int:
        """The column at x, the nearest one when x is outside; -1 when there is none."""
        if not self.count:
            return -1
        column = min(max(int(x * self.count / max(self.width, 1)), 0), self.count - 1)
        if x < self.left(column):
            return max(column - 1, 0)
        return min(column + (x >= self.left(column + 1)), self.count - 1)

    def y(self, minute: int) -> int:
        """The y of a minute after midnight."""
        return self.top + round((minute - self.first) * self.per_minute)

    def minute_at(self, y: int) -> int:
        """The minute at y, kept within the hours shown."""
        minute = self.first + int((y - self.top) / self.per_minute)
        return min(max(minute, self.first), self.last)

    def snapped(self, y: int) -> int:
        """The beginning of the slot at y."""
        return min(self.minute_at(y) // SNAP * SNAP, self.last - SNAP)

    def span(self, column: int, start: int, end: int, lane: int = 0, of: int = 1) -> QRect:
        """The rectangle of a block, with a hair of room around it."""
        left, right = self.left(column) + 2, self.left(column + 1) - 3
        room = right - left
        x, to = left + room * lane // of, left + room * (lane + 1) // of
        y, bottom = self.y(max(start, self.first)) + 1, self.y(min(end, self.last)) - 1
        return QRect(QPoint(x, y), QPoint(max(to - (lane + 1 < of), x + 4), max(bottom, y + 4)))

"""The geometry of a day: lanes, stops of the cursor, pixels and minutes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.clinic.errors import BadInput
from desktop.clinic.people import TherapistId
from desktop.gui.widgets.dayghost import Grip, carried, is_changed, lifted, stretched
from desktop.gui.widgets.daygrid import SNAP, Cursor, Grid, Plan, Slot, Stop, ended, landed, lanes, stepped
from desktop.gui.widgets.daytime import clock, hour
from tests.gui.widgets.days import plan

SPANS = st.lists(
    st.tuples(st.integers(0, 600), st.integers(1, 200)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=25
).map(sorted)


@given(SPANS)
def test_what_overlaps_never_shares_a_lane(spans: list[tuple[int, int]]) -> None:
    """Every pair of overlapping blocks stands side by side, in lanes of one width."""
    placed = lanes(spans)
    for at, (start, end) in enumerate(spans):
        for other in range(at):
            if spans[other][0] < end and start < spans[other][1]:
                assert placed[at][0] != placed[other][0]
                assert placed[at][1] == placed[other][1]
    assert all(0 <= lane < of for lane, of in placed)


@given(SPANS)
def test_no_more_lanes_than_overlap_at_once(spans: list[tuple[int, int]]) -> None:
    """A cluster has as many lanes as its busiest minute."""
    deepest = max((sum(a <= start < b for a, b in spans) for start, _end in spans), default=0)
    assert max((of for _lane, of in lanes(spans)), default=0) == deepest


@given(st.integers(1, 60), st.integers(1, 3000), st.integers(0, 4000))
def test_a_pixel_lies_in_the_column_that_covers_it(count: int, extra: int, x: int) -> None:
    """Columns are at least a pixel wide, touch each other and cover the width."""
    grid = Grid(count=count, width=count + extra, per_minute=1.5, first=480, last=1200)
    column = grid.column_at(x)
    if x < grid.width:
        assert grid.left(column) <= x < grid.left(column + 1)
    else:
        assert column == count - 1


@given(st.integers(480, 1200), st.floats(1.0, 6.0))
def test_a_minute_comes_back_from_its_pixel(minute: int, scale: float) -> None:
    """Rounding to pixels loses less than the minutes that one pixel stands for."""
    grid = Grid(count=3, width=400, per_minute=scale, first=480, last=1200, top=9)
    assert abs(grid.minute_at(grid.y(minute)) - minute) <= 1
    assert grid.snapped(grid.y(minute)) % SNAP == 0


def test_a_block_stays_inside_its_column_and_lanes_do_not_touch() -> None:
    """Three lanes in one column: left to right with a gap, inside the column."""
    grid = Grid(count=3, width=401, per_minute=1.5, first=480, last=1200)
    rects = [grid.span(1, 540, 590, lane, 3) for lane in range(3)]
    assert rects[0].left() > grid.left(1)
    assert rects[2].right() < grid.left(2)
    assert rects[0].right() < rects[1].left() < rects[1].right() < rects[2].left()


def test_the_cursor_stops_at_appointments_and_open_slots() -> None:
    """Down the first column: the slots before 9, the appointment, and the first slot after its end."""
    found = plan().stops[0]
    assert [stop.minute for stop in found[:5]] == [480, 495, 510, 525, 540]
    assert found[4].row == 0
    assert found[5] == Stop(minute=600, row=1)
    assert found[6] == Stop(minute=630, row=2)


@given(st.lists(st.sampled_from(["up", "down", "left", "right", "home", "end"]), max_size=40))
def test_the_cursor_never_leaves_the_day(steps: list[str]) -> None:
    """Whatever is pressed, it stands on a stop of its column."""
    day = plan()
    cursor = landed(day, 0, 540)
    for step in steps:
        if step in ("home", "end"):
            cursor = ended(day, cursor, last=step == "end")
        else:
            across = {"left": -1, "right": 1}.get(step, 0)
            cursor = stepped(day, cursor, across=across, down={"up": -1, "down": 1}.get(step, 0))
        assert cursor.stop in day.stops[cursor.column]


def test_sideways_keeps_the_time() -> None:
    """From 9:00 right to the visit of 9:10 that is nearest, and right again to 9:00 once more."""
    day = plan()
    start = Cursor(column=0, stop=Stop(minute=540, row=0), wanted=540)
    once = stepped(day, start, across=1)
    assert day.blocks[once.stop.row].visit == "d" or once.stop.minute == 540
    assert stepped(day, once, across=1).stop.minute == 540


def test_a_ghost_stays_in_the_day_and_keeps_its_length() -> None:
    """Carried far out it stops at the edges; stretched it keeps one slot at least."""
    day = plan()
    ghost = lifted(day, 0, Grip.WHOLE)
    assert not is_changed(day, ghost)
    late = carried(day, ghost, 99, 5000)
    assert (late.column, late.end, late.end - late.start) == (2, day.last, 50)
    assert carried(day, ghost, -5, 0).start == day.first
    assert stretched(day, ghost, 0).end == ghost.start + SNAP


def test_a_ghost_says_whether_something_is_in_the_way() -> None:
    """A canceled visit and the visit itself are not in the way."""
    day = plan()
    ghost = lifted(day, 0, Grip.WHOLE)
    assert carried(day, ghost, 0, 610).sentence(day) == "10:10 AM to 11:00 AM, Therapist 0, taken"
    assert carried(day, ghost, 2, 900).sentence(day) == "3:00 PM to 3:50 PM, Therapist 2, free"
    assert not day.clashes(0, 0, 530, 580)


def test_a_slot_is_an_instant_in_new_york() -> None:
    """Five hours behind UTC in winter; a time that the clocks skip is refused."""
    assert Slot(therapist=TherapistId("t"), day=date(2026, 11, 24), minute=615).start == datetime(
        2026, 11, 24, 15, 15, tzinfo=UTC
    )
    with pytest.raises(BadInput):
        _ = Slot(therapist=TherapistId("t"), day=date(2027, 3, 14), minute=150).start


@pytest.mark.parametrize(
    ("minute", "long", "short"),
    [(0, "12:00 AM", "12:00"), (545, "9:05 AM", "9:05"), (720, "12:00 PM", "12:00"), (1439, "11:59 PM", "11:59")],
)
def test_twelve_hours(minute: int, long: str, short: str) -> None:
    """Midnight and noon are both twelve."""
    assert (clock(minute), clock(minute, short=True)) == (long, short)


def test_full_hours() -> None:
    """As the gutter shows them."""
    assert [hour(at * 60) for at in (9, 12, 13)] == ["9 AM", "12 PM", "1 PM"]


def test_an_empty_plan_has_no_stops() -> None:
    """A day on which nobody works."""
    assert Plan().stops == ()

"""Wall-clock times and instants over both edges of daylight saving."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.clinic.errors import BadInput
from desktop.clinic.moments import Weekday, Window, age_on, aware, instant, is_repeated, local, local_date, whole_day


@pytest.mark.parametrize(
    ("day", "wall", "utc"),
    [
        (date(2026, 12, 1), time(18), datetime(2026, 12, 1, 23, tzinfo=UTC)),
        (date(2027, 3, 16), time(18), datetime(2027, 3, 16, 22, tzinfo=UTC)),
        (date(2026, 11, 1), time(1, 30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    ],
)
def test_a_wall_clock_time_is_one_instant(day: date, wall: time, utc: datetime) -> None:
    """Six in the evening stays six in the evening; a repeated hour means its first run."""
    assert utc == instant(day, wall)


def test_a_time_that_clocks_skip_is_refused() -> None:
    """2:30 AM on the second Sunday in March does not exist in New York."""
    with pytest.raises(BadInput, match="does not exist"):
        instant(date(2027, 3, 14), time(2, 30))


def test_only_the_hour_that_clocks_repeat_is_repeated() -> None:
    """1:30 AM happens twice on the first Sunday in November and never otherwise."""
    assert is_repeated(date(2026, 11, 1), time(1, 30))
    assert not is_repeated(date(2026, 11, 1), time(2, 30))
    assert not is_repeated(date(2027, 3, 14), time(1, 30))


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 14), 23), (date(2026, 11, 1), 25), (date(2026, 11, 23), 24)])
def test_a_day_has_23_24_or_25_hours(day: date, hours: int) -> None:
    """A whole day in New York runs from midnight to midnight on the wall clock."""
    start, end = whole_day(day)
    assert timedelta(hours=hours) == end - start


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
@example(datetime(2024, 11, 3, 5, 0, tzinfo=UTC))
def test_every_instant_lies_in_its_own_day(moment: datetime) -> None:
    """The local date of an instant is the day whose span holds it."""
    start, end = whole_day(local_date(moment))
    assert start <= moment < end
    # Of different zones nothing equals an hour that happens twice (PEP 495), so both are told in UTC.
    assert moment == local(moment).astimezone(UTC)


def test_a_naive_moment_is_refused_by_name() -> None:
    """The error names the field and shows how to write it."""
    with pytest.raises(BadInput, match=r"start: give the UTC offset.*-05:00"):
        aware("start", datetime(2026, 12, 3, 15))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2026, 2, 28), 17), (date(2026, 3, 1), 18), (date(2028, 2, 29), 20), (date(2027, 2, 28), 18)],
)
def test_a_birthday_counts_as_attained(day: date, age: int) -> None:
    """Somebody born on February 29, 2008 turns 18 on March 1, 2026."""
    assert age == age_on(date(2008, 2, 29), day)


def test_a_window_must_end_after_it_starts() -> None:
    """Five to five is no window."""
    with pytest.raises(BadInput, match="end"):
        Window(day=Weekday.TUE, start=time(17), end=time(17))
    assert Weekday.SUN.number == date(2026, 11, 22).weekday()

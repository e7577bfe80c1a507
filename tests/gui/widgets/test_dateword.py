"""Days as people type them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.clinic.errors import BadInput
from desktop.gui.widgets.dateword import Moment, read

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", (2026, 11, 23)),
        ("  Tomorrow ", (2026, 11, 24)),
        ("yesterday", (2026, 11, 22)),
        ("tue", (2026, 11, 24)),
        ("mon", (2026, 11, 30)),
        ("Thursday", (2026, 11, 26)),
        ("thurs", (2026, 11, 26)),
        ("next tue", (2026, 12, 1)),
        ("last fri", (2026, 11, 20)),
        ("last mon", (2026, 11, 16)),
        ("+2w", (2026, 12, 7)),
        ("-3d", (2026, 11, 20)),
        ("in 2 weeks", (2026, 12, 7)),
        ("+1m", (2026, 12, 23)),
        ("+1y", (2027, 11, 23)),
        ("12/3", (2026, 12, 3)),
        ("1/5", (2027, 1, 5)),
        ("11/2", (2026, 11, 2)),
        ("12/3/27", (2027, 12, 3)),
        ("12/3/2027", (2027, 12, 3)),
        ("2026-12-03", (2026, 12, 3)),
        ("dec 3", (2026, 12, 3)),
        ("3 Dec", (2026, 12, 3)),
        ("December 3rd, 2026", (2026, 12, 3)),
        ("sept 1", (2026, 9, 1)),
        ("2/29", (2028, 2, 29)),
    ],
)
def test_words_for_days(typed: str, day: tuple[int, int, int]) -> None:
    """Seen from Monday, November 23, 2026."""
    if typed == "2/29":
        assert read(typed, date(2027, 11, 23)) == Moment(day=date(*day))
    else:
        assert read(typed, MONDAY) == Moment(day=date(*day))


@pytest.mark.parametrize(
    ("typed", "day", "minute"),
    [
        ("fri 6p", 27, 18 * 60),
        ("fri 6:30 pm", 27, 18 * 60 + 30),
        ("tomorrow at 9a", 24, 9 * 60),
        ("wed 14:15", 25, 14 * 60 + 15),
        ("12pm", 23, 12 * 60),
        ("tue 12 am", 24, 0),
    ],
)
def test_words_with_a_time(typed: str, day: int, minute: int) -> None:
    """A time alone means today."""
    assert read(typed, MONDAY) == Moment(day=date(2026, 11, day), minute=minute)


@pytest.mark.parametrize(
    "typed", ["", "   ", "t", "soonish", "13/45", "2/30", "feb 30", "fri 25p", "+99999999w", "9:75", "ju 4", "½"]
)
def test_what_is_not_a_day_gets_a_sentence(typed: str) -> None:
    """The sentence quotes what was typed, or says what can be."""
    with pytest.raises(BadInput) as caught:
        read(typed, MONDAY)
    assert caught.value.sentence.endswith(".")


@given(st.text(max_size=20))
def test_anything_typed_is_a_day_or_a_sentence(typed: str) -> None:
    """Never another error."""
    with suppress(BadInput):
        assert isinstance(read(typed, MONDAY), Moment)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_days_ahead_come_back(today: date, days: int) -> None:
    """+n days is n days later, and its numbers mean the same day again within half a year."""
    later = read(f"+{days}d", today).day
    assert later == today + timedelta(days=days)
    if days < 180:
        assert read(f"{later.month}/{later.day}", today).day == later

"""How long matching, openings and the conflict check take; medians, with a year of visits where they are asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from time import process_time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from desktop.clinic.facts import Facts
from desktop.clinic.matching import Match, match
from desktop.clinic.moments import Weekday, Window
from desktop.clinic.openings import Wish, openings_of
from desktop.clinic.people import State
from desktop.clinic.requests import Proposal, Request
from desktop.clinic.schedule import judge_schedule
from desktop.clinic.services import BOTH_FORMATS, Format, Modality
from desktop.clinic.timetable import Taken, taken_from
from desktop.clinic.visits import Seat
from desktop.clinic.workweek import Period
from tests.clinic.practices import EMDR, NOW, SESSION, at, practice_of, rulebook

# The program's own time on the processor, so that what else the computer does is not measured.
pytestmark = pytest.mark.benchmark(timer=process_time)
AFTERNOONS = tuple(Window(day=day, start=time(15), end=time(20)) for day in (Weekday.TUE, Weekday.THU))


@pytest.fixture(scope="module")
def year() -> Facts:
    """Twenty-five therapists, 900 clients and about 25,000 visits."""
    return practice_of(25)


def request(where: Facts, *, windows: tuple[Window, ...] = AFTERNOONS) -> Request:
    """EMDR by video from New Jersey or in person, on two afternoons of the next eight weeks."""
    return Request(
        client=where.clients[0].id,
        service=EMDR.id,
        modality=Modality.EMDR,
        state=State.NJ,
        from_day=date(2026, 11, 23),
        specialties=frozenset({"trauma"}),
        windows=windows,
    )


def median(benchmark: BenchmarkFixture) -> float:
    """The median in milliseconds."""
    assert benchmark.stats is not None
    return float(benchmark.stats.stats.median) * 1000


def test_match_of_25_therapists_with_a_year_of_visits(benchmark: BenchmarkFixture, year: Facts) -> None:
    """Below 20 ms, openings of eight weeks included."""
    rules = rulebook()
    found: Match = benchmark(match, request(year), year, rules, NOW)
    assert len(year.visits) > 20_000
    assert len(found.eligible) > 5
    assert median(benchmark) < 20


def test_match_of_25_therapists_by_the_clinic_files_timetable(benchmark: BenchmarkFixture, year: Facts) -> None:
    """The same with the client's own visits alone, as the office asks it; times and caseloads come from the store."""
    taken, loads, rules = taken_from(year), year.caseloads, rulebook()
    me = year.clients[0]
    few = replace(year, clients=(me,), visits=tuple(one for one in year.visits if me.id in one.clients))
    benchmark(match, request(few), few, rules, NOW, taken, caseloads=loads)
    assert median(benchmark) < 20


HOUR = timedelta(hours=1)
BUSY = [
    Period(start, start + HOUR)
    for start in (NOW + number * HOUR for number in range(-24, 24 * 7 * 9))
    if start.weekday() < 5 and 14 <= start.hour < 23 and start.hour % 3
]


def weekly(ids: Iterable[str], start: datetime, end: datetime) -> Mapping[str, Sequence[Period]]:
    """A stand-in for the store: everybody sees somebody on the hour, two hours of three."""
    first, last = (bisect_left(BUSY, moment, key=itemgetter(0)) for moment in (start - HOUR, end))
    return dict.fromkeys(ids, BUSY[first:last])


def test_match_of_2500_therapists(benchmark: BenchmarkFixture) -> None:
    """Below 300 ms; a hundred times a typical practice."""
    where = practice_of(2500, weeks=0)
    taken: Taken = weekly
    loads = where.caseloads
    few = replace(where, clients=where.clients[:1])
    rules = rulebook()
    found: Match = benchmark(match, request(few), few, rules, NOW, taken, caseloads=loads)
    assert len(found.eligible) > 200
    assert median(benchmark) < 300


def test_openings_of_25_therapists_over_8_weeks(benchmark: BenchmarkFixture, year: Facts) -> None:
    """Every opening there is, not only the first three: below 50 ms."""
    wish = Wish(
        service=SESSION, formats=BOTH_FORMATS, first=NOW, last=NOW + timedelta(weeks=8), client=year.clients[0].id
    )
    taken, rules = taken_from(year), rulebook()
    found = benchmark(openings_of, year.therapists, wish, year, rules, taken, most=10_000)
    assert sum(map(len, found.values())) > 500
    assert median(benchmark) < 50


def test_first_openings_of_25_therapists(benchmark: BenchmarkFixture, year: Facts) -> None:
    """The first three of each: below 20 ms."""
    wish = Wish(service=SESSION, formats=BOTH_FORMATS, first=NOW, last=NOW + timedelta(weeks=8))
    benchmark(openings_of, year.therapists, wish, year, rulebook(), taken_from(year))
    assert median(benchmark) < 20


def test_conflict_check_of_one_visit(benchmark: BenchmarkFixture, year: Facts) -> None:
    """Below 2 ms beside a year of visits."""
    asked = Proposal(
        service=SESSION.id,
        therapist=year.therapists[0].id,
        seats=(Seat(client=year.clients[0].id, expected_state=State.PA),),
        format=Format.TELEHEALTH,
        start=at("2026-12-01 10:00"),
    )
    benchmark(judge_schedule, asked, year, taken_from(year), rulebook(), NOW)
    assert median(benchmark) < 2

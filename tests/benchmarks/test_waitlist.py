"""How long the waitlist takes to answer with two thousand clients on it; the processor's own time, medians."""

from __future__ import annotations

from datetime import timedelta
from time import process_time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from desktop.clinic.facts import Facts
from desktop.clinic.openings import openings
from desktop.clinic.placement import plan
from desktop.clinic.services import BOTH_FORMATS
from desktop.clinic.timetable import taken_from
from desktop.clinic.waiting import Slot
from desktop.clinic.waitlist import people_for
from tests.benchmarks.measure import median
from tests.clinic.practices import NOW, SESSION, practice_of, rulebook
from tests.clinic.waiters import with_waiters

pytestmark = pytest.mark.benchmark(timer=process_time)
HOUR = timedelta(hours=1)
WAITERS = 2_000


def free_slot(where: Facts) -> Slot:
    """An hour of a therapist whom many of those who wait could see."""
    for one in where.therapists:
        limit = one.caseload_cap
        if one.accepting and len(one.licenses) == 2 and (limit is None or where.caseloads[one.id] < limit):
            first = openings(
                one,
                SESSION,
                formats=BOTH_FORMATS,
                first=NOW,
                last=NOW + timedelta(weeks=8),
                facts=where,
                rules=rulebook(),
            )[0]
            return Slot(
                therapist=one.id, start=first.start, end=first.start + HOUR, format=first.format, site=first.site,
                room=first.room,
            )  # fmt: skip
    raise LookupError


def test_people_for_a_slot_among_2000(benchmark: BenchmarkFixture) -> None:
    """Below 200 ms, with a year of visits; most of them pass all the way to the last rule."""
    where = with_waiters(practice_of(25), WAITERS)
    slot, rules, taken, loads = free_slot(where), rulebook(), taken_from(where), where.caseloads
    found = benchmark(people_for, slot, where.waiting, where, rules, NOW, taken=taken, caseloads=loads)
    assert len(found.fits) + len(found.others) == WAITERS
    assert len(found.fits) > 300
    assert median(benchmark) < 0.2


@pytest.mark.parametrize("room", [None, 1, 10])
def test_plan_of_2000_clients_and_200_therapists(benchmark: BenchmarkFixture, room: int | None) -> None:
    """Below 3 s, rules and openings included: with the room there is, hardly any, or for everybody."""
    where = with_waiters(practice_of(200, weeks=20), WAITERS)
    capacities = None if room is None else dict.fromkeys((one.id for one in where.therapists), room)
    rules, taken, loads = rulebook(), taken_from(where), where.caseloads
    found = benchmark.pedantic(
        plan, (where.waiting, where, rules, NOW, capacities), {"taken": taken, "caseloads": loads}, rounds=3
    )
    assert len(found.placements) + len(found.unmet) == WAITERS
    assert len(found.placements) > 100
    assert found.proven
    assert median(benchmark) < 3

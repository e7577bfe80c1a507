"""Openings: packed hour by hour, never over anything taken, never outside working hours, right when clocks change."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.clinic.facts import Facts
from desktop.clinic.moments import Weekday, Window, local
from desktop.clinic.openings import STEP, Opening, openings
from desktop.clinic.people import ClientId, TherapistId
from desktop.clinic.practice import Practice, RoomId, SiteId
from desktop.clinic.requests import Proposal
from desktop.clinic.schedule import judge_schedule, work_periods
from desktop.clinic.services import BOTH_FORMATS, Format, Service
from desktop.clinic.therapists import Therapist, TimeOff
from desktop.clinic.timetable import taken_from
from desktop.clinic.verdict import Verdict
from desktop.clinic.visits import Seat, Visit
from desktop.clinic.workweek import Period
from tests.clinic.practices import (
    DOSING,
    INTAKE,
    PLAY,
    SESSION,
    at,
    client,
    facts,
    hours,
    rulebook,
    therapist,
    visit,
)

IN_PERSON = frozenset({Format.IN_PERSON})
BY_VIDEO = frozenset({Format.TELEHEALTH})
TUESDAY = ("2026-12-01 00:00", "2026-12-02 00:00")


def found(
    where: Facts, service: Service = SESSION, days: tuple[str, str] = TUESDAY, **more: Any
) -> tuple[Opening, ...]:
    """The openings of the first therapist, by video unless said otherwise."""
    fields: dict[str, Any] = {"formats": BY_VIDEO, "most": 99, **more}
    first, last = at(days[0]), at(days[1])
    return openings(where.therapists[0], service, first=first, last=last, facts=where, rules=rulebook(), **fields)


def walls(slots: tuple[Opening, ...]) -> list[str]:
    """The starts on New York's wall clock."""
    return [f"{local(one.start):%H:%M}" for one in slots]


def test_fifty_minutes_pack_hour_by_hour() -> None:
    """Nine to five holds eight visits of 50 minutes with 10 between them."""
    assert walls(found(facts(therapist("t1")))) == [f"{hour:02}:00" for hour in range(9, 17)]


def test_taken_times_are_left_out_and_the_grid_stays() -> None:
    """After a visit that ends at 10:40 with its buffer at 10:50, the next start is 11:00."""
    where = facts(therapist("t1"), visits=(visit("v1", at("2026-12-01 09:50")),))
    assert walls(found(where, most=3)) == ["11:00", "12:00", "13:00"]


def test_buffers_of_both_visits_are_kept() -> None:
    """Dosing wants 15 minutes before and 30 after, besides the 10 after the visit that is there."""
    where = facts(therapist("t1"), visits=(visit("v1", at("2026-12-01 09:00")),))
    slots = found(where, DOSING, formats=IN_PERSON, site=SiteId("phl"))
    assert walls(slots) == ["10:15", "14:00"]
    assert {one.room for one in slots} == {RoomId("r2")}


def test_the_clients_own_visits_and_windows_are_respected() -> None:
    """The client sees somebody else at three and can only come from two to five."""
    own = visit("v1", at("2026-12-01 15:00"), therapist=TherapistId("t2"), seats=(Seat(client=ClientId("c1")),))
    where = facts(therapist("t1"), therapist("t2"), clients=(client("c1"),), visits=(own,))
    afternoon = (Window(day=Weekday.TUE, start=time(14), end=time(17)),)
    assert walls(found(where, windows=afternoon, client=ClientId("c1"))) == ["14:00", "16:00"]


def test_closures_holidays_time_off_and_the_past_offer_nothing() -> None:
    """Thanksgiving, a closed Friday, a free Monday morning; the search begins on Wednesday at noon."""
    one = therapist("t1", time_off=(TimeOff(start=at("2026-11-30 00:00"), end=at("2026-11-30 12:30")),))
    where = facts(one, practice=Practice(name="", closures=frozenset({date(2026, 11, 27)})))
    slots = found(where, days=("2026-11-25 12:01", "2026-12-01 00:00"))
    assert [f"{local(slot.start):%d %H:%M}" for slot in slots] == [
        "25 12:15", "25 13:15", "25 14:15", "25 15:15", "30 12:30", "30 13:30", "30 14:30", "30 15:30",
    ]  # fmt: skip


def test_in_person_needs_a_free_suitable_room_of_the_site() -> None:
    """Both rooms are taken at nine, the plain one at ten; play therapy only ever fits into the play room."""
    there: dict[str, Any] = {"therapist": TherapistId("t2"), "format": Format.IN_PERSON, "site": SiteId("phl")}
    where = facts(
        therapist("t1"),
        visits=(
            visit("v1", at("2026-12-01 09:00"), room=RoomId("r1"), **there),
            visit("v2", at("2026-12-01 09:00"), room=RoomId("r2"), **there),
            visit("v3", at("2026-12-01 10:00"), room=RoomId("r1"), **there),
        ),
    )
    slots = found(where, formats=IN_PERSON, site=SiteId("phl"), most=2)
    assert [(wall, one.room) for wall, one in zip(walls(slots), slots, strict=True)] == [
        ("10:00", "r2"),
        ("11:00", "r1"),
    ]
    assert {one.room for one in found(where, PLAY, formats=IN_PERSON)} == {RoomId("r2")}
    assert found(where, formats=IN_PERSON, site=SiteId("bm")) == ()


def test_a_site_whose_rooms_are_not_kept_in_the_file_still_has_openings() -> None:
    """A practice that does not manage rooms can book in person, but not what needs a special room."""
    where = facts(therapist("t1"), rooms=())
    assert {one.room for one in found(where, formats=IN_PERSON)} == {None}
    assert found(where, DOSING, formats=IN_PERSON) == ()


def test_home_hours_are_for_video_alone() -> None:
    """Who works from home sees nobody in person."""
    where = facts(therapist("t1", hours=hours(site=None)))
    assert found(where, formats=IN_PERSON) == ()
    assert len(found(where, formats=BOTH_FORMATS)) == 8


def test_openings_stay_at_the_same_wall_clock_when_clocks_change() -> None:
    """Sundays at nine: 14:00 UTC in winter, 13:00 UTC from March 14, 2027."""
    where = facts(therapist("t1", hours=hours(Weekday.SUN)))
    slots = found(where, days=("2027-03-07 00:00", "2027-03-22 00:00"))
    nine = [one.start.hour for one in slots if local(one.start).hour == 9]
    assert nine == [14, 13, 13]
    autumn = found(where, days=("2026-10-25 00:00", "2026-11-09 00:00"))
    assert [one.start.hour for one in autumn if local(one.start).hour == 9] == [13, 14, 14]


def test_nothing_starts_in_the_hour_that_does_not_exist() -> None:
    """Midnight to six on the day clocks go forward holds five visits, none of them between two and three."""
    where = facts(therapist("t1", hours=hours(Weekday.SUN, start=0, end=6)))
    spring = found(where, INTAKE, days=("2027-03-14 00:00", "2027-03-15 00:00"))
    assert walls(spring) == ["00:00", "01:00", "03:00", "04:00", "05:00"]
    autumn = found(where, INTAKE, days=("2026-11-01 00:00", "2026-11-02 00:00"))
    assert walls(autumn) == ["00:00", "01:00", "01:00", "02:00", "03:00", "04:00", "05:00"]


def test_no_more_than_asked_and_in_order() -> None:
    """The first three over two weeks."""
    slots = found(facts(therapist("t1")), days=("2026-12-01 00:00", "2026-12-15 00:00"), most=3)
    assert walls(slots) == ["09:00", "10:00", "11:00"]


def _calendar(dice: random.Random) -> Facts:
    there = {"format": Format.IN_PERSON, "site": SiteId("phl")}
    visits: list[Visit] = []
    for number in range(dice.randint(0, 30)):
        in_person = dice.random() < 0.6
        visits.append(
            visit(
                f"v{number}",
                at(
                    f"2026-{dice.choice(('11-30', '12-01', '12-02'))} {dice.randint(8, 17):02}:{dice.choice((0, 10, 25, 45)):02}"
                ),
                dice.choice((25, 50, 80, 180)),
                therapist=TherapistId(dice.choice(("t1", "t2"))),
                service=dice.choice((SESSION, INTAKE, DOSING)).id,
                seats=(Seat(client=ClientId(dice.choice(("c1", "other")))),),
                **({**there, "room": RoomId(dice.choice(("r1", "r2")))} if in_person else {}),
            )
        )
    off = at("2026-12-01 13:00")
    one = therapist(
        "t1",
        hours=(*hours(start=dice.choice((8, 9)), end=12), *hours(start=13, end=dice.choice((17, 19)))),
        time_off=(TimeOff(start=off, end=off + timedelta(minutes=75)),) if dice.random() < 0.3 else (),
    )
    return facts(one, therapist("t2"), clients=(client("c1"), client("other")), visits=tuple(visits))


def _judged(opening: Opening, service: Service, where: Facts) -> tuple[Verdict, ...]:
    asked = Proposal(
        service=service.id, therapist=opening.therapist, seats=(Seat(client=ClientId("c1")),), format=opening.format,
        site=opening.site, room=opening.room, start=opening.start,
    )  # fmt: skip
    return judge_schedule(asked, where, None, rulebook())


@pytest.mark.parametrize("seed", range(12))
def test_every_opening_passes_the_judge_and_no_start_is_missed(seed: int) -> None:
    """What is offered has nothing against it; a start on the grid that is not offered overlaps an offer or is refused."""
    dice = random.Random(seed)
    for _ in range(12):
        where = _calendar(dice)
        service = dice.choice((SESSION, INTAKE, DOSING))
        formats = dice.choice((BY_VIDEO, IN_PERSON, BOTH_FORMATS)) & service.formats or IN_PERSON
        days = ("2026-11-30 00:00", "2026-12-03 00:00")
        slots = found(where, service, days=days, formats=formats, client=ClientId("c1"))
        for one in slots:
            assert _judged(one, service, where) == ()
        assert {one.start for one in slots} == {one.start for one in _by_brute_force(where, service, formats, days)}


def _by_brute_force(where: Facts, service: Service, formats: frozenset[Format], days: tuple[str, str]) -> list[Opening]:
    """Try every quarter of an hour of every shift, every format and room, and ask the judge of visits."""
    taken: list[Opening] = []
    buffers = timedelta(minutes=service.buffer_before + service.buffer_after)
    one = where.therapists[0]
    shifts = work_periods(replace(one, time_off=()), at(days[0]), at(days[1]), None, None, where.practice, rulebook())
    for shift in shifts:
        start = shift.start
        while start < shift.end:
            for format in sorted(formats, reverse=True):
                rooms = [None] if format is Format.TELEHEALTH else [RoomId("r1"), RoomId("r2")]
                for room in rooms:
                    opening = Opening(
                        therapist=one.id, start=start, end=start + timedelta(minutes=service.minutes), format=format,
                        site=SiteId("phl") if room else None, room=room,
                    )  # fmt: skip
                    free = not taken or start >= taken[-1].end + buffers
                    if free and _judged(opening, service, where) == ():
                        taken.append(opening)
            start += STEP
    return taken


windows = st.lists(
    st.tuples(st.sampled_from(tuple(Weekday)), st.integers(0, 22), st.integers(1, 23)).filter(lambda w: w[1] < w[2]),
    min_size=1,
    max_size=4,
)


@settings(max_examples=80, deadline=None)
@given(windows, st.sampled_from(("2026-10-26", "2026-11-23", "2027-03-08")), st.integers(0, 5))
def test_openings_lie_inside_windows_and_hours_and_off_what_is_taken(
    some: list[tuple[Weekday, int, int]], monday: str, seed: int
) -> None:
    """In ordinary weeks and in those in which clocks change."""
    dice = random.Random(seed)
    wanted = tuple(Window(day=day, start=time(start), end=time(end)) for day, start, end in some)
    one = therapist("t1", hours=hours(*Weekday, start=dice.randint(0, 9), end=dice.randint(15, 23)))
    first, last = at(f"{monday} 00:00"), at(f"{monday} 00:00") + timedelta(days=8)
    busy = tuple(visit(f"v{n}", first + timedelta(minutes=dice.randint(0, 11000)), 50) for n in range(15))
    where = facts(one, visits=busy)
    taken = taken_from(where)
    slots = openings(
        one, SESSION, formats=BY_VIDEO, windows=wanted, first=first, last=last, facts=where, rules=rulebook(), most=50
    )
    works = work_periods(one, first, last, Format.TELEHEALTH, None, where.practice, rulebook())
    for slot in slots:
        _check(slot, wanted, works, taken(["t1"], slot.start, slot.end)["t1"])
    assert all(a.end + timedelta(minutes=10) <= b.start for a, b in itertools.pairwise(slots))


def _check(slot: Opening, wanted: tuple[Window, ...], works: tuple[Period, ...], taken: Any) -> None:
    assert taken == []
    assert any(one.start <= slot.start and slot.end <= one.end for one in works)
    start, end = local(slot.start), local(slot.end)
    minutes = {
        (start + timedelta(minutes=n)).astimezone(start.tzinfo)
        for n in range(0, int((end - start).total_seconds() / 60), 5)
    }
    assert all(
        any(one.day.number == moment.weekday() and one.start <= moment.time() < one.end for one in wanted)
        for moment in minutes
    )


def test_a_therapist_with_no_hours_has_no_openings() -> None:
    """Nothing is offered where nothing is known."""
    assert found(facts(Therapist(id=TherapistId("t1"), name=therapist("t1").name))) == ()


def test_moments_are_utc() -> None:
    """Openings carry UTC instants, whatever zone the question was asked in."""
    where = facts(therapist("t1"))
    first = local(at(TUESDAY[0]))
    slots = openings(
        where.therapists[0],
        SESSION,
        formats=BY_VIDEO,
        first=first,
        last=first + timedelta(days=1),
        facts=where,
        rules=rulebook(),
    )
    assert [one.start.utcoffset() for one in slots] == [timedelta()] * 3
    assert isinstance(slots[0].start, datetime)

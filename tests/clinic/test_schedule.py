"""Conflicts, hours, closures and rooms: every axis, and the same answer as a brute-force look at all visits."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import holidays as third_party
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.clinic.facts import Facts
from desktop.clinic.moments import Weekday, Window, instant
from desktop.clinic.people import ClientId, State, TherapistId
from desktop.clinic.practice import Practice, RoomId, SiteId
from desktop.clinic.requests import Proposal
from desktop.clinic.schedule import judge_schedule, taken_from, work_periods
from desktop.clinic.services import Format
from desktop.clinic.therapists import Hours, TimeOff
from desktop.clinic.verdict import Outcome, Verdict
from desktop.clinic.visits import Seat, Visit, VisitId, VisitStatus
from desktop.clinic.workweek import Period, holidays, joined, without
from tests.clinic.practices import (
    DOSING,
    INTAKE,
    NOW,
    PLAY,
    SERVICES,
    SESSION,
    WEEKDAYS,
    at,
    client,
    facts,
    hours,
    rulebook,
    therapist,
    visit,
)

TUESDAY = "2026-12-01"


def proposal(start: datetime, **more: object) -> Proposal:
    """A video visit of c1 with t1 unless said otherwise."""
    fields: dict[str, object] = {
        "service": SESSION.id,
        "therapist": TherapistId("t1"),
        "seats": (Seat(client=ClientId("c1"), expected_state=State.PA),),
        "format": Format.TELEHEALTH,
        **more,
    }
    return Proposal(start=start, **fields)  # type: ignore[arg-type]


IN_OAK: dict[str, Any] = {"format": Format.IN_PERSON, "site": SiteId("phl"), "room": RoomId("r1")}


def clinic(*visits: Visit, **more: object) -> Facts:
    """Two therapists, two clients and these visits."""
    return facts(
        therapist("t1"),
        therapist("t2"),
        clients=(client("c1"), client("other", birth_date=date(2019, 3, 3))),
        visits=visits,
        **more,
    )


def judged(asked: Proposal, where: Facts, now: datetime | None = NOW) -> tuple[Verdict, ...]:
    """The verdicts with the times taken from the facts."""
    return judge_schedule(asked, where, None, rulebook(), now)


def codes(verdicts: tuple[Verdict, ...]) -> list[tuple[str, Outcome]]:
    """Codes with their outcomes."""
    return [(one.code, one.outcome) for one in verdicts]


def test_a_free_slot_in_working_hours_has_nothing_against_it() -> None:
    """An empty calendar at ten on a Tuesday."""
    assert judged(proposal(at(f"{TUESDAY} 10:00")), clinic()) == ()


@pytest.mark.parametrize(
    ("wall", "conflict"),
    [("09:00", False), ("09:01", True), ("10:30", True), ("10:50", True), ("10:59", True), ("11:00", False)],
)
def test_the_buffer_after_a_visit_is_kept_free_and_not_a_minute_more(wall: str, conflict: bool) -> None:
    """A visit 10:00 to 10:50 with ten minutes after it blocks therapists until 11:00."""
    found = judged(proposal(at(f"{TUESDAY} {wall}")), clinic(visit("v1", at(f"{TUESDAY} 10:00"))))
    assert codes(found) == ([("THER_CONFLICT", Outcome.BLOCK)] if conflict else [])


@pytest.mark.parametrize("status", [VisitStatus.CANCELED, VisitStatus.LATE_CANCEL, VisitStatus.BOOKED_IN_ERROR])
def test_a_canceled_visit_frees_its_time(status: VisitStatus) -> None:
    """Canceled ones stay on record but take nobody's time."""
    assert judged(proposal(at(f"{TUESDAY} 10:00")), clinic(visit("v1", at(f"{TUESDAY} 10:00"), status=status))) == ()


def test_a_held_slot_is_taken() -> None:
    """A tentative visit holds its time."""
    where = clinic(visit("v1", at(f"{TUESDAY} 10:00"), status=VisitStatus.HOLD))
    assert codes(judged(proposal(at(f"{TUESDAY} 10:00")), where)) == [("THER_CONFLICT", Outcome.BLOCK)]


def test_co_leader_and_supervisor_are_busy_too() -> None:
    """The second leader's and the supervisor's own visits conflict under the therapist's code."""
    where = clinic(visit("v1", at(f"{TUESDAY} 10:00"), therapist=TherapistId("t2")))
    for role in ({"co_leaders": (TherapistId("t2"),)}, {"supervisor": TherapistId("t2")}):
        found = judged(proposal(at(f"{TUESDAY} 10:00"), **role), where)
        assert codes(found) == [("THER_CONFLICT", Outcome.BLOCK)]
        assert found[0].evidence["therapist"] == "t2"


def test_a_visit_takes_the_time_of_its_co_leaders() -> None:
    """Who co-leads a group cannot see somebody else meanwhile."""
    group = visit("v1", at(f"{TUESDAY} 10:00"), therapist=TherapistId("t2"), co_leaders=(TherapistId("t1"),))
    assert codes(judged(proposal(at(f"{TUESDAY} 10:00")), clinic(group))) == [("THER_CONFLICT", Outcome.BLOCK)]


def test_room_and_client_are_taken_without_naming_anybody() -> None:
    """Neither sentence nor evidence carries another client's name or id."""
    in_room = visit("v1", at(f"{TUESDAY} 10:00"), therapist=TherapistId("t2"), **IN_OAK)
    mine = visit("v2", at(f"{TUESDAY} 14:00"), therapist=TherapistId("t2"), seats=(Seat(client=ClientId("c1")),))
    where = clinic(in_room, mine)
    room = judged(proposal(at(f"{TUESDAY} 10:30"), **IN_OAK), where)
    assert codes(room) == [("ROOM_CONFLICT", Outcome.BLOCK)]
    person = judged(proposal(at(f"{TUESDAY} 14:00")), where)
    assert codes(person) == [("CLIENT_CONFLICT", Outcome.BLOCK)]
    for one in (*room, *person):
        assert "Other" not in one.sentence
        assert "other" not in one.evidence.values()


def test_a_client_may_go_from_one_visit_straight_into_the_next() -> None:
    """Buffers are for therapists and rooms, not for clients."""
    mine = visit("v1", at(f"{TUESDAY} 10:00"), therapist=TherapistId("t2"), seats=(Seat(client=ClientId("c1")),))
    assert judged(proposal(at(f"{TUESDAY} 10:50")), clinic(mine)) == ()


def test_a_moved_visit_does_not_stand_in_its_own_way() -> None:
    """Half an hour later overlaps the visit that is moved, which goes away."""
    where = clinic(visit("v1", at(f"{TUESDAY} 10:00")))
    assert judged(proposal(at(f"{TUESDAY} 10:30"), moves=VisitId("v1")), where) == ()
    assert codes(judged(proposal(at(f"{TUESDAY} 10:30")), where)) == [("THER_CONFLICT", Outcome.BLOCK)]


def test_time_off_blocks_and_ends_exactly() -> None:
    """The end of a time off is exclusive."""
    away = therapist("t1", time_off=(TimeOff(start=at(f"{TUESDAY} 09:00"), end=at(f"{TUESDAY} 11:00")),))
    where = facts(away, clients=(client("c1"),))
    assert codes(judged(proposal(at(f"{TUESDAY} 10:59")), where)) == [("TIME_OFF", Outcome.BLOCK)]
    assert judged(proposal(at(f"{TUESDAY} 11:00")), where) == ()


def test_a_closure_blocks_and_a_holiday_warns_with_its_source() -> None:
    """The practice's own closed day stops a visit; Thanksgiving only warns, unless the practice works then."""
    closed = Practice(name="Sample", closures=frozenset({date(2026, 12, 1)}))
    assert codes(judged(proposal(at(f"{TUESDAY} 10:00")), clinic(practice=closed))) == [("CLOSED", Outcome.BLOCK)]
    holiday = judged(proposal(at("2026-11-26 10:00")), clinic())
    assert codes(holiday) == [("CLOSED", Outcome.WARN)]
    assert "Thanksgiving" in holiday[0].sentence
    assert holiday[0].evidence["rule"] == "holidays.federal"
    works = Practice(name="Sample", open_on_holidays=True)
    assert judged(proposal(at("2026-11-26 10:00")), clinic(practice=works)) == ()


def test_the_shipped_holidays_are_those_of_the_holidays_library() -> None:
    """All years, observed days included, with their names."""
    years = range(2024, 2038)
    expected = dict(third_party.country_holidays("US", years=years))
    found = holidays(rulebook(), date(2024, 1, 1), date(2037, 12, 31))
    assert found == {day: name for day, name in expected.items() if day.year in years}


@pytest.mark.parametrize(
    ("wall", "more", "expected"),
    [
        ("08:45", {}, "OUTSIDE_HOURS"),
        ("16:10", {}, None),
        ("16:30", {}, "OUTSIDE_HOURS"),
        ("10:00", {"format": Format.IN_PERSON, "site": SiteId("bm"), "room": RoomId("r3")}, "OUTSIDE_HOURS"),
    ],
)
def test_outside_planned_hours_warns(wall: str, more: dict[str, object], expected: str | None) -> None:
    """The whole visit lies within hours at that site; its buffer may reach beyond them."""
    found = codes(judged(proposal(at(f"{TUESDAY} {wall}"), **more), clinic()))
    assert found == ([] if expected is None else [(expected, Outcome.WARN)])


def test_a_therapist_without_hours_on_record_is_not_judged_by_them() -> None:
    """Unknown is not outside."""
    where = facts(therapist("t1", hours=()), clients=(client("c1"),))
    assert judged(proposal(at(f"{TUESDAY} 23:00")), where) == ()


def test_rooms_of_another_site_or_without_what_is_needed_block() -> None:
    """Site, play room, dosing room, seats."""
    where = clinic()
    child = (Seat(client=ClientId("other")),)
    far = proposal(at(f"{TUESDAY} 10:00"), format=Format.IN_PERSON, site=SiteId("phl"), room=RoomId("r3"))
    assert ("ROOM_SITE", Outcome.BLOCK) in codes(judged(far, where))
    play = proposal(at(f"{TUESDAY} 10:00"), service=PLAY.id, seats=child, **IN_OAK)
    assert codes(judged(play, where)) == [("ROOM_FEATURE", Outcome.BLOCK)]
    dose = proposal(at(f"{TUESDAY} 10:00"), service=DOSING.id, **IN_OAK)
    assert codes(judged(dose, where)) == [("ROOM_KAP", Outcome.BLOCK)]
    unchosen = replace(dose, room=None)
    assert codes(judged(unchosen, where)) == [("ROOM_KAP", Outcome.BLOCK)]
    assert judged(replace(dose, room=RoomId("r2")), where) == ()
    crowd = tuple(Seat(client=ClientId("c1")) for _ in range(3))
    assert codes(judged(proposal(at(f"{TUESDAY} 10:00"), seats=crowd, **IN_OAK), where)) == [
        ("ROOM_SEATS", Outcome.WARN)
    ]


def test_format_age_and_past() -> None:
    """Play therapy is not for adults and not by video; yesterday has passed."""
    found = judged(proposal(at(f"{TUESDAY} 10:00"), service=PLAY.id), clinic())
    assert set(codes(found)) == {("FORMAT", Outcome.BLOCK), ("AGE_SERVICE", Outcome.BLOCK)}
    assert codes(judged(proposal(at("2026-11-20 10:00")), clinic())) == [("PAST", Outcome.WARN)]


@pytest.mark.parametrize(("wall", "warns"), [("11:34", True), ("11:35", False)])
def test_two_sites_within_45_minutes_warn(wall: str, warns: bool) -> None:
    """From Bryn Mawr at 10:50 nobody is in Philadelphia before 11:35."""
    there = visit("v1", at(f"{TUESDAY} 10:00"), format=Format.IN_PERSON, site=SiteId("bm"), room=RoomId("r3"))
    found = codes(judged(proposal(at(f"{TUESDAY} {wall}"), **IN_OAK), clinic(there)))
    assert found == ([("TRAVEL", Outcome.WARN)] if warns else [])


@pytest.mark.parametrize(
    ("day", "start", "end", "expected"),
    [
        ("2027-03-14", time(1), time(4), ("2027-03-14 06:00", "2027-03-14 08:00")),
        ("2027-03-14", time(2, 30), time(4), ("2027-03-14 07:00", "2027-03-14 08:00")),
        ("2027-03-14", time(9), time(17), ("2027-03-14 13:00", "2027-03-14 21:00")),
        ("2027-03-13", time(9), time(17), ("2027-03-13 14:00", "2027-03-13 22:00")),
        ("2026-11-01", time(0), time(3), ("2026-11-01 04:00", "2026-11-01 08:00")),
        ("2026-11-01", time(9), time(17), ("2026-11-01 14:00", "2026-11-01 22:00")),
    ],
)
def test_hours_stay_on_the_wall_clock_when_clocks_change(
    day: str, start: time, end: time, expected: tuple[str, str]
) -> None:
    """Sunday nine to five is nine to five in New York, 23, 24 or 25 hours long as the day may be."""
    weekday = tuple(Weekday)[date.fromisoformat(day).weekday()]
    one = therapist("t1", hours=(Hours(window=Window(day=weekday, start=start, end=end)),))
    around = datetime.fromisoformat(day).replace(tzinfo=UTC)
    found = work_periods(
        one, around - timedelta(days=1), around + timedelta(days=2), None, None, Practice(name=""), rulebook()
    )
    assert found == (Period(*(datetime.fromisoformat(text).replace(tzinfo=UTC) for text in expected)),)


def test_work_periods_lack_time_off_closures_and_hours_not_yet_valid() -> None:
    """A week with a holiday, a closed day, a free morning and hours that begin on Friday."""
    monday, friday = hours(Weekday.MON)[0], replace(hours(Weekday.FRI)[0], valid_from=date(2026, 11, 27))
    one = therapist(
        "t1",
        hours=(monday, *hours(Weekday.TUE, Weekday.WED, Weekday.THU), friday),
        time_off=(TimeOff(start=at("2026-11-23 00:00"), end=at("2026-11-23 12:00")),),
    )
    practice = Practice(name="", closures=frozenset({date(2026, 11, 24)}))
    found = work_periods(one, at("2026-11-16 00:00"), at("2026-11-29 00:00"), None, None, practice, rulebook())
    starts = [str(period.start.astimezone(UTC))[:16] for period in found]
    assert starts == [
        "2026-11-16 14:00", "2026-11-17 14:00", "2026-11-18 14:00", "2026-11-19 14:00",
        "2026-11-23 17:00", "2026-11-25 14:00", "2026-11-27 14:00",
    ]  # fmt: skip


minutes = st.integers(min_value=0, max_value=600)
periods = st.lists(st.tuples(minutes, st.integers(min_value=1, max_value=90)), max_size=12)


@settings(max_examples=300, deadline=None)
@given(periods, periods)
def test_joining_and_cutting_agree_with_counting_minutes(
    some: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    """The same minutes are in and out as when they are counted one by one."""

    def moment(minute: int) -> datetime:
        return NOW + timedelta(minutes=minute)

    left = joined(Period(moment(start), moment(start + length)) for start, length in some)
    cut = joined(Period(moment(start), moment(start + length)) for start, length in others)
    rest = [piece for whole in left for piece in without(whole, cut)]

    def counted(pieces: list[Period]) -> set[int]:
        return {
            minute
            for one in pieces
            for minute in range(
                int((one.start - NOW).total_seconds() // 60), int((one.end - NOW).total_seconds() // 60)
            )
        }

    plain = {minute for start, length in some for minute in range(start, start + length)}
    taken = {minute for start, length in others for minute in range(start, start + length)}
    assert counted(left) == plain
    assert counted(rest) == plain - taken
    assert all(one.end < other.start for one, other in itertools.pairwise(left))


def _random_visit(dice: random.Random, number: int) -> Visit:
    service = dice.choice((SESSION, INTAKE, DOSING))
    in_person = dice.random() < 0.5
    start = instant(date(2026, 12, 1), time(dice.randint(8, 17), dice.choice((0, 10, 15, 30, 50))))
    return visit(
        f"v{number}",
        start,
        service.minutes,
        service=service.id,
        therapist=TherapistId(dice.choice(("t1", "t2"))),
        co_leaders=(TherapistId("t2"),) if dice.random() < 0.1 else (),
        seats=(Seat(client=ClientId(dice.choice(("c1", "other")))),),
        format=Format.IN_PERSON if in_person else Format.TELEHEALTH,
        site=SiteId("phl") if in_person else None,
        room=RoomId(dice.choice(("r1", "r2"))) if in_person else None,
        status=dice.choice((VisitStatus.SCHEDULED, VisitStatus.SCHEDULED, VisitStatus.HOLD, VisitStatus.CANCELED)),
    )


def _brute(asked: Proposal, visits: list[Visit]) -> set[str]:
    """Look at every visit and every pair of people and rooms, one by one."""
    lengths = {one.id: (one.minutes, one.buffer_before, one.buffer_after) for one in SERVICES}
    length, before, after = lengths[asked.service]
    start, end = asked.start, asked.start + timedelta(minutes=length)
    found = set()
    for other in visits:
        if other.status not in (VisitStatus.SCHEDULED, VisitStatus.HOLD) or other.id == asked.moves:
            continue
        _length, theirs_before, theirs_after = lengths[other.service]
        wide = start - timedelta(minutes=before) < other.end + timedelta(
            minutes=theirs_after
        ) and other.start - timedelta(minutes=theirs_before) < end + timedelta(minutes=after)
        if wide and {asked.therapist, *asked.co_leaders} & {other.therapist, *other.co_leaders}:
            found.add("THER_CONFLICT")
        if wide and asked.room is not None and asked.room == other.room:
            found.add("ROOM_CONFLICT")
        if start < other.end and other.start < end and asked.seats[0].client == other.seats[0].client:
            found.add("CLIENT_CONFLICT")
    return found


@pytest.mark.parametrize("seed", range(20))
def test_conflicts_agree_with_brute_force_on_random_calendars(seed: int) -> None:
    """Ten thousand random proposals against random days: the same axes conflict as when every visit is looked at."""
    dice = random.Random(seed)
    for _ in range(50):
        visits = [_random_visit(dice, number) for number in range(dice.randint(0, 14))]
        where = clinic(*visits)
        taken = taken_from(where)
        for _again in range(10):
            like = _random_visit(dice, 99)
            asked = proposal(
                like.start, service=like.service, therapist=like.therapist, co_leaders=like.co_leaders,
                seats=like.seats, format=like.format, site=like.site, room=like.room,
            )  # fmt: skip
            found = {one.code for one in judge_schedule(asked, where, taken, rulebook()) if "CONFLICT" in one.code}
            assert found == _brute(asked, visits)


def test_taken_finds_long_visits_that_began_before_the_window() -> None:
    """A six-hour intensive that began in the morning still takes the afternoon."""
    where = clinic(visit("v1", at(f"{TUESDAY} 09:00"), 360))
    assert taken_from(where)(["t1"], at(f"{TUESDAY} 14:00"), at(f"{TUESDAY} 15:00"))["t1"] == [
        Period(at(f"{TUESDAY} 09:00"), at(f"{TUESDAY} 15:10"))
    ]


def test_the_week_of_the_test_is_a_working_week() -> None:
    """Guards the fixtures: December 1, 2026 is a Tuesday."""
    assert WEEKDAYS[date(2026, 12, 1).weekday()] is Weekday.TUE

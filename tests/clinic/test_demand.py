"""The demand board against a practice small enough to be computed by hand, and the flow against brute force."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest

from desktop.clinic.capacity import Daypart, daypart_of
from desktop.clinic.change import UserId
from desktop.clinic.clients import Client
from desktop.clinic.demand import Cell, Demand, dayparts, demand
from desktop.clinic.facts import Facts
from desktop.clinic.flow import Network
from desktop.clinic.moments import Weekday, Window, instant
from desktop.clinic.people import Address, ClientId, Name, State, TherapistId
from desktop.clinic.practice import Practice, Site, SiteId
from desktop.clinic.referral import NextAction, Referral, ReferralId, Stage, Step
from desktop.clinic.requests import Request
from desktop.clinic.services import Format, Level, Modality, Service, ServiceId, ServiceKind
from desktop.clinic.therapists import Hours, License, Qualification, Therapist, TimeOff
from desktop.clinic.visits import Seat, Visit, VisitId
from desktop.clinic.waiting import Waiting, WaitingId
from desktop.office.rules import shipped_rules

# A Monday; the four weeks are November 30 to December 27 but for what is left of this day.
NOW = instant(date(2026, 11, 30), time(0))
PHL = SiteId("phl")
INTAKE = Service(id=ServiceId("intake"), name="Intake", kind=ServiceKind.INTAKE, minutes=60, buffer_after=0)
MONDAYS = Window(day=Weekday.MON, start=time(10), end=time(14))
TUESDAYS = Window(day=Weekday.TUE, start=time(17), end=time(19))


def staff(key: str, window: Window, *states: State, emdr: bool = False, cap: int | None = None) -> Therapist:
    """A therapist with one shift a week, at the site or by video."""
    return Therapist(
        id=TherapistId(key),
        name=Name(family=key.title()),
        licenses=tuple(License(state=one, title="LPC", expires=date(2028, 2, 28)) for one in states),
        qualifications=(Qualification(modality=Modality.EMDR, level=Level.TRAINED),) if emdr else (),
        hours=(Hours(window=window, site=PHL),),
        caseload_cap=cap,
    )


# Ava: Mondays 10 to 14 (two hours before noon, two after), PA, EMDR; one Monday off, one hour booked on another.
# Ben: Tuesdays 17 to 19, PA and NJ, no EMDR.
AVA = replace(
    staff("ava", MONDAYS, State.PA, emdr=True),
    time_off=(TimeOff(start=instant(date(2026, 12, 7), time(0)), end=instant(date(2026, 12, 8), time(0))),),
)
BEN = staff("ben", TUESDAYS, State.PA, State.NJ)
BOOKED = Visit(
    id=VisitId("booked"),
    service=INTAKE.id,
    therapist=AVA.id,
    seats=(Seat(client=ClientId("old"), expected_state=State.PA),),
    format=Format.TELEHEALTH,
    start=instant(date(2026, 12, 14), time(10)),
    end=instant(date(2026, 12, 14), time(11)),
)


def person(key: str, state: State, *windows: Window) -> Client:
    """A client at home in that state who can come then, or at any time."""
    return Client(
        id=ClientId(key),
        name=Name(family=key),
        birth_date=date(1990, 1, 1),
        address=Address(state=state),
        windows=windows,
    )


def asked(
    key: str, state: State, modality: Modality | None, *, stage: Stage = Stage.TRIAGED, **more: object
) -> Referral:
    """A referral to an intake by video, open with somebody or ended."""
    fields: dict[str, object] = (
        {"owner": UserId("rosa"), "next_action": NextAction.MATCH, "due": date(2026, 12, 1)} if stage.is_open else {}
    )
    return Referral(
        id=ReferralId(key),
        client=ClientId(key),
        received_on=date(2026, 11, 20),
        request=Request(
            service=INTAKE.id,
            modality=modality,
            state=state,
            formats=frozenset({Format.TELEHEALTH}),
            from_day=date(2026, 11, 30),
        ),
        stage=stage,
        **{**fields, **more},  # type: ignore[arg-type]
    )


def booked(key: str, state: State, modality: Modality | None, days_ago: int, *, visit: str | None = None) -> Referral:
    """A referral that was booked that many days ago."""
    step = Step(at=NOW - timedelta(days=days_ago), by=UserId("rosa"), before=Stage.TRIAGED, after=Stage.BOOKED)
    seen = None if visit is None else VisitId(visit)
    return asked(key, state, modality, stage=Stage.CLOSED, history=(step,), visit=seen)


MORNINGS = Window(day=Weekday.WED, start=time(9), end=time(12))
EVENINGS = Window(day=Weekday.WED, start=time(17), end=time(20))
FACTS = Facts(
    practice=Practice(name="Sample Practice", open_on_holidays=True),
    sites=(Site(id=PHL, name="Philadelphia", state=State.PA),),
    services=(INTAKE,),
    therapists=(AVA, BEN),
    clients=(
        person("p1", State.PA),
        person("p2", State.PA, MORNINGS),
        person("p3", State.PA, EVENINGS),
        person("n1", State.NJ, EVENINGS),
        person("n2", State.NJ),
        person("n3", State.NJ),
        person("any", State.PA, EVENINGS),
        *(person(key, State.PA) for key in ("b1", "b2", "b3", "b4")),
    ),
    referrals=(
        asked("p1", State.PA, Modality.EMDR),
        asked("p2", State.PA, Modality.EMDR, stage=Stage.WAITLISTED),
        asked("p3", State.PA, Modality.EMDR),
        asked("n1", State.NJ, Modality.EMDR),
        asked("n2", State.NJ, Modality.EMDR),
        asked("any", State.PA, None),
        booked("b1", State.PA, Modality.EMDR, 7, visit="booked"),
        booked("b2", State.PA, Modality.EMDR, 83),
        booked("b3", State.PA, Modality.EMDR, 85),
        booked("b4", State.PA, None, 1),
    ),
    waiting=(
        # The same client and service as the referral counts once; n3 is on the waitlist alone; the last one has ended.
        Waiting(
            id=WaitingId("w1"),
            client=ClientId("p2"),
            request=Request(service=INTAKE.id, modality=Modality.EMDR, state=State.PA, from_day=date(2026, 11, 30)),
            since=NOW,
        ),
        Waiting(
            id=WaitingId("w2"),
            client=ClientId("n3"),
            request=Request(service=INTAKE.id, modality=Modality.EMDR, state=State.NJ, from_day=date(2026, 11, 30)),
            since=NOW,
        ),
        Waiting(
            id=WaitingId("w3"),
            client=ClientId("b1"),
            request=Request(service=INTAKE.id, modality=Modality.EMDR, state=State.PA, from_day=date(2026, 11, 1)),
            since=NOW - timedelta(days=9),
            expires=date(2026, 11, 29),
        ),
    ),
    visits=(BOOKED,),
)


def ask(facts: Facts = FACTS) -> Demand:
    """The board of the practice."""
    return demand(facts, shipped_rules(), NOW)


def cell(found: Demand, modality: Modality | None, state: State, part: Daypart | None) -> tuple[object, ...]:
    """Waiting, open hours, intakes and expected wait of one cell."""
    cells: tuple[Cell, ...] = found.totals if part is None else found.cells
    one = next(one for one in cells if (one.modality, one.state, one.daypart) == (modality, state, part))
    return one.waiting, one.hours, one.intakes, one.wait


def test_the_board_as_computed_by_hand() -> None:
    """Ava: three Mondays of four, 2 + 2 hours, one of the mornings' hours booked. So 5 and 6 hours in four weeks."""
    found = ask()
    assert found.waiting == 7
    emdr, pa, nj = Modality.EMDR, State.PA, State.NJ
    # p1 and p2 can come in the morning; 1.25 hours a week; b1 was taken in for a morning, so 12 weeks for one client.
    assert cell(found, emdr, pa, Daypart.MORNING) == (2, 1.25, 1, 24.0)
    assert cell(found, emdr, pa, Daypart.AFTERNOON) == (1, 1.5, 0, None)
    assert cell(found, emdr, pa, Daypart.EVENING) == (2, 0, 0, None)
    assert cell(found, emdr, pa, Daypart.WEEKEND) == (1, 0, 0, None)
    # Three wait; b1 and b2 were taken in within the twelve weeks, b3 before them: two in twelve weeks.
    assert cell(found, emdr, pa, None) == (3, 2.75, 2, 18.0)
    assert cell(found, emdr, nj, None) == (3, 0, 0, None)
    assert cell(found, emdr, nj, Daypart.EVENING) == (3, 0, 0, None)
    # Any therapy: Ben's evenings, two hours on each of four Tuesdays; one waits, one was taken in.
    assert cell(found, None, pa, Daypart.EVENING) == (1, 2.0, 0, None)
    assert cell(found, None, pa, None) == (1, 4.75, 1, 12.0)


def test_what_would_help_most_as_computed_by_hand() -> None:
    """Served: p1 and p2 by Ava (one morning and one afternoon hour a week) and `any` by Ben. Left: p3 and all of NJ."""
    found = ask()
    assert found.unserved == 4
    best = found.steps[0]
    assert (best.modality, best.state, best.daypart, best.unlocks) == (Modality.EMDR, State.NJ, Daypart.EVENING, 3)
    assert best.train == (BEN.id,)
    assert best.license == ()
    assert [(one.state, one.daypart, one.unlocks) for one in found.steps[1:]] == [
        (State.NJ, Daypart.MORNING, 2),
        (State.NJ, Daypart.AFTERNOON, 2),
        (State.NJ, Daypart.WEEKEND, 2),
        (State.PA, Daypart.EVENING, 1),
    ]
    morning = found.steps[1]
    assert (morning.train, morning.license) == ((), (AVA.id,))
    evening = found.steps[4]
    assert (evening.train, evening.license, evening.extend) == ((BEN.id,), (), (AVA.id,))


def test_the_step_that_is_named_does_unlock_that_many() -> None:
    """Training Ben in EMDR serves as many more as his two hours a week allow; with ten hours, all three and p3."""
    trained = replace(BEN, qualifications=AVA.qualifications)
    assert ask(replace(FACTS, therapists=(AVA, trained))).unserved == 3
    longer = replace(trained, hours=(Hours(window=Window(day=Weekday.TUE, start=time(17), end=time(23)), site=PHL),))
    assert ask(replace(FACTS, therapists=(AVA, longer))).unserved == 0
    assert ask(replace(FACTS, therapists=(AVA, longer))).steps == ()


@pytest.mark.parametrize(
    ("changed", "hours"),
    [
        ({}, 1.25),
        ({"accepting": False}, 0),
        ({"retired": True}, 0),
        ({"caseload_cap": 5, "caseload_elsewhere": 5}, 0),
        ({"caseload_cap": 6, "caseload_elsewhere": 5}, 1.25),
        ({"licenses": (License(state=State.PA, title="LPC", expires=date(2026, 12, 13)),)}, 0.5),
        ({"qualifications": (Qualification(modality=Modality.EMDR, level=Level.IN_TRAINING),)}, 0),
    ],
)
def test_whose_hours_count(changed: dict[str, object], hours: float) -> None:
    """Only of those who take new clients, are licensed on the day and trained; by the hour."""
    one = replace(AVA, **changed)  # type: ignore[arg-type]
    assert cell(ask(replace(FACTS, therapists=(one, BEN))), Modality.EMDR, State.PA, Daypart.MORNING)[1] == hours


def test_a_full_caseload_leaves_no_room_although_there_are_hours() -> None:
    """One more client at most, however many hours are open."""
    one = replace(AVA, caseload_cap=1)
    assert ask(replace(FACTS, therapists=(one, BEN))).unserved == 5


@pytest.mark.parametrize(
    ("window", "parts"),
    [
        (Window(day=Weekday.MON, start=time(8), end=time(12)), {Daypart.MORNING}),
        (Window(day=Weekday.MON, start=time(11, 30), end=time(13)), {Daypart.AFTERNOON}),
        (Window(day=Weekday.MON, start=time(9), end=time(20)), {Daypart.MORNING, Daypart.AFTERNOON, Daypart.EVENING}),
        (Window(day=Weekday.SUN, start=time(9), end=time(10)), {Daypart.WEEKEND}),
    ],
)
def test_dayparts_of_a_window(window: Window, parts: set[Daypart]) -> None:
    """Where a visit of 50 minutes has room."""
    assert dayparts((window,)) == parts
    assert dayparts(()) == set(Daypart)


def test_daypart_of_an_instant_is_of_the_wall_clock() -> None:
    """Five in the afternoon in winter and in summer."""
    assert daypart_of(datetime(2026, 12, 1, 22, tzinfo=UTC)) is Daypart.EVENING
    assert daypart_of(datetime(2026, 7, 1, 20, tzinfo=UTC)) is Daypart.AFTERNOON
    assert daypart_of(datetime(2026, 12, 6, 15, tzinfo=UTC)) is Daypart.WEEKEND


@pytest.mark.parametrize("seed", range(60))
def test_the_flow_is_the_most_that_any_assignment_serves(seed: int) -> None:
    """Up to five people and four places with room for one or two, against every possible assignment."""
    dice = random.Random(seed)
    rooms = [dice.randint(0, 2) for _ in range(dice.randint(1, 4))]
    likes = [[place for place in range(len(rooms)) if dice.random() < 0.5] for _ in range(dice.randint(1, 5))]
    best = 0
    for choice in product(*([None, *one] for one in likes)):
        if all(choice.count(place) <= room for place, room in enumerate(rooms)):
            best = max(best, sum(one is not None for one in choice))
    network = Network()
    for place, room in enumerate(rooms):
        network.join(("place", place), None, room)
    for one, places in enumerate(likes):
        network.feed(("one", one), 1)
        for place in places:
            network.join(("one", one), ("place", place), 1)
    before = network.copy()
    assert network.push() == best
    assert network.push() == 0
    assert before.push() == best

"""KAP courses: preparation, dosing and integration at the times that trained therapists keep for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from desktop.clinic.clients import ClientStatus, Consent, ConsentKind
from desktop.clinic.moments import age_on
from desktop.clinic.pathway import Answer, Clearance, Decision, Flag, Pathway, PathwayId, Pressure, Reading
from desktop.clinic.people import State, TherapistId
from desktop.clinic.services import Format
from desktop.clinic.visits import Escort, VisitStatus
from desktop.office.demo.grid import taken_units
from desktop.office.demo.persons import Care, Person
from desktop.office.demo.week import Plan, seat
from desktop.office.demo.words import name, phone
from desktop.office.demo.year import Year, add_visit

COURSE = 8
FLAGS = ("MEDS", "SUD_HX", "GLAUCOMA", "HTN_UNC")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """One client's course with one therapist, from the Monday of its preparation."""

    made: Plan
    year: Year
    therapist: TherapistId
    person: Person
    monday: date

    @property
    def exam(self) -> date:
        return self.monday - timedelta(days=10)

    @property
    def is_cleared(self) -> bool:
        return self.exam <= self.made.today

    def is_open(self, monday: date, key: str) -> bool:
        return self.year.is_open(monday + timedelta(days=self.made.kept[self.therapist, key].weekday), self.therapist)

    def visit(self, monday: date, key: str, escort: Escort | None = None) -> None:
        if not self.is_open(monday, key):
            return
        slot = self.made.kept[self.therapist, key]
        day = monday + timedelta(days=slot.weekday)
        coming = VisitStatus.SCHEDULED if self.is_cleared or key == "kap-preparation" else VisitStatus.HOLD
        here = replace(self.person, telehealth=slot.room is None)
        add_visit(
            self.year,
            day,
            service=self.made.services[key],
            therapist=self.therapist,
            slot=slot,
            seats=(seat(here, Format.TELEHEALTH if slot.room is None else Format.IN_PERSON),),
            escort=escort,
            status=VisitStatus.COMPLETED if day < self.year.today else coming,
        )


def courses(made: Plan, year: Year) -> tuple[Pathway, ...]:
    """Two courses at a time for each therapist who keeps times for them, all through the year."""
    found = []
    for therapist in (key for key, service in made.kept if service == "kap-dosing"):
        ready = _candidates(made, therapist)
        weeks = int((year.last - year.first).days / 7)
        begins = [week + turn for week in range(0, weeks - COURSE, COURSE) for turn in (0, 1)]
        for begin, person in zip(begins, ready, strict=False):
            monday = year.first + timedelta(weeks=begin)
            found.append(_give(_Course(made=made, year=year, therapist=therapist, person=person, monday=monday)))
    return tuple(found)


def _candidates(made: Plan, therapist: TherapistId) -> list[Person]:
    cells = frozenset(
        cell
        for key in ("kap-preparation", "kap-dosing", "kap-integration")
        for cell in made.kept[therapist, key].cells(taken_units(made.services[key]))
    )
    return [
        one
        for one in made.persons.values()
        if one.client.therapist == therapist
        and one.client.status is ClientStatus.ACTIVE
        and one.care is Care.TALK
        and one.client.address.state is State.PA
        and age_on(one.client.birth_date, made.today) >= 20
        and made.grid.is_free((one.client.id,), cells)
    ]


def _give(course: _Course) -> Pathway:
    course.visit(course.monday, "kap-preparation")
    for week in (1, 3, 5):
        _dose(course, course.monday + timedelta(weeks=week))
    if course.is_cleared:
        _sign(course.made, course.person, course.exam)
    rng, client = course.made.rng, course.person.client
    pressure = Pressure(systolic=rng.randrange(108, 136), diastolic=rng.randrange(66, 86))
    flags = (
        Flag(
            code=rng.choice(FLAGS),
            answer=Answer.UNSURE,
            noted_on=course.exam,
            decision=Decision.CLEARED,
            decided_on=course.exam,
        ),
        Flag(code="PREG", answer=Answer.NO, noted_on=course.exam),
    )
    ended = course.monday + timedelta(weeks=6)
    return Pathway(
        id=PathwayId(f"pathway-{client.id[-6:]}"),
        client=client.id,
        therapist=course.therapist,
        flags=flags if course.is_cleared else (),
        readings=(Reading(on=course.exam, pressure=pressure),) if course.is_cleared else (),
        clearances=(_clearance(course.exam),) if course.is_cleared else (),
        on_call="+12155550177",
        ended_on=ended if ended < course.year.today else None,
    )


def _clearance(exam: date) -> Clearance:
    return Clearance(
        prescriber="Rajesh Vantongeren, MD",
        license_state=State.PA,
        exam_on=exam,
        valid_until=exam + timedelta(days=90),
        route="lozenge",
        sessions=6,
        interval_days=7,
        limit=Pressure(systolic=140, diastolic=90),
    )


def _dose(course: _Course, monday: date) -> None:
    if all(course.is_open(monday, key) for key in ("kap-dosing", "kap-integration")):
        rng = course.made.rng
        escort = Escort(name=name(rng).full, phone=phone(rng, State.PA), pickup_attested=True)
        course.visit(monday, "kap-dosing", escort)
        course.visit(monday, "kap-integration")


def _sign(made: Plan, person: Person, day: date) -> None:
    current = made.persons[person.client.id]
    consents = (*current.client.consents, Consent(kind=ConsentKind.KAP, signed_on=day))
    made.persons[person.client.id] = replace(current, client=replace(current.client, consents=consents))

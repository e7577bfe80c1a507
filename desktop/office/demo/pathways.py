"""KAP courses: preparation, dosing and integration at the times that trained therapists keep for them."""

from __future__ import annotations

from dataclasses import replace
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


def courses(made: Plan, year: Year) -> tuple[Pathway, ...]:
    """Two courses at a time for each therapist who keeps times for them, all through the year."""
    found = []
    for therapist in (key for key, service in made.kept if service == "kap-dosing"):
        ready = _candidates(made, therapist)
        weeks = int((year.last - year.first).days / 7)
        begins = [week + turn for week in range(0, weeks - COURSE, COURSE) for turn in (0, 1)]
        for begin, person in zip(begins, ready, strict=False):
            found.append(_course(made, year, therapist, person, year.first + timedelta(weeks=begin)))
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


def _course(made: Plan, year: Year, therapist: TherapistId, person: Person, monday: date) -> Pathway:
    _visit(made, year, therapist, person, monday, "kap-preparation")
    for week in (1, 3, 5):
        _dose(made, year, therapist, person, monday + timedelta(weeks=week))
    _consent(made, person, monday - timedelta(days=4))
    exam = monday - timedelta(days=10)
    ended = monday + timedelta(weeks=6)
    pressure = Pressure(systolic=made.rng.randrange(108, 136), diastolic=made.rng.randrange(66, 86))
    noted = exam - timedelta(days=5)
    code = made.rng.choice(FLAGS)
    return Pathway(
        id=PathwayId(f"pathway-{person.client.id[-6:]}"),
        client=person.client.id,
        therapist=therapist,
        flags=(
            Flag(code=code, answer=Answer.UNSURE, noted_on=noted, decision=Decision.CLEARED, decided_on=exam),
            Flag(code="PREG", answer=Answer.NO, noted_on=noted),
        ),
        readings=(Reading(on=exam, pressure=pressure),) if exam <= year.today else (),
        clearances=(_clearance(exam),) if exam <= year.today else (),
        on_call="+12155550177",
        ended_on=ended if ended < year.today else None,
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


def _dose(made: Plan, year: Year, therapist: TherapistId, person: Person, monday: date) -> None:
    days = [monday + timedelta(days=made.kept[therapist, key].weekday) for key in ("kap-dosing", "kap-integration")]
    if all(year.is_open(day, therapist) for day in days):
        escort = Escort(name=name(made.rng).full, phone=phone(made.rng, State.PA), pickup_attested=True)
        _visit(made, year, therapist, person, monday, "kap-dosing", escort)
        _visit(made, year, therapist, person, monday, "kap-integration")


def _visit(
    made: Plan,
    year: Year,
    therapist: TherapistId,
    person: Person,
    monday: date,
    key: str,
    escort: Escort | None = None,
) -> None:
    slot = made.kept[therapist, key]
    day = monday + timedelta(days=slot.weekday)
    if not year.is_open(day, therapist):
        return
    local_seat = seat(replace(person, telehealth=person.telehealth and slot.room is None), _format(slot.room))
    status = VisitStatus.COMPLETED if day < year.today else VisitStatus.SCHEDULED
    add_visit(
        year,
        day,
        service=made.services[key],
        therapist=therapist,
        slot=slot,
        seats=(local_seat,),
        escort=escort,
        status=status,
    )


def _format(room: object) -> Format:
    return Format.TELEHEALTH if room is None else Format.IN_PERSON


def _consent(made: Plan, person: Person, day: date) -> None:
    current = made.persons[person.client.id]
    if day > made.today:
        return
    consents = (*current.client.consents, Consent(kind=ConsentKind.KAP, signed_on=day))
    made.persons[person.client.id] = replace(current, client=replace(current.client, consents=consents))

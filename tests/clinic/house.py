"""The invented practice of the rule tests: therapists T1 to T7, K1, K2, the sites PHL and BM, on November 23, 2026."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from desktop.clinic.clients import Client, Consent, ConsentKind, EmergencyContact
from desktop.clinic.facts import Facts
from desktop.clinic.judge import check
from desktop.clinic.moments import Weekday, Window, instant
from desktop.clinic.pathway import Clearance, ExamMode, Pathway, PathwayId, Pressure
from desktop.clinic.people import ClientId, Name, State, TherapistId
from desktop.clinic.practice import Practice, Room, RoomId, Site, SiteId
from desktop.clinic.requests import Proposal
from desktop.clinic.rulebook import Fact, Rulebook
from desktop.clinic.services import Format, Level, Modality, Service, ServiceId, ServiceKind
from desktop.clinic.therapists import (
    Authority,
    AuthorityKind,
    Hours,
    License,
    Qualification,
    Role,
    Supervision,
    Therapist,
)
from desktop.clinic.verdict import Verdict, worst
from desktop.clinic.visits import Escort, Seat, Visit, VisitId, VisitStatus
from desktop.office.rules import shipped_rules

PA, NJ = State.PA, State.NJ
VIDEO, IN_PERSON = Format.TELEHEALTH, Format.IN_PERSON


def moment(text: str) -> datetime:
    """The UTC instant of a New York wall-clock time such as 2026-12-03 15:00."""
    day, wall = text.split()
    return instant(date.fromisoformat(day), time.fromisoformat(wall))


NOW = moment("2026-11-23 10:00")


def day(text: str) -> date:
    """The date of an ISO text."""
    return date.fromisoformat(text)


def held(state: State, title: str, expires: str, **more: Any) -> License:
    """A license without a look-up on record, as a fixture writes it."""
    return License(state=state, title=title, number=f"{title}-1", expires=day(expires), **more)


def therapist(key: str, *licenses: License, **more: Any) -> Therapist:
    """A therapist who works at any hour, anywhere, and sees all ages."""
    hours = tuple(
        Hours(window=Window(day=one, start=time(0), end=time(23, 59, 59)), site=site)
        for one in Weekday
        for site in (SiteId("phl"), SiteId("bm"))
    )
    fields: dict[str, Any] = {"age_from": 0, "hours": hours, **more}
    return Therapist(id=TherapistId(key), name=Name(given="Test", family=key.upper()), licenses=licenses, **fields)


def supervised(by: str, state: State, **more: Any) -> Supervision:
    """A supervision with its plan on file and clients told."""
    fields: dict[str, Any] = {
        "starts": day("2026-01-01"),
        "plan_on": day("2026-01-01"),
        "client_told": True,
        **more,
    }
    return Supervision(supervisor=TherapistId(by), state=state, **fields)


def kap(level: Level) -> tuple[Qualification, ...]:
    """A KAP qualification of that level."""
    return (Qualification(modality=Modality.KAP, level=level),)


T1 = therapist("t1", held(PA, "LPC", "2027-02-28"))
T2 = therapist("t2", held(NJ, "LPC", "2026-11-30"), held(PA, "LPC", "2027-02-28"))
T3 = therapist(
    "t3",
    held(PA, "PSY", "2027-11-30"),
    authorities=(
        Authority(kind=AuthorityKind.APIT, home_state=PA, number="AP-1", expires=day("2027-03-01")),
        Authority(kind=AuthorityKind.TAP, home_state=PA, number="TP-1", expires=day("2027-03-01")),
    ),
)
T4 = therapist("t4", held(PA, "LCSW", "2027-02-28"), held(NJ, "LCSW", "2028-08-31"))
T5 = therapist(
    "t5",
    held(NJ, "LAC", "2026-11-30"),
    held(PA, "LAPC", "2027-02-28"),
    supervisions=(supervised("t2", NJ), supervised("t1", PA)),
)
T6 = therapist("t6", held(PA, "LMFT", "2027-02-28"))
T7 = therapist("t7", held(NJ, "LSW", "2028-08-31"))
K1 = replace(T4, id=TherapistId("k1"), qualifications=kap(Level.TRAINED))
K2 = replace(T4, id=TherapistId("k2"), qualifications=kap(Level.IN_TRAINING))
COACH = therapist("coach", role=Role.COACH)
STAFF = (T1, T2, T3, T4, T5, T6, T7, K1, K2, COACH)

SITES = (
    Site(id=SiteId("phl"), name="Philadelphia", state=PA),
    Site(id=SiteId("bm"), name="Bryn Mawr", state=PA),
    Site(id=SiteId("chy"), name="Cherry Hill (invented)", state=NJ),
)
ROOMS = (
    Room(id=RoomId("phl1"), site=SiteId("phl"), name="Room 1", seats=12),
    Room(id=RoomId("bm1"), site=SiteId("bm"), name="Room 1", seats=12),
    Room(id=RoomId("bmk"), site=SiteId("bm"), name="Quiet room", features=frozenset({"kap_ready"})),
)


def service(key: str, kind: ServiceKind, **more: Any) -> Service:
    """A service of that id and kind."""
    return Service(id=ServiceId(key), name=key.replace("_", " ").title(), kind=kind, **more)


def kap_service(key: str, kind: ServiceKind, minutes: int = 60) -> Service:
    """A KAP service, which asks for training in it."""
    return service(key, kind, modality=Modality.KAP, level=Level.TRAINED, minutes=minutes)


SERVICES = (
    service("intake", ServiceKind.INTAKE),
    service("therapy", ServiceKind.INDIVIDUAL),
    service("couples", ServiceKind.COUPLES),
    service("group", ServiceKind.GROUP),
    service("dbt", ServiceKind.INDIVIDUAL, modality=Modality.DBT, scope=frozenset({"comprehensive"})),
    service("intensive", ServiceKind.INTENSIVE, modality=Modality.TRAUMA_INTENSIVE),
    service("coaching", ServiceKind.COACHING, modality=Modality.COACHING),
    kap_service("kap_prep", ServiceKind.KAP_PREPARATION),
    kap_service("kap_dosing", ServiceKind.KAP_DOSING, 180),
    kap_service("kap_integration", ServiceKind.KAP_INTEGRATION),
)


def client(key: str = "c1", born: str = "1990-05-01", **more: Any) -> Client:
    """A client, adult unless born later."""
    return Client(id=ClientId(key), name=Name(given="Test", family=key.upper()), birth_date=day(born), **more)


def visit(key: str, of: str, by: str, at: str, **more: Any) -> Visit:
    """A visit of client c1 by video from Pennsylvania unless said otherwise."""
    minutes = more.pop("minutes", 60)
    who = more.pop("who", "c1")
    fields: dict[str, Any] = {
        "format": VIDEO,
        "seats": (Seat(client=ClientId(who), expected_state=PA),),
        **more,
    }
    start = moment(at)
    return Visit(
        id=VisitId(key),
        service=ServiceId(of),
        therapist=TherapistId(by),
        start=start,
        end=start + timedelta(minutes=minutes),
        **fields,
    )


@dataclass(frozen=True, kw_only=True)
class House:
    """A practice that can be asked about one visit of client c1."""

    staff: tuple[Therapist, ...] = STAFF
    clients: tuple[Client, ...] = field(default_factory=lambda: (client(),))
    visits: tuple[Visit, ...] = ()
    pathways: tuple[Pathway, ...] = ()
    services: tuple[Service, ...] = SERVICES
    entries: tuple[Fact, ...] = ()
    now: datetime = NOW

    @property
    def facts(self) -> Facts:
        """Everything the rules may look at."""
        return Facts(
            practice=Practice(name="Sample Practice", open_on_holidays=True),
            sites=SITES,
            rooms=ROOMS,
            services=self.services,
            therapists=self.staff,
            clients=self.clients,
            visits=self.visits,
            pathways=self.pathways,
        )

    @property
    def rules(self) -> Rulebook:
        """The shipped rulebook with the practice's own entries on top."""
        return shipped_rules().with_facts(self.entries)

    def having(self, *changed: Therapist) -> House:
        """The same practice with these therapists in place of those of the same id, or added."""
        new = {one.id: one for one in changed}
        return replace(self, staff=(*(one for one in self.staff if one.id not in new), *changed))

    def ask(self, by: str, at: str, where: State | None = PA, **more: Any) -> tuple[Verdict, ...]:
        """Check a visit of an hour: by video with the client in that state, or in person at `site`."""
        site = more.pop("site", None)
        seats = more.pop("seats", None) or (Seat(client=ClientId("c1"), expected_state=None if site else where),)
        fields: dict[str, Any] = {"service": ServiceId(more.pop("service", "therapy")), "minutes": 60, **more}
        if site is not None:
            fields = {"site": SiteId(site), "format": IN_PERSON, **fields}
        proposal = Proposal(therapist=TherapistId(by), seats=seats, start=moment(at), **{"format": VIDEO, **fields})
        return check(proposal, self.facts, self.rules, self.now)


def codes(verdicts: Iterable[Verdict]) -> set[tuple[str, str]]:
    """Outcome and code of each verdict."""
    return {(one.outcome.value, one.code) for one in verdicts}


def meets(found: tuple[Verdict, ...], wants: str) -> None:
    """Compare with "OUTCOME", "OUTCOME CODE" or "OUTCOME CODE -CODE": the worst, a code that is there, one that is not."""
    outcome, *named = wants.split()
    assert worst(found).value == outcome, sorted(codes(found))
    there = {code for _outcome, code in codes(found)}
    assert {one for one in named if not one.startswith("-")} <= there
    assert not {one.removeprefix("-") for one in named if one.startswith("-")} & there


def of(verdicts: Iterable[Verdict], code: str) -> Verdict:
    """The first verdict of that code."""
    return next(one for one in verdicts if one.code == code)


DOSING_DAY = "2026-12-08"
CLEARED = Clearance(
    prescriber="Dr. Sample",
    license_state=PA,
    exam_on=day("2026-11-10"),
    exam_mode=ExamMode.IN_PERSON,
    sessions=6,
    interval_days=7,
    limit=Pressure(systolic=140, diastolic=90),
)
COURSE = Pathway(id=PathwayId("p1"), client=ClientId("c1"), clearances=(CLEARED,), on_call="+12155550100")
ESCORT = Escort(name="Pat Friend", phone="+12155550101", pickup_attested=True)
KAP_CLIENT = client(
    emergency_contact=EmergencyContact(name="Pat Friend", phone="+12155550101"),
    consents=(Consent(kind=ConsentKind.KAP, signed_on=day("2026-11-12")),),
)
PREP = visit("prep", "kap_prep", "k1", "2026-11-20 10:00", status=VisitStatus.COMPLETED)
INTEGRATION = visit("integration", "kap_integration", "k1", "2026-12-09 15:00")
KAP_HOUSE = House(clients=(KAP_CLIENT,), visits=(PREP, INTEGRATION), pathways=(COURSE,))


def ask_dosing(
    house: House = KAP_HOUSE, by: str = "k1", at: str = f"{DOSING_DAY} 10:00", **more: Any
) -> tuple[Verdict, ...]:
    """Check a dosing of three hours in Bryn Mawr with everything in place."""
    fields: dict[str, Any] = {
        "service": "kap_dosing",
        "site": "bm",
        "room": RoomId("bmk"),
        "minutes": 180,
        "escort": ESCORT,
        "medication_attested": True,
        **more,
    }
    return house.ask(by, at, **fields)

"""A small practice for the tests of the office: one therapist, one client, one room."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from desktop.clinic.clients import Client, ClientStatus
from desktop.clinic.moments import Weekday, Window
from desktop.clinic.people import ClientId, Name, Referrer, ReferrerId, State, TherapistId
from desktop.clinic.practice import Room, RoomId, Site, SiteId
from desktop.clinic.requests import Proposal, Request
from desktop.clinic.services import Format, Service, ServiceId, ServiceKind
from desktop.clinic.therapists import Hours, License, Therapist
from desktop.clinic.visits import Seat
from desktop.records.store import Store
from tests.conftest import ROSA, TODAY

PHL = SiteId("PHL")
MONDAYS = Hours(window=Window(day=Weekday.MON, start=time(9), end=time(17)), site=PHL)
AVA = Therapist(
    id=TherapistId("ava"),
    name=Name(family="Abrams", given="Ava"),
    licenses=(
        License(
            state=State.PA,
            title="LCSW",
            number="CW021234",
            expires=date(2027, 2, 28),
            verified_on=date(2026, 11, 1),
        ),
    ),
    hours=(MONDAYS,),
)
BEN = replace(AVA, id=TherapistId("ben"), name=Name(family="Boyd", given="Ben"))
INTAKE = Service(id=ServiceId("intake"), name="Intake", kind=ServiceKind.INTAKE, minutes=60)
THI = Client(
    id=ClientId("thi"),
    name=Name(family="O'Brien-Nguyễn", given="Thi"),
    birth_date=date(1991, 3, 14),
    status=ClientStatus.PROSPECTIVE,
)
JO = replace(THI, id=ClientId("jo"), name=Name(family="Jo"))
DR_LEE = Referrer(id=ReferrerId("lee"), name=Name(family="Lee", given="Kim"), organization="Elm Family Practice")

# Monday, November 30, 2026, ten in the morning in Philadelphia.
TEN = datetime(2026, 11, 30, 15, tzinfo=UTC)

PROPOSAL = Proposal(
    service=INTAKE.id,
    therapist=AVA.id,
    seats=(Seat(client=THI.id),),
    format=Format.IN_PERSON,
    site=PHL,
    room=RoomId("101"),
    start=TEN,
)
REQUEST = Request(client=THI.id, service=INTAKE.id, from_day=TODAY, formats=frozenset({Format.IN_PERSON}))


def furnish(store: Store) -> Store:
    """Put the small practice into a clinic file."""
    rooms = (Room(id=RoomId("101"), site=PHL, name="101"), Room(id=RoomId("102"), site=PHL, name="102"))
    with store.writing(ROSA, "Furnish") as writer:
        writer.add_all([Site(id=PHL, name="Philadelphia", state=State.PA), *rooms, INTAKE, AVA, BEN, THI, JO, DR_LEE])
    return store

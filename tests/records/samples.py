"""A client, a visit and a service for the tests of the records."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from desktop.clinic.change import TaskId
from desktop.clinic.clients import Client
from desktop.clinic.people import ClientId, Name, Phone, TherapistId
from desktop.clinic.services import Format, Service, ServiceId, ServiceKind
from desktop.clinic.visits import Seat, Visit, VisitId
from desktop.records.store import Store
from tests.conftest import ROSA

NOON = datetime(2026, 12, 3, 17, tzinfo=UTC)
INTAKE = Service(id=ServiceId("intake"), name="Intake", kind=ServiceKind.INTAKE, minutes=60, buffer_after=10)


def client_of(number: int = 1, name: str = "Nguyễn") -> Client:
    """A client; the number makes the id."""
    return Client(
        id=ClientId(f"c{number}"),
        name=Name(family=name, given="Thi"),
        birth_date=date(1991, 3, 14),
        phones=(Phone(number="+17325550142"),),
    )


def visit_of(number: int = 1, start: datetime = NOON, **fields: object) -> Visit:
    """An hour of therapist t1 by video with the client of that number."""
    given: dict[str, object] = {
        "id": VisitId(f"v{number}"),
        "service": INTAKE.id,
        "therapist": TherapistId("t1"),
        "seats": (Seat(client=ClientId(f"c{number}")),),
        "format": Format.TELEHEALTH,
        "start": start,
        "end": start + timedelta(minutes=60),
    }
    return Visit(**{**given, **fields})  # type: ignore[arg-type]


def kept(store: Store, *values: object) -> TaskId:
    """Keep the values in one task of Rosa's."""
    with store.writing(ROSA, "Keep") as writer:
        writer.add_all(values)
    return writer.task.id

"""The daybook: one day's visits, or any list of them, with the words that a calendar shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client
from desktop.clinic.moments import whole_day
from desktop.clinic.practice import Group, Room, Site
from desktop.clinic.services import Service
from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import Visit
from desktop.records.store import Reader, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLine:
    """A visit with the words that a calendar shows."""

    visit: Visit
    client: str
    service: Service
    site: str
    room: str
    therapist: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySheet:
    """One day at the practice: the therapists and every visit, canceled ones included."""

    day: date
    therapists: tuple[Therapist, ...]
    lines: tuple[VisitLine, ...]


def day(store: Store, actor: Actor, on: date) -> DaySheet:
    """Every visit that touches that day in New York, with names for the calendar."""
    del actor
    start, end = whole_day(on)
    with store.reading() as reader:
        visits = reader.visits(start, end, freed=True)
        return DaySheet(
            day=on,
            therapists=tuple(one for one in reader.all(Therapist) if not one.retired),
            lines=lines(reader, visits),
        )


def lines(reader: Reader, visits: Sequence[Visit]) -> tuple[VisitLine, ...]:
    """The visits with the words that a calendar or list shows."""
    clients = {one.id: one for one in reader.many(Client, {key for visit in visits for key in visit.clients})}
    services = {one.id: one for one in reader.all(Service)}
    groups = {one.id: one.name for one in reader.all(Group)}
    sites = {one.id: one.name for one in reader.all(Site)}
    rooms = {one.id: one.name for one in reader.all(Room)}
    staff = {one.id: one.name.listed for one in reader.many(Therapist, {visit.therapist for visit in visits})}
    return tuple(
        VisitLine(
            visit=visit,
            client=groups[visit.group]
            if visit.group
            else " + ".join(clients[key].name.listed for key in visit.clients),
            service=services[visit.service],
            site=sites.get(visit.site, "") if visit.site else "",
            room=rooms.get(visit.room, "") if visit.room else "",
            therapist=staff.get(visit.therapist, ""),
        )
        for visit in visits
    )

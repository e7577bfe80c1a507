"""Trauma intensives: half a day every third week for a client who comes weekly anyway."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from desktop.clinic.clients import ClientStatus
from desktop.clinic.moments import age_on
from desktop.clinic.people import State
from desktop.clinic.services import Format
from desktop.office.demo.grid import taken_units
from desktop.office.demo.persons import Care
from desktop.office.demo.week import Plan, seat
from desktop.office.demo.year import Year, add_visit


def intensives(made: Plan, year: Year) -> None:
    """Make the intensives of every therapist who keeps times for them."""
    service = made.services["intensive"]
    for therapist, slot in [(key[0], slot) for key, slot in made.kept.items() if key[1] == "intensive"]:
        cells = slot.cells(taken_units(service))
        clients = [
            one
            for one in made.persons.values()
            if one.client.therapist == therapist
            and one.client.status is ClientStatus.ACTIVE
            and one.care is Care.TALK
            and one.client.address.state is State.PA
            and one.joined < year.first
            and age_on(one.client.birth_date, made.today) >= 20
            and made.grid.is_free((one.client.id,), cells)
        ]
        days = [year.first + timedelta(weeks=week, days=slot.weekday) for week in range(1, 52, 3)]
        for nth, day in enumerate(day for day in days if clients and year.is_open(day, therapist)):
            person = clients[nth % len(clients)]
            form = Format.IN_PERSON if slot.room else Format.TELEHEALTH
            here = replace(person, telehealth=form is Format.TELEHEALTH)
            add_visit(year, day, service=service, therapist=therapist, slot=slot, seats=(seat(here, form),))

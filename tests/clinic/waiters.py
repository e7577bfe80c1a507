"""Invented waitlists, for the tests and measurements of slots and plans."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, time, timedelta

from desktop.clinic.clients import Client, ClientStatus, Coverage, PaymentKind, Relation, RelationKind
from desktop.clinic.facts import Facts
from desktop.clinic.moments import Window
from desktop.clinic.people import Address, ClientId, Name, State
from desktop.clinic.referral import Urgency
from desktop.clinic.requests import Request
from desktop.clinic.services import BOTH_FORMATS, Format, Modality
from desktop.clinic.waiting import Waiting, WaitingId
from tests.clinic.practices import EMDR, INTAKE, NOW, PLAY, SESSION, WEEKDAYS

PAYERS = ("aetna", "cigna", "independence", "horizon")
WISHES = ("trauma", "lgbtq", "faith")


def with_waiters(where: Facts, count: int, *, seed: int = 1) -> Facts:
    """The practice with that many more clients, all of whom wait for something; a few are close to another."""
    dice = random.Random(seed)
    people = [_client(dice, number) for number in range(count)]
    for number in range(0, count - 1, 37):
        close = Relation(client=people[number + 1].id, kind=RelationKind.EX_PARTNER)
        people[number] = replace(people[number], relations=(close,))
    entries = tuple(_entry(dice, one) for one in people)
    return replace(where, clients=(*where.clients, *people), waiting=entries)


def _client(dice: random.Random, number: int) -> Client:
    return Client(
        id=ClientId(f"w{number}"),
        name=Name(family=f"Waiter{number}"),
        birth_date=date(1950, 1, 1) + timedelta(days=dice.randint(0, 22000)),
        status=ClientStatus.WAITING,
        address=Address(state=dice.choice((State.PA, State.PA, State.NJ))),
        languages=("es",) if dice.random() < 0.1 else ("en",),
        coverage=Coverage(kind=PaymentKind.IN_NETWORK, payer=dice.choice(PAYERS))
        if dice.random() < 0.6
        else Coverage(),
    )


def _entry(dice: random.Random, client: Client) -> Waiting:
    days = dice.sample(WEEKDAYS, dice.randint(2, 5))
    windows = tuple(Window(day=one, start=time(dice.choice((8, 12, 15))), end=time(20)) for one in days)
    service = dice.choices((INTAKE, SESSION, EMDR, PLAY), (5, 3, 3, 1))[0]
    return Waiting(
        id=WaitingId(f"entry-{client.id}"),
        client=client.id,
        request=Request(
            client=client.id,
            service=service.id,
            modality=Modality.EMDR if service is INTAKE and dice.random() < 0.4 else None,
            formats=dice.choice((BOTH_FORMATS, BOTH_FORMATS, frozenset({Format.TELEHEALTH}))),
            from_day=date(2026, 12, 7) if dice.random() < 0.1 else date(2026, 11, 1),
            windows=windows if dice.random() < 0.7 else (),
            specialties=frozenset({dice.choice(WISHES)}) if dice.random() < 0.5 else frozenset(),
            independent=dice.random() < 0.1,
        ),
        priority=dice.choices(list(Urgency), (70, 20, 10))[0],
        since=NOW - timedelta(days=dice.randint(1, 200), minutes=dice.randint(0, 600)),
    )

"""The demo's waitlist: referrals that wait for an opening, and clients who wait for another service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from random import Random

from desktop.clinic.clients import Client, ClientStatus, PaymentKind
from desktop.clinic.moments import Weekday, Window, age_on, instant, local_date
from desktop.clinic.people import ClientId
from desktop.clinic.referral import Referral, Stage, Urgency
from desktop.clinic.requests import Request
from desktop.clinic.services import Format, Modality, ServiceId
from desktop.clinic.waiting import Waiting, WaitingId

MOST = 25
LASTS = timedelta(days=180)
ASKS: tuple[tuple[str, Modality | None], ...] = (
    ("intake", Modality.EMDR),
    ("intake", Modality.DBT),
    ("intake", None),
    ("emdr-60", None),
    ("individual", Modality.CBT),
    ("intake", Modality.SOMATIC),
    ("dbt-individual", None),
    ("intake", Modality.IFS),
)
EVENINGS = tuple(Window(day=day, start=time(16), end=time(20)) for day in list(Weekday)[:5])
MORNINGS = tuple(Window(day=day, start=time(8), end=time(13)) for day in list(Weekday)[:5])


def waitlist(
    rng: Random, number: int, today: date, clients: Mapping[ClientId, Client], referrals: Iterable[Referral]
) -> tuple[Waiting, ...]:
    """Twenty-five entries: every waitlisted referral, and clients marked as waiting who have none."""
    made = tuple(referrals)
    known = {one.client for one in made}
    listed = [(one, one.request) for one in made if one.stage is Stage.WAITLISTED and one.request is not None]
    rest = [one for one in clients.values() if one.status is ClientStatus.WAITING and one.id not in known]
    rest = rest[: MOST - len(listed)]
    keys = [WaitingId(f"waiting-{number * MOST + nth + 1:06}") for nth in range(MOST)]
    found = [_of_referral(key, one, asked) for key, (one, asked) in zip(keys, listed, strict=False)]
    found += [
        _of_client(key, rng, nth, one, today)
        for nth, (key, one) in enumerate(zip(keys[len(listed) :], rest, strict=False))
    ]
    return tuple(found)


def _of_referral(key: WaitingId, referral: Referral, asked: Request) -> Waiting:
    since = next(one.at for one in reversed(referral.history) if one.after is Stage.WAITLISTED)
    return Waiting(
        id=key,
        client=referral.client,
        request=asked,
        priority=referral.urgency,
        since=since,
        expires=local_date(since) + LASTS,
        referral=referral.id,
    )


def _of_client(key: WaitingId, rng: Random, nth: int, client: Client, today: date) -> Waiting:
    child = age_on(client.birth_date, today) < 13
    service, modality = ("intake", Modality.PLAY) if child else ASKS[nth % len(ASKS)]
    began = today - timedelta(days=rng.randrange(3, 150))
    asked = Request(
        client=client.id,
        service=ServiceId(service),
        modality=modality,
        formats=frozenset({Format.IN_PERSON}) if child else client.formats,
        state=client.address.state,
        from_day=began,
        windows=() if child else rng.choice(((), EVENINGS, MORNINGS)),
        payer=client.coverage.payer if client.coverage.kind is PaymentKind.IN_NETWORK else "",
    )
    return Waiting(
        id=key,
        client=client.id,
        request=asked,
        priority=rng.choices(list(Urgency), (70, 22, 8))[0],
        since=instant(began, time(rng.randrange(9, 17), rng.randrange(60))),
        expires=began + LASTS,
    )

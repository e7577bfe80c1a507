"""Invented practices of any size, for the tests of schedule, openings and matching."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from desktop import resource
from desktop.clinic.clients import Client, ClientStatus, Coverage, PaymentKind
from desktop.clinic.facts import Facts
from desktop.clinic.moments import Weekday, Window, instant
from desktop.clinic.people import ClientId, Name, State, TherapistId
from desktop.clinic.practice import Practice, Room, RoomId, Site, SiteId
from desktop.clinic.rulebook import Rulebook, read_rules
from desktop.clinic.services import BOTH_FORMATS, Format, Level, Modality, Service, ServiceId, ServiceKind
from desktop.clinic.therapists import Hours, License, Qualification, Therapist
from desktop.clinic.visits import Seat, Visit, VisitId, VisitStatus

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
WEEKDAYS = tuple(Weekday)[:5]
INTAKE = Service(id=ServiceId("intake"), name="Intake", kind=ServiceKind.INTAKE, minutes=60, buffer_after=0)
SESSION = Service(id=ServiceId("session"), name="Individual therapy", kind=ServiceKind.INDIVIDUAL)
EMDR = Service(
    id=ServiceId("emdr"), name="EMDR", kind=ServiceKind.INDIVIDUAL, modality=Modality.EMDR, level=Level.TRAINED
)
PLAY = Service(
    id=ServiceId("play"),
    name="Play therapy",
    kind=ServiceKind.PLAY,
    formats=frozenset({Format.IN_PERSON}),
    room_features=frozenset({"play"}),
    age_from=3,
    age_to=12,
)
DOSING = Service(
    id=ServiceId("dosing"),
    name="KAP dosing",
    kind=ServiceKind.KAP_DOSING,
    minutes=180,
    buffer_before=15,
    buffer_after=30,
    formats=frozenset({Format.IN_PERSON}),
)
SERVICES = (INTAKE, SESSION, EMDR, PLAY, DOSING)


@cache
def rulebook() -> Rulebook:
    """The rulebook as it is shipped."""
    return read_rules(path.read_text("utf-8") for path in sorted(resource("rules").glob("*.toml")))


def at(text: str) -> datetime:
    """The UTC instant of a New York wall-clock time such as 2026-12-01 18:00."""
    day, wall = text.split()
    return instant(date.fromisoformat(day), time.fromisoformat(wall))


def hours(
    *days: Weekday, start: int = 9, end: int = 17, site: str | None = "phl", formats: frozenset[Format] = BOTH_FORMATS
) -> tuple[Hours, ...]:
    """The same working hours on each of the days; Monday to Friday when none is given."""
    return tuple(
        Hours(
            window=Window(day=day, start=time(start), end=time(end)),
            site=None if site is None else SiteId(site),
            formats=formats,
        )
        for day in days or WEEKDAYS
    )


def pa(title: str = "LPC", expires: date = date(2027, 2, 28), **more: object) -> License:
    """A Pennsylvania license that was looked up lately."""
    return License(
        state=State.PA,
        title=title,
        number="PC001234",
        expires=expires,
        verified_on=date(2026, 11, 1),
        **more,  # type: ignore[arg-type]
    )


def nj(title: str = "LPC", expires: date = date(2028, 11, 30), **more: object) -> License:
    """A New Jersey license that was looked up lately."""
    return License(
        state=State.NJ,
        title=title,
        number="37PC00123400",
        expires=expires,
        verified_on=date(2026, 11, 1),
        **more,  # type: ignore[arg-type]
    )


def therapist(key: str, **more: object) -> Therapist:
    """A therapist licensed in Pennsylvania who works Monday to Friday, nine to five, in Philadelphia."""
    fields: dict[str, object] = {"licenses": (pa(),), "hours": hours(), **more}
    return Therapist(id=TherapistId(key), name=Name(family=key.title(), given="T"), **fields)  # type: ignore[arg-type]


def client(key: str = "c1", **more: object) -> Client:
    """An adult client who pays themselves."""
    fields: dict[str, object] = {"birth_date": date(1990, 5, 1), **more}
    return Client(id=ClientId(key), name=Name(family=key.title(), given="C"), **fields)  # type: ignore[arg-type]


def visit(key: str, start: datetime, minutes: int = 50, **more: object) -> Visit:
    """A visit of an individual therapist by video unless said otherwise."""
    fields: dict[str, object] = {
        "service": SESSION.id,
        "therapist": TherapistId("t1"),
        "seats": (Seat(client=ClientId("other"), expected_state=State.PA),),
        "format": Format.TELEHEALTH,
        **more,
    }
    return Visit(id=VisitId(key), start=start, end=start + timedelta(minutes=minutes), **fields)  # type: ignore[arg-type]


def facts(*therapists: Therapist, **more: object) -> Facts:
    """A practice with two sites, a few rooms and the services."""
    fields: dict[str, object] = {
        "practice": Practice(name="Sample Practice"),
        "sites": (
            Site(id=SiteId("phl"), name="Philadelphia", state=State.PA),
            Site(id=SiteId("bm"), name="Bryn Mawr", state=State.PA),
        ),
        "rooms": (
            Room(id=RoomId("r1"), site=SiteId("phl"), name="Oak"),
            Room(id=RoomId("r2"), site=SiteId("phl"), name="Elm", features=frozenset({"play", "kap_ready"})),
            Room(id=RoomId("r3"), site=SiteId("bm"), name="Fir"),
        ),
        "services": SERVICES,
        "therapists": therapists,
        **more,
    }
    return Facts(**fields)  # type: ignore[arg-type]


def practice_of(count: int, *, seed: int = 1, weeks: int = 52, per_week: int = 22) -> Facts:
    """A practice of that many therapists with a year of visits around NOW, skewed as practices are."""
    dice = random.Random(seed)
    sites = tuple(
        Site(id=SiteId(f"site{number}"), name=f"Site {number}", state=State.PA) for number in range(max(2, count // 25))
    )
    rooms = tuple(
        Room(
            id=RoomId(f"room{number}"),
            site=sites[number % len(sites)].id,
            name=f"Room {number}",
            features=frozenset({"kap_ready"} if number % 5 == 0 else ()),
        )
        for number in range(max(12, count // 2))
    )
    staff = tuple(_random_therapist(dice, number, sites) for number in range(count))
    clients = tuple(_random_client(dice, number, staff) for number in range(count * 36))
    visits = tuple(_year(dice, staff, clients, rooms, weeks, per_week)) if weeks else ()
    return Facts(
        practice=Practice(name="Sample Practice"),
        sites=sites,
        rooms=rooms,
        services=SERVICES,
        therapists=staff,
        clients=clients,
        visits=visits,
    )


def _random_therapist(dice: random.Random, number: int, sites: tuple[Site, ...]) -> Therapist:
    licenses = [pa(dice.choice(("LPC", "LCSW", "LMFT")))] if dice.random() < 0.9 else []
    if dice.random() < 0.6:
        licenses.append(nj(dice.choice(("LPC", "LCSW")), dice.choice((date(2026, 11, 30), date(2028, 8, 31)))))
    if not licenses:
        licenses.append(nj())
    days = dice.sample(WEEKDAYS, dice.randint(3, 5))
    start = dice.choice((8, 9, 10, 12))
    site = dice.choice(sites).id
    level = dice.choice((Level.IN_TRAINING, Level.TRAINED, Level.TRAINED, Level.CERTIFIED, Level.CONSULTANT))
    return Therapist(
        id=TherapistId(f"t{number}"),
        name=Name(family=f"Family{number}", given="Given"),
        licenses=tuple(licenses),
        qualifications=(Qualification(modality=Modality.EMDR, level=level),) if dice.random() < 0.8 else (),
        specialties=frozenset(dice.sample(("trauma", "lgbtq", "faith", "addiction", "eating_disorders"), 2)),
        languages=frozenset({"en", *(["es"] if dice.random() < 0.2 else [])}),
        payers=frozenset(dice.sample(("aetna", "cigna", "independence", "horizon"), 2)),
        accepting=dice.random() < 0.85,
        caseload_cap=dice.choice((30, 40, 50, None)),
        age_from=dice.choice((6, 12, 18, 18)),
        gender=dice.choice(("woman", "man", "nonbinary")),
        hours=tuple(
            Hours(window=Window(day=day, start=time(start), end=time(start + 8)), site=dice.choice((site, site, None)))
            for day in days
        ),
    )


def _random_client(dice: random.Random, number: int, staff: tuple[Therapist, ...]) -> Client:
    return Client(
        id=ClientId(f"c{number}"),
        name=Name(family=f"Client{number}", given="Given"),
        birth_date=date(1950, 1, 1) + timedelta(days=dice.randint(0, 20000)),
        status=ClientStatus.ACTIVE,
        therapist=dice.choice(staff).id,
        coverage=Coverage(kind=PaymentKind.IN_NETWORK, payer="aetna") if dice.random() < 0.5 else Coverage(),
    )


def _year(
    dice: random.Random,
    staff: tuple[Therapist, ...],
    clients: tuple[Client, ...],
    rooms: tuple[Room, ...],
    weeks: int,
    per_week: int,
) -> list[Visit]:
    by_site: dict[SiteId, list[Room]] = {}
    for room in rooms:
        by_site.setdefault(room.site, []).append(room)
    visits: list[Visit] = []
    monday = date(2026, 11, 23) - timedelta(weeks=weeks // 2)
    for one in staff:
        mine = [someone for someone in clients if someone.therapist == one.id] if len(staff) <= 100 else clients[:50]
        slots = [(shift, hour) for shift in one.hours for hour in range(shift.window.start.hour, shift.window.end.hour)]
        weekly = dice.sample(slots, min(per_week, len(slots) * 3 // 4))
        for week in range(weeks):
            for shift, hour in weekly:
                day = monday + timedelta(weeks=week, days=shift.window.day.number)
                start = instant(day, time(hour))
                in_person = shift.site is not None and dice.random() < 0.3
                visits.append(
                    Visit(
                        id=VisitId(f"v{len(visits)}"),
                        service=SESSION.id,
                        therapist=one.id,
                        seats=(Seat(client=dice.choice(mine or clients).id, expected_state=State.PA),),
                        format=Format.IN_PERSON if in_person else Format.TELEHEALTH,
                        site=shift.site if in_person else None,
                        room=dice.choice(by_site[shift.site]).id if in_person and shift.site else None,
                        start=start,
                        end=start + timedelta(minutes=50),
                        status=VisitStatus.CANCELED if dice.random() < 0.1 else VisitStatus.SCHEDULED,
                    )
                )
    return visits

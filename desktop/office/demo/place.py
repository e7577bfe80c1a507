"""The demo practice's places: two sites in Pennsylvania, twelve rooms, services, referrers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from desktop.clinic.people import Address, Name, Referrer, ReferrerId, ReferrerKind, State
from desktop.clinic.practice import Part2, Practice, Room, RoomId, Site, SiteId
from desktop.clinic.services import BOTH_FORMATS, Format, Level, Modality, Service, ServiceId, ServiceKind
from desktop.office.demo.words import address, npi, phone, words

NAME = "Wissahickon Psychotherapy Group"
THURSDAY = 3

ROOMS = {
    "phl": (
        "Maple: group",
        "Birch: play",
        "Cedar: kap_ready step_free",
        "Willow: kap_ready",
        "Linden",
        "Rowan",
        "Alder",
    ),
    "bm": ("Hawthorn: group step_free", "Hazel: play step_free", "Elder: kap_ready step_free", "Juniper", "Laurel"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """The sites and rooms of one copy of the practice, found by `phl` and `bm`."""

    number: int
    sites: dict[str, Site]
    rooms: tuple[Room, ...]

    def rooms_at(self, site: SiteId, features: frozenset[str]) -> list[Room]:
        """Rooms of the site that have those features; plain rooms first, so that special ones stay free."""
        fitting = [room for room in self.rooms if room.site == site and features <= room.features]
        return sorted(fitting, key=lambda room: len(room.features - {"step_free"}))


def practice(today: date) -> Practice:
    """The letterhead; closed on the day after Thanksgiving and on December 24."""
    years = range(today.year - 1, today.year + 2)
    return Practice(
        name=NAME,
        address=Address(
            street="1200 Lantern Lane, Suite 3",
            city="Philadelphia",
            county="Philadelphia County",
            state=State.PA,
            zip="19103",
        ),
        phone="+12155550100",
        fax="+12155550101",
        email="hello@wissahickon.example",
        npi=npi(1),
        part2=Part2.UNKNOWN,
        closures=frozenset(day for year in years for day in (_after_thanksgiving(year), date(year, 12, 24))),
    )


def branch(number: int) -> Branch:
    """The sites and rooms of one copy; the first has the plain ids."""
    tail = f"-{number + 1}" if number else ""
    where = {
        "phl": ("Philadelphia", "1200 Lantern Lane", "19103"),
        "bm": ("Bryn Mawr", "45 Copper Beech Lane", "19010"),
    }
    counties = {"phl": "Philadelphia County", "bm": "Delaware County"}
    sites = {
        key: Site(
            id=SiteId(key + tail),
            name=city + tail.replace("-", " "),
            state=State.PA,
            address=Address(street=street, city=city, county=counties[key], state=State.PA, zip=code),
            phone="+12155550100" if key == "phl" else "+16105550100",
        )
        for key, (city, street, code) in where.items()
    }
    rooms = tuple(_room(sites[key], text, tail) for key, texts in ROOMS.items() for text in texts)
    return Branch(number=number, sites=sites, rooms=rooms)


def services() -> tuple[Service, ...]:
    """Everything that the practice offers."""
    return tuple(_service(dict(table)) for table in words("services")["service"])


def referrers(number: int, rng: Random) -> tuple[Referrer, ...]:
    """Physicians, schools, prescribers, an insurer, a court and others who refer or are referred to."""
    tables = words("referrers")["referrer"]
    return tuple(
        Referrer(
            id=ReferrerId(f"referrer-{number * len(tables) + place:04}"),
            name=Name(given=table.get("given", ""), family=table["family"]),
            kind=ReferrerKind(table["kind"]),
            credentials=table.get("credentials", ""),
            organization=table["organization"],
            address=address(rng, "new_jersey" if "therapy_nj" in table.get("services", ()) else "main_line"),
            phone=phone(rng, State.PA),
            fax=phone(rng, State.PA),
            email=f"office{place}@referrer.example",
            npi=npi(100 + place) if table["kind"] in ("treating_provider", "prescriber") else "",
            services=frozenset(table.get("services", ())),
        )
        for place, table in enumerate(tables, 1)
    )


def _room(site: Site, text: str, tail: str) -> Room:
    name, _, features = text.partition(": ")
    kinds = frozenset(features.split())
    return Room(
        id=RoomId(f"room-{name.lower()}{tail}"),
        site=site.id,
        name=name,
        features=kinds,
        seats=14 if "group" in kinds else 4,
    )


def _service(table: dict[str, Any]) -> Service:
    return Service(
        id=ServiceId(table.pop("id")),
        name=table.pop("name"),
        kind=ServiceKind(table.pop("kind")),
        modality=Modality(table.pop("modality")) if "modality" in table else None,
        level=Level(table.pop("level", "none")),
        scope=frozenset(table.pop("scope", ())),
        formats=frozenset(map(Format, table.pop("formats", BOTH_FORMATS))),
        room_features=frozenset(table.pop("room_features", ())),
        **table,
    )


def _after_thanksgiving(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta(days=(THURSDAY - first.weekday()) % 7 + 22)

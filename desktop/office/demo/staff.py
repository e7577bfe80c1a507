"""The demo practice's therapists: licenses at the real ends of their cycles, supervision, skills and hours."""

from __future__ import annotations

from datetime import date, time, timedelta
from random import Random
from typing import Any

from desktop.clinic.moments import Weekday, Window, instant
from desktop.clinic.people import Name, State, TherapistId
from desktop.clinic.practice import SiteId
from desktop.clinic.services import BOTH_FORMATS, Format, Level, Modality
from desktop.clinic.therapists import (
    Authority,
    AuthorityKind,
    Hours,
    License,
    Qualification,
    Role,
    Supervision,
    Therapist,
    TimeOff,
)
from desktop.office.demo.place import Branch
from desktop.office.demo.words import name, npi, wall, words

# Month, day and remainder of the year divided by two at which a title's cycle ends, as the boards print them.
CYCLES = {
    ("PA", "PSY"): (11, 30, 1),
    ("NJ", "PSY"): (6, 30, 1),
    ("NJ", "LCSW"): (8, 31, 0),
    ("NJ", "LSW"): (8, 31, 0),
}
PA_CYCLE, NJ_CYCLE = (2, 28, 1), (11, 30, 0)
BOARDS = {
    "PSY": ("State Board of Psychology", "State Board of Psychological Examiners"),
    "LCSW": (
        "State Board of Social Workers, Marriage and Family Therapists and Professional Counselors",
        "State Board of Social Work Examiners",
    ),
}
NUMBERS = {
    ("PA", "LPC"): "PC9",
    ("PA", "LAPC"): "APC9",
    ("PA", "LMFT"): "MF9",
    ("PA", "LCSW"): "CW9",
    ("PA", "LSW"): "SW9",
    ("PA", "PSY"): "PS9",
    ("NJ", "LPC"): "37PC009",
    ("NJ", "LAC"): "37AC009",
    ("NJ", "LMFT"): "37FI009",
    ("NJ", "LCSW"): "44SC099",
    ("NJ", "LSW"): "44SL099",
    ("NJ", "PSY"): "35SI009",
}
ASSOCIATES = frozenset({"LAPC", "LAC", "LSW", "LAMFT", "PRE"})
TWO_YEARS = 2
SOON = timedelta(days=60)


def cycle_end(state: str, title: str, day: date) -> date:
    """The first end of that title's two-year cycle on or after the day."""
    month, last, odd = CYCLES.get((state, title), PA_CYCLE if state == "PA" else NJ_CYCLE)
    year = day.year + (day.year % 2 != odd)
    end = date(year, month, last)
    return end if end >= day else date(year + TWO_YEARS, month, last)


def therapists(place: Branch, rng: Random, today: date) -> tuple[Therapist, ...]:
    """The staff of one copy of the practice; copies after the first have other names and numbers."""
    tables = words("roster")["therapist"]
    return tuple(_therapist(place, rng, today, nth, table, len(tables)) for nth, table in enumerate(tables, 1))


def therapist_id(place: Branch, nth: int) -> TherapistId:
    """The id of the nth of the roster, counted from 1."""
    return TherapistId(f"therapist-{place.number * len(words('roster')['therapist']) + nth:04}")


def _therapist(place: Branch, rng: Random, today: date, nth: int, table: dict[str, Any], total: int) -> Therapist:
    own = Name(given=table["given"], family=table["family"]) if place.number == 0 else name(rng)
    serial = place.number * total + nth
    ages = table.get("ages", [18, 99])
    retired_on = today - timedelta(days=90) if table.get("retired") else None
    return Therapist(
        id=therapist_id(place, nth),
        name=own,
        licensed_name=table.get("licensed", "") if place.number == 0 else "",
        role=Role(table.get("role", "therapist")),
        credentials=table["credentials"],
        pronouns=table["pronouns"],
        gender={"she/her": "woman", "he/him": "man"}.get(table["pronouns"], "nonbinary"),
        npi=npi(1000 + serial) if serial < 9000 else "",
        email=f"therapist{serial}@wissahickon.example",
        licenses=tuple(_license(rng, held, today, serial) for held in table.get("held", ())),
        authorities=_psypact(today) if table.get("psypact") else (),
        supervisions=_supervisions(place, table, today),
        qualifications=tuple(_qualification(rng, text, today) for text in table.get("skills", ())),
        specialties=frozenset(table["specialties"]),
        populations=_populations(table, ages),
        age_from=ages[0],
        age_to=ages[1] if ages[1] < 99 else None,
        languages=frozenset(table.get("languages", ["en"])),
        payers=frozenset(table.get("payers", ())),
        accepting=table.get("accepting", True),
        caseload_cap=table["cap"],
        hours=tuple(_hours(place, text, retired_on) for text in words("roster")["hours"][table["week"]]),
        time_off=() if retired_on else _vacations(rng, today),
        retired=retired_on is not None,
    )


def _license(rng: Random, held: str, today: date, serial: int) -> License:
    state, title, *note = held.split()
    end = cycle_end(state, title, today)
    begun = date(end.year - TWO_YEARS, end.month, end.day) + timedelta(days=1)
    verified = max(begun, today - timedelta(days=rng.randrange(3, 85)))
    if note and end - today <= SOON:
        end = date(end.year + TWO_YEARS, end.month, end.day)
        verified = today - timedelta(days=2)
    stem = NUMBERS.get((state, title), "")
    digits = (12 if state == "NJ" else 9 if title == "LAPC" else 8) - len(stem)
    return License(
        state=State(state),
        title=title,
        board=BOARDS["PSY" if title == "PSY" else "LCSW"][state == "NJ"],
        number=f"{stem}{serial:0{digits}}" if stem else "",
        effective=begun - timedelta(days=365 * rng.randrange(0, 12)),
        expires=end,
        verified_on=None if note == ["unverified"] else verified,
        verified_by="" if note == ["unverified"] else "desk",
    )


def _psypact(today: date) -> tuple[Authority, ...]:
    end = date(today.year + (today > date(today.year, 3, 1)), 3, 1)
    return tuple(
        Authority(
            kind=kind,
            home_state=State.PA,
            number=f"{kind.value.upper()}-9{place}0017",
            effective=date(end.year - 1, 3, 2),
            expires=end,
            verified_on=max(date(end.year - 1, 3, 2), today - timedelta(days=30)),
        )
        for place, kind in enumerate((AuthorityKind.APIT, AuthorityKind.TAP), 1)
    )


def _supervisions(place: Branch, table: dict[str, Any], today: date) -> tuple[Supervision, ...]:
    starts, logged = today - timedelta(days=400), today - timedelta(days=3)
    found = []
    for held in table.get("held", ()) if "supervisor" in table else ():
        above = therapist_id(place, table["supervisor"])
        found.append(
            Supervision(
                supervisor=above,
                state=State(held[:2]),
                starts=starts,
                plan_on=starts,
                client_told=True,
                logged_on=logged,
            )
        )
    for skill in table.get("skills", ()):
        modality, level, *_rest = skill.split()
        if level == "in_training":
            above = therapist_id(place, table["trainer"])
            found.append(
                Supervision(
                    supervisor=above, modality=Modality(modality), starts=starts, client_told=True, logged_on=logged
                )
            )
    return tuple(found)


def _qualification(rng: Random, text: str, today: date) -> Qualification:
    modality, level, *scope = text.split()
    obtained = date(today.year - rng.randrange(2, 12), rng.randrange(1, 13), 1)
    renewed = level in ("certified", "consultant")
    return Qualification(
        modality=Modality(modality),
        level=Level(level),
        body={"emdr": "EMDRIA", "dbt": "DBT-LBC" if renewed else "", "play": "APT", "coaching": "ICF"}.get(
            modality, ""
        ),
        number=f"9{rng.randrange(10**5):05}" if renewed else "",
        obtained=obtained,
        valid_until=date(today.year + 1, 12, 31) if renewed else None,
        verified_on=today - timedelta(days=rng.randrange(10, 150)),
        scope=frozenset(scope),
    )


def _populations(table: dict[str, Any], ages: list[int]) -> frozenset[str]:
    found = {"children": ages[0] < 12, "teens": ages[0] < 18 <= ages[1] + 4, "adults": ages[1] > 20}
    found["older_adults"] = ages[1] > 65
    found["couples"] = any(skill.startswith("couples") for skill in table["skills"])
    found["groups"] = any("group" in skill for skill in table["skills"])
    return frozenset(kind for kind, there in found.items() if there)


def _hours(place: Branch, text: str, until: date | None) -> Hours:
    day, span, site = text.split()
    start, end = map(float, span.split("-"))
    where: SiteId | None = None if site == "home" else place.sites[site].id
    return Hours(
        window=Window(day=Weekday(day), start=wall(start), end=wall(end)),
        site=where,
        formats=BOTH_FORMATS if where else frozenset({Format.TELEHEALTH}),
        valid_to=until,
    )


def _vacations(rng: Random, today: date) -> tuple[TimeOff, ...]:
    monday = today - timedelta(days=today.weekday())
    weeks = sorted({-rng.randrange(2, 24), rng.randrange(3, 24)})
    begins = [monday + timedelta(weeks=week) for week in weeks]
    return tuple(
        TimeOff(start=instant(first, time()), end=instant(first + timedelta(days=7), time())) for first in begins
    )

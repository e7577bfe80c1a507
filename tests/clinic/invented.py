"""Small invented practices for the oracle: everything that can go wrong goes wrong somewhere, on the days that matter."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from desktop.clinic.clients import Client, ClientStatus, Coverage, PaymentKind, Relation, RelationKind, RiskScreen
from desktop.clinic.facts import Facts
from desktop.clinic.moments import Weekday, Window, instant
from desktop.clinic.people import ClientId, Name, State, TherapistId
from desktop.clinic.practice import Practice, Room, RoomId, Site, SiteId
from desktop.clinic.requests import Request
from desktop.clinic.rulebook import Confidence, Fact, Rulebook
from desktop.clinic.services import BOTH_FORMATS, Format, Level, Modality, Service, ServiceId, ServiceKind
from desktop.clinic.therapists import (
    Authority,
    AuthorityKind,
    Hours,
    License,
    LicenseStatus,
    Qualification,
    Role,
    Supervision,
    Therapist,
    TimeOff,
)
from desktop.clinic.visits import Seat, Visit, VisitId, VisitStatus
from tests.clinic.practices import rulebook

T = TypeVar("T")
PA, NJ, DE = State.PA, State.NJ, State.DE
BY_VIDEO, IN_PERSON = frozenset({Format.TELEHEALTH}), frozenset({Format.IN_PERSON})

# Days near a license cliff, a change of the clocks, a year's end, a cycle's end, a holiday.
ANCHORS = tuple(
    date.fromisoformat(text)
    for text in (
        "2026-11-23",
        "2026-10-26",
        "2027-03-08",
        "2027-02-22",
        "2026-12-28",
        "2026-08-27",
        "2027-06-28",
        "2027-01-15",
    )
)
MOTLEY = (
    Service(id=ServiceId("talk"), name="Talk", kind=ServiceKind.INDIVIDUAL, minutes=50),
    Service(id=ServiceId("long"), name="Long", kind=ServiceKind.INTAKE, minutes=90, buffer_before=10, buffer_after=0),
    Service(
        id=ServiceId("emdr"), name="EMDR", kind=ServiceKind.INDIVIDUAL, modality=Modality.EMDR, level=Level.TRAINED,
        minutes=60,
    ),
    Service(
        id=ServiceId("dbt"), name="DBT", kind=ServiceKind.INDIVIDUAL, modality=Modality.DBT,
        scope=frozenset({"comprehensive"}),
    ),
    Service(
        id=ServiceId("skills"), name="Skills", kind=ServiceKind.GROUP, modality=Modality.DBT, minutes=110,
        scope=frozenset({"skills_group_leader"}),
    ),
    Service(
        id=ServiceId("couples"), name="Couples", kind=ServiceKind.COUPLES, modality=Modality.COUPLES,
        level=Level.TRAINED, minutes=80,
    ),
    Service(
        id=ServiceId("play"), name="Play", kind=ServiceKind.PLAY, modality=Modality.PLAY, level=Level.TRAINED,
        formats=IN_PERSON, room_features=frozenset({"play"}), age_from=3, age_to=12,
    ),
    Service(
        id=ServiceId("intensive"), name="Intensive", kind=ServiceKind.INTENSIVE, modality=Modality.TRAUMA_INTENSIVE,
        level=Level.TRAINED, minutes=180, buffer_after=30,
    ),
    Service(
        id=ServiceId("dosing"), name="Dosing", kind=ServiceKind.KAP_DOSING, modality=Modality.KAP, level=Level.TRAINED,
        formats=IN_PERSON, minutes=180, buffer_after=30, age_from=18,
    ),
    Service(
        id=ServiceId("coaching"), name="Coaching", kind=ServiceKind.COACHING, modality=Modality.COACHING,
    ),
)  # fmt: skip
TITLES = {
    PA: ["LPC", "LPC", "LCSW", "LMFT", "PSY", "PSY", "LAPC", "LAMFT", "LSW", "LBSW", "PRE"],
    NJ: ["LPC", "LPC", "LCSW", "LMFT", "PSY", "LAC", "LAMFT", "LSW", "CSW", "PSY-P1", "PSY-P3", "LCADC", "CADC"],
    DE: ["LPC", "LCSW", "PSY"],
}
MODALITIES = tuple(Modality)
SCOPES = ("individual_dbt", "skills_group_leader", "phone_coaching", "consult_team_member", "intensive_protocol")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A practice and a request, at an instant, under a rulebook."""

    facts: Facts
    request: Request
    rules: Rulebook
    now: datetime


def invented(seed: int) -> Case:
    """The case of that seed, always the same one."""
    return _Inventor(seed).case()


class _Inventor:
    """Throws the dice for one practice."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.today = self.dice.choice(ANCHORS)
        self.keys = tuple(TherapistId(f"t{number}") for number in range(self.dice.randint(3, 8)))
        self.sites = self._sites()

    def odds(self, share: float) -> bool:
        return self.dice.random() < share

    def pick(self, some: Sequence[T]) -> T:
        return self.dice.choice(some)

    def near(self, before: int = 20, after: int = 40) -> date:
        return self.today + timedelta(days=self.dice.randint(-before, after))

    def case(self) -> Case:
        service = self.pick(MOTLEY) if self.odds(0.45) else self.pick((*MOTLEY[:2], *MOTLEY[:2], MOTLEY[5]))
        staff = tuple(self._typical(self._therapist(key, service)) for key in self.keys)
        clients = tuple(self._client(number) for number in range(self.dice.randint(3, 9)))
        rooms = self._rooms()
        visits = tuple(self._visit(number, staff, clients, rooms) for number in range(self.dice.randint(0, 40)))
        practice = Practice(
            name="Sample Practice",
            closures=frozenset(self.near(0, 20) for _ in range(self.dice.randint(0, 4))),
            open_on_holidays=self.odds(0.3),
        )
        facts = Facts(
            practice=practice, sites=self.sites, rooms=rooms, services=MOTLEY, therapists=staff, clients=clients,
            visits=visits,
        )  # fmt: skip
        now = instant(self.today, time(self.pick((0, 8, 10, 14, 23))))
        return Case(facts=facts, request=self._request(service, clients), rules=self._rules(), now=now)

    def _sites(self) -> tuple[Site, ...]:
        sites = [
            Site(id=SiteId("phl"), name="Philadelphia", state=PA),
            Site(id=SiteId("bm"), name="Bryn Mawr", state=PA),
        ]
        if self.odds(0.5):
            sites.append(Site(id=SiteId("chy"), name="Cherry Hill", state=NJ, retired=self.odds(0.1)))
        return tuple(sites)

    def _rooms(self) -> tuple[Room, ...]:
        rooms = []
        for site in self.sites:
            for number in range(self.pick((0, 1, 1, 2, 3))):
                features = {one for one in ("kap_ready", "play") if self.odds(0.4)}
                rooms.append(
                    Room(
                        id=RoomId(f"{site.id}{number}"), site=site.id, name=f"Room {number}",
                        features=frozenset(features), seats=self.pick((1, 2, 3, 8)), retired=self.odds(0.08),
                    )
                )  # fmt: skip
        return tuple(rooms)

    def _therapist(self, key: TherapistId, service: Service) -> Therapist:
        dice = self.dice
        return Therapist(
            id=key,
            name=Name(family=key.upper()),
            role=self.pick((Role.THERAPIST,) * 30 + (Role.COACH, Role.PRESCRIBER)),
            seat_state=self.pick((PA, PA, PA, PA, PA, NJ, NJ, DE)),
            licenses=(*self._plain_license(), *(self._license() for _ in range(self.pick((0, 0, 1, 1, 2, 3))))),
            authorities=tuple(self._authority() for _ in range(self.pick((0, 0, 0, 1, 2)))),
            supervisions=(
                *self._plain_supervision(),
                *(self._supervision(service) for _ in range(self.pick((0, 1, 2, 3)))),
            ),
            qualifications=(
                *self._plain_qualification(service),
                *(self._qualification(service) for _ in range(dice.randint(0, 3))),
            ),
            populations=self.pick((frozenset(), frozenset(), frozenset({"adults", "couples", "groups"}))),
            age_from=self.pick((0, 0, 0, 3, 14, 18)),
            age_to=self.pick((None, None, None, None, None, 17, 64)),
            languages=self.pick((frozenset({"en", "es"}), frozenset({"en", "es"}), frozenset({"en"}))),
            payers=frozenset(dice.sample(("aetna", "cigna", "horizon"), self.pick((2, 3, 3)))),
            takes_self_pay=self.odds(0.95),
            accepting=self.odds(0.95),
            caseload_cap=self.pick((None, None, None, 2, 5)),
            caseload_elsewhere=self.pick((0, 0, 1, 4)),
            hours=() if self.odds(0.06) else tuple(self._shifts()),
            time_off=tuple(self._time_off() for _ in range(self.pick((0, 0, 0, 1, 2)))),
            retired=self.odds(0.04),
        )

    def _typical(self, one: Therapist) -> Therapist:
        """Now and then a psychologist who travels, or an associate whose plan is being filed, on the days that matter."""
        dice = self.dice.random()
        if dice < 0.12:
            used = [date(self.today.year, 1, 1) + timedelta(days=number) for number in range(self.dice.randint(27, 30))]
            travels = Authority(
                kind=AuthorityKind.TAP, home_state=PA, expires=self.near(0, 60), days_used=frozenset(used)
            )
            video = Authority(kind=AuthorityKind.APIT, home_state=PA, expires=self.near(0, 60))
            home = License(state=PA, title="PSY", expires=self.near(0, 400))
            return replace(one, licenses=(home,), authorities=(travels, video), seat_state=self.pick((PA, PA, PA, NJ)))
        if dice < 0.24:
            state = self.pick((PA, NJ))
            own = License(state=state, title="LAPC" if state is PA else "LAC", expires=self.near(0, 60))
            under = [
                Supervision(
                    supervisor=boss, state=state, starts=self.near(40, 5), plan_on=self.near(10, 15),
                    client_told=self.odds(0.9), ends=self.pick((None, self.near(0, 20))),
                )
                for boss in self.dice.sample(self.keys, 2)
            ]  # fmt: skip
            under = [one for one in under if one.ends is None or one.starts <= one.ends]
            return replace(one, licenses=(own,), supervisions=tuple(under))
        return one

    def _plain_license(self) -> tuple[License, ...]:
        if self.odds(0.45):
            return ()
        state = self.pick((PA, PA, NJ))
        titles = ("LAPC",) if state is PA else ("LAC", "LSW")
        title = self.pick(titles) if self.odds(0.2) else self.pick(("LPC", "LCSW", "PSY"))
        return (License(state=state, title=title, expires=self.near(0, 400)),)

    def _plain_supervision(self) -> tuple[Supervision, ...]:
        if self.odds(0.5):
            return ()
        begins = date(2025, 1, 1)
        state, boss = self.pick((PA, PA, NJ)), self.pick(self.keys)
        return (Supervision(supervisor=boss, state=state, starts=begins, plan_on=begins, client_told=True),)

    def _license(self) -> License:
        state = self.pick((PA, PA, PA, NJ, NJ, DE))
        expires = self.pick(
            (self.near(), self.near(0, 15), date(2028, 2, 28), date(2026, 11, 30), date(2029, 1, 31), date(2029, 1, 31))
        )
        effective = self.pick((None, None, None, self.near(30, 30), self.near(1500, 10)))
        status = self.pick((LicenseStatus.ACTIVE,) * 40 + tuple(LicenseStatus))
        waits = status in (LicenseStatus.ACTIVE, LicenseStatus.PENDING)
        if effective is not None and (effective > expires or not (waits or effective < self.today - timedelta(days=5))):
            effective = None
        return License(
            state=state,
            title=self.pick(TITLES[state]),
            status=status,
            effective=effective,
            expires=expires,
            renewal_filed=self.pick((None, None, None, self.near(20, 5))),
        )

    def _authority(self) -> Authority:
        kind = self.pick((AuthorityKind.APIT, AuthorityKind.TAP, *AuthorityKind))
        home = self.pick((PA, PA, NJ, DE))
        roams = kind in (AuthorityKind.APIT, AuthorityKind.TAP)
        begins = self.near(30, 10)
        used = [date(self.today.year, 1, 1) + timedelta(days=number) for number in range(self.dice.randint(26, 31))]
        letter = kind is AuthorityKind.TEMPORARY_PERMISSION
        return Authority(
            kind=kind,
            home_state=None if letter else home,
            state=None if roams else self.pick((NJ, NJ, PA)),
            status=self.pick((LicenseStatus.ACTIVE,) * 12 + tuple(LicenseStatus)),
            effective=begins if letter or self.odds(0.3) else None,
            expires=begins + timedelta(days=self.pick((4, 12, 40, 200, 400))),
            days_used=frozenset(used if kind is AuthorityKind.TAP and self.odds(0.5) else ()),
        )

    def _supervision(self, service: Service) -> Supervision:
        modality = self.pick((service.modality, service.modality, Modality.EMDR)) if self.odds(0.4) else None
        starts = self.pick((date(2025, 1, 1), self.near(30, 15)))
        return Supervision(
            supervisor=self.pick((*self.keys, *self.keys, *self.keys, TherapistId("somebody"))),
            state=None if modality else self.pick((PA, NJ)),
            modality=modality,
            starts=starts,
            ends=self.pick((None, None, starts + timedelta(days=self.dice.randint(0, 60)))),
            plan_on=self.pick((None, date(2025, 1, 1), date(2025, 1, 1), date(2025, 1, 1), self.near(10, 15))),
            client_told=self.odds(0.85),
        )

    def _plain_qualification(self, service: Service) -> tuple[Qualification, ...]:
        if self.odds(0.4):
            return ()
        modality = Modality.EMDR if service.modality is Modality.TRAUMA_INTENSIVE else service.modality
        level = self.pick((Level.TRAINED, Level.TRAINED, Level.CERTIFIED))
        return (Qualification(modality=modality or Modality.EMDR, level=level, scope=frozenset(SCOPES)),)

    def _qualification(self, service: Service) -> Qualification:
        return Qualification(
            modality=self.pick((service.modality or Modality.EMDR, Modality.EMDR, self.pick(MODALITIES))),
            level=self.pick((Level.IN_TRAINING, Level.TRAINED, Level.CERTIFIED, Level.CONSULTANT)),
            obtained=self.pick((None, None, self.near(30, 15))),
            valid_until=self.pick((None, None, self.near(), self.near(110, -60))),
            scope=frozenset(one for one in SCOPES if self.odds(0.6)),
        )

    def _shifts(self) -> list[Hours]:
        shifts = []
        for day in self.dice.sample(tuple(Weekday), self.dice.randint(1, 6)):
            start = time(self.pick((0, 1, 2, 7, 9, 12)), self.pick((0, 0, 30, 10)))
            for begin, end in ((start, time(start.hour + 3)), (time(16), time(16 + self.dice.randint(1, 7), 59, 59))):
                if self.odds(0.7):
                    shifts.append(self._hours(Window(day=day, start=begin, end=end)))
        return shifts

    def _hours(self, window: Window) -> Hours:
        site = self.pick((*(one.id for one in self.sites), None))
        begins = self.pick((None, None, None, self.near(10, 15)))
        return Hours(
            window=window,
            site=site,
            formats=self.pick((BOTH_FORMATS, BOTH_FORMATS, BY_VIDEO, IN_PERSON)),
            valid_from=begins,
            valid_to=self.pick((None,) * 6 + ((begins or self.today) + timedelta(days=self.dice.randint(0, 20)),)),
        )

    def _time_off(self) -> TimeOff:
        start = instant(self.near(3, 15), time(self.dice.randint(4, 18)))
        return TimeOff(start=start, end=start + timedelta(hours=self.pick((2, 24, 200, 900))))

    def _client(self, number: int) -> Client:
        dice = self.dice
        born = self.pick(
            (
                date(1990, 5, 1),
                date(1950, 2, 28),
                self._birthday(18),
                self._birthday(13),
                self._birthday(3),
                date(2013, 6, 1),
            )
        )
        relations = [
            Relation(client=ClientId(f"c{dice.randint(0, 2)}"), kind=self.pick(tuple(RelationKind)))
            for _ in range(self.pick((0, 0, 0, 0, 1)))
        ]
        screen = RiskScreen(taken_at=instant(self.today, time(9)), plan_or_intent_now=True)
        return Client(
            id=ClientId(f"c{number}"),
            name=Name(family=f"C{number}"),
            birth_date=born,
            status=self.pick(
                (ClientStatus.ACTIVE, ClientStatus.ACTIVE, ClientStatus.PROSPECTIVE, ClientStatus.DISCHARGED)
            ),
            languages=self.pick((("en",), ("en",), ("en",), ("es", "en"))),
            interpreter=self.odds(0.2),
            windows=() if self.odds(0.7) else (Window(day=self.pick(tuple(Weekday)), start=time(9), end=time(18)),),
            relations=tuple(one for one in relations if one.client != f"c{number}"),
            therapist=self.pick((None, *self.keys)),
            coverage=self.pick(
                (
                    Coverage(),
                    Coverage(kind=PaymentKind.IN_NETWORK, payer="aetna"),
                    Coverage(kind=PaymentKind.OUT_OF_NETWORK, payer="cigna"),
                )
            ),
            concerns=frozenset({"trauma"} if self.odds(0.1) else ()),
            risk_screen=screen if self.odds(0.03) else None,
        )

    def _birthday(self, age: int) -> date:
        day = self.near(2, 12)
        return date(day.year - age, day.month, day.day)

    def _visit(
        self, number: int, staff: Sequence[Therapist], clients: Sequence[Client], rooms: Sequence[Room]
    ) -> Visit:
        service = self.pick((MOTLEY[0], MOTLEY[0], MOTLEY[1], MOTLEY[4], self.pick(MOTLEY)))
        lead, second = self.dice.sample(self.keys, 2)
        start = self._start(next(one for one in staff if one.id == lead))
        room = self.pick(rooms) if rooms and self.odds(0.5) else None
        return Visit(
            id=VisitId(f"v{number}"),
            service=service.id,
            therapist=lead,
            co_leaders=(second,) if self.odds(0.1) else (),
            seats=(Seat(client=self.pick(clients).id, expected_state=self.pick((PA, NJ))),),
            format=Format.TELEHEALTH if room is None else Format.IN_PERSON,
            site=None if room is None else room.site,
            room=None if room is None else room.id,
            start=start,
            end=start + timedelta(minutes=service.minutes),
            status=self.pick((VisitStatus.SCHEDULED,) * 5 + tuple(VisitStatus)),
        )

    def _start(self, lead: Therapist) -> datetime:
        """A moment within the therapist's hours of the coming days, or any."""
        quarter = timedelta(minutes=15 * self.dice.randint(0, 10))
        if lead.hours and self.odds(0.7):
            window = self.pick(lead.hours).window
            day = self.today + timedelta(days=(window.day.number - self.today.weekday()) % 7 + self.pick((0, 0, 7)))
            return instant(day, time(window.start.hour + 3 if window.start.hour < 4 else window.start.hour)) + quarter
        return instant(self.near(10, 20), time(self.dice.randint(7, 19))) + quarter

    def _request(self, service: Service, clients: Sequence[Client]) -> Request:
        modality = self.pick((None,) * 6 + (Modality.EMDR, Modality.IFS))
        return Request(
            client=None if self.odds(0.3) else self.pick(clients).id,
            service=service.id,
            modality=modality,
            level=self.pick((None,) * 5 + (Level.TRAINED, Level.CERTIFIED)),
            scope=self.pick((frozenset(),) * 9 + (frozenset({"individual_dbt"}),)),
            formats=self.pick((BOTH_FORMATS, BOTH_FORMATS, BY_VIDEO, IN_PERSON)),
            site=self.pick((None, None, None, self.pick(self.sites).id)),
            state=self.pick((PA, PA, PA, NJ, NJ, NJ, DE, None)),
            from_day=self.near(5, 8),
            weeks=self.pick((1, 1, 2, 2, 4)),
            windows=() if self.odds(0.7) else (Window(day=Weekday.TUE, start=time(10), end=time(15, 30)),),
            payer=self.pick(("", "", "", "aetna", "horizon", "self_pay")),
            language=self.pick(("",) * 6 + ("es",)),
            independent=self.odds(0.25),
        )

    def _rules(self) -> Rulebook:
        """The shipped rulebook; sometimes with a compact that goes live in the middle of the search."""
        if self.odds(0.7):
            return rulebook()
        day = self.near(10, 15)
        entries = [
            Fact(
                key=f"compact.{compact}.{state.value}", value={"member_from": day, "issuing_from": day},
                source="invented", confidence=Confidence.LOW, verified_on=self.today,
            )
            for compact in ("counseling", "social_work")
            for state in (PA, NJ, DE)
        ]  # fmt: skip
        return rulebook().with_facts(entries)

"""Who sees whom in an ordinary week: a fixed hour for each client, found so that nothing is taken twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from desktop.clinic.clients import Client, ClientStatus
from desktop.clinic.moments import Weekday, Window, age_on
from desktop.clinic.people import ClientId, State, TherapistId
from desktop.clinic.practice import Group, GroupId, SiteId
from desktop.clinic.services import Format, Service
from desktop.clinic.therapists import AuthorityKind, Role, Therapist
from desktop.clinic.visits import Seat
from desktop.office.demo.grid import UNIT, Grid, Slot, Stretch, starts, stretches, taken_units
from desktop.office.demo.persons import Care, Person
from desktop.office.demo.place import Branch
from desktop.office.demo.staff import therapist_id
from desktop.office.demo.words import wall, words

FULL = 0.86


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Visits that repeat at one time of the week, from a first to a last day."""

    id: str
    service: Service
    therapist: TherapistId
    co_leaders: tuple[TherapistId, ...] = ()
    seats: tuple[Seat, ...]
    slot: Slot
    first: date
    last: date
    group: GroupId | None = None

    @property
    def format(self) -> Format:
        """In person where it has a room."""
        return Format.IN_PERSON if self.slot.room else Format.TELEHEALTH


@dataclass(kw_only=True)
class Plan:
    """The ordinary week of one copy of the practice, while it is being filled."""

    place: Branch
    rng: Random
    today: date
    horizon: date
    services: dict[str, Service]
    therapists: tuple[Therapist, ...]
    grid: Grid = field(default_factory=Grid)
    series: list[Series] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    kept: dict[tuple[TherapistId, str], Slot] = field(default_factory=dict)
    persons: dict[ClientId, Person] = field(default_factory=dict)
    load: dict[TherapistId, int] = field(default_factory=dict)
    stretches: dict[TherapistId, list[Stretch]] = field(default_factory=dict)


def plan(
    place: Branch,
    rng: Random,
    today: date,
    horizon: date,
    services: dict[str, Service],
    therapists: tuple[Therapist, ...],
    persons: tuple[Person, ...],
) -> Plan:
    """Fill the ordinary week: groups first, then the times kept for one kind of visit, then every client."""
    made = Plan(place=place, rng=rng, today=today, horizon=horizon, services=services, therapists=therapists)
    made.persons = {one.client.id: one for one in persons}
    made.load = {one.id: 0 for one in therapists}
    made.stretches = {one.id: stretches(one) for one in therapists}
    _hold_groups(made)
    _keep_times(made)
    for person in persons:
        if person.comes and person.client.therapist is None and made.persons[person.client.id] is person:
            _place(made, person)
    _seat_groups(made)
    return made


def may_see(therapist: Therapist, client: Client, state: State, today: date, *, telehealth: bool) -> bool:
    """Whether the demo gives this client to this therapist: age, and authority in the state where the client sits."""
    if not therapist.age_from <= age_on(client.birth_date, today) <= (therapist.age_to or 200):
        return False
    if therapist.role is Role.COACH or any(held.state is state for held in therapist.licenses):
        return True
    return telehealth and any(one.kind is AuthorityKind.APIT for one in therapist.authorities)


def can_give(therapist: Therapist, service: Service) -> bool:
    """Whether the therapist holds the level and scope that the service asks for."""
    if service.modality is None:
        return True
    held = [one for one in therapist.qualifications if one.modality is service.modality]
    return any(one.level.rank >= service.level.rank and service.scope <= one.scope for one in held)


def state_of(person: Person) -> State:
    """Where the client sits during a visit."""
    home = person.client.address.state
    return home if person.telehealth and home is not None else State.PA


def seat(person: Person, format: Format) -> Seat:
    """The client's part in a visit of that format."""
    return Seat(client=person.client.id, expected_state=state_of(person) if format is Format.TELEHEALTH else None)


def _hold_groups(made: Plan) -> None:
    for place, table in enumerate(words("roster")["group"], 1):
        service = made.services[table["service"]]
        leader = therapist_id(made.place, table["leader"])
        others = (therapist_id(made.place, table["co_leader"]),) if "co_leader" in table else ()
        slot = _slot(made, table["time"], made.place.sites[table["site"]].id, service)
        made.grid.take((leader, *others, *([slot.room] if slot.room else [])), slot.cells(taken_units(service)))
        number = made.place.number * len(words("roster")["group"]) + place
        group = Group(
            id=GroupId(f"group-{number:04}"),
            name=table["name"],
            service=service.id,
            leader=leader,
            co_leaders=others,
            seats=table["seats"],
        )
        made.groups.append(group)
        made.kept[leader, group.id] = slot


def _keep_times(made: Plan) -> None:
    for therapist, table in zip(made.therapists, words("roster")["therapist"], strict=True):
        for text in table.get("weekly", ()):
            key, when = text.split(" ", 1)
            service = made.services[key]
            weekday, unit = _when(when)
            site = next(
                one.site
                for one in made.stretches[therapist.id]
                if one.weekday == weekday and one.first <= unit < one.last
            )
            slot = _slot(made, when, site, service)
            taken = (therapist.id, *([slot.room] if slot.room else []))
            made.grid.take(taken, slot.cells(taken_units(service)))
            made.kept[therapist.id, key] = slot


def _slot(made: Plan, when: str, site: SiteId | None, service: Service) -> Slot:
    weekday, unit = _when(when)
    bare = Slot(weekday=weekday, unit=unit)
    if site is None:
        return bare
    found = next(one for one in made.place.sites.values() if one.id == site)
    room = made.grid.room(made.place.rooms_at(found.id, service.room_features), bare.cells(taken_units(service)))
    return replace(bare, site=found.id, room=room.id) if room else bare


def _when(text: str) -> tuple[int, int]:
    day, hour = text.split()
    return Weekday(day).number, int(float(hour) * 60) // UNIT


def _place(made: Plan, person: Person) -> None:
    for therapist in _candidates(made, person):
        service = _service(made, person, therapist)
        slot = _find(made, person, therapist, service)
        if slot is None:
            continue
        people = _together(made, person)
        taken = (therapist.id, *(one.client.id for one in people), *([slot.room] if slot.room else []))
        made.grid.take(taken, slot.cells(taken_units(service)))
        format_ = Format.IN_PERSON if slot.room else Format.TELEHEALTH
        made.series.append(
            Series(
                id=f"series-{person.client.id[-6:]}",
                service=service,
                therapist=therapist.id,
                seats=tuple(seat(one, format_) for one in people),
                slot=slot,
                first=person.joined + timedelta(days=7),
                last=person.left or made.horizon,
            )
        )
        for one in people:
            _settle(made, one, therapist, slot)
        return
    if person.client.status is ClientStatus.ACTIVE:
        waiting = replace(person, client=replace(person.client, status=ClientStatus.WAITING))
        made.persons[person.client.id] = waiting


def _candidates(made: Plan, person: Person) -> list[Therapist]:
    kind = Role.COACH if person.care is Care.COACHING else Role.THERAPIST
    active = person.client.status is ClientStatus.ACTIVE
    state = state_of(person)

    def order(one: Therapist) -> tuple[bool, bool, float]:
        speaks = person.client.languages[0] in one.languages
        pays = not person.client.coverage.payer or person.client.coverage.payer in one.payers
        return not speaks, not pays, made.load[one.id] / (one.caseload_cap or 1) + made.rng.random() / 5

    fitting = [
        one
        for one in made.therapists
        if one.role is kind
        and (not one.retired or (not active and person.left and person.left < made.today - timedelta(days=95)))
        and (not active or made.load[one.id] < (one.caseload_cap or 0) * (FULL if one.accepting else 1.0))
        and may_see(one, person.client, state, made.today, telehealth=person.telehealth)
        and (person.care is not Care.PLAY or can_give(one, made.services["play"]))
        and (person.care is not Care.COUPLE or can_give(one, made.services["couples"]))
    ]
    return sorted(fitting, key=order)


def _service(made: Plan, person: Person, therapist: Therapist) -> Service:
    fixed = {Care.PLAY: "play", Care.COUPLE: "couples", Care.COACHING: "coaching"}
    if person.care in fixed:
        return made.services[fixed[person.care]]
    concerns = {"eating": "eating-disorder", "substance_use": "addiction"}
    special = [key for concern, key in concerns.items() if concern in person.client.concerns]
    if special and therapist.specialties & {"eating_disorders", "addiction"}:
        return made.services[special[0]]
    usual = ("emdr-60", "emdr-90", "dbt-individual", "cbt", "ifs", "somatic", "sensorimotor", "inner-child")
    able = [made.services[key] for key in usual if can_give(therapist, made.services[key])]
    return made.rng.choice([made.services["individual"], *able])


def _find(made: Plan, person: Person, therapist: Therapist, service: Service) -> Slot | None:
    every = 1 if person.care is Care.PLAY or made.rng.random() < 0.5 else 2
    people = (therapist.id, *(one.client.id for one in _together(made, person)))
    open_hours = list(made.stretches[therapist.id])
    made.rng.shuffle(open_hours)
    for slot in _free_slots(made, open_hours, service, every):
        if not made.grid.is_free(people, slot.cells(taken_units(service))):
            continue
        if person.telehealth:
            return slot
        placed = _with_room(made, slot, service)
        if placed is not None:
            return placed
    return None


def _free_slots(made: Plan, open_hours: list[Stretch], service: Service, every: int) -> Iterator[Slot]:
    parities = (0,) if every == 1 else made.rng.choice(((0, 1), (1, 0)))
    for stretch in open_hours:
        for unit in starts(stretch, service):
            for parity in parities:
                yield Slot(weekday=stretch.weekday, unit=unit, every=every, parity=parity, site=stretch.site)


def _with_room(made: Plan, slot: Slot, service: Service) -> Slot | None:
    if slot.site is None or Format.IN_PERSON not in service.formats:
        return None
    rooms = made.place.rooms_at(slot.site, service.room_features)
    room = made.grid.room(rooms, slot.cells(taken_units(service)))
    return replace(slot, room=room.id) if room else None


def _together(made: Plan, person: Person) -> tuple[Person, ...]:
    if person.care is not Care.COUPLE:
        return (person,)
    return (person, made.persons[person.client.relations[0].client])


def _settle(made: Plan, person: Person, therapist: Therapist, slot: Slot) -> None:
    before = person.client
    hour = slot.unit * UNIT // 60
    windows = (Window(day=list(Weekday)[slot.weekday], start=wall(max(hour - 1, 8)), end=wall(min(hour + 4, 21))),)
    after = replace(
        before,
        therapist=therapist.id if before.status is ClientStatus.ACTIVE else None,
        windows=windows if made.rng.random() < 0.4 else (),
    )
    made.persons[before.id] = replace(person, client=after)
    if before.status is ClientStatus.ACTIVE:
        made.load[therapist.id] += 1


def _seat_groups(made: Plan) -> None:
    for group in made.groups:
        service = next(one for one in made.services.values() if one.id == group.service)
        slot = made.kept[group.leader, group.id]
        cells = slot.cells(taken_units(service))
        adults = [
            one
            for one in made.persons.values()
            if one.client.status is ClientStatus.ACTIVE
            and one.care is Care.TALK
            and not one.telehealth
            and one.joined < made.today - timedelta(days=150)
            and age_on(one.client.birth_date, made.today) >= 19
            and made.grid.is_free((one.client.id,), cells)
        ]
        members = made.rng.sample(adults, min(len(adults), group.seats - 2))
        made.grid.take((one.client.id for one in members), cells)
        made.series.append(
            Series(
                id=f"series-{group.id}",
                service=service,
                therapist=group.leader,
                co_leaders=group.co_leaders,
                seats=tuple(seat(one, Format.IN_PERSON) for one in members),
                slot=slot,
                first=made.today - timedelta(days=140),
                last=made.horizon,
                group=group.id,
            )
        )

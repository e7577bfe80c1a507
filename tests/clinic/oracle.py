"""A second opinion on matching: the hard rules written down naively, slot by slot and day by day, sharing no rule code.

It asks for every quarter of an hour of every day of the search whether a visit could begin then. It is slow and plain on
purpose, and knows the practice's values alone: people, hours, visits, and the rulebook's data on supervisors and compacts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from desktop.clinic.clients import Client, ClientStatus, PaymentKind, RelationKind
from desktop.clinic.facts import Facts
from desktop.clinic.moments import Weekday, Window
from desktop.clinic.people import ClientId, State
from desktop.clinic.practice import Room, SiteId
from desktop.clinic.requests import Request
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format, Level, Modality, Service, ServiceKind
from desktop.clinic.therapists import (
    Hours,
    Qualification,
    Role,
    Therapist,
)
from tests.clinic.oracle_licenses import DAY, HERE, World, is_valid, may_see, practices_alone, runs

MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)
WEEK = tuple(Weekday)
LADDER = ("none", "in_training", "trained", "certified", "consultant")

INTENSIVE_GROUNDS = (Modality.EMDR, Modality.SOMATIC, Modality.SENSORIMOTOR, Modality.IFS)
WHOLE_DBT = {"individual_dbt", "skills_group_leader", "phone_coaching", "consult_team_member"}
TOGETHER = (ServiceKind.COUPLES, ServiceKind.FAMILY)
GATHERED = {ServiceKind.COUPLES: "couples", ServiceKind.FAMILY: "families", ServiceKind.GROUP: "groups"}
SCOPE_OF = {
    **dict.fromkeys(("comprehensive", *sorted(WHOLE_DBT)), Modality.DBT),
    "group_leader": Modality.GROUP,
    "intensive_protocol": Modality.TRAUMA_INTENSIVE,
}
NOT_FOR_COACHES = {"mental_health_symptom", "diagnosis", "trauma", "substance_use", "eating"}

# Federal holidays of the years that the tests look at, with the weekday on which those of a weekend are kept.
HOLIDAYS = {
    date.fromisoformat(text)
    for text in [
        "2026-05-25",
        "2026-06-19",
        "2026-07-03",
        "2026-07-04",
        "2026-09-07",
        "2026-10-12",
        "2026-11-11",
        "2026-11-26",
        "2026-12-25",
        "2027-01-01",
        "2027-01-18",
        "2027-02-15",
        "2027-05-31",
        "2027-06-18",
        "2027-06-19",
        "2027-07-04",
        "2027-07-05",
        "2027-09-06",
        "2027-10-11",
        "2027-11-11",
        "2027-11-25",
        "2027-12-24",
        "2027-12-25",
        "2027-12-31",
        "2028-01-01",
        "2028-01-17",
        "2028-02-21",
    ]
}


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """Whether the therapist may see the client, the first moments, or the rule that closed the last door."""

    eligible: bool
    why: str = ""
    starts: tuple[datetime, ...] = ()
    suits: bool = True


def opinion(therapist: Therapist, request: Request, facts: Facts, rules: Rulebook, now: datetime) -> Opinion:
    """Judge one therapist for one request."""
    world = World(request=request, facts=facts, rules=rules, now=now)
    why = stopped(world) or unsuited(therapist, world)
    if why:
        return Opinion(eligible=False, why=why)
    if not therapist.hours:
        return Opinion(eligible=any(seen_somewhere(therapist, day, world) for day in world.days), why="no way")
    windows = request.windows or (world.client.windows if world.client else ())
    found = list(first_slots(therapist, world))
    inside = [one for one in found if not windows or fits(one, world, windows)]
    if inside:
        return Opinion(eligible=True, starts=three(inside, world.service))
    if found:
        return Opinion(eligible=True, starts=three(found, world.service), suits=False)
    return Opinion(eligible=False, why="no slot")


def three(starts: list[datetime], service: Service) -> tuple[datetime, ...]:
    """The first three visits that could all take place, with the minutes kept free between them."""
    apart = timedelta(minutes=service.buffer_before + service.minutes + service.buffer_after)
    found: list[datetime] = []
    for start in starts:
        if len(found) < 3 and (not found or start >= found[-1] + apart):
            found.append(start)
    return tuple(found)


# The request itself.


def stopped(world: World) -> str:
    """What stops the request for everybody: a crisis, or what coaching may not touch."""
    client = world.client
    if client is None:
        return ""
    screen = client.risk_screen
    if screen is not None:
        clinician = world.someone(screen.cleared_by) if screen.cleared_by else None
        cleared = clinician is not None and clinician.role is not Role.COACH
        cleared = cleared and screen.cleared_at is not None and screen.cleared_at >= screen.taken_at
        crisis = screen.plan_or_intent_now or screen.overdose_or_withdrawal_now
        if (crisis or screen.harm_others_imminent or screen.unsafe_now) and not cleared:
            return "crisis"
    if world.service.kind is ServiceKind.COACHING:
        risky = screen is not None and (screen.suicidal_thoughts or screen.self_harm or screen.plan_or_intent_now)
        if client.concerns & NOT_FOR_COACHES or risky:
            return "coaching scope"
    return ""


# What no date changes.


def unsuited(therapist: Therapist, world: World) -> str:
    """The first rule without a date that the therapist fails."""
    client, service = world.client, world.service
    own = client is not None and client.therapist == therapist.id and client.status is ClientStatus.ACTIVE
    carried = [
        one for one in world.facts.clients if one.status is ClientStatus.ACTIVE and one.therapist == therapist.id
    ]
    load = therapist.caseload_elsewhere + len(carried)
    people = GATHERED.get(service.kind)
    if therapist.retired or therapist.role is Role.PRESCRIBER:
        return "not at work"
    if therapist.role is Role.COACH and service.kind is not ServiceKind.COACHING:
        return "coach"
    if people and therapist.populations and people not in therapist.populations:
        return "population"
    if not own and (not therapist.accepting or (therapist.caseload_cap is not None and load >= therapist.caseload_cap)):
        return "capacity"
    if not is_paid(therapist, world):
        return "payer"
    if not is_understood(therapist, world):
        return "language"
    if client is not None and is_close(therapist, client, world):
        return "conflict"
    return ""


def is_paid(therapist: Therapist, world: World) -> bool:
    """Whether the therapist takes what pays."""
    client, asked = world.client, world.request.payer.lower()
    payer, insured = asked, bool(asked)
    if not asked and client is not None:
        payer, insured = client.coverage.payer.lower(), client.coverage.kind is PaymentKind.IN_NETWORK
    if asked == "self_pay" or world.service.kind is ServiceKind.COACHING or not payer:
        payer, insured = "", False
    if payer and payer in therapist.payers:
        return True
    return therapist.takes_self_pay and not insured


def is_understood(therapist: Therapist, world: World) -> bool:
    """Whether the therapist speaks the language asked for, or the client's own unless an interpreter comes."""
    client, asked = world.client, world.request.language
    if asked:
        return asked in therapist.languages
    return client is None or client.interpreter or not client.languages or client.languages[0] in therapist.languages


def is_close(therapist: Therapist, client: Client, world: World) -> bool:
    """Whether the therapist carries or meets somebody close to the client who does not come along."""
    close: dict[ClientId, set[RelationKind]] = {}
    for one in client.relations:
        close.setdefault(one.client, set()).add(one.kind)
    for other in world.facts.clients:
        for one in other.relations:
            if one.client == client.id:
                close.setdefault(other.id, set()).add(one.kind)
    for key, kinds in close.items():
        if world.service.kind in TOGETHER and RelationKind.EX_PARTNER not in kinds:
            continue
        if any(one.id == key and one.therapist == therapist.id for one in world.facts.clients):
            return True
        for visit in world.facts.visits:
            service = next(one for one in world.facts.services if one.id == visit.service)
            shared = client.id in visit.clients and service.kind in TOGETHER
            leads = therapist.id in (visit.therapist, *visit.co_leaders)
            if key in visit.clients and visit.status.holds_time and leads and not shared:
                return True
    return False


def is_both(therapist: Therapist, client: Client, day: date, world: World) -> bool:
    """Whether the therapist would coach and treat the client within ninety days."""
    kinds = {one.id: one.kind for one in world.facts.services}
    met = {
        kinds[one.service] is ServiceKind.COACHING
        for one in world.facts.visits
        if client.id in one.clients
        and one.status.holds_time
        and therapist.id in (one.therapist, *one.co_leaders)
        and abs((one.start.astimezone(HERE).date() - day).days) <= 90
    }
    if world.service.kind is not ServiceKind.COACHING:
        return True in met
    carries = client.therapist == therapist.id and therapist.role is not Role.COACH
    return False in met or (carries and True not in met)


# What a day decides: age, training, license.


def fits_day(therapist: Therapist, day: date, world: World) -> bool:
    """Whether age and training are right on that day."""
    client, service = world.client, world.service
    if client is not None:
        born = client.birth_date
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        for low, high in ((therapist.age_from, therapist.age_to), (service.age_from, service.age_to)):
            if (low is not None and age < low) or (high is not None and age > high):
                return False
        if is_both(therapist, client, day, world):
            return False
    return all(is_trained(therapist, day, world, *need) for need in needs(world))


def needs(world: World) -> list[tuple[Modality, Level, Level, frozenset[str]]]:
    """Modality, level of the service, level that the client insists on, scope flags."""
    request, service = world.request, world.service
    insisted = request.level or Level.NONE
    asked = request.modality or service.modality or next((SCOPE_OF[one] for one in sorted(request.scope)), None)
    if asked is None:
        return []
    usual = Level.TRAINED if request.modality is not None else Level.NONE
    if service.modality is None or service.modality is asked:
        return [(asked, max(usual, service.level, key=rank), insisted, service.scope | request.scope)]
    return [
        (service.modality, service.level, Level.NONE, service.scope),
        (asked, usual, insisted, request.scope),
    ]


def rank(level: Level) -> int:
    """The step of the ladder."""
    return LADDER.index(level.value)


def is_trained(
    therapist: Therapist,
    day: date,
    world: World,
    modality: Modality,
    level: Level,
    insisted: Level,
    scope: frozenset[str],
) -> bool:
    """Whether the therapist reaches the level, alone or in training beside a supervisor, and holds the scope flags."""
    flags = {flag for one in obtained(therapist, day) if one.modality is modality for flag in one.scope}
    wanted = set(scope) - {"comprehensive"} | (WHOLE_DBT if "comprehensive" in scope else set())
    if not wanted <= flags:
        return False
    if modality is Modality.TRAUMA_INTENSIVE:
        grounded = any(rank(held(therapist, one, day)) >= 2 for one in INTENSIVE_GROUNDS)
        protocol = any("intensive_protocol" in one.scope for one in obtained(therapist, day))
        protocol = protocol or rank(held(therapist, modality, day)) >= 2
        return grounded and protocol
    own = held(therapist, modality, day)
    if rank(own) < rank(insisted):
        return False
    if own is Level.IN_TRAINING and level in (Level.TRAINED, Level.IN_TRAINING):
        return is_guided(therapist, modality, day, world)
    return rank(own) >= rank(level)


def obtained(therapist: Therapist, day: date) -> list[Qualification]:
    """The qualifications held by that day, whether lapsed or not."""
    return [one for one in therapist.qualifications if one.obtained is None or one.obtained <= day]


def held(therapist: Therapist, modality: Modality, day: date) -> Level:
    """The level that counts that day: certificates that lapsed leave the training behind."""
    best = Level.NONE
    for one in obtained(therapist, day):
        if one.modality is not modality:
            continue
        level, until = one.level, one.valid_until
        if until is not None and modality is Modality.EMDR and level is Level.CONSULTANT:
            until = three_months_after(until)
        if until is not None and day > until and rank(level) > 2:
            level = Level.TRAINED
        if until is not None and day > until and level is Level.IN_TRAINING:
            continue
        best = max(best, level, key=rank)
    if modality is Modality.COUPLES and rank(best) < 2:
        valid = [one for one in therapist.licenses if is_valid(one, day)]
        best = Level.TRAINED if any(one.title in ("LMFT", "LAMFT") for one in valid) else best
    return best


def three_months_after(day: date) -> date:
    """The same day three months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + 3, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


def is_guided(therapist: Therapist, modality: Modality, day: date, world: World) -> bool:
    """Whether a supervisor who is trained themselves is named for the training that day, and clients are told."""
    for record in therapist.supervisions:
        boss = world.someone(record.supervisor)
        if record.modality is not modality or not runs(record, day) or not record.client_told:
            continue
        if boss is None or boss.id == therapist.id or rank(held(boss, modality, day)) < 2:
            continue
        alone = any(is_valid(one, day) and practices_alone(one) for one in boss.licenses)
        if modality is not Modality.KAP or alone:
            return True
    return False


def seen_somewhere(therapist: Therapist, day: date, world: World) -> bool:
    """Whether, hours aside, some format and site would do that day."""
    if not fits_day(therapist, day, world):
        return False
    formats = world.request.formats & world.service.formats
    sites = list(open_sites(world).values())
    ways = [(Format.TELEHEALTH, world.request.state), *((Format.IN_PERSON, each) for each in sites)]
    return any(how in formats and may_see(therapist, state, how, day, world) for how, state in ways)


# Time and place.


def first_slots(therapist: Therapist, world: World) -> Iterator[datetime]:
    """Every quarter of an hour at which a visit could begin, in order."""
    found: set[datetime] = set()
    busy = taken_of(therapist, world)
    closed = world.facts.practice.closures | (set() if world.facts.practice.open_on_holidays else HOLIDAYS)
    for day in world.days:
        if day in closed or not fits_day(therapist, day, world):
            continue
        for hours in therapist.hours:
            if WEEK[day.weekday()] is hours.window.day and in_season(hours, day):
                found |= set(slots_of(therapist, hours, day, busy, world))
        yield from sorted(found)
        found.clear()


def in_season(hours: Hours, day: date) -> bool:
    """Whether the working hours are in use that day."""
    return (hours.valid_from is None or hours.valid_from <= day) and (hours.valid_to is None or day <= hours.valid_to)


def slots_of(
    therapist: Therapist, hours: Hours, day: date, busy: list[tuple[datetime, datetime]], world: World
) -> Iterator[datetime]:
    """The open quarters of an hour of one stretch of work."""
    ways = list(ways_of(therapist, hours, day, world))
    if not ways:
        return
    start, close = moment(day, hours.window.start), moment(day, hours.window.end)
    before, length = timedelta(minutes=world.service.buffer_before), timedelta(minutes=world.service.minutes)
    after = timedelta(minutes=world.service.buffer_after)
    last = moment(world.days[-1] + DAY, time(0))
    while start + length <= close:
        end = start + length
        free = start >= world.now and end <= last
        free = free and not any(begin < end + after and start - before < stop for begin, stop in busy)
        free = free and not any(one.start < end and start < one.end for one in therapist.time_off)
        free = free and not any(begin < end and start < stop for begin, stop in client_times(world))
        if free and any(has_room(hours.site, how, start - before, end + after, world) for how in ways):
            yield start
        start += QUARTER


def ways_of(therapist: Therapist, hours: Hours, day: date, world: World) -> Iterator[Format]:
    """The formats in which the therapist may work in that stretch on that day."""
    sites = open_sites(world)
    for how in sorted(hours.formats & world.request.formats & world.service.formats):
        if how is Format.IN_PERSON:
            if hours.site in sites and may_see(therapist, sites[hours.site], how, day, world):
                yield how
        elif may_see(therapist, world.request.state, how, day, world):
            yield how


def open_sites(world: World) -> dict[SiteId | None, State]:
    """The sites that are in use and wanted, with their states."""
    wanted = world.request.site
    return {one.id: one.state for one in world.facts.sites if not one.retired and wanted in (None, one.id)}


@cache
def moment(day: date, wall: time) -> datetime:
    """The first moment of the day at or after that wall-clock time, found by walking there from midnight."""
    found = datetime(day.year, day.month, day.day, tzinfo=HERE).astimezone(UTC)
    minute = wall.replace(second=0)
    while (local := found.astimezone(HERE)).date() == day and local.time() < minute:
        found += MINUTE
    return found + timedelta(seconds=wall.second)


def taken_of(key: Therapist | Room, world: World) -> list[tuple[datetime, datetime]]:
    """When a therapist or a room is taken, with the minutes kept free around each visit."""
    services = {one.id: one for one in world.facts.services}
    found = []
    for visit in world.facts.visits:
        theirs = (visit.therapist, *visit.co_leaders, visit.supervisor, visit.room)
        if visit.status.holds_time and key.id in theirs:
            before = timedelta(minutes=services[visit.service].buffer_before)
            after = timedelta(minutes=services[visit.service].buffer_after)
            found.append((visit.start - before, visit.end + after))
    return found


def client_times(world: World) -> list[tuple[datetime, datetime]]:
    """When the client is at a visit already."""
    mine = (one for one in world.facts.visits if world.request.client in one.clients and one.status.holds_time)
    return [(one.start, one.end) for one in mine]


def has_room(site: SiteId | None, how: Format, start: datetime, end: datetime, world: World) -> bool:
    """Whether the visit needs no room, or one of the site is free and has what the service needs."""
    if how is Format.TELEHEALTH:
        return True
    service = world.service
    needed = set(service.room_features) | ({"kap_ready"} if service.kind is ServiceKind.KAP_DOSING else set())
    seats = 3 if service.kind in TOGETHER else 2
    here = [one for one in world.facts.rooms if one.site == site]
    if not here:
        return not needed
    fit = [one for one in here if not one.retired and needed <= one.features and one.seats >= seats]
    return any(all(stop <= start or end <= begin for begin, stop in taken_of(one, world)) for one in fit)


def fits(start: datetime, world: World, windows: tuple[Window, ...]) -> bool:
    """Whether the whole visit lies in one of the client's windows, or in windows that touch."""
    minutes = range(world.service.minutes)
    return all(in_window(start + number * MINUTE, windows) for number in minutes)


def in_window(instant: datetime, windows: tuple[Window, ...]) -> bool:
    """Whether the wall clock shows a time of one of the windows."""
    day = instant.astimezone(HERE).date()
    return any(
        one.day is WEEK[day.weekday()] and moment(day, one.start) <= instant < moment(day, one.end) for one in windows
    )

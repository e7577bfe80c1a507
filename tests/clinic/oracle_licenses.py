"""The oracle's licenses: may this therapist see a client in that state on that day? Read from the rules, plainly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from desktop.clinic.clients import Client
from desktop.clinic.facts import Facts
from desktop.clinic.people import State, TherapistId
from desktop.clinic.requests import Request
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format, Service, ServiceKind
from desktop.clinic.therapists import Authority, AuthorityKind, License, LicenseStatus, Supervision, Therapist

HERE = ZoneInfo("America/New_York")
DAY = timedelta(days=1)

# Titles by state: who practices alone, whose supervision is merely named, and whose plan is on file.
ALONE = {
    "PA": {"LPC", "LMFT", "LCSW", "PSY"},
    "NJ": {"LPC", "LMFT", "LCSW", "PSY", "PSY-P1"},
    "": {"LPC", "LMFT", "LCSW", "PSY"},
}
NAMED = {("PA", "LSW"), ("PA", "PRE"), ("NJ", "LSW")}
PLANNED = {("PA", "LAPC"), ("PA", "LAMFT"), ("NJ", "LAC"), ("NJ", "LAMFT"), ("NJ", "PSY-P3")}
ADDICTION = {("NJ", "LCADC"), ("NJ", "CADC")}
PSYCHOLOGY = {"PSY", "PSY-P1", "PSY-P3"}
COUNSELING = {"LPC", "LAPC", "LAC", "PRE"}
SOCIAL_WORK = {"LCSW", "LSW", "LBSW", "CSW"}
PSYPACT = {"PA", "NJ", "DE"}
DISCIPLINE = {LicenseStatus.SUSPENDED, LicenseStatus.REVOKED, LicenseStatus.PROBATION, LicenseStatus.RESTRICTED}
COMPACTS = {
    AuthorityKind.APIT: ("psypact", "PSY", PSYCHOLOGY),
    AuthorityKind.TAP: ("psypact", "PSY", PSYCHOLOGY),
    AuthorityKind.PRIVILEGE: ("counseling", "LPC", COUNSELING),
    AuthorityKind.MULTISTATE: ("social_work", "LCSW", SOCIAL_WORK),
}


@dataclass(frozen=True, kw_only=True)
class World:
    """What the oracle looks at."""

    request: Request
    facts: Facts
    rules: Rulebook
    now: datetime

    @property
    def service(self) -> Service:
        """The service asked for."""
        return next(one for one in self.facts.services if one.id == self.request.service)

    @property
    def client(self) -> Client | None:
        """The client who asks."""
        return next((one for one in self.facts.clients if one.id == self.request.client), None)

    @property
    def days(self) -> list[date]:
        """The days of the search, from today at the earliest."""
        first = max(self.request.from_day, self.now.astimezone(HERE).date())
        return [first + number * DAY for number in range(7 * self.request.weeks)]

    def someone(self, key: TherapistId) -> Therapist | None:
        """The therapist of that id."""
        return next((one for one in self.facts.therapists if one.id == key), None)


def runs(record: Supervision, day: date) -> bool:
    """Whether the supervision runs that day."""
    return record.starts <= day and (record.ends is None or day <= record.ends)


def is_valid(record: License | Authority, day: date) -> bool:
    """Whether a license is active and in date that day."""
    begun = record.effective is None or record.effective <= day
    return record.status is LicenseStatus.ACTIVE and begun and day <= record.expires


def practices_alone(license: License) -> bool:
    """Whether the title needs no supervisor."""
    return license.title in ALONE.get(license.state.value, ALONE[""])


def licensed(therapist: Therapist, state: State, day: date, world: World) -> str:
    """Direct or supervised, when a license of the state carries the visit; empty when none does."""
    mine = [one for one in therapist.licenses if one.state is state and is_valid(one, day)]
    if any(practices_alone(one) for one in mine):
        return "direct"
    return "supervised" if any(is_supervised(therapist, one, day, world) for one in mine) else ""


def is_supervised(therapist: Therapist, license: License, day: date, world: World) -> bool:
    """Whether the five conditions of a supervised license hold."""
    key = (license.state.value, license.title)
    if key not in NAMED | PLANNED:
        return False
    titles = world.rules.fact(f"license.{key[0]}.{key[1]}", day).value["supervisors"]
    for record in therapist.supervisions:
        boss = world.someone(record.supervisor)
        if record.state is not license.state or not runs(record, day) or not record.client_told:
            continue
        if key in PLANNED and (record.plan_on is None or record.plan_on > day):
            continue
        if boss is None or boss.id == therapist.id:
            continue
        for one in boss.licenses:
            if one.state is license.state and one.title in titles and is_valid(one, day):
                return True
    return False


def authority(therapist: Therapist, state: State, how: Format, day: date, world: World) -> str:
    """The basis on which the therapist may see a client who is in that state; empty when there is none."""
    basis = licensed(therapist, state, day, world)
    if basis == "direct":
        return basis
    for one in therapist.authorities:
        if not is_valid(one, day):
            continue
        if one.kind is AuthorityKind.TEMPORARY_PERMISSION:
            if one.state is state and is_short(therapist, one, day, world) and not has_lost(therapist, state, day):
                return "permission"
        elif is_compact(therapist, one, state, how, day, world):
            return "compact"
    return basis


def has_lost(therapist: Therapist, state: State, day: date) -> bool:
    """Whether a license of the state has lapsed or is under discipline, so that a person must look at the letter."""
    mine = [one for one in therapist.licenses if one.state is state and one.status is not LicenseStatus.PENDING]
    begun = [one for one in mine if one.effective is None or one.effective <= day]
    return any(one.status is not LicenseStatus.ACTIVE or one.expires < day for one in begun)


def is_short(therapist: Therapist, one: Authority, day: date, world: World) -> bool:
    """Ten business days in a row at most, or fifteen days of practice within ninety."""
    assert one.effective is not None
    span = [one.effective + number * DAY for number in range((one.expires - one.effective).days + 1)]
    if one.state is not State.NJ or len([each for each in span if each.weekday() < 5]) <= 10:
        return True
    met = practiced(therapist, State.NJ, world, video=True) | {day}
    ends = [day + number * DAY for number in range(90)]
    return all(len([each for each in met if last - 89 * DAY <= each <= last]) <= 15 for last in ends)


def practiced(therapist: Therapist, state: State, world: World, *, video: bool = False) -> set[date]:
    """The days on which the therapist meets a client in that state, in person or by either way."""
    where = {one.id: one.state for one in world.facts.sites}
    days: set[date] = set()
    for visit in world.facts.visits:
        if therapist.id not in (visit.therapist, *visit.co_leaders) or not visit.status.holds_time:
            continue
        if visit.format is Format.IN_PERSON:
            hit = visit.site is not None and where[visit.site] is state
        else:
            hit = video and any((one.actual_state or one.expected_state) is state for one in visit.seats)
        if hit:
            days.add(visit.start.astimezone(HERE).date())
    return days


def is_compact(therapist: Therapist, one: Authority, state: State, how: Format, day: date, world: World) -> bool:
    """Whether a compact carries the visit: both states issue, a full home license, nothing of that profession there."""
    compact, title, profession = COMPACTS[one.kind]
    home = one.home_state
    if home is None or home is state or (one.state not in (None, state)):
        return False
    if not all(issues(compact, each, day, world) for each in (home, state)):
        return False
    if not any(mine.state is home and mine.title == title and is_valid(mine, day) for mine in therapist.licenses):
        return False
    # The same license in the client's state governs, and a lapsed one is looked at by a person.
    for mine in therapist.licenses:
        waits = mine.status is LicenseStatus.PENDING or (mine.effective is not None and mine.effective > day)
        if mine.state is state and mine.title == title and not waits:
            return False
    if any(mine.status in DISCIPLINE and mine.title in profession for mine in therapist.licenses):
        return False
    if one.kind is AuthorityKind.APIT:
        return how is Format.TELEHEALTH and therapist.seat_state is home
    if one.kind is AuthorityKind.TAP:
        used = practiced(therapist, state, world) | one.days_used
        return how is Format.IN_PERSON and len({each for each in used if each.year == day.year} | {day}) <= 30
    return True


def issues(compact: str, state: State, day: date, world: World) -> bool:
    """Whether the state has begun to issue what the compact promises."""
    if compact == "psypact":
        return state.value in PSYPACT
    fact = world.rules.find(f"compact.{compact}.{state.value}", day)
    since = None if fact is None else fact.value.get("issuing_from")
    return since is not None and since <= day


def may_see(therapist: Therapist, state: State | None, how: Format, day: date, world: World) -> bool:
    """Whether the license rules let the visit take place that day with the client in that state."""
    if world.service.kind is ServiceKind.COACHING:
        return True
    if state is None:
        return False
    basis = authority(therapist, state, how, day, world)
    if not basis or (world.request.independent and basis == "supervised"):
        return False
    return how is Format.IN_PERSON or therapist.seat_state is not State.NJ or may_sit(therapist, State.NJ, day, world)


def may_sit(therapist: Therapist, seat: State, day: date, world: World) -> bool:
    """Whether the therapist holds a license, or what stands for one, where they sit."""
    if any(one.state is seat and is_valid(one, day) for one in therapist.licenses):
        return True
    for one in therapist.authorities:
        if one.kind is AuthorityKind.TEMPORARY_PERMISSION and one.state is seat and is_valid(one, day):
            return True
        resides = one.kind in (AuthorityKind.PRIVILEGE, AuthorityKind.MULTISTATE) and is_valid(one, day)
        if resides and is_compact(therapist, one, seat, Format.TELEHEALTH, day, world):
            return True
    return False

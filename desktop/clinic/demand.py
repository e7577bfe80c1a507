"""Demand against capacity: who waits for what, where and when; the open hours for it; and what would help most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from desktop.clinic.capacity import DAYPARTS, VISIT, Capacity, Daypart, daypart_of, open_hours
from desktop.clinic.clients import Client
from desktop.clinic.facts import Facts
from desktop.clinic.flow import Network
from desktop.clinic.moments import Weekday, Window, aware, local_date
from desktop.clinic.people import ClientId, State, TherapistId
from desktop.clinic.referral import Direction, Referral, Stage
from desktop.clinic.requests import Request
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format, Modality
from desktop.clinic.timetable import Taken, taken_from

WEEKS_BACK = 12
ONE_PERSON = 20
MOST_STEPS = 5
NEAREST = 3
UNBOOKED = frozenset(
    {
        Stage.RECEIVED,
        Stage.ACKNOWLEDGED,
        Stage.PENDING_INFORMATION,
        Stage.TRIAGED,
        Stage.CONTACTING,
        Stage.WAITLISTED,
    }
)
_WEEKEND = frozenset({Weekday.SAT, Weekday.SUN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """One waiting client: the modality (none: any therapy), where they will be (none: not known), when they can come."""

    client: ClientId
    modality: Modality | None
    state: State | None
    dayparts: frozenset[Daypart]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Demand and capacity of a modality in a state, in one daypart or, with none, in all of them.

    `waiting` counts clients who could come then, so that one who is flexible counts in several dayparts; `hours` are open
    hours a week that could serve them; `intakes` were booked in the last 12 weeks; `wait` is weeks at that pace, none
    when nobody was taken in.
    """

    modality: Modality | None
    state: State | None
    daypart: Daypart | None
    waiting: int
    hours: float
    intakes: int
    wait: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Whom to hire or train next: how many more clients could be served, and who lacks only one thing for it.

    `train` lack the modality, `license` the state, `extend` the hours; most open hours first.
    """

    modality: Modality | None
    state: State
    daypart: Daypart
    unlocks: int
    train: tuple[TherapistId, ...] = ()
    license: tuple[TherapistId, ...] = ()
    extend: tuple[TherapistId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """The board: cells by modality, state and daypart; totals of all dayparts; who cannot be served; what helps most."""

    waiting: int
    unserved: int
    totals: tuple[Cell, ...]
    cells: tuple[Cell, ...]
    steps: tuple[Step, ...]


_Key = tuple[Modality | None, State | None]


def demand(
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    taken: Taken | None = None,
    *,
    caseloads: Mapping[TherapistId, int] | None = None,
) -> Demand:
    """Weigh the waiting clients against the open hours of the next four weeks of therapists who take new clients.

    Waiting are open incoming referrals that are not booked, and the waitlist; a client once for each service. An open
    hour counts for every modality its therapist is trained in and every state that license and format reach; a client
    takes one hour a week. Payer, language and age are left aside. `taken` and `caseloads` None mean that the facts hold
    every visit and client. Raises BadInput when the facts lack what a request names, or `now` is naive.
    """
    aware("now", now)
    wants = tuple(_wants(facts, now))
    intakes = tuple(_intakes(facts, now))
    asked = sorted({one.modality for one in wants} | {key[0] for key, _part in intakes}, key=_name)
    states = {one.state for one in wants if one.state is not None} | {one.state for one in facts.sites}
    loads = facts.caseloads if caseloads is None else caseloads
    supply = open_hours(facts, rules, now, taken or taken_from(facts), asked, states, loads)
    keys = sorted({(one.modality, one.state) for one in wants} | {key for key, _part in intakes}, key=_order)
    unserved, steps = _advice(wants, supply)
    return Demand(
        waiting=len(wants),
        unserved=unserved,
        totals=tuple(_cell(key, None, wants, intakes, supply) for key in keys),
        cells=tuple(_cell(key, part, wants, intakes, supply) for key in keys for part in DAYPARTS),
        steps=steps,
    )


def _wants(facts: Facts, now: datetime) -> Iterator[Want]:
    today = local_date(now)
    asked: dict[tuple[ClientId, str], Request] = {}
    for referral in facts.referrals:
        if referral.direction is Direction.IN and referral.stage in UNBOOKED and referral.request is not None:
            asked.setdefault((referral.client, referral.request.service), referral.request)
    for entry in facts.waiting:
        if entry.is_open(today):
            asked.setdefault((entry.client, entry.request.service), entry.request)
    for (key, _service), request in sorted(asked.items()):
        client = facts.client(key)
        modality, state = _place(request, client, facts)
        windows = request.windows or client.windows
        yield Want(client=key, modality=modality, state=state, dayparts=dayparts(windows))


def _place(request: Request, client: Client, facts: Facts) -> _Key:
    modality = request.modality or facts.service(request.service).modality
    site = request.site or client.site
    in_person = None if site is None else facts.site(site).state
    if request.formats == {Format.IN_PERSON}:
        open_sites = {one.state for one in facts.sites if not one.retired}
        only = next(iter(open_sites)) if len(open_sites) == 1 else client.address.state
        return modality, in_person or only
    return modality, request.state or client.address.state or in_person


def dayparts(windows: Iterable[Window]) -> frozenset[Daypart]:
    """The dayparts in which the windows leave room for a visit; every daypart when there are no windows."""
    given = tuple(windows)
    if not given:
        return frozenset(Daypart)
    return frozenset(part for one in given for part in _parts(one))


def _parts(window: Window) -> Iterator[Daypart]:
    start, end = (timedelta(hours=one.hour, minutes=one.minute) for one in (window.start, window.end))
    if window.day in _WEEKEND:
        yield Daypart.WEEKEND
        return
    for part in DAYPARTS[:-1]:
        if min(end, part.until) - max(start, part.since) >= VISIT:
            yield part


def _intakes(facts: Facts, now: datetime) -> Iterator[tuple[_Key, Daypart | None]]:
    """What was booked from referrals in the last twelve weeks, with the daypart of the first visit where it is known."""
    since = now - timedelta(weeks=WEEKS_BACK)
    starts = {one.id: one.start for one in facts.visits}
    for referral in facts.referrals:
        if referral.direction is Direction.IN and referral.request is not None and _was_booked(referral, since, now):
            start = None if referral.visit is None else starts.get(referral.visit)
            client = facts.client(referral.client)
            yield _place(referral.request, client, facts), None if start is None else daypart_of(start)


def _was_booked(referral: Referral, since: datetime, now: datetime) -> bool:
    return any(step.after is Stage.BOOKED and since < step.at <= now for step in referral.history)


def _cell(
    key: _Key,
    part: Daypart | None,
    wants: tuple[Want, ...],
    intakes: tuple[tuple[_Key, Daypart | None], ...],
    supply: tuple[Capacity, ...],
) -> Cell:
    waiting = sum((one.modality, one.state) == key and (part is None or part in one.dayparts) for one in wants)
    taken_in = sum(where == key and part in (None, when) for where, when in intakes)
    hours = sum(one.hours for one in supply if one.serves(*key) and part in (None, one.daypart))
    pace = taken_in / WEEKS_BACK
    wait = 0.0 if not waiting else waiting / pace if pace else None
    return Cell(modality=key[0], state=key[1], daypart=part, waiting=waiting, hours=hours, intakes=taken_in, wait=wait)


def _advice(wants: tuple[Want, ...], supply: tuple[Capacity, ...]) -> tuple[int, tuple[Step, ...]]:
    """How many cannot be served at once, and the new capacities that would serve most more of them."""
    groups = Counter((one.modality, one.state, one.dayparts) for one in wants)
    network = Network()
    for capacity in supply:
        network.join(capacity.therapist, None, capacity.spare)
        network.join(capacity, capacity.therapist, int(capacity.hours))
    for group, count in groups.items():
        network.feed(group, count)
        for capacity in supply:
            if capacity.serves(group[0], group[1]) and capacity.daypart in group[2]:
                network.join(group, capacity, count)
    served = network.push()
    unserved = len(wants) - served
    if not unserved:
        return 0, ()
    tried = {(modality, state, part) for modality, state, parts in groups if state is not None for part in parts}
    steps = []
    for modality, state, part in sorted(tried, key=lambda one: (_order((one[0], one[1])), DAYPARTS.index(one[2]))):
        more = network.copy()
        more.join("new", None, ONE_PERSON)
        for group, count in groups.items():
            if (group[0], group[1]) == (modality, state) and part in group[2]:
                more.join(group, "new", count)
        gained = more.push()
        if gained:
            steps.append(_step(modality, state, part, gained, supply))
    return unserved, tuple(sorted(steps, key=lambda one: -one.unlocks)[:MOST_STEPS])


def _step(modality: Modality | None, state: State, part: Daypart, unlocks: int, supply: tuple[Capacity, ...]) -> Step:
    then = [one for one in supply if one.daypart is part]
    return Step(
        modality=modality,
        state=state,
        daypart=part,
        unlocks=unlocks,
        train=_most(one for one in then if one.reaches(state, modality) and modality not in one.modalities),
        license=_most(one for one in then if modality in one.modalities and not one.reaches(state, modality)),
        extend=_most(one for one in supply if one.serves(modality, state) and one.daypart is not part),
    )


def _most(found: Iterable[Capacity]) -> tuple[TherapistId, ...]:
    hours: dict[TherapistId, float] = {}
    for one in found:
        hours[one.therapist] = hours.get(one.therapist, 0.0) + one.hours
    return tuple(sorted(hours, key=lambda key: (-hours[key], key))[:NEAREST])


def _name(modality: Modality | None) -> str:
    return "" if modality is None else modality.value


def _order(key: _Key) -> tuple[str, str]:
    return _name(key[0]), "" if key[1] is None else key[1].value

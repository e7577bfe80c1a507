"""From the waitlist to a plan: the best way to give waiting clients to therapists who have room; a proposal, no booking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from desktop.clinic.alike import ANYWHERE, Roster
from desktop.clinic.apart import Assignment, best_apart, first_meeting
from desktop.clinic.assignment import Assigner
from desktop.clinic.clients import ClientStatus
from desktop.clinic.eligibility import block
from desktop.clinic.facts import Facts
from desktop.clinic.freetime import FreeTime
from desktop.clinic.gate import Gate
from desktop.clinic.interest import close_to
from desktop.clinic.matching import judge_request
from desktop.clinic.moments import aware, local_date
from desktop.clinic.openings import Opening, Wish, openings_of
from desktop.clinic.people import ClientId, TherapistId
from desktop.clinic.phrases import translated as _
from desktop.clinic.question import TOGETHER, Question, question
from desktop.clinic.ranking import Criterion, Scale, scale, timeless
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.slotgate import placed_request
from desktop.clinic.timetable import Taken, taken_from
from desktop.clinic.turning import rule_days
from desktop.clinic.vacancies import vacancies
from desktop.clinic.verdict import Outcome, Verdict
from desktop.clinic.waiting import Waiting
from desktop.clinic.waitlist import turn
from desktop.clinic.workweek import Period
from desktop.clinic.worth import Points, share_prices, units


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A waiting client with the therapist proposed: points out of 100, their criteria, the first opening, warnings.

    No opening means that no working hours are on record; ask for a time.
    """

    waiting: Waiting
    therapist: TherapistId
    points: int
    criteria: tuple[Criterion, ...]
    opening: Opening | None = None
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """A waiting client for whom the plan has nobody, and why."""

    waiting: Waiting
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many new clients a therapist has room for, and how many of them the plan gives."""

    therapist: TherapistId
    capacity: int
    given: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A proposal for the whole waitlist: who goes to whom, who stays unmet, and how full each therapist becomes.

    `proven`: no other plan is better by priority, points and wait.
    """

    placements: tuple[Placement, ...]
    unmet: tuple[Unmet, ...]
    rooms: tuple[Room, ...]
    proven: bool = True


def plan(
    waiting: Iterable[Waiting],
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    capacities: Mapping[TherapistId, int] | None = None,
    *,
    taken: Taken | None = None,
    caseloads: Mapping[TherapistId, int] | None = None,
) -> Plan:
    """The best assignment of open entries to therapists: most urgent clients first, then total points, then the wait.

    Everybody who is placed passes the rules of the match with that therapist, as of the first day they ask for, and has
    an opening there at their own times. Points are those of the match without the criterion of openings; each further
    client of a therapist counts for less, as the caseload fills. Clients who are close to each other are kept apart.
    `capacities` None works them out (see `vacancies`). Raises BadInput when an entry names what is not in the facts.
    """
    today = local_date(aware("now", now))
    entries = sorted((one for one in waiting if one.is_open(today)), key=turn)
    if not entries:
        return Plan(placements=(), unmet=(), rooms=())
    desk = _Desk(facts, rules, now, taken or taken_from(facts), facts.caseloads if caseloads is None else caseloads)
    return desk.plan(entries, capacities)


class _Desk:
    """One plan in the making."""

    def __init__(
        self, facts: Facts, rules: Rulebook, now: datetime, taken: Taken, caseloads: Mapping[TherapistId, int]
    ) -> None:
        """Take what every question is about."""
        self._facts, self._rules, self._now, self._taken, self._loads = facts, rules, now, taken, caseloads
        self._roster = Roster(facts.therapists, ANYWHERE)
        self._openings: dict[tuple[int, int], Opening | None] = {}
        self._today = local_date(now)

    def plan(self, entries: Sequence[Waiting], capacities: Mapping[TherapistId, int] | None) -> Plan:
        turns = rule_days(self._rules)
        asked = [self._question(one, turns) for one in entries]
        by = scale(asked[0])
        given = capacities
        if given is None:
            given = vacancies(self._facts, self._rules, self._now, by, self._taken, self._loads)
        rooms = [max(0, given.get(one.id, 0)) for one in self._facts.therapists]
        stops = [_stops(one) for one in asked]
        passed = [0 if stopped else self._roster.passed(one) for one, stopped in zip(asked, stops, strict=True)]
        pairs = self._pairs(asked, passed, rooms)
        found, left = self._solved(entries, asked, pairs, rooms, by)
        return Plan(
            placements=tuple(
                self._placement(number, entries[number], asked[number], place, by)
                for number, place in enumerate(found.places)
                if place is not None
            ),
            unmet=tuple(
                Unmet(
                    waiting=entries[number],
                    verdicts=stops[number] or self._why(asked[number], passed[number], bool(left[number])),
                )
                for number, place in enumerate(found.places)
                if place is None
            ),
            rooms=tuple(
                Room(therapist=one.id, capacity=rooms[number], given=found.places.count(number))
                for number, one in enumerate(self._facts.therapists)
            ),
            proven=found.proven,
        )

    def _question(self, one: Waiting, turns: frozenset[date]) -> Question:
        request = placed_request(one, self._facts)
        return question(request, self._facts, self._rules, self._now, self._loads, turns=turns)

    def _pairs(self, asked: Sequence[Question], passed: Sequence[int], rooms: Sequence[int]) -> list[list[int]]:
        """For each entry the therapists who pass every rule, have room, and are ever free at the client's times."""
        with_room = sum(1 << number for number, room in enumerate(rooms) if room)
        span = Period(min(one.first for one in asked), max(one.last for one in asked))
        free = FreeTime(self._facts.therapists, self._facts, self._rules, self._taken, span)
        return [
            [number for number in _numbers(bits & with_room) if free.suits(number, one)]
            for one, bits in zip(asked, passed, strict=True)
        ]

    def _solved(
        self,
        entries: Sequence[Waiting],
        asked: Sequence[Question],
        pairs: Sequence[Sequence[int]],
        rooms: Sequence[int],
        by: Scale,
    ) -> tuple[Assignment, list[dict[int, int]]]:
        """The best assignment, and the gains that were left when every pair in it had an opening.

        A pair that turns out to have none is closed, and the rest is solved again; as closed pairs could never be part
        of a plan, the last answer is the best of all.
        """
        days = [one.days(self._today) for one in entries]
        unit = units(min(len(entries), sum(rooms)), max(days))
        points = Points(self._facts.therapists, by)
        gains = [
            {
                number: unit.worth(entry.priority, each, waited)
                for number, each in zip(numbers, points.of(one, numbers), strict=True)
            }
            for entry, one, numbers, waited in zip(entries, asked, pairs, days, strict=True)
        ]
        prices = [
            share_prices(one, room, by, unit.point) for one, room in zip(self._facts.therapists, rooms, strict=True)
        ]
        rivals = self._rivals(entries, asked)
        search = Assigner(gains, prices)
        while True:
            met = first_meeting(search.places, rivals)
            found = best_apart(gains, prices, rivals) if met else Assignment(places=tuple(search.places))
            chosen = [(number, place) for number, place in enumerate(found.places) if place is not None]
            shut = [pair for pair in chosen if not self._is_open(pair, asked[pair[0]])]
            if not shut:
                return found, gains
            for number, place in shut:
                del gains[number][place]
                search.close(number, place)

    def _rivals(self, entries: Sequence[Waiting], asked: Sequence[Question]) -> dict[int, frozenset[int]]:
        """Who must not share a therapist: clients who are close to each other, unless they come together."""
        places: dict[ClientId, list[int]] = {}
        for number, one in enumerate(entries):
            places.setdefault(one.client, []).append(number)
        found: dict[int, set[int]] = {}
        for number, each_asked in enumerate(asked):
            if each_asked.client is None or each_asked.service.kind in TOGETHER:
                continue
            for other in close_to(each_asked.client, self._facts):
                for each in places.get(other, ()):
                    if asked[each].service.kind not in TOGETHER:
                        found.setdefault(number, set()).add(each)
        return {number: frozenset(others) for number, others in found.items()}

    def _is_open(self, pair: tuple[int, int], asked: Question) -> bool:
        """Whether the therapist has an opening for the client at the client's times, or no hours on record."""
        therapist = self._facts.therapists[pair[1]]
        if not therapist.hours:
            return True
        if pair not in self._openings:
            wish = Wish(
                service=asked.service,
                formats=asked.formats,
                site=asked.request.site,
                windows=asked.windows,
                client=asked.request.client,
                first=asked.first,
                last=asked.last,
            )
            permits = Gate(asked).permits
            found = openings_of((therapist,), wish, self._facts, self._rules, self._taken, most=1, permitted=permits)
            self._openings[pair] = next(iter(found[therapist.id]), None)
        return self._openings[pair] is not None

    def _placement(self, number: int, entry: Waiting, asked: Question, place: int, by: Scale) -> Placement:
        therapist = self._facts.therapists[place]
        opening = self._openings.get((number, place))
        gate = Gate(asked)
        verdicts = gate.any_day(therapist) if opening is None else gate.verdicts(therapist, (opening,))
        reasons = timeless(therapist, asked, by, verdicts)
        (points,) = Points((therapist,), by).of(asked, (0,))
        about = (*judge_request(asked), *verdicts)
        return Placement(
            waiting=entry,
            therapist=therapist.id,
            points=points,
            criteria=reasons,
            opening=opening,
            verdicts=tuple(one for one in about if one.outcome is not Outcome.ALLOW),
        )

    def _why(self, asked: Question, passed: int, some_left: bool) -> tuple[Verdict, ...]:
        """Why the plan has nobody: no therapist passes, none has time, or their places go to others."""
        able = passed.bit_count()
        if not able:
            counts = self._roster.counts(asked)
            text = _("No therapist can take this client: {reasons}.").format(reasons=_counted(counts))
            return (block("NOBODY", text, **{name: str(count) for name, count in counts.items()}),)
        if not some_left:
            text = _(
                "Therapists who may see this client: {n}; none of them has room or an opening at the client's times."
            )
            return (block("NO_OPENING", text.format(n=able), therapists=str(able)),)
        text = _("Therapists who may see this client: {n}; their places go to clients who come first.")
        return (block("FULL", text.format(n=able), therapists=str(able)),)


def _stops(asked: Question) -> tuple[Verdict, ...]:
    """What keeps the client from everybody."""
    gone = asked.client is not None and asked.client.status is ClientStatus.DECEASED
    died = (block("CLIENT_DECEASED", _("The client's record says that they have died.")),) if gone else ()
    return (*died, *(one for one in judge_request(asked) if one.outcome is Outcome.BLOCK))


def _numbers(bits: int) -> list[int]:
    found = []
    while bits:
        low = bits & -bits
        found.append(low.bit_length() - 1)
        bits ^= low
    return found


def _counted(counts: Mapping[str, int]) -> str:
    words = {
        "role": _("{n} do not give this service"),
        "capacity": _("{n} take no new clients or are full"),
        "payment": _("{n} by how it is paid"),
        "language": _("{n} by language"),
        "conflict": _("{n} for confidential reasons"),
        "age": _("{n} by age"),
        "level": _("{n} without the qualification"),
        "license": _("{n} by license, format or site"),
    }
    return ", ".join(words[name].format(n=count) for name, count in counts.items())

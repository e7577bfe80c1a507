"""Visits that are booked already, judged anew: who may not, or not yet, take place as things stand today."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from desktop.clinic.clients import Client
from desktop.clinic.consent import judge_consent
from desktop.clinic.facts import Facts
from desktop.clinic.interest import judge_interest
from desktop.clinic.kap import judge_kap
from desktop.clinic.licensure import judge_licensure
from desktop.clinic.moments import aware, local_date
from desktop.clinic.people import ClientId, State, TherapistId
from desktop.clinic.qualification import judge_qualification
from desktop.clinic.requests import proposal_of
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format, Service, ServiceId, ServiceKind
from desktop.clinic.therapists import Therapist
from desktop.clinic.turning import birthday, consent_days, counts_days, rule_days, staff_days
from desktop.clinic.verdict import Outcome, Verdict, refusing
from desktop.clinic.visits import Seat, Visit, VisitId, VisitStatus

KAP_KINDS = frozenset({ServiceKind.KAP_PREPARATION, ServiceKind.KAP_DOSING, ServiceKind.KAP_INTEGRATION})
_PLANNED = frozenset({VisitStatus.HOLD, VisitStatus.SCHEDULED, VisitStatus.CONFIRMED})
_INSTANT = timedelta(microseconds=1)
_Verdicts = tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule that a planned visit no longer meets; `client` is set when it concerns one client's seat."""

    visit: VisitId
    therapist: TherapistId
    client: ClientId | None = None
    start: datetime
    verdict: Verdict

    @property
    def key(self) -> str:
        """The same for the same visit, reason code and seat, whenever it is found."""
        return ":".join((self.visit, self.verdict.code, *(() if self.client is None else (self.client,))))


def recheck(visits: Iterable[Visit], facts: Facts, rules: Rulebook, now: datetime) -> tuple[Finding, ...]:
    """Every HOLD and BLOCK that the rules give a planned visit after `now`, in the order of the visits.

    Judged as of each visit's own day: license, authority and supervision, qualification, consent, conflict of interest
    and, unless the visit is tentative, the gates of KAP; never time and place. A hold that somebody signed off for that
    visit is no finding. The facts hold whom and what the visits name, with their supervisors and relatives. Raises BadInput when they do not, or when
    `now` is naive.
    """
    review = Review(facts, rules, now)
    return tuple(one for visit in planned(visits, now) for one in review.findings(visit))


def planned(visits: Iterable[Visit], now: datetime) -> Iterator[Visit]:
    """The visits that start after now and are still to take place."""
    aware("now", now)
    return (one for one in visits if one.status in _PLANNED and one.start > now)


class Review:
    """The rules asked about many visits at one moment; each answer is kept for the days on which it cannot change."""

    def __init__(self, facts: Facts, rules: Rulebook, now: datetime) -> None:
        """Take what every answer is about."""
        self._facts, self._rules, self._now = facts, rules, now
        self._rule_days = rule_days(rules)
        self._staff_turns: dict[TherapistId, list[date]] = {}
        self._client_turns: dict[ClientId, list[date]] = {}
        self._licensed: dict[object, _Verdicts] = {}
        self._exact: dict[object, _Verdicts] = {}
        self._qualified: dict[tuple[TherapistId, ServiceId, date], _Verdicts] = {}
        self._consents: dict[object, _Verdicts] = {}
        self._interests: dict[object, _Verdicts] = {}
        self._related = {one.id for one in facts.clients if one.relations}
        self._related |= {other.client for one in facts.clients for other in one.relations}

    def findings(self, visit: Visit) -> Iterator[Finding]:
        """What the visit no longer meets, each reason once for the visit or the seat; what was signed off left out."""
        signed = {one.code for one in visit.overrides}
        seen: set[str] = set()
        for client, verdict in self._refusals(visit):
            if verdict.outcome is Outcome.HOLD and verdict.code in signed:
                continue
            found = Finding(
                visit=visit.id, therapist=visit.therapist, client=client, start=visit.start, verdict=verdict
            )
            if found.key not in seen:
                seen.add(found.key)
                yield found

    def authority(self, visit: Visit) -> _Verdicts:
        """What refuses the visit for want of a license, authority, supervision or qualification of its therapists."""
        service = self._facts.service(visit.service)
        staff = self._staff(visit)
        seats = (one for seat in visit.seats for one in self._judge_place(visit, seat, service, staff))
        return (*seats, *self._judge_work(visit, service, staff[0]))

    def _refusals(self, visit: Visit) -> Iterator[tuple[ClientId | None, Verdict]]:
        service = self._facts.service(visit.service)
        staff = self._staff(visit)
        for seat in visit.seats:
            client = self._facts.client(seat.client)
            for verdict in self._judge_place(visit, seat, service, staff):
                yield client.id, verdict
            for verdict in self._judge_consent(visit, client, self._state(visit, seat), service):
                yield client.id, verdict
            for verdict in self._judge_interest(visit, client, service):
                yield client.id, verdict
        for verdict in self._judge_work(visit, service, staff[0]):
            yield None, verdict
        if service.kind in KAP_KINDS and visit.status is not VisitStatus.HOLD:
            for verdict in self._judge_kap(visit):
                yield None, verdict

    def _staff(self, visit: Visit) -> list[Therapist]:
        return [self._facts.therapist(key) for key in dict.fromkeys((visit.therapist, *visit.co_leaders))]

    def _state(self, visit: Visit, seat: Seat) -> State | None:
        if visit.format is Format.IN_PERSON and visit.site is not None:
            return self._facts.site(visit.site).state
        return seat.actual_state or seat.expected_state

    def _judge_place(self, visit: Visit, seat: Seat, service: Service, staff: list[Therapist]) -> Iterator[Verdict]:
        state = self._state(visit, seat)
        if state is None and service.kind is ServiceKind.COACHING:
            state = self._facts.client(seat.client).address.state
        first, last = local_date(visit.start), local_date(visit.end - _INSTANT)
        for therapist in staff:
            about = (therapist.id, state, visit.format, visit.seat_state, service.kind is ServiceKind.COACHING)
            whole = first == last and not counts_days(therapist)
            key = (*about, self._since(therapist, first) if whole else (first, last))
            if key not in self._licensed:
                self._licensed[key] = self._ask(therapist, state, visit, service)
            if self._licensed[key]:
                # Why not is said for the visit's own day, which the kept answer may not name.
                own = (*about, first, last)
                if own not in self._exact:
                    self._exact[own] = self._ask(therapist, state, visit, service)
                yield from self._exact[own]

    def _ask(self, therapist: Therapist, state: State | None, visit: Visit, service: Service) -> _Verdicts:
        return refusing(
            judge_licensure(
                therapist,
                state=state,
                format=visit.format,
                start=visit.start,
                end=visit.end,
                facts=self._facts,
                rules=self._rules,
                now=self._now,
                seat_state=visit.seat_state,
                service=service,
            )
        )

    def _judge_work(self, visit: Visit, service: Service, lead: Therapist) -> _Verdicts:
        if service.modality is None:
            return ()
        key = (lead.id, service.id, self._since(lead, local_date(visit.start)))
        if key not in self._qualified:
            verdicts = judge_qualification(
                lead,
                modality=service.modality,
                level=service.level,
                scope=service.scope,
                day=key[2],
                facts=self._facts,
                rules=self._rules,
            )
            self._qualified[key] = refusing(verdicts)
        return self._qualified[key]

    def _judge_consent(self, visit: Visit, client: Client, state: State | None, service: Service) -> _Verdicts:
        day = self._client_since(client, local_date(visit.start))
        key = (client.id, state, service.id, visit.format, day)
        if key not in self._consents:
            verdicts = judge_consent(
                client,
                state=state,
                day=day,
                service=service,
                format=visit.format,
                rules=self._rules,
                facts=self._facts,
            )
            self._consents[key] = refusing(verdicts)
        return self._consents[key]

    def _judge_interest(self, visit: Visit, client: Client, service: Service) -> _Verdicts:
        if client.id not in self._related:
            return ()
        staff = tuple(dict.fromkeys((visit.therapist, *visit.co_leaders)))
        others = frozenset(visit.clients) - {client.id}
        key = (client.id, staff, others, service.kind)
        if key not in self._interests:
            self._interests[key] = refusing(
                judge_interest(client, therapists=staff, others=others, kind=service.kind, facts=self._facts)
            )
        return self._interests[key]

    def _judge_kap(self, visit: Visit) -> _Verdicts:
        others = {
            one.id: one for key in visit.clients for one in self._facts.calendar.get(key, ()) if one.id != visit.id
        }
        around = replace(self._facts, visits=tuple(others.values()))
        return refusing(judge_kap(proposal_of(visit), around, self._rules, self._now))

    def _since(self, therapist: Therapist, day: date) -> date:
        """The first day since which no dated rule can have changed its answer about the therapist."""
        if therapist.id not in self._staff_turns:
            found = staff_days(therapist, self._facts, self._rules) | self._rule_days
            self._staff_turns[therapist.id] = sorted(found)
        return _latest(self._staff_turns[therapist.id], day, date.min)

    def _client_since(self, client: Client, day: date) -> date:
        if client.id not in self._client_turns:
            self._client_turns[client.id] = sorted(consent_days(client) | self._rule_days)
        turned = birthday(client.birth_date, day.year)
        if turned > day:
            turned = birthday(client.birth_date, day.year - 1)
        return max(turned, _latest(self._client_turns[client.id], day, turned))


def _latest(days: list[date], day: date, otherwise: date) -> date:
    """The last of the days up to that one, or the other day when there is none."""
    place = bisect_right(days, day)
    return days[place - 1] if place else otherwise


def supervisees(key: TherapistId, staff: Iterable[Therapist]) -> frozenset[TherapistId]:
    """Whom the therapist supervises by record, at any time."""
    return frozenset(one.id for one in staff if any(record.supervisor == key for record in one.supervisions))

"""The gates of one slot: what it is not for a waiting client, and every rule of its therapist on its day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from desktop.clinic.alike import THERE, Roster
from desktop.clinic.clients import ClientStatus
from desktop.clinic.eligibility import block
from desktop.clinic.facts import Facts
from desktop.clinic.kap import judge_kap
from desktop.clinic.matching import judge_request
from desktop.clinic.moments import local_date
from desktop.clinic.people import TherapistId
from desktop.clinic.phrases import shown
from desktop.clinic.phrases import translated as _
from desktop.clinic.question import Question, question
from desktop.clinic.requests import Proposal, Request
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.schedule import judge_schedule, not_offered
from desktop.clinic.services import Format, Service, ServiceId
from desktop.clinic.timetable import Taken, utc
from desktop.clinic.turning import rule_days
from desktop.clinic.verdict import Outcome, Verdict, refusing
from desktop.clinic.visits import Seat
from desktop.clinic.waiting import Slot, Waiting, WaitingId
from desktop.clinic.workweek import Period, day_of, window_periods

_PERSONAL = frozenset({"AGE_SERVICE", "CLIENT_CONFLICT"})


def placed_request(waiting: Waiting, facts: Facts) -> Request:
    """What the entry asks for, with the client's home state where it does not say where they will sit."""
    asked = waiting.asked
    home = facts.client(waiting.client).address.state
    return asked if asked.state is not None or home is None else replace(asked, state=home)


def proposal_for(waiting: Waiting, slot: Slot, facts: Facts) -> Proposal:
    """The visit that would be booked if the client takes the slot."""
    remote = slot.format is Format.TELEHEALTH
    state = placed_request(waiting, facts).state if remote else None
    return Proposal(
        service=waiting.request.service,
        therapist=slot.therapist,
        seats=(Seat(client=waiting.client, expected_state=state),),
        format=slot.format,
        site=None if remote else slot.site,
        room=None if remote else slot.room,
        start=slot.start,
    )


class SlotGate:
    """One slot and everything that is the same for all who might take it, worked out once."""

    def __init__(
        self,
        slot: Slot,
        facts: Facts,
        rules: Rulebook,
        now: datetime,
        taken: Taken,
        caseloads: Mapping[TherapistId, int] | None,
    ) -> None:
        """Look up the therapist, and the day in New York."""
        self.therapist = facts.therapist(slot.therapist)
        self._slot, self._facts, self._rules, self._now, self._taken = slot, facts, rules, now, taken
        self._loads = facts.caseloads if caseloads is None else caseloads
        self._day = local_date(slot.start)
        self._start = utc(slot.start)
        self._turns = rule_days(rules)
        self._roster = Roster((self.therapist,), THERE)

    def unsuited(self, one: Waiting) -> tuple[Verdict, ...]:
        """What the client asked for that the slot is not: its day, length, format, site, or time of the week."""
        request, service = one.request, self._facts.service(one.request.service)
        return (*self._untimely(one, service), *self._misplaced(request, service))

    def _untimely(self, one: Waiting, service: Service) -> Iterator[Verdict]:
        first = one.request.from_day
        if first > self._day:
            text = _("The client can begin on {day} at the earliest.").format(day=shown(first))
            yield block("TOO_EARLY", text, from_day=first.isoformat())
        end = self._start + timedelta(minutes=service.minutes)
        if end > self._slot.end:
            text = _("{service} takes {minutes} minutes; the slot is shorter.")
            yield block("SLOT_SHORT", text.format(service=service.name, minutes=service.minutes))
        windows = one.request.windows or self._facts.client(one.client).windows
        open_then = window_periods(windows, day_of(self._day)) if windows else [Period(self._start, end)]
        if not any(each.start <= self._start and end <= each.end for each in open_then):
            yield block("OUTSIDE_WINDOWS", _("The slot lies outside the client's times."))

    def _misplaced(self, request: Request, service: Service) -> Iterator[Verdict]:
        format = self._slot.format
        if format not in service.formats:
            yield block("FORMAT", not_offered(service, format), format=format.value)
        elif format not in request.formats:
            remote = format is Format.TELEHEALTH
            text = _("The client wants to come in person.") if remote else _("The client wants to meet by telehealth.")
            yield block("FORMAT", text, format=format.value)
        if format is Format.IN_PERSON and request.site is not None and request.site != self._slot.site:
            text = _("The client wants to come to {site}.").format(site=self._facts.site(request.site).name)
            yield block("SITE", text, site=request.site)

    def question(self, one: Waiting) -> Question:
        """The entry's request, asked of this slot's day, format and place alone."""
        request = replace(
            placed_request(one, self._facts),
            from_day=self._day,
            weeks=1,
            formats=frozenset({self._slot.format}),
            site=self._slot.site if self._slot.format is Format.IN_PERSON else None,
        )
        return question(request, self._facts, self._rules, self._now, self._loads, turns=self._turns)

    def failures(self, one: Waiting, asked: Question) -> tuple[Verdict, ...]:
        """Every rule that keeps this therapist from this client on that day, the client's own matters first."""
        dead = asked.client is not None and asked.client.status is ClientStatus.DECEASED
        gone = (block("CLIENT_DECEASED", _("The client's record says that they have died.")),) if dead else ()
        return (
            *gone,
            *refusing(judge_request(asked)),
            *self._roster.failures(0, asked),
            *refusing(judge_kap(proposal_for(one, self._slot, self._facts), self._facts, self._rules, self._now)),
        )

    def schedule(
        self, asked: Sequence[tuple[Waiting, Question]]
    ) -> tuple[dict[WaitingId, tuple[Verdict, ...]], dict[ServiceId, tuple[Verdict, ...]]]:
        """Who finds no room in the schedule and why; and what it says of each service, whoever comes."""
        shared: dict[ServiceId, tuple[Verdict, ...]] = {}
        for one, about in asked:
            if about.service.id not in shared:
                found = self._judged(one)
                shared[about.service.id] = tuple(each for each in found if each.code not in _PERSONAL)
        busy = {one.id: shared[about.service.id] for one, about in asked if refusing(shared[about.service.id])}
        ends = {about.service.id: self._start + timedelta(minutes=about.service.minutes) for _one, about in asked}
        last = max(ends.values(), default=self._start)
        times = self._taken({one.client for one, _about in asked}, self._start, last) if asked else {}
        for one, about in asked:
            end = ends[about.service.id]
            if one.id not in busy and any(each[0] < end for each in times.get(one.client, ())):
                busy[one.id] = self._judged(one)
        return {key: refusing(found) for key, found in busy.items() if refusing(found)}, shared

    def _judged(self, one: Waiting) -> tuple[Verdict, ...]:
        proposal = proposal_for(one, self._slot, self._facts)
        found = judge_schedule(proposal, self._facts, self._taken, self._rules, self._now)
        return tuple(each for each in found if each.outcome is not Outcome.ALLOW)

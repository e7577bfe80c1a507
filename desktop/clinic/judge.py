"""Every rule's answer to one proposed visit, in one list; the worst outcome counts and every reason is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from desktop.clinic.clients import Client, ClientStatus
from desktop.clinic.coaching import judge_coaching
from desktop.clinic.consent import judge_consent
from desktop.clinic.facts import Facts
from desktop.clinic.interest import judge_interest
from desktop.clinic.kap import judge_kap
from desktop.clinic.licensure import judge_licensure
from desktop.clinic.moments import age_on, aware, local_date
from desktop.clinic.people import State
from desktop.clinic.phrases import evidence
from desktop.clinic.phrases import translated as _
from desktop.clinic.qualification import judge_qualification
from desktop.clinic.requests import Proposal
from desktop.clinic.risk import judge_risk
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.schedule import judge_schedule
from desktop.clinic.services import Format, Service, ServiceKind
from desktop.clinic.therapists import Therapist
from desktop.clinic.timetable import Taken
from desktop.clinic.verdict import Outcome, Verdict, worst
from desktop.clinic.visits import Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A proposed visit with what it names, looked up once."""

    proposal: Proposal
    service: Service
    therapists: tuple[Therapist, ...]
    start: datetime
    end: datetime
    day: date
    facts: Facts
    rules: Rulebook
    now: datetime


def check(
    proposal: Proposal, facts: Facts, rules: Rulebook, now: datetime, taken: Taken | None = None
) -> tuple[Verdict, ...]:
    """Judge the visit as of its own time: risk, license, qualification, consent, conflict, coaching, KAP, schedule.

    A crisis silences everything else. In a group a verdict with `blocks: seat` in its evidence concerns that client's
    seat alone; any other refusal concerns the visit. The visit that is moved never counts against itself.
    Raises BadInput when the proposal names what is not among the facts, or `now` is naive.
    """
    aware("now", now)
    asked = _question(proposal, facts, rules, now)
    risks = tuple(
        verdict
        for seat in proposal.seats
        for verdict in _seated(
            asked, seat, judge_risk(facts.client(seat.client), day=asked.day, rules=rules, facts=facts)
        )
    )
    if worst(risks) is Outcome.BLOCK:
        return tuple(one for one in risks if one.outcome is Outcome.BLOCK)
    found = (
        *risks,
        *(verdict for seat in proposal.seats for verdict in _judge_seat(asked, seat)),
        *_judge_work(asked),
        *judge_kap(proposal, asked.facts, rules, now),
        *_judge_follow_up(asked),
        *judge_schedule(proposal, _with_turnover(asked), taken, rules, now),
    )
    return tuple({(one.outcome, one.code, one.sentence): one for one in found}.values())


def _question(proposal: Proposal, facts: Facts, rules: Rulebook, now: datetime) -> Question:
    if proposal.moves is not None:
        facts = replace(facts, visits=tuple(one for one in facts.visits if one.id != proposal.moves))
    service = facts.service(proposal.service)
    return Question(
        proposal=proposal,
        service=service,
        therapists=tuple(facts.therapist(key) for key in dict.fromkeys((proposal.therapist, *proposal.co_leaders))),
        start=proposal.start,
        end=proposal.end(service.minutes),
        day=local_date(proposal.start),
        facts=facts,
        rules=rules,
        now=now,
    )


def location(proposal: Proposal, seat: Seat, facts: Facts) -> State | None:
    """Where the client's body is: the site's state in person, else the state attested at check-in or expected."""
    if proposal.format is Format.IN_PERSON and proposal.site is not None:
        return facts.site(proposal.site).state
    return seat.actual_state or seat.expected_state


def _judge_seat(asked: Question, seat: Seat) -> tuple[Verdict, ...]:
    client = asked.facts.client(seat.client)
    state = location(asked.proposal, seat, asked.facts)
    lead = asked.therapists[0]
    found = (
        *_judge_person(client, lead, asked),
        *_judge_place(asked, state or (client.address.state if _is_coaching(asked) else None)),
        *judge_consent(
            client,
            state=state,
            day=asked.day,
            service=asked.service,
            format=asked.proposal.format,
            rules=asked.rules,
            facts=asked.facts,
        ),
        *judge_interest(
            client,
            therapists=tuple(one.id for one in asked.therapists),
            others=frozenset(one.client for one in asked.proposal.seats) - {client.id},
            kind=asked.service.kind,
            facts=asked.facts,
        ),
        *judge_coaching(
            client, therapist=lead, service=asked.service, day=asked.day, rules=asked.rules, facts=asked.facts
        ),
    )
    return _seated(asked, seat, found)


def _is_coaching(asked: Question) -> bool:
    return asked.service.kind is ServiceKind.COACHING


def _judge_person(client: Client, therapist: Therapist, asked: Question) -> Iterator[Verdict]:
    if client.status is ClientStatus.DECEASED:
        text = _("The client's record says that they have died; nothing can be booked.")
        yield Verdict(outcome=Outcome.BLOCK, code="CLIENT_DECEASED", sentence=text)
    age = age_on(client.birth_date, asked.day)
    too_old = therapist.age_to is not None and age > therapist.age_to
    if age < therapist.age_from or too_old:
        text = _("{name} usually sees clients of other ages; the client is {age}.")
        sentence = text.format(name=therapist.signed_name, age=age)
        yield Verdict(outcome=Outcome.WARN, code="AGE_RANGE", sentence=sentence, evidence={"age": str(age)})


def _judge_place(asked: Question, state: State | None) -> Iterator[Verdict]:
    for therapist in asked.therapists:
        for verdict in _licensure(asked, therapist, state):
            yield _with_ways_out(asked, therapist, state, verdict) if verdict.code == "LIC_NONE" else verdict
    if asked.proposal.format is Format.TELEHEALTH and state is not None:
        text = _("At check-in, ask where the client is; {state} is expected, and another state is judged anew.")
        sentence = text.format(state=state.value)
        yield Verdict(outcome=Outcome.ALLOW, code="LOC_ATTEST", sentence=sentence, evidence={"state": state.value})


def _licensure(asked: Question, therapist: Therapist, state: State | None) -> tuple[Verdict, ...]:
    return judge_licensure(
        therapist,
        state=state,
        format=asked.proposal.format,
        start=asked.start,
        end=asked.end,
        facts=asked.facts,
        rules=asked.rules,
        now=asked.now,
        seat_state=asked.proposal.seat_state,
        service=asked.service,
    )


def _with_ways_out(asked: Question, therapist: Therapist, state: State | None, verdict: Verdict) -> Verdict:
    """The same verdict with who else may see the client there, and where this therapist may see them in person."""
    held = verdict.evidence["licensed_in"].split(", ")
    offered = Format.IN_PERSON in asked.service.formats and asked.proposal.format is Format.TELEHEALTH
    sites = [one for one in asked.facts.sites if offered and not one.retired and one.state.value in held]
    others = [
        one
        for one in asked.facts.therapists
        if one.id != therapist.id and not one.retired and worst(_licensure(asked, one, state)).rank < Outcome.HOLD.rank
    ][:3]
    sentence = verdict.sentence
    if others:
        names = ", ".join(one.signed_name for one in others)
        sentence += " " + _("Licensed there: {names}.").format(names=names)
    if sites:
        names = ", ".join(one.name for one in sites)
        sentence += " " + _("Or meet in person: {names}.").format(names=names)
    shows = {
        **verdict.evidence,
        "others": ", ".join(one.id for one in others),
        "sites": ", ".join(one.id for one in sites),
    }
    return replace(verdict, sentence=sentence, evidence=shows)


def _seated(asked: Question, seat: Seat, found: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """The verdicts of one client; where others share the visit, each refusal says whose seat it concerns."""
    seats = asked.proposal.seats
    if len(seats) == 1:
        return found
    in_group = asked.service.kind is ServiceKind.GROUP
    note = " " + _("Only seat {seat} is affected.").format(seat=seats.index(seat) + 1) if in_group else ""
    shows = {"client": str(seat.client), "blocks": "seat" if in_group else "visit"}
    return tuple(
        replace(one, sentence=one.sentence + note, evidence={**one.evidence, **shows})
        if one.outcome.rank >= Outcome.HOLD.rank and one.code != "SEAT_STATE"
        else one
        for one in found
    )


def _judge_work(asked: Question) -> tuple[Verdict, ...]:
    return judge_qualification(
        asked.therapists[0],
        modality=asked.service.modality,
        level=asked.service.level,
        scope=asked.service.scope,
        day=asked.day,
        facts=asked.facts,
        rules=asked.rules,
    )


def _judge_follow_up(asked: Question) -> Iterator[Verdict]:
    if asked.service.kind is not ServiceKind.INTENSIVE:
        return
    rule = asked.rules.fact("intensive.follow_up_days", asked.day)
    latest = asked.end + timedelta(days=rule.value)
    for seat in asked.proposal.seats:
        visits = asked.facts.calendar.get(seat.client, ())
        if not any(asked.end <= one.start <= latest for one in visits):
            text = _("Book a follow-up within {days} days after the intensive.").format(days=rule.value)
            yield Verdict(outcome=Outcome.WARN, code="INTENSIVE_FOLLOW_UP", sentence=text, evidence=evidence(rule))


def _with_turnover(asked: Question) -> Facts:
    """The facts with room and therapist kept free after a dosing for at least as long as the rulebook says."""
    if asked.service.kind is not ServiceKind.KAP_DOSING:
        return asked.facts
    least = asked.rules.fact("kap.room_minutes_after", asked.day).value
    if asked.service.buffer_after >= least:
        return asked.facts
    widened = replace(asked.service, buffer_after=least)
    services = tuple(widened if one.id == widened.id else one for one in asked.facts.services)
    return replace(asked.facts, services=services)

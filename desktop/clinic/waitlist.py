"""From a free slot to people: who of the waitlist passes every gate of that therapist at that time, and who does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from desktop.clinic.facts import Facts
from desktop.clinic.matching import judge_request
from desktop.clinic.moments import aware
from desktop.clinic.offers import judge_answers, judge_entry, judge_slot
from desktop.clinic.on_the_day import fitting, licensed
from desktop.clinic.people import State, TherapistId
from desktop.clinic.question import Question
from desktop.clinic.ranking import Criterion, Scale, scale, timeless, total
from desktop.clinic.referral import Urgency
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format
from desktop.clinic.slotgate import SlotGate
from desktop.clinic.therapists import Therapist
from desktop.clinic.timetable import Taken, taken_from, utc
from desktop.clinic.verdict import Outcome, Verdict
from desktop.clinic.waiting import Offer, Slot, Waiting

_BANDS: Mapping[Urgency, int] = {Urgency.URGENT: 0, Urgency.SOON: 1, Urgency.ROUTINE: 2}


def turn(waiting: Waiting) -> tuple[int, datetime, str]:
    """Where an entry stands among others before anything else is known: priority band, wait, id."""
    return _BANDS[waiting.priority], utc(waiting.since), waiting.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A waiting client who may be offered the slot: points out of 100 with their criteria, and warnings."""

    waiting: Waiting
    points: int
    criteria: tuple[Criterion, ...]
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """A waiting client who may not be offered the slot, with every reason found.

    The rules are asked only of those whom the slot suits at all.
    """

    waiting: Waiting
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The waitlist for one slot, whom to call first; `verdicts` say why nobody may be offered it at all."""

    slot: Slot
    fits: tuple[Fit, ...]
    others: tuple[Misfit, ...]
    verdicts: tuple[Verdict, ...] = ()


def people_for(
    slot: Slot,
    waiting: Iterable[Waiting],
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    *,
    offers: Iterable[Offer] = (),
    taken: Taken | None = None,
    caseloads: Mapping[TherapistId, int] | None = None,
) -> People:
    """Every entry that has not ended once: those who fit by priority band, points, wait and id, and the others.

    A client fits when the slot suits what they asked for and their times, every rule of the match lets this therapist
    see them on that day, and the schedule has room. Points leave aside how soon there is an opening, since the slot is
    the same for all. Nothing is booked. `taken` None means that the facts hold every visit, `caseloads` None that they
    hold every client. Raises BadInput when the slot or an entry names what is not in the facts.
    """
    aware("now", now)
    ledger = tuple(offers)
    gate = SlotGate(slot, facts, rules, now, taken or taken_from(facts), caseloads)
    others: list[Misfit] = []
    passed: list[tuple[Waiting, Question]] = []
    for one in waiting:
        if one.ended is None:
            failed = (*judge_entry(one, now), *judge_answers(one, slot, ledger), *gate.unsuited(one))
            if not failed:
                asked = gate.question(one)
                failed = gate.failures(one, asked)
                passed += () if failed else ((one, asked),)
            others += (Misfit(waiting=one, verdicts=failed),) if failed else ()
    busy, notes = gate.schedule(passed)
    others += (Misfit(waiting=one, verdicts=busy[one.id]) for one, _asked in passed if one.id in busy)
    free = [(one, asked) for one, asked in passed if one.id not in busy]
    by = scale(free[0][1]) if free else None
    fits = [_fit(gate.therapist, one, asked, by, notes[asked.service.id]) for one, asked in free if by is not None]
    return People(
        slot=slot,
        fits=tuple(sorted(fits, key=_best_first)),
        others=tuple(sorted(others, key=lambda one: turn(one.waiting))),
        verdicts=judge_slot(slot, ledger, now),
    )


def _best_first(fit: Fit) -> tuple[int, int, datetime, str]:
    band, since, key = turn(fit.waiting)
    return band, -fit.points, since, key


def _fit(therapist: Therapist, one: Waiting, asked: Question, by: Scale, notes: tuple[Verdict, ...]) -> Fit:
    """The client with points and warnings; `notes` are what the schedule says of the service at that time."""
    (format,) = asked.formats
    day = asked.first_day
    found = (*fitting(therapist, asked, day), *licensed(therapist, asked, format, _where(asked, format), day))
    reasons = timeless(therapist, asked, by, found)
    about = (*judge_request(asked), *found, *notes)
    return Fit(
        waiting=one,
        points=total(reasons),
        criteria=reasons,
        verdicts=tuple(each for each in about if each.outcome is Outcome.WARN),
    )


def _where(asked: Question, format: Format) -> State | None:
    site = asked.request.site
    return asked.request.state if format is Format.TELEHEALTH or site is None else asked.sites[site]

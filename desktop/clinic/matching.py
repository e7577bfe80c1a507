"""Matching: every therapist once for a request, eligible with points or excluded with every failed rule."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from desktop.clinic.coaching import judge_scope
from desktop.clinic.consent import judge_consent
from desktop.clinic.eligibility import standing_failures
from desktop.clinic.facts import Facts
from desktop.clinic.gate import Gate
from desktop.clinic.openings import Opening, Wish, openings_of
from desktop.clinic.people import State, TherapistId
from desktop.clinic.phrases import as_date, shown
from desktop.clinic.phrases import translated as _
from desktop.clinic.question import Question, question, speaks
from desktop.clinic.ranking import Criterion, Scale, caseload_share, criteria, last_new_client, scale, total
from desktop.clinic.requests import Request
from desktop.clinic.risk import judge_risk
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format, ServiceKind
from desktop.clinic.spoken import short_day
from desktop.clinic.therapists import Therapist
from desktop.clinic.timetable import Taken, taken_from
from desktop.clinic.verdict import Outcome, Verdict, refusing

__all__ = ["Candidate", "Criterion", "Exclusion", "Match", "match"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A therapist who may see the client: points out of 100 with their criteria, the first openings, and warnings."""

    therapist: TherapistId
    points: int
    criteria: tuple[Criterion, ...]
    openings: tuple[Opening, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A therapist who may not see the client now, with every rule that failed."""

    therapist: TherapistId
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The whole roster for one request, best first, and what the rules say of the request itself."""

    eligible: tuple[Candidate, ...]
    excluded: tuple[Exclusion, ...]
    verdicts: tuple[Verdict, ...] = ()


def match(
    request: Request,
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    taken: Taken | None = None,
    *,
    caseloads: Mapping[TherapistId, int] | None = None,
    among: Container[TherapistId] | None = None,
) -> Match:
    """Answer the request for every therapist in the facts: each is eligible or excluded, never both.

    `taken` None means that the facts hold every visit, `caseloads` None that they hold every client. `among`
    asks about some therapists alone; the others still count as supervisors. A rule that blocks the request itself
    excludes everybody. The order is the same for the same input: points, then the smaller share of
    the caseload, then the longest time since a new client, then the id. Raises BadInput when the request names what is
    not in the facts.
    """
    asked = question(request, facts, rules, now, caseloads)
    about = judge_request(asked)
    stops = tuple(one for one in about if one.outcome is Outcome.BLOCK)
    roster = [one for one in facts.therapists if among is None or one.id in among]
    if stops:
        everybody = tuple(Exclusion(therapist=one.id, verdicts=stops) for one in roster)
        return Match(eligible=(), excluded=everybody, verdicts=about)
    gate = Gate(asked)
    refused = {one.id: _refused(one, asked, gate) for one in roster}
    passed = [one for one in roster if not refused[one.id]]
    answers = _searched(passed, asked, gate, taken or taken_from(facts))
    refused |= {key: answer.refused for key, answer in answers.items()}
    return Match(
        eligible=_ranked([one for one in passed if not refused[one.id]], answers, asked),
        excluded=tuple(Exclusion(therapist=one.id, verdicts=refused[one.id]) for one in roster if refused[one.id]),
        verdicts=about,
    )


def _refused(therapist: Therapist, asked: Question, gate: Gate) -> tuple[Verdict, ...]:
    standing = standing_failures(therapist, asked)
    return (*standing, *gate.failures(therapist, alone=not standing))


def judge_request(asked: Question) -> tuple[Verdict, ...]:
    """What the rules say of the request itself, whoever answers it: risk, consent in each state, limits of coaching."""
    client, day = asked.client, asked.first_day
    if client is None:
        return ()
    found = list(judge_risk(client, day=day, rules=asked.rules, facts=asked.facts))
    if asked.service.kind is ServiceKind.COACHING:
        found += judge_scope(client, service=asked.service, day=day, rules=asked.rules)
    for format, state in _where(asked):
        found += judge_consent(
            client, state=state, day=day, service=asked.service, format=format, rules=asked.rules, facts=asked.facts
        )
    kept: list[Verdict] = []
    for one in found:
        if one.outcome is not Outcome.ALLOW and one not in kept:
            kept.append(one)
    return tuple(kept)


def _where(asked: Question) -> list[tuple[Format, State]]:
    rooms = sorted(set(asked.sites.values())) if Format.IN_PERSON in asked.formats else []
    home = [asked.request.state] if Format.TELEHEALTH in asked.formats and asked.request.state is not None else []
    return [*((Format.TELEHEALTH, state) for state in home), *((Format.IN_PERSON, state) for state in rooms)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What the search found for a therapist who meets every other rule; `suit` when inside the client's times."""

    openings: tuple[Opening, ...] = ()
    suit: bool = True
    refused: tuple[Verdict, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


def _searched(therapists: Sequence[Therapist], asked: Question, gate: Gate, taken: Taken) -> dict[TherapistId, _Answer]:
    wish = Wish(
        service=asked.service,
        formats=asked.formats,
        site=asked.request.site,
        windows=asked.windows,
        client=asked.request.client,
        first=asked.first,
        last=asked.last,
    )
    facts, rules = asked.facts, asked.rules
    answers = {one.id: _without_hours(one, gate) for one in therapists if not one.hours}
    rest = [one for one in therapists if one.hours]
    inside = openings_of(rest, wish, facts, rules, taken, permitted=gate.permits)
    rest = _take(rest, inside, True, gate, answers)
    if asked.windows:
        wish = replace(wish, windows=())
        outside = openings_of(rest, wish, facts, rules, taken, permitted=gate.permits)
        rest = _take(rest, outside, False, gate, answers)
    unlicensed = openings_of(rest, wish, facts, rules, taken, most=1)
    for therapist in rest:
        answers[therapist.id] = _Answer(refused=_unavailable(therapist, unlicensed[therapist.id], asked, gate))
    return answers


def _take(
    therapists: Sequence[Therapist],
    found: Mapping[TherapistId, tuple[Opening, ...]],
    suit: bool,
    gate: Gate,
    answers: dict[TherapistId, _Answer],
) -> list[Therapist]:
    """Note the answers of those who have openings; the therapists who have none."""
    for therapist in therapists:
        openings = found[therapist.id]
        if openings:
            verdicts = gate.verdicts(therapist, openings)
            answers[therapist.id] = _Answer(openings=openings, suit=suit, verdicts=verdicts)
    return [one for one in therapists if one.id not in answers]


def _without_hours(therapist: Therapist, gate: Gate) -> _Answer:
    text = _("{therapist} has no working hours on record; ask for a time.").format(therapist=therapist.name.full)
    unknown = Verdict(outcome=Outcome.WARN, code="NO_HOURS", sentence=text, evidence={"therapist": therapist.id})
    return _Answer(suit=False, verdicts=(*gate.any_day(therapist), unknown))


def _unavailable(
    therapist: Therapist, unlicensed: Sequence[Opening], asked: Question, gate: Gate
) -> tuple[Verdict, ...]:
    """Why nothing can be offered: no time at all, or a license that does not hold when there is time."""
    refused = refusing(gate.verdicts(therapist, unlicensed))
    if refused:
        return refused
    sentence = _("{therapist} has no opening for {service} from {first} to {last}.")
    text = sentence.format(
        therapist=therapist.name.full,
        service=asked.service.name,
        first=short_day(asked.first_day),
        last=short_day(asked.last_day),
    )
    shows = {"from": asked.first_day.isoformat(), "to": asked.last_day.isoformat()}
    return (Verdict(outcome=Outcome.BLOCK, code="NO_OPENING", sentence=text, evidence=shows),)


def _ranked(
    therapists: Sequence[Therapist], answers: Mapping[TherapistId, _Answer], asked: Question
) -> tuple[Candidate, ...]:
    """The candidates, most points first; who carries the smaller share of a caseload, then who waited longest."""
    if not therapists:
        return ()
    by = scale(asked)
    found = [(one, _candidate(one, answers[one.id], asked, by)) for one in therapists]

    def fairly(pair: tuple[Therapist, Candidate]) -> tuple[int, float]:
        return -pair[1].points, caseload_share(pair[0], asked, by.full_caseload)

    ranked: list[Candidate] = []
    for _key, tied in groupby(sorted(found, key=fairly), key=fairly):
        group = list(tied)
        if len(group) > 1:
            group.sort(key=lambda pair: (last_new_client(pair[0], asked), pair[0].id))
        ranked += (candidate for _one, candidate in group)
    return tuple(ranked)


def _candidate(therapist: Therapist, answer: _Answer, asked: Question, by: Scale) -> Candidate:
    reasons = criteria(therapist, asked, by, answer.openings, answer.suit, answer.verdicts)
    warnings = [one for one in answer.verdicts if one.outcome is Outcome.WARN]
    return Candidate(
        therapist=therapist.id,
        points=total(reasons),
        criteria=reasons,
        openings=answer.openings,
        verdicts=(*warnings, *_notes(therapist, answer, asked)),
    )


def _notes(therapist: Therapist, answer: _Answer, asked: Question) -> list[Verdict]:
    notes = []
    name = therapist.name.full
    if answer.openings and not answer.suit:
        text = _("{therapist} has no opening at the times that suit the client.").format(therapist=name)
        notes.append(Verdict(outcome=Outcome.WARN, code="OUTSIDE_WINDOWS", sentence=text))
    if asked.interpreter and asked.language and not speaks(therapist.languages, asked.language):
        text = _("An interpreter is needed ({language}).").format(language=asked.language)
        notes.append(Verdict(outcome=Outcome.WARN, code="INTERPRETER", sentence=text))
    for one in answer.verdicts:
        until = as_date(one.evidence.get("expires")) if one.code == "LIC_OK" else None
        if until is not None and until < asked.last_day:
            sentence = _(
                "The authority to practice in {state} ends on {expires}; later visits need its renewal on record."
            )
            text = sentence.format(state=one.evidence.get("state", ""), expires=shown(until))
            notes.append(Verdict(outcome=Outcome.WARN, code="LIC_ENDS", sentence=text, evidence=one.evidence))
    return notes

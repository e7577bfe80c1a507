"""May this therapist see a client who is in this state, at that time? The license of the client's state decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from desktop.clinic.compacts import DISCIPLINE, home_titles, judge_authority
from desktop.clinic.facts import Facts
from desktop.clinic.people import State
from desktop.clinic.phrases import evidence, shown
from desktop.clinic.phrases import translated as _
from desktop.clinic.rulebook import Fact, Rulebook
from desktop.clinic.services import Format, Service, ServiceKind
from desktop.clinic.session import Session, session
from desktop.clinic.standing import LAPSED, NOT_YET, is_independent, proof, refusal, title_fact, unverified
from desktop.clinic.supervision import judge_supervised
from desktop.clinic.therapists import Authority, AuthorityKind, License, Therapist
from desktop.clinic.verdict import Outcome, Verdict


def judge_licensure(
    therapist: Therapist,
    *,
    state: State | None,
    format: Format,
    start: datetime,
    end: datetime,
    facts: Facts,
    rules: Rulebook,
    now: datetime,
    seat_state: State | None = None,
    service: Service | None = None,
) -> tuple[Verdict, ...]:
    """Judge one therapist and one client location over a session of aware instants; the calendar is New York's.

    `state` is the site's state in person and the state of the client's body by video; None holds with LOC_UNKNOWN,
    and only warns for coaching, which needs no license.
    Allowed with code LIC_OK, whose evidence names the basis: direct, supervised, APIT, TAP, PRIVILEGE, MULTISTATE,
    TEMPORARY_PERMISSION or coaching. Raises BadInput for naive instants.
    """
    coaching = service is not None and service.kind is ServiceKind.COACHING
    if state is None and coaching:
        text = _("Ask where the client will be during the visit; not every state leaves coaching free.")
        return (Verdict(outcome=Outcome.WARN, code="LOC_UNKNOWN", sentence=text),)
    if state is None:
        text = _("Ask where the client will be during the visit; the license of that state decides.")
        return (Verdict(outcome=Outcome.HOLD, code="LOC_UNKNOWN", sentence=text),)
    seat = seat_state or therapist.seat_state
    at = session(state=state, format=format, seat=seat, start=start, end=end, now=now)
    if coaching:
        return _judge_coach(therapist, at, rules)
    basis = _basis(therapist, at, facts, rules)
    return basis if format is Format.IN_PERSON else (*basis, *_judge_seat(therapist, at, facts, rules))


def _basis(therapist: Therapist, at: Session, facts: Facts, rules: Rulebook) -> tuple[Verdict, ...]:
    direct = [
        (one, _judge_license(therapist, one, at, facts, rules)) for one in therapist.licenses if one.state is at.state
    ]
    best = min((found for _license, found in direct), key=_order, default=())
    if best and _order(best)[0] == _ALONE:
        return best
    authorities = [(one, judge_authority(therapist, one, at, facts, rules)) for one in therapist.authorities]
    granted = [
        _reviewed(one, found, direct, at, rules)
        for one, found in authorities
        if found is not None and found.outcome is Outcome.ALLOW
    ]
    if best and _order(best)[0] == _SUPERVISED:
        return min((*granted, best), key=_order)
    if granted:
        return min(granted, key=_badness)
    if best and _badness(best)[0] == Outcome.HOLD.rank:
        return best
    refused = [found for _one, found in authorities if found is not None]
    reasons = (*(one for _license, found in direct for one in found), *refused)
    return reasons or (_nothing(therapist, at),)


def _order(found: tuple[Verdict, ...]) -> tuple[int, int, int]:
    """What the therapist may do alone comes before what takes a supervisor, even when a warning comes with it."""
    rank, count = _badness(found)
    if rank >= Outcome.HOLD.rank:
        return _REFUSED, rank, count
    is_supervised = any(one.evidence.get("basis") == "supervised" for one in found)
    return (_SUPERVISED if is_supervised else _ALONE), rank, count


_ALONE, _SUPERVISED, _REFUSED = range(3)


def _badness(found: tuple[Verdict, ...]) -> tuple[int, int]:
    return max(one.outcome.rank for one in found), len(found)


def _judge_license(
    therapist: Therapist, license: License, at: Session, facts: Facts, rules: Rulebook
) -> tuple[Verdict, ...]:
    fact = title_fact(license, rules, at.first)
    refused = refusal(license, fact, at, rules)
    if refused is not None or fact is None:
        return () if refused is None else (refused, *_unsupervised(therapist, license, refused, fact, at, facts, rules))
    stale = unverified(license, fact, at, rules)
    warnings = () if stale is None else (stale,)
    if not fact.value["independent"]:
        return (*judge_supervised(therapist, license, fact, at, facts, rules), *warnings)
    sentence = _("{name} may see this client in {state} as {title} {number}, valid through {expires}.")
    text = sentence.format(
        name=therapist.signed_name,
        state=license.state.value,
        title=license.title,
        number=license.number,
        expires=shown(license.expires),
    ).replace(" ,", ",")
    allowed = Verdict(
        outcome=Outcome.ALLOW, code="LIC_OK", sentence=text, evidence=proof(license, fact, basis="direct")
    )
    return (allowed, *warnings)


def _unsupervised(
    therapist: Therapist,
    license: License,
    refused: Verdict,
    fact: Fact | None,
    at: Session,
    facts: Facts,
    rules: Rulebook,
) -> tuple[Verdict, ...]:
    """What a supervised license that is held lacks besides, so that a sign-off of the hold does not hide it."""
    if refused.outcome is not Outcome.HOLD or fact is None or fact.value["independent"]:
        return ()
    found = judge_supervised(therapist, license, fact, at, facts, rules)
    return tuple(one for one in found if one.outcome is Outcome.BLOCK)


def _reviewed(
    authority: Authority,
    allowed: Verdict,
    direct: list[tuple[License, tuple[Verdict, ...]]],
    at: Session,
    rules: Rulebook,
) -> tuple[Verdict, ...]:
    """What an authority is worth beside a license of the same profession in that state: a compact then steps back.

    A lapsed license is reviewed by a person, one under discipline governs, one not yet in force changes nothing.
    A board's letter stands beside a license that is merely too narrow or unsupervised.
    """
    titles = home_titles(authority.kind, rules, at.first)
    own = [(one, found) for one, found in direct if one.title in titles or (not titles and _is_lost(one, found))]
    live = [(one, found) for one, found in own if not {verdict.code for verdict in found} <= NOT_YET]
    if not live:
        return (allowed,)
    governing = [found for _one, found in live if not {verdict.code for verdict in found} <= LAPSED]
    if governing:
        return min(governing, key=_badness)
    license = live[0][0]
    sentence = _(
        "The {state} {title} {number} has lapsed (expiry {expires}); the clinical director must decide whether the "
        "{kind} may be used instead."
    )
    text = sentence.format(
        state=license.state.value,
        title=license.title,
        number=license.number,
        expires=shown(license.expires),
        kind=authority.kind.name,
    )
    shows = {**allowed.evidence, "license": license.title, "license_expires": license.expires.isoformat()}
    return (Verdict(outcome=Outcome.HOLD, code="LIC_LAPSED_REVIEW", sentence=text, evidence=shows),)


def _is_lost(license: License, found: tuple[Verdict, ...]) -> bool:
    return license.status in DISCIPLINE or any(one.code in (*LAPSED, "LIC_LATE_RENEWAL") for one in found)


def _nothing(therapist: Therapist, at: Session) -> Verdict:
    held = sorted({one.state.value for one in therapist.licenses if at.is_covered_by(one)})
    if held:
        sentence = _("{name} has no license for {state}, where the client will be; licensed in {held}.")
    else:
        sentence = _(
            "{name} has no license for {state}, where the client will be, and no other that is valid that day."
        )
    text = sentence.format(name=therapist.signed_name, state=at.state.value, held=", ".join(held))
    shows = {"state": at.state.value, "therapist": str(therapist.id), "licensed_in": ", ".join(held)}
    return Verdict(outcome=Outcome.BLOCK, code="LIC_NONE", sentence=text, evidence=shows)


# A privilege or a multistate license lets its holder practice from that state too, which PSYPACT does not.
_LIKE_A_LICENSE = frozenset({AuthorityKind.PRIVILEGE, AuthorityKind.MULTISTATE})


def _judge_seat(therapist: Therapist, at: Session, facts: Facts, rules: Rulebook) -> tuple[Verdict, ...]:
    if any(one.state is at.seat and at.is_covered_by(one) for one in therapist.licenses):
        return ()
    if any(
        one.kind is AuthorityKind.TEMPORARY_PERMISSION and one.state is at.seat and at.is_covered_by(one)
        for one in therapist.authorities
    ):
        return ()
    there = replace(at, state=at.seat)
    compacts = [one for one in therapist.authorities if one.kind in _LIKE_A_LICENSE]
    found = [judge_authority(therapist, one, there, facts, rules) for one in compacts]
    if any(one is not None and one.outcome is Outcome.ALLOW for one in found):
        return ()
    rule = rules.find(f"seat.outcome.{at.seat}", at.first) or rules.fact("seat.outcome.other", at.first)
    sentence = _("{name} will sit in {seat} without a {seat} license; sitting there may count as practice there.")
    text = sentence.format(name=therapist.signed_name, seat=at.seat.value)
    shows = evidence(rule, seat_state=at.seat.value, therapist=str(therapist.id))
    return (Verdict(outcome=Outcome(rule.value), code="SEAT_STATE", sentence=text, evidence=shows),)


def _judge_coach(therapist: Therapist, at: Session, rules: Rulebook) -> tuple[Verdict, ...]:
    rule = rules.fact("coaching.warn_states", at.first)
    licensed = any(
        one.state is at.state and at.is_covered_by(one) and is_independent(one, rules, at.first)
        for one in therapist.licenses
    )
    if at.state.value in rule.value and not licensed:
        sentence = _(
            "{state} reserves much of counseling to licensees; coach a client there only on goals, never on health."
        )
        shows = evidence(rule, state=at.state.value, basis="coaching")
        text = sentence.format(state=at.state.value)
        return (Verdict(outcome=Outcome.WARN, code="COACH_NJ", sentence=text, evidence=shows),)
    text = _("Coaching needs no license; it stays clear of diagnosis and treatment.")
    return (Verdict(outcome=Outcome.ALLOW, code="LIC_OK", sentence=text, evidence=evidence(rule, basis="coaching")),)

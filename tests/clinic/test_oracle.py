"""The matching against a second opinion: thousands of small invented practices, judged twice, without one disagreement."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import TypeVar

import pytest

from desktop.clinic.facts import Facts
from desktop.clinic.judge import check
from desktop.clinic.matching import Match, match
from desktop.clinic.moments import instant, local_date
from desktop.clinic.near_misses import near_misses
from desktop.clinic.people import State, TherapistId
from desktop.clinic.requests import Proposal
from desktop.clinic.services import Format
from desktop.clinic.therapists import License, LicenseStatus, Therapist
from desktop.clinic.verdict import Outcome, Verdict, worst
from desktop.clinic.visits import Seat, Visit
from tests.clinic.invented import Case, invented
from tests.clinic.oracle import opinion

T = TypeVar("T")
DEFAULT, TORTURE = 1500, 10_000
# Many small lots, so that a failure names its seed and a long run shows how far it is.
LOT = 50


def lots(end: int, start: int = 0) -> list[range]:
    """The seeds from start to end in lots."""
    return [range(first, min(first + LOT, end)) for first in range(start, end, LOT)]


def answer(case: Case) -> Match:
    """The program's answer."""
    return match(case.request, case.facts, case.rules, case.now)


def eligible(found: Match) -> list[TherapistId]:
    """Who may see the client, best first."""
    return [one.therapist for one in found.eligible]


def disagreements(seed: int) -> list[str]:
    """Where program and oracle differ: in who may see the client, or in the first three openings."""
    case, told = invented(seed), []
    found = answer(case)
    offers = {one.therapist: one.openings for one in found.eligible}
    roster = [*eligible(found), *(one.therapist for one in found.excluded)]
    if sorted(roster) != sorted(one.id for one in case.facts.therapists):
        told.append(f"seed {seed}: the roster is not whole")
    for therapist in case.facts.therapists:
        second = opinion(therapist, case.request, case.facts, case.rules, case.now)
        if second.eligible != (therapist.id in offers):
            told.append(f"seed {seed}, {therapist.id}: the oracle says {second}")
        elif second.starts != tuple(one.start for one in offers.get(therapist.id, ())):
            told.append(f"seed {seed}, {therapist.id}: the oracle would begin at {second.starts}")
    return told


@pytest.mark.parametrize("seeds", lots(DEFAULT), ids=str)
def test_the_oracle_agrees(seeds: range) -> None:
    """The roster is whole; every eligible therapist passes the oracle, at the same three first moments; nobody else does."""
    assert [one for seed in seeds for one in disagreements(seed)] == []


@pytest.mark.torture
@pytest.mark.parametrize("seeds", lots(TORTURE), ids=str)
def test_the_oracle_agrees_ten_thousand_times(seeds: range) -> None:
    """The same at length."""
    assert [one for seed in seeds for one in disagreements(seed)] == []


def test_the_practices_are_worth_asking() -> None:
    """The invented practices hold many therapists of either kind, and every family of rules excludes somebody."""
    codes: Counter[str] = Counter()
    fit = total = 0
    for seed in range(500):
        found = answer(invented(seed))
        fit, total = fit + len(found.eligible), total + len(found.eligible) + len(found.excluded)
        codes.update(verdict.code for one in found.excluded for verdict in one.verdicts)
        codes.update(verdict.code for one in found.eligible for verdict in one.verdicts)
    assert 0.08 < fit / total < 0.5
    assert {
        "RETIRED", "CLOSED_TO_SERVICE", "NOT_ACCEPTING", "CASELOAD_FULL", "PAYER", "LANGUAGE", "CONFLICT", "AGE",
        "AGE_SERVICE", "QUAL_LEVEL", "QUAL_SUP", "QUAL_SCOPE", "QUAL_PREREQUISITE", "FORMAT", "SITE", "LOC_UNKNOWN",
        "LIC_NONE", "LIC_EXPIRED_AT_SESSION", "LIC_NOT_YET", "LIC_SCOPE", "SUP_NONE", "SUP_LIC_INVALID", "SUP_PLAN",
        "SUP_DISCLOSURE", "SUP_UNKNOWN", "PSYPACT_HOME_LOCATION", "PSYPACT_TELEHEALTH_ONLY", "PSYPACT_IN_PERSON_ONLY",
        "COMPACT_NOT_OPERATIONAL", "COMPACT_HOME_LICENSE", "AUTHORITY_EXPIRED", "SEAT_STATE", "INDEPENDENT",
        "NO_OPENING", "CRISIS_STOP", "NO_HOURS", "OUTSIDE_WINDOWS",
    } <= set(codes)  # fmt: skip


def mixed(some: tuple[T, ...], dice: random.Random) -> tuple[T, ...]:
    """The same in another order."""
    return tuple(dice.sample(some, len(some)))


@pytest.mark.parametrize("seeds", lots(300), ids=str)
def test_the_same_question_has_the_same_answer(seeds: range) -> None:
    """Asked twice, and with everything in the file in another order, the answer is the same to the last word."""
    for seed in seeds:
        case, dice = invented(seed), random.Random(seed)
        found = answer(case)
        assert answer(case) == found
        facts = case.facts
        shuffled = replace(
            facts,
            therapists=mixed(facts.therapists, dice),
            clients=mixed(facts.clients, dice),
            visits=mixed(facts.visits, dice),
            rooms=mixed(facts.rooms, dice),
            sites=mixed(facts.sites, dice),
            services=mixed(facts.services, dice),
        )
        again = answer(replace(case, facts=shuffled))
        assert again.eligible == found.eligible, seed
        assert {one.therapist: one for one in again.excluded} == {one.therapist: one for one in found.excluded}, seed


@pytest.mark.parametrize("seeds", lots(400), ids=str)
def test_one_more_license_never_removes_a_match(seeds: range) -> None:
    """Whatever valid license each therapist gets, of any title: who was eligible stays so."""
    for seed in seeds:
        case, dice = invented(seed), random.Random(seed)
        titles = ("LPC", "LCSW", "LMFT", "PSY", "LAC", "LSW", "PSY-P1", "PSY-P3", "LCADC", "CSW", "LAPC", "LBSW")
        more = License(
            state=dice.choice((State.PA, State.NJ, State.DE)), title=dice.choice(titles), expires=date(2029, 12, 31)
        )
        richer = tuple(replace(one, licenses=(*one.licenses, more)) for one in case.facts.therapists)
        after = answer(replace(case, facts=replace(case.facts, therapists=richer)))
        assert set(eligible(answer(case))) <= set(eligible(after)), (seed, more)


@pytest.mark.parametrize("seeds", lots(400), ids=str)
def test_a_near_miss_flips_exactly_that_therapist(seeds: range) -> None:
    """The named change makes the therapist eligible, for the oracle too; a changed record changes nobody else's answer.

    Unless the changed record is that of somebody's supervisor: then those under them may come along.
    """
    for seed in seeds:
        case = invented(seed)
        found = answer(case)
        before = set(eligible(found))
        for miss in near_misses(found, case.request, case.facts, case.rules, case.now):
            changed = case.facts
            if miss.record is not None:
                changed = with_record(case.facts, miss.record)
            after = set(eligible(match(miss.request, changed, case.rules, case.now)))
            assert miss.therapist not in before
            assert miss.therapist in after, (seed, miss)
            record = miss.record or case.facts.therapist(miss.therapist)
            assert opinion(record, miss.request, changed, case.rules, case.now).eligible, (seed, miss)
            if miss.record is not None:
                led = {one.id for one in changed.therapists if leads(record, one)}
                assert before | {miss.therapist} <= after <= before | {miss.therapist} | led, (seed, miss)


def with_record(facts: Facts, record: Therapist) -> Facts:
    """The facts with that therapist's record in place of the old one."""
    return replace(facts, therapists=tuple(record if one.id == record.id else one for one in facts.therapists))


def leads(boss: Therapist, other: Therapist) -> bool:
    """Whether the one is named as the other's supervisor."""
    return any(one.supervisor == boss.id for one in other.supervisions)


# The verdict at T and what is dated elsewhere.


def proposal(case: Case, dice: random.Random) -> Proposal | None:
    """A visit somewhere in the search, with a client of the practice."""
    facts = case.facts
    service = facts.service(case.request.service)
    how = dice.choice(sorted(service.formats))
    rooms = [one for one in facts.rooms if not one.retired]
    if how is Format.IN_PERSON and not rooms:
        return None
    room = dice.choice(rooms) if how is Format.IN_PERSON else None
    day = case.request.from_day + timedelta(days=dice.randint(0, 10))
    return Proposal(
        service=service.id,
        therapist=dice.choice(facts.therapists).id,
        seats=(Seat(client=dice.choice(facts.clients).id, expected_state=dice.choice((State.PA, State.NJ))),),
        format=how,
        site=None if room is None else room.site,
        room=None if room is None else room.id,
        start=instant(day, time(dice.randint(7, 19))),
    )


def on_that_day(facts: Facts, asked: Proposal, day: date) -> Facts:
    """The facts without whatever is dated outside the day and does not count days or times of its own."""
    return replace(
        facts,
        therapists=tuple(_on_that_day(one, day) for one in facts.therapists),
        practice=replace(facts.practice, closures=facts.practice.closures & {day}),
        visits=tuple(one for one in facts.visits if _matters(one, asked, facts, day)),
    )


def _on_that_day(one: Therapist, day: date) -> Therapist:
    # A license that has lapsed is dated before the day, but what it lapsed from still counts beside a compact.
    start, end = instant(day, time(0)), instant(day + timedelta(days=1), time(0))
    return replace(
        one,
        licenses=tuple(
            held
            for held in one.licenses
            if not _begins_after(held.effective, day) and (one.authorities or held.renewal_filed or held.expires >= day)
        ),
        authorities=tuple(
            each for each in one.authorities if not _begins_after(each.effective, day) and each.expires >= day
        ),
        supervisions=tuple(
            each for each in one.supervisions if each.starts <= day and (each.ends is None or day <= each.ends)
        ),
        qualifications=tuple(each for each in one.qualifications if not _begins_after(each.obtained, day)),
        hours=tuple(
            each
            for each in one.hours
            if not _begins_after(each.valid_from, day) and (each.valid_to is None or day <= each.valid_to)
        )
        or one.hours[:1],
        time_off=tuple(each for each in one.time_off if each.start < end and start < each.end),
    )


def _begins_after(first: date | None, day: date) -> bool:
    return first is not None and first > day


def _matters(visit: Visit, asked: Proposal, facts: Facts, day: date) -> bool:
    """Whether the visit touches the day, or says something that has no date: who met whom, how often, and what follows."""
    if abs(visit.start - instant(day, time(12))) < timedelta(days=1):
        return True
    met = {asked.seats[0].client, *facts.naming, *(one.id for one in facts.clients if one.relations)}
    return bool(met & set(visit.clients)) or any(facts.therapist(one).authorities for one in visit.therapists)


def _codes(found: Iterable[Verdict]) -> set[tuple[Outcome, str]]:
    """Outcome and code, license refusals as one: what is missing may be called by another name."""
    refused = ("LIC_", "SUP_", "AUTHORITY_", "COMPACT_", "PSYPACT_", "TEMP_", "TAP_")
    return {
        (one.outcome, "LICENSE" if one.code.startswith(refused) and one.outcome is Outcome.BLOCK else one.code)
        for one in found
    }


@pytest.mark.parametrize("seeds", lots(600), ids=str)
def test_the_verdict_at_t_depends_on_no_fact_dated_elsewhere(seeds: range) -> None:
    """Everything dated outside the visit's day is taken away, then much of it is added: the verdict stays."""
    for seed in seeds:
        case, dice = invented(seed), random.Random(seed)
        asked = proposal(case, dice)
        if asked is None:
            continue
        day = local_date(asked.start)
        before = check(asked, case.facts, case.rules, case.now)
        for facts in (on_that_day(case.facts, asked, day), with_later(case.facts, day)):
            after = check(asked, facts, case.rules, case.now)
            assert worst(after) is worst(before), seed
            assert _codes(after) == _codes(before), seed


def with_later(facts: Facts, day: date) -> Facts:
    """The facts with what begins after the day, and what ended before it and leaves nothing behind."""
    later = License(
        state=State.NJ, title="PSY", status=LicenseStatus.ACTIVE, effective=day + timedelta(days=1),
        expires=date(2030, 1, 1),
    )  # fmt: skip
    therapists = tuple(
        replace(
            one,
            licenses=(*one.licenses, later),
            qualifications=(
                *one.qualifications,
                *(replace(each, obtained=day + timedelta(days=1)) for each in one.qualifications),
            ),
            supervisions=(
                *one.supervisions,
                *(replace(each, starts=day + timedelta(days=1), ends=None) for each in one.supervisions),
                *(replace(each, starts=date(2020, 1, 1), ends=day - timedelta(days=1)) for each in one.supervisions),
            ),
            hours=(
                *one.hours,
                *(replace(each, valid_from=day + timedelta(days=1), valid_to=None) for each in one.hours),
            ),
        )
        for one in facts.therapists
    )
    closures = facts.practice.closures | {day + timedelta(days=1), day - timedelta(days=1)}
    return replace(facts, therapists=therapists, practice=replace(facts.practice, closures=closures))

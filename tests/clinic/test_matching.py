"""Matching: the whole roster once, every failed rule, licenses on the day of each opening, and points in order."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.clinic.clients import Client, Coverage, PaymentKind, Relation, RelationKind, RiskScreen
from desktop.clinic.errors import BadInput, UnknownRule
from desktop.clinic.facts import Facts
from desktop.clinic.judge import check
from desktop.clinic.licensure import judge_licensure
from desktop.clinic.matching import Candidate, Match, match
from desktop.clinic.moments import Weekday, Window, age_on, local_date
from desktop.clinic.people import ClientId, State, TherapistId
from desktop.clinic.practice import SiteId
from desktop.clinic.requests import Proposal, Request
from desktop.clinic.rulebook import Confidence, Fact, Rulebook
from desktop.clinic.services import BOTH_FORMATS, Format, Level, Modality, Service, ServiceId, ServiceKind
from desktop.clinic.therapists import (
    Authority,
    AuthorityKind,
    License,
    Qualification,
    Role,
    Supervision,
    Therapist,
    TimeOff,
)
from desktop.clinic.timetable import taken_from
from desktop.clinic.verdict import refusing
from desktop.clinic.visits import Seat
from tests.clinic.practices import (
    EMDR,
    NOW,
    PLAY,
    SERVICES,
    SESSION,
    at,
    client,
    facts,
    hours,
    nj,
    pa,
    practice_of,
    rulebook,
    therapist,
    visit,
)

BY_VIDEO = frozenset({Format.TELEHEALTH})
IN_PERSON = frozenset({Format.IN_PERSON})


def request(**more: Any) -> Request:
    """Individual therapy by video from Pennsylvania, from today."""
    fields: dict[str, Any] = {
        "service": SESSION.id,
        "formats": BY_VIDEO,
        "state": State.PA,
        "from_day": date(2026, 11, 23),
        **more,
    }
    return Request(**fields)


def asked(where: Facts, **more: Any) -> Match:
    """The match with the shipped rulebook."""
    return match(request(**more), where, rulebook(), NOW)


def why(found: Match, key: str = "t1") -> list[str]:
    """The codes that exclude a therapist; none when they are eligible."""
    return [one.code for exclusion in found.excluded if exclusion.therapist == key for one in exclusion.verdicts]


def eligible(found: Match) -> list[str]:
    """The eligible therapists, best first."""
    return [one.therapist for one in found.eligible]


def the(found: Match, key: str) -> Candidate:
    """One eligible therapist."""
    return next(one for one in found.eligible if one.therapist == key)


def emdr(level: Level, **more: Any) -> tuple[Qualification, ...]:
    """A level in EMDR."""
    return (Qualification(modality=Modality.EMDR, level=level, **more),)


HARD: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("fits", {}, {}, []),
    ("no license there", {}, {"state": State.NJ}, ["LIC_NONE"]),
    ("expired", {"licenses": (pa(expires=date(2026, 11, 22)),)}, {}, ["LIC_EXPIRED_AT_SESSION"]),
    ("where the client will be is unknown", {}, {"state": None}, ["LOC_UNKNOWN"]),
    ("unknown by video, but in person is fine", {}, {"state": None, "formats": BOTH_FORMATS}, []),
    ("retired", {"retired": True}, {}, ["RETIRED"]),
    ("not accepting", {"accepting": False}, {}, ["NOT_ACCEPTING"]),
    ("full", {"caseload_cap": 5, "caseload_elsewhere": 5}, {}, ["CASELOAD_FULL"]),
    ("room for one", {"caseload_cap": 6, "caseload_elsewhere": 5}, {}, []),
    ("no insurance", {"payers": frozenset({"cigna"})}, {"payer": "Aetna"}, ["PAYER"]),
    ("in network, whatever the case", {"payers": frozenset({"Aetna"})}, {"payer": "aetna"}, []),
    ("only insurance", {"takes_self_pay": False}, {}, ["PAYER"]),
    ("language", {}, {"language": "es"}, ["LANGUAGE"]),
    ("language with a region", {"languages": frozenset({"es"})}, {"language": "es-MX"}, []),
    ("prescriber", {"role": Role.PRESCRIBER}, {}, ["CLOSED_TO_SERVICE"]),
    ("video alone", {"hours": hours(site=None)}, {"formats": IN_PERSON}, ["FORMAT"]),
    ("in person alone", {"hours": hours(formats=IN_PERSON)}, {}, ["FORMAT"]),
    ("another site", {}, {"formats": IN_PERSON, "site": SiteId("bm")}, ["SITE"]),
    ("not trained", {}, {"modality": Modality.EMDR}, ["QUAL_LEVEL"]),
    ("trained", {"qualifications": emdr(Level.TRAINED)}, {"modality": Modality.EMDR}, []),
    (
        "never silently substituted",
        {"qualifications": emdr(Level.TRAINED)},
        {"modality": Modality.EMDR, "level": Level.CERTIFIED},
        ["QUAL_LEVEL"],
    ),
    ("in training alone", {"qualifications": emdr(Level.IN_TRAINING)}, {"modality": Modality.EMDR}, ["QUAL_SUP"]),
    (
        "lapsed certificate counts as trained",
        {"qualifications": emdr(Level.CERTIFIED, valid_until=date(2025, 1, 1))},
        {"modality": Modality.EMDR, "level": Level.CERTIFIED},
        ["QUAL_LEVEL"],
    ),
    (
        "skills group is not comprehensive DBT",
        {
            "qualifications": (
                Qualification(modality=Modality.DBT, level=Level.TRAINED, scope=frozenset({"skills_group_leader"})),
            )
        },
        {"modality": Modality.DBT, "scope": frozenset({"comprehensive"})},
        ["QUAL_SCOPE"],
    ),
    (
        "every failed rule",
        {"accepting": False, "languages": frozenset({"fr"})},
        {"language": "en", "state": State.NJ, "modality": Modality.EMDR},
        ["NOT_ACCEPTING", "LANGUAGE", "QUAL_LEVEL", "LIC_NONE"],
    ),
    (
        "on leave",
        {"time_off": (TimeOff(start=at("2026-11-01 00:00"), end=at("2027-03-01 00:00")),)},
        {},
        ["NO_OPENING"],
    ),
]


@pytest.mark.parametrize(("fields", "more", "expected"), [row[1:] for row in HARD], ids=[row[0] for row in HARD])
def test_hard_rules(fields: dict[str, Any], more: dict[str, Any], expected: list[str]) -> None:
    """One therapist against one request: the codes that exclude them, all of them, or none."""
    found = asked(facts(therapist("t1", **fields)), **more)
    assert why(found) == expected
    assert eligible(found) == ([] if expected else ["t1"])


def test_a_pennsylvania_license_does_for_new_jersey_when_the_client_comes_in() -> None:
    """In person the site's state decides; the openings are then in person alone."""
    found = asked(facts(therapist("t1")), state=State.NJ, formats=BOTH_FORMATS)
    assert {one.format for one in the(found, "t1").openings} == {Format.IN_PERSON}
    assert "Licensed in PA until Feb 28, 2027" in [one.sentence for one in the(found, "t1").criteria]


def test_openings_end_with_the_license_and_say_so() -> None:
    """A license through November 30 carries no opening after it; the renewal is asked for."""
    only_mondays = hours(Weekday.MON)
    found = asked(
        facts(therapist("t1", licenses=(nj(expires=date(2026, 11, 30)),), hours=only_mondays)), state=State.NJ
    )
    assert {local_date(one.start) for one in the(found, "t1").openings} <= {date(2026, 11, 23), date(2026, 11, 30)}
    assert "LIC_ENDS" in [one.code for one in the(found, "t1").verdicts]
    late = asked(
        facts(therapist("t1", licenses=(nj(expires=date(2026, 11, 29)),), hours=hours(Weekday.SUN))),
        state=State.NJ, from_day=date(2026, 11, 23), weeks=1,
    )  # fmt: skip
    assert [local_date(one.start) for one in the(late, "t1").openings] == [date(2026, 11, 29)] * 3


@pytest.mark.parametrize(("held", "state"), [(pa, State.PA), (nj, State.NJ)])
def test_a_license_that_ends_before_the_first_opening_excludes(held: Callable[..., License], state: State) -> None:
    """The therapist works Wednesdays, the license ends on Tuesday: not NO_OPENING, but the license."""
    one = therapist("t1", licenses=(held(expires=date(2026, 11, 24)),), hours=hours(Weekday.WED))
    assert why(asked(facts(one), state=state)) == ["LIC_EXPIRED_AT_SESSION"]


def test_a_license_that_begins_within_the_search_offers_later_openings() -> None:
    """Not yet in force today, but from Tuesday on."""
    one = therapist("t1", licenses=(pa(effective=date(2026, 12, 1)),))
    found = asked(facts(one))
    assert min(local_date(slot.start) for slot in the(found, "t1").openings) == date(2026, 12, 1)


def test_an_associate_needs_a_supervisor_licensed_that_day() -> None:
    """The supervisor's license ends on November 30; from December 1 the associate is excluded, renewed or not."""
    associate = therapist(
        "t5",
        licenses=(nj("LAC"),),
        supervisions=(
            Supervision(
                supervisor=TherapistId("t2"), state=State.NJ, starts=date(2026, 1, 1), plan_on=date(2025, 12, 1),
                client_told=True, logged_on=date(2026, 11, 20),
            ),
        ),
    )  # fmt: skip
    boss = therapist("t2", licenses=(nj(expires=date(2026, 11, 30)),))
    where = facts(associate, boss)
    assert "t5" in eligible(asked(where, state=State.NJ))
    ended = replace(associate, supervisions=(replace(associate.supervisions[0], ends=date(2026, 11, 24)),))
    on_wednesdays = replace(ended, hours=hours(Weekday.WED))
    assert why(asked(facts(on_wednesdays, boss), state=State.NJ), "t5") == ["SUP_NONE"]
    assert why(asked(where, state=State.NJ, independent=True), "t5") == ["INDEPENDENT"]
    assert why(asked(where, state=State.NJ, from_day=date(2026, 12, 1)), "t5") == ["SUP_LIC_INVALID"]


def test_psypact_reaches_by_video_alone() -> None:
    """A psychologist with an APIT sees a client in New Jersey by video."""
    apit = Authority(kind=AuthorityKind.APIT, home_state=State.PA, number="E-1", expires=date(2027, 3, 1))
    one = therapist("t3", licenses=(pa("PSY", date(2027, 11, 30)),), authorities=(apit,))
    found = asked(facts(one), state=State.NJ)
    assert eligible(found) == ["t3"]
    assert any("APIT" in criterion.sentence for criterion in the(found, "t3").criteria)


def test_ages_are_those_of_the_visits_day() -> None:
    """The client turns 18 on December 1; until then only openings from that day are offered."""
    young = client("c1", birth_date=date(2008, 12, 1), address=client().address)
    where = facts(therapist("t1"), therapist("t2", age_from=6), clients=(young,))
    found = asked(where, client=ClientId("c1"))
    assert min(local_date(one.start) for one in the(found, "t1").openings) == date(2026, 12, 1)
    assert min(local_date(one.start) for one in the(found, "t2").openings) == date(2026, 11, 23)
    child = facts(therapist("t1"), clients=(client("c1", birth_date=date(2018, 1, 1)),))
    assert why(asked(child, client=ClientId("c1"))) == ["AGE"]


def test_a_service_that_does_not_exist_in_the_format_fits_nobody() -> None:
    """Play therapy by video."""
    where = facts(therapist("t1", qualifications=()), clients=())
    assert why(asked(where, service=PLAY.id)) == ["FORMAT"]


def test_the_own_client_is_not_a_new_one() -> None:
    """Who carries the client may go on with them, although full and not accepting."""
    full = therapist("t1", accepting=False, caseload_cap=1)
    where = facts(full, clients=(client("c1", therapist=TherapistId("t1")),))
    assert eligible(asked(where, client=ClientId("c1"))) == ["t1"]


def test_a_conflict_of_interest_holds_without_telling_why() -> None:
    """Somebody close to the client sees that therapist; neither name nor relation shows."""
    partner = client("c2", therapist=TherapistId("t1"))
    mine = client("c1", relations=(Relation(client=ClientId("c2"), kind=RelationKind.EX_PARTNER),))
    found = asked(facts(therapist("t1"), therapist("t2"), clients=(mine, partner)), client=ClientId("c1"))
    assert why(found) == ["CONFLICT"]
    assert eligible(found) == ["t2"]
    text = found.excluded[0].verdicts[0].sentence + str(dict(found.excluded[0].verdicts[0].evidence))
    assert not any(word in text.casefold() for word in ("partner", "c2", "relation"))


@pytest.mark.parametrize("told_by", ["c1", "c2"])
@pytest.mark.parametrize(
    ("kind", "expected"),
    [(RelationKind.PARTNER, []), (RelationKind.FAMILY, []), (RelationKind.EX_PARTNER, ["CONFLICT"])],
)
def test_who_comes_along_is_no_conflict(kind: RelationKind, expected: list[str], told_by: str) -> None:
    """A partner's therapist may see the couple, whichever record knows of the two; an ex-partner's may not."""
    couples = Service(id=ServiceId("couples"), name="Couples", kind=ServiceKind.COUPLES)
    ties = {"c1": Relation(client=ClientId("c2"), kind=kind), "c2": Relation(client=ClientId("c1"), kind=kind)}
    both = [client(key, relations=(ties[key],) if key == told_by else ()) for key in ("c1", "c2")]
    people = (both[0], replace(both[1], therapist=TherapistId("t1")))
    where = facts(therapist("t1"), clients=people, services=(*SERVICES, couples))
    assert why(asked(where, client=ClientId("c1"), service=couples.id)) == expected


def test_a_crisis_matches_nobody() -> None:
    """An intent right now stops everything; a clinician's clearing lifts it."""
    screen = RiskScreen(taken_at=NOW, plan_or_intent_now=True)
    where = facts(therapist("t1"), therapist("t2"), clients=(client("c1", risk_screen=screen),))
    found = asked(where, client=ClientId("c1"))
    assert (found.eligible, [one.code for one in found.verdicts]) == ((), ["CRISIS_STOP"])
    assert why(found) == why(found, "t2") == ["CRISIS_STOP"]
    cleared = replace(screen, cleared_by=TherapistId("t1"), cleared_at=NOW + timedelta(hours=1))
    calm = replace(where, clients=(client("c1", risk_screen=cleared),))
    assert len(asked(calm, client=ClientId("c1")).eligible) == 2


def test_consent_is_told_with_the_request_and_excludes_nobody() -> None:
    """A 15-year-old in New Jersey waits for a guardian's signature, whoever sees them."""
    where = facts(therapist("t1", age_from=12, licenses=(nj(),)), clients=(client("c1", birth_date=date(2011, 6, 1)),))
    found = asked(where, client=ClientId("c1"), state=State.NJ)
    assert "CONSENT_MINOR" in [one.code for one in found.verdicts]
    assert "t1" in [*eligible(found), *(one.therapist for one in found.excluded)]
    assert "CONSENT_MINOR" not in why(found)


def test_therapists_without_hours_are_offered_with_a_warning() -> None:
    """Nobody is excluded because their hours are not typed in yet; they come after those who have openings."""
    found = asked(facts(therapist("t1", hours=()), therapist("t2")))
    assert eligible(found) == ["t2", "t1"]
    assert [one.code for one in the(found, "t1").verdicts] == ["NO_HOURS"]
    assert "Licensed in PA until Feb 28, 2027" in [one.sentence for one in the(found, "t1").criteria]


def test_openings_outside_the_clients_times_are_offered_last_and_say_so() -> None:
    """The client can come in the evening, the therapist works until five."""
    evening = (Window(day=Weekday.TUE, start=time(17), end=time(21)),)
    where = facts(therapist("t1"), therapist("t2", hours=hours(start=12, end=20)))
    found = asked(where, windows=evening)
    assert eligible(found) == ["t2", "t1"]
    assert [one.code for one in the(found, "t1").verdicts] == ["OUTSIDE_WINDOWS"]
    assert all(at("2026-11-24 17:00") <= one.start for one in the(found, "t2").openings)


def test_points_follow_what_was_asked() -> None:
    """Specialty, level, payer, language, gender and the therapist asked for by name: all of them are worth more."""
    best = therapist(
        "t9", specialties=frozenset({"trauma"}), qualifications=emdr(Level.CERTIFIED), payers=frozenset({"aetna"}),
        languages=frozenset({"en", "es"}), gender="Woman",
    )  # fmt: skip
    poor = replace(
        best, id=TherapistId("t1"), specialties=frozenset(), qualifications=emdr(Level.TRAINED), gender="man"
    )
    found = asked(
        facts(poor, best), modality=Modality.EMDR, specialties=frozenset({"trauma"}), payer="aetna", language="es",
        gender="woman", therapist=TherapistId("t9"),
    )  # fmt: skip
    assert eligible(found) == ["t9", "t1"]
    top = the(found, "t9")
    assert {one.name for one in top.criteria} == {
        "license", "specialty", "level", "openings", "payer", "language", "continuity", "gender", "caseload",
    }  # fmt: skip
    assert all(0 <= one.points <= one.most for one in top.criteria)
    assert "In network: Aetna" in [one.sentence for one in top.criteria]
    assert top.points > the(found, "t1").points
    assert 0 <= the(found, "t1").points <= top.points <= 100


def test_among_equals_the_smaller_caseload_then_the_longer_wait_goes_first() -> None:
    """Three alike: one is busier, one took a new client last week."""
    alike = [therapist(key, caseload_elsewhere=load) for key, load in (("t1", 12), ("t2", 11), ("t3", 11))]
    lately = visit("v1", at("2026-11-17 10:00"), therapist=TherapistId("t2"))
    scale = [replace(fact, value=0) if fact.key == "matching.weight.caseload" else fact for fact in rulebook()]
    found = match(request(), facts(*alike, visits=(lately,)), Rulebook().with_facts(scale), NOW)
    assert len({one.points for one in found.eligible}) == 1
    assert eligible(found) == ["t3", "t2", "t1"]


def test_the_practice_changes_weights_by_data() -> None:
    """Its own entry counts, and a rulebook without weights is an error, not a guess."""
    own = Fact(
        key="matching.weight.gender",
        value=90,
        source="Practice",
        confidence=Confidence.LOW,
        verified_on=date(2026, 1, 1),
    )
    found = match(request(gender="woman"), facts(therapist("t1", gender="woman")), rulebook().with_facts([own]), NOW)
    assert next(one.most for one in found.eligible[0].criteria if one.name == "gender") == 90
    bare = [fact for fact in rulebook() if not fact.key.startswith("matching.")]
    with pytest.raises(UnknownRule):
        match(request(), facts(therapist("t1")), Rulebook().with_facts(bare), NOW)


def test_an_unknown_service_or_client_is_bad_input() -> None:
    """The field is named."""
    for more in ({"service": ServiceId("nothing")}, {"client": ClientId("nobody")}, {"site": SiteId("nowhere")}):
        with pytest.raises(BadInput):
            asked(facts(therapist("t1")), **more)


def test_times_and_caseloads_may_come_from_elsewhere() -> None:
    """The clinic file knows both better than the few records that are loaded for a match."""
    where = facts(therapist("t1", caseload_cap=3))
    full = match(request(), where, rulebook(), NOW, caseloads={TherapistId("t1"): 3})
    assert why(full) == ["CASELOAD_FULL"]
    busy = facts(
        therapist("t1"),
        visits=tuple(visit(f"v{n}", at("2026-11-23 09:00") + timedelta(days=n), 480) for n in range(70)),
    )
    assert why(match(request(), where, rulebook(), NOW, taken_from(busy))) == ["NO_OPENING"]


def test_nothing_in_the_past_is_offered() -> None:
    """A request that has waited since October is searched from now on."""
    found = asked(facts(therapist("t1", hours=hours(start=6))), from_day=date(2026, 10, 1))
    assert min(one.start for one in the(found, "t1").openings) >= NOW


# Random rosters, judged again by an oracle that shares nothing with the matching but the single rules.


def _random_request(dice: random.Random, where: Facts) -> Request:
    return Request(
        client=dice.choice((None, dice.choice(where.clients).id)),
        service=dice.choice((SESSION.id, EMDR.id)),
        modality=dice.choice((None, Modality.EMDR)),
        level=dice.choice((None, None, Level.TRAINED, Level.CERTIFIED)),
        formats=dice.choice((BY_VIDEO, IN_PERSON, BOTH_FORMATS)),
        site=dice.choice((None, None, where.sites[0].id)),
        state=dice.choice((State.PA, State.NJ, None)),
        from_day=date(2026, 11, 23) + timedelta(days=dice.randint(0, 20)),
        weeks=dice.randint(1, 6),
        payer=dice.choice(("", "aetna", "cigna")),
        language=dice.choice(("", "en", "es")),
        specialties=dice.choice((frozenset(), frozenset({"trauma", "faith"}))),
        windows=dice.choice(((), (Window(day=Weekday.TUE, start=time(14), end=time(19)),))),
    )


def _small(seed: int) -> Facts:
    return practice_of(6, seed=seed, weeks=4, per_week=8)


@pytest.mark.parametrize("seed", range(25))
def test_the_roster_is_whole_and_the_answer_always_the_same(seed: int) -> None:
    """Eligible and excluded make up the roster, each therapist once; the order of the file changes nothing."""
    dice, where = random.Random(seed), _small(seed)
    for _ in range(4):
        question = _random_request(dice, where)
        found = match(question, where, rulebook(), NOW)
        keys = [*eligible(found), *(one.therapist for one in found.excluded)]
        assert sorted(keys) == sorted(one.id for one in where.therapists)
        assert all(
            one.verdicts and refusing(one.verdicts) == tuple(sorted(one.verdicts, key=lambda v: -v.outcome.rank))
            for one in found.excluded
        )
        shuffled = replace(where, therapists=tuple(dice.sample(where.therapists, len(where.therapists))))
        again = match(question, shuffled, rulebook(), NOW)
        assert again.eligible == found.eligible
        assert set(eligible(again)) == set(eligible(found))


@pytest.mark.parametrize("seed", range(25))
def test_eligible_therapists_break_no_hard_rule_and_excluded_ones_break_some(seed: int) -> None:
    """Every opening is judged again on its own day; nobody is excluded who could be seen on some day."""
    dice, where = random.Random(1000 + seed), _small(seed)
    for _ in range(4):
        question = _random_request(dice, where)
        found = match(question, where, rulebook(), NOW)
        for one in found.eligible:
            person = where.therapist(one.therapist)
            assert one.openings
            assert all(_may_see(person, question, where, slot.start, slot.format) for slot in one.openings)
        for exclusion in found.excluded:
            if "NO_OPENING" not in [one.code for one in exclusion.verdicts]:
                assert not _could_see(where.therapist(exclusion.therapist), question, where, exclusion.verdicts[0].code)


@pytest.mark.parametrize("seed", range(15))
def test_every_offered_opening_can_be_booked(seed: int) -> None:
    """The judge of visits, who looks at every rule, refuses none of the openings that a match offers."""
    dice, where = random.Random(2000 + seed), _small(seed)
    for _ in range(4):
        question = replace(_random_request(dice, where), client=dice.choice(where.clients).id)
        for slot in (slot for one in match(question, where, rulebook(), NOW).eligible for slot in one.openings):
            assert question.client is not None
            visit_there = Proposal(
                service=question.service,
                therapist=slot.therapist,
                seats=(Seat(client=question.client, expected_state=question.state),),
                format=slot.format,
                site=slot.site,
                room=slot.room,
                start=slot.start,
            )
            assert refusing(check(visit_there, where, rulebook(), NOW)) == ()


def _may_see(person: Therapist, question: Request, where: Facts, start: datetime, format: Format) -> bool:
    state = State.PA if format is Format.IN_PERSON else question.state
    verdicts = judge_licensure(
        person, state=state, format=format, start=start, end=start + timedelta(minutes=50), facts=where,
        rules=rulebook(), now=NOW,
    )  # fmt: skip
    return not refusing(verdicts) and _is_open(person, question, where, local_date(start))


def _is_open(person: Therapist, question: Request, where: Facts, day: date) -> bool:
    who: Client | None = None if question.client is None else where.client(question.client)
    own = who is not None and who.therapist == person.id
    load = sum(one.therapist == person.id for one in where.clients)
    payer = question.payer or (who.coverage.payer if who else "")
    held = {one.modality: one.level for one in person.qualifications}.get(Modality.EMDR, Level.NONE)
    wanted = question.service == EMDR.id or question.modality is Modality.EMDR
    least = max((Level.TRAINED, question.level or Level.NONE), key=lambda level: level.rank)
    return (
        (own or person.accepting)
        and (own or person.caseload_cap is None or load < person.caseload_cap)
        and (not payer or payer in person.payers)
        and (not (question.language or (who and "en")) or (question.language or "en") in person.languages)
        and (who is None or person.age_from <= age_on(who.birth_date, day))
        and (not wanted or held.rank >= least.rank)
    )


def _could_see(person: Therapist, question: Request, where: Facts, code: str) -> bool:
    """Whether some day and format of the search passes every rule but the calendar; sites and hours aside."""
    del code
    formats = sorted(question.formats)
    sites = {one.site for one in person.hours if one.site is not None}
    if (question.site is not None and question.site not in sites) or not sites:
        formats = [one for one in formats if one is Format.TELEHEALTH]
    works = {one.window.day.number for one in person.hours}
    return any(
        _may_see(person, question, where, at(f"{day.isoformat()} 12:00"), format)
        for day in (question.from_day + timedelta(days=number) for number in range(question.weeks * 7))
        if day.weekday() in works
        for format in formats
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 40), st.sampled_from(("LPC", "LCSW", "LMFT", "PSY")), st.sampled_from((State.PA, State.NJ)))
def test_another_license_never_removes_a_match(seed: int, title: str, state: State) -> None:
    """Whoever was eligible stays so with one more valid license."""
    dice, where = random.Random(seed), _small(seed % 5)
    question = _random_request(dice, where)
    before = match(question, where, rulebook(), NOW)
    more = License(state=state, title=title, expires=date(2029, 12, 31), verified_on=date(2026, 11, 1))
    richer = replace(where, therapists=tuple(replace(one, licenses=(*one.licenses, more)) for one in where.therapists))
    after = match(question, richer, rulebook(), NOW)
    assert set(eligible(before)) <= set(eligible(after))


def test_out_of_network_counts_for_less() -> None:
    """The client pays and claims; who is in network is better."""
    mine = client("c1", coverage=Coverage(kind=PaymentKind.OUT_OF_NETWORK, payer="aetna"))
    where = facts(therapist("t1"), therapist("t2", payers=frozenset({"aetna"})), clients=(mine,))
    found = asked(where, client=ClientId("c1"))
    assert eligible(found) == ["t2", "t1"]
    assert "Out of network: Aetna" in [one.sentence for one in the(found, "t1").criteria]


def test_a_client_seen_before_comes_back_to_the_same_therapist() -> None:
    """Continuity, without having been asked for."""
    seats = (Seat(client=ClientId("c1"), expected_state=State.PA),)
    past = visit("v1", datetime(2026, 3, 3, 15, tzinfo=UTC), therapist=TherapistId("t2"), seats=seats)
    found = asked(
        facts(therapist("t1"), therapist("t2"), clients=(client("c1"),), visits=(past,)), client=ClientId("c1")
    )
    assert eligible(found) == ["t2", "t1"]

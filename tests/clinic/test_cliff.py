"""The license cliff and the re-check of planned visits, against the rules asked one visit at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from desktop.clinic.clients import Consent, ConsentKind, Relation, RelationKind
from desktop.clinic.cliff import Expiry, Held, cliff, recheck
from desktop.clinic.consent import judge_consent
from desktop.clinic.facts import Facts
from desktop.clinic.licensure import judge_licensure
from desktop.clinic.matching import match
from desktop.clinic.moments import local_date
from desktop.clinic.people import ClientId, TherapistId
from desktop.clinic.practice import SiteId
from desktop.clinic.qualification import judge_qualification
from desktop.clinic.requests import Request
from desktop.clinic.rulebook import Confidence, Fact
from desktop.clinic.services import Level, Modality, ServiceId, ServiceKind
from desktop.clinic.therapists import Authority, AuthorityKind, LicenseStatus, Qualification
from desktop.clinic.verdict import Outcome, Verdict, refusing
from desktop.clinic.visits import Override, Seat, Visit, VisitId, VisitStatus
from desktop.office.rules import shipped_rules
from tests.clinic.house import (
    COURSE,
    IN_PERSON,
    KAP_CLIENT,
    NJ,
    NOW,
    PA,
    T1,
    T2,
    T3,
    T4,
    T5,
    VIDEO,
    House,
    client,
    held,
    moment,
    service,
    supervised,
    therapist,
    visit,
)

RULES = shipped_rules()


def codes(house: House) -> set[tuple[str, str]]:
    """Visit and code of each finding."""
    found = recheck(house.visits, house.facts, house.rules, house.now)
    return {(one.visit, one.verdict.code) for one in found}


def plainly(one: Visit, facts: Facts) -> set[str]:
    """The codes that stop a visit by the license, qualification and consent rules, each asked for it alone."""
    kind = facts.service(one.service)
    found: list[Verdict] = []
    for seat in one.seats:
        where = facts.site(one.site).state if one.format is IN_PERSON and one.site else seat.expected_state
        for key in (one.therapist, *one.co_leaders):
            found += judge_licensure(
                facts.therapist(key),
                state=where,
                format=one.format,
                start=one.start,
                end=one.end,
                facts=facts,
                rules=RULES,
                now=NOW,
                seat_state=one.seat_state,
                service=kind,
            )
        found += judge_consent(
            facts.client(seat.client),
            state=where,
            day=local_date(one.start),
            service=kind,
            format=one.format,
            rules=RULES,
            facts=facts,
        )
    found += judge_qualification(
        facts.therapist(one.therapist),
        modality=kind.modality,
        level=kind.level,
        scope=kind.scope,
        day=local_date(one.start),
        facts=facts,
        rules=RULES,
    )
    return {verdict.code for verdict in refusing(found)}


def test_kept_answers_equal_answers_asked_visit_by_visit(demo: Facts) -> None:
    """Over the demo practice's planned year, and again with every therapist's licenses cut short and minors among them."""
    shortened = tuple(
        replace(one, licenses=tuple(replace(each, expires=date(2027, 1, 20)) for each in one.licenses[:1]))
        for one in demo.therapists
    )
    for facts in (demo, replace(demo, therapists=shortened)):
        found: dict[str, set[str]] = {}
        for one in recheck(facts.visits, facts, RULES, NOW):
            if not one.verdict.code.startswith(("KAP_", "CONFLICT")):
                found.setdefault(one.visit, set()).add(one.verdict.code)
        planned = [one for one in facts.visits if one.start > NOW and one.status is VisitStatus.SCHEDULED]
        for visit_ in planned[::7]:
            assert found.get(visit_.id, set()) == plainly(visit_, facts), visit_.start


def test_only_planned_visits_are_judged() -> None:
    """Past, canceled and completed ones are left alone; a tentative one is not."""
    late = visit("late", "therapy", "t1", "2027-03-01 10:00")
    house = House(
        visits=(
            late,
            replace(late, id=VisitId("hold"), status=VisitStatus.HOLD),
            replace(late, id=VisitId("canceled"), status=VisitStatus.CANCELED),
            replace(late, id=VisitId("done"), status=VisitStatus.COMPLETED),
            visit("past", "therapy", "t1", "2026-11-20 10:00", seats=(Seat(client=ClientId("c1"), expected_state=NJ),)),
            visit("fine", "therapy", "t1", "2027-02-28 22:00"),
        )
    )
    assert codes(house) == {("late", "LIC_EXPIRED_AT_SESSION"), ("hold", "LIC_EXPIRED_AT_SESSION")}


def test_the_sentence_is_of_the_visits_own_day() -> None:
    """Though the answer is kept for all days of the stretch."""
    alone = replace(T5, supervisions=())
    visits = tuple(visit(f"v{day}", "therapy", "t5", f"2026-12-0{day} 10:00") for day in (2, 3))
    house = House(visits=visits).having(alone)
    sentences = [one.verdict.sentence for one in recheck(house.visits, house.facts, house.rules, NOW)]
    assert "Dec 2, 2026" in sentences[0]
    assert "Dec 3, 2026" in sentences[1]


def test_a_hold_that_was_signed_off_is_no_finding_but_a_block_is() -> None:
    """The override names the code; a block cannot be overridden."""
    seats = (Seat(client=ClientId("c1"), expected_state=PA),)
    under = replace(T1, licenses=(replace(T1.licenses[0], status=LicenseStatus.PROBATION),))
    signed = Override(code="LIC_PROBATION", by="dir", at=NOW, reason="agreed")
    one = visit("v", "therapy", "t1", "2026-12-02 10:00", seats=seats)
    assert codes(House(visits=(one,)).having(under)) == {("v", "LIC_PROBATION")}
    assert codes(House(visits=(replace(one, overrides=(signed,)),)).having(under)) == set()
    gone = replace(T1, licenses=(replace(T1.licenses[0], status=LicenseStatus.SUSPENDED),))
    blocked = replace(one, overrides=(replace(signed, code="LIC_SUSPENDED"),))
    assert codes(House(visits=(blocked,)).having(gone)) == {("v", "LIC_SUSPENDED")}


def test_consent_taken_back_and_birthdays_count_on_the_visits_day() -> None:
    """A minor without a guardian's consent until the fourteenth birthday in Pennsylvania; an adult's revocation."""
    child = client("c1", "2012-12-10")
    revoked = client(
        "c2", consents=(Consent(kind=ConsentKind.TREATMENT, signed_on=date(2026, 1, 1), revoked_on=date(2026, 12, 5)),)
    )
    seat = (Seat(client=ClientId("c2"), expected_state=PA),)
    house = House(
        clients=(child, revoked),
        visits=(
            visit("before", "therapy", "t1", "2026-12-09 10:00"),
            visit("after", "therapy", "t1", "2026-12-10 10:00"),
            visit("still", "therapy", "t1", "2026-12-04 10:00", seats=seat),
            visit("revoked", "therapy", "t1", "2026-12-05 10:00", seats=seat),
        ),
    )
    assert codes(house) == {("before", "CONSENT_MINOR"), ("revoked", "CONSENT_REVOKED")}


def test_groups_name_the_seat() -> None:
    """Only the client in the uncovered state; the key tells two seats apart."""
    seats = tuple(
        Seat(client=ClientId(key), expected_state=state) for key, state in (("c1", PA), ("c2", NJ), ("c3", NJ))
    )
    house = House(
        clients=(client("c1"), client("c2"), client("c3")),
        visits=(visit("g", "group", "t1", "2026-12-02 10:00", seats=seats),),
    )
    found = recheck(house.visits, house.facts, house.rules, NOW)
    assert [one.client for one in found] == ["c2", "c3"]
    assert len({one.key for one in found}) == 2


def test_a_relation_on_either_record_is_a_conflict() -> None:
    """Two who are close with one therapist."""
    ex = client("c2", relations=(Relation(client=ClientId("c1"), kind=RelationKind.EX_PARTNER),))
    seat = (Seat(client=ClientId("c2"), expected_state=PA),)
    visits = (
        visit("a", "therapy", "t1", "2026-12-02 10:00"),
        visit("b", "therapy", "t1", "2026-12-03 10:00", seats=seat),
        visit("c", "therapy", "t6", "2026-12-03 10:00"),
    )
    house = House(clients=(client("c1"), ex), visits=visits)
    assert codes(house) == {("a", "CONFLICT"), ("b", "CONFLICT")}


def test_the_gates_of_kap_are_asked_again_unless_the_dosing_is_tentative() -> None:
    """A clearance on hold stops a booked dosing; a tentative one waits for its gates anyhow."""
    dosing = visit(
        "d", "kap_dosing", "k1", "2026-12-08 10:00", format=IN_PERSON, site=SiteId("bm"), minutes=180, overrides=()
    )
    on_hold = replace(COURSE, clearances=(replace(COURSE.clearances[0], on_hold=True),))
    house = House(clients=(KAP_CLIENT,), visits=(dosing,), pathways=(on_hold,))
    found = {code for _visit, code in codes(house)}
    assert {"KAP_NO_PREP", "KAP_NO_ESCORT"} < found
    assert any("CLEAR" in code for code in found)
    assert codes(replace(house, visits=(replace(dosing, status=VisitStatus.HOLD),))) == set()


def test_days_under_a_tap_are_counted_day_by_day() -> None:
    """The thirty-first day of the year in New Jersey is refused, whatever stretch it lies in."""
    site = SiteId("chy")
    used = frozenset(date(2026, 1, 1) + timedelta(days=number) for number in range(29))
    away = replace(T3, authorities=(replace(T3.authorities[1], days_used=used),))
    one = visit("a", "therapy", "t3", "2026-12-02 10:00", format=IN_PERSON, site=site)
    two = visit("b", "therapy", "t3", "2026-12-03 10:00", format=IN_PERSON, site=site)
    assert codes(House(visits=(one,)).having(away)) == set()
    assert codes(House(visits=(one, two)).having(away)) == {("a", "TAP_DAYS"), ("b", "TAP_DAYS")}


LIVE = tuple(
    Fact(
        key=f"compact.counseling.{state}",
        value={"member_from": date(2024, 1, 16), "issuing_from": date(2026, 12, 7)},
        source="the practice",
        confidence=Confidence.HIGH,
        verified_on=date(2026, 11, 23),
    )
    for state in ("PA", "NJ")
)
PRIVILEGE = Authority(kind=AuthorityKind.PRIVILEGE, home_state=PA, state=NJ, number="CP-1", expires=date(2027, 2, 28))


def test_a_compact_that_goes_live_is_a_turning_day() -> None:
    """Refused before, allowed from the day on; in the re-check and in the match alike."""
    seats = (Seat(client=ClientId("c1"), expected_state=NJ),)
    visits = tuple(visit(f"v{day}", "therapy", "t1", f"2026-12-0{day} 10:00", seats=seats) for day in (4, 6, 7, 8))
    house = House(visits=visits, entries=LIVE).having(replace(T1, authorities=(PRIVILEGE,)))
    assert codes(house) == {("v4", "COMPACT_NOT_OPERATIONAL"), ("v6", "COMPACT_NOT_OPERATIONAL")}
    request = Request(
        service=ServiceId("therapy"), state=NJ, formats=frozenset({VIDEO}), from_day=date(2026, 11, 24), weeks=3
    )
    roster = replace(house.facts, therapists=(replace(T1, authorities=(PRIVILEGE,)),))
    found = match(request, roster, house.rules, NOW)
    assert [local_date(one.start) for one in found.eligible[0].openings][:1] == [date(2026, 12, 7)]


def only(found: tuple[Expiry, ...]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Whom each end strands, by therapist and what ends, where it strands anybody."""
    return {(one.therapist, one.what): one.stranded for one in found if one.stranded}


def test_every_end_by_date_without_what_was_renewed_or_given_up() -> None:
    """Licenses, authorities, supervision and certificates in one list."""
    renewed = held(PA, "LPC", "2029-02-28", effective=date(2027, 3, 1))
    one = therapist(
        "one",
        held(PA, "LPC", "2027-02-28"),
        renewed,
        held(NJ, "LPC", "2026-11-20"),
        held(NJ, "LCADC", "2026-01-31", status=LicenseStatus.RETIRED),
        authorities=(PRIVILEGE,),
        supervisions=(supervised("t2", NJ, ends=date(2026, 12, 31)),),
        qualifications=(
            Qualification(modality=Modality.EMDR, level=Level.CERTIFIED, valid_until=date(2027, 6, 30)),
            Qualification(modality=Modality.CBT, level=Level.TRAINED),
        ),
    )
    gone = replace(one, id=TherapistId("gone"), retired=True)
    found = cliff(House(staff=(one, gone, T2)).facts, RULES, NOW)
    assert [(item.therapist, item.held, item.on, item.days) for item in found] == [
        ("one", Held.LICENSE, date(2026, 11, 20), -3),
        ("t2", Held.LICENSE, date(2026, 11, 30), 7),
        ("one", Held.SUPERVISION, date(2026, 12, 31), 38),
        ("one", Held.AUTHORITY, date(2027, 2, 28), 97),
        ("t2", Held.LICENSE, date(2027, 2, 28), 97),
        ("one", Held.CERTIFICATION, date(2027, 6, 30), 219),
        ("one", Held.LICENSE, date(2029, 2, 28), 828),
    ]
    assert found[0].what == "NJ LPC LPC-1"
    assert found[2].what == "supervision for NJ by Test T2"


def test_an_end_strands_the_visits_after_its_day_and_no_others() -> None:
    """Of that state alone; the last day itself still counts."""
    across = (Seat(client=ClientId("c1"), expected_state=NJ),)
    house = House(
        visits=(
            visit("last", "therapy", "t2", "2026-11-30 22:00", seats=across),
            visit("first", "therapy", "t2", "2026-12-01 09:00", seats=across),
            visit("home", "therapy", "t2", "2026-12-01 11:00"),
            visit("march", "therapy", "t2", "2027-03-01 11:00"),
        )
    )
    found = only(cliff(house.facts, RULES, NOW))
    assert found == {("t2", "NJ LPC LPC-1"): ("first",), ("t2", "PA LPC LPC-1"): ("march",)}


def test_a_supervisors_license_strands_the_supervisees_visits() -> None:
    """Even where the supervisee's own license ends on the same day: renewing only one of them would not do."""
    across = (Seat(client=ClientId("c1"), expected_state=NJ),)
    house = House(visits=(visit("v", "therapy", "t5", "2026-12-10 10:00", seats=across),))
    assert only(cliff(house.facts, RULES, NOW)) == {("t2", "NJ LPC LPC-1"): ("v",), ("t5", "NJ LAC LAC-1"): ("v",)}
    renewed = replace(T5, licenses=(held(NJ, "LAC", "2028-11-30"), T5.licenses[1]))
    assert only(cliff(house.having(renewed).facts, RULES, NOW)) == {("t2", "NJ LPC LPC-1"): ("v",)}


def test_a_home_license_strands_what_rests_on_it() -> None:
    """A psychologist's APIT needs the Pennsylvania license: both ends are named."""
    across = (Seat(client=ClientId("c1"), expected_state=NJ),)
    short = replace(T3, licenses=(held(PA, "PSY", "2026-12-01"),))
    house = House(visits=(visit("v", "therapy", "t3", "2026-12-10 10:00", seats=across),)).having(short)
    assert only(cliff(house.facts, RULES, NOW)) == {("t3", "PA PSY PSY-1"): ("v",)}


def test_a_second_license_keeps_visits_from_being_stranded_until_both_end() -> None:
    """Two titles in one state: the first end strands nobody, the second does."""
    two = replace(T1, licenses=(held(PA, "LPC", "2026-12-01"), held(PA, "LMFT", "2027-02-28")))
    visits = (visit("dec", "therapy", "t1", "2026-12-10 10:00"), visit("march", "therapy", "t1", "2027-03-10 10:00"))
    found = only(cliff(House(visits=visits).having(two).facts, RULES, NOW))
    assert found == {("t1", "PA LPC LPC-1"): ("march",), ("t1", "PA LMFT LMFT-1"): ("march",)}


def test_a_lapsed_certificate_strands_only_what_asks_for_it() -> None:
    """Certified falls to trained, which is enough for the one service and not for the other."""
    services = (
        service("emdr", ServiceKind.INDIVIDUAL, modality=Modality.EMDR, level=Level.TRAINED),
        service("emdr_certified", ServiceKind.INDIVIDUAL, modality=Modality.EMDR, level=Level.CERTIFIED),
    )
    able = replace(
        T4,
        qualifications=(Qualification(modality=Modality.EMDR, level=Level.CERTIFIED, valid_until=date(2026, 12, 1)),),
    )
    visits = (visit("a", "emdr", "t4", "2026-12-10 10:00"), visit("b", "emdr_certified", "t4", "2026-12-10 12:00"))
    house = House(visits=visits, services=services).having(able)
    assert only(cliff(house.facts, RULES, NOW)) == {("t4", "EMDR, certified"): ("b",)}


def test_no_end_is_blamed_for_what_discipline_forbids() -> None:
    """A suspended license refuses whatever the dates say."""
    gone = replace(
        T1, licenses=(replace(T1.licenses[0], status=LicenseStatus.SUSPENDED), held(NJ, "LPC", "2026-12-01"))
    )
    house = House(visits=(visit("v", "therapy", "t1", "2026-12-10 10:00"),)).having(gone)
    assert only(cliff(house.facts, RULES, NOW)) == {}
    assert codes(house) == {("v", "LIC_SUSPENDED")}


def test_a_naive_now_is_refused() -> None:
    """The rules never guess a time zone."""
    with pytest.raises(Exception, match="UTC offset"):
        recheck((), House().facts, RULES, moment("2026-11-23 10:00").replace(tzinfo=None))


def test_every_finding_stops_a_visit(demo: Facts) -> None:
    """Warnings are none of its business."""
    assert {one.verdict.outcome for one in recheck(demo.visits, demo, RULES, NOW)} <= {Outcome.HOLD, Outcome.BLOCK}

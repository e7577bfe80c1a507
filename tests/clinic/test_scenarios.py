"""The practice's own cases, each through the one check that booking uses, with its expected outcome and reason code."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from desktop.clinic.clients import (
    Client,
    Consent,
    Coverage,
    Custody,
    Guardian,
    PaymentKind,
    Relation,
    RelationKind,
    RiskScreen,
    Signer,
)
from desktop.clinic.duplicates import judge_duplicates
from desktop.clinic.pathway import Answer, Decision, ExamMode, Flag, Pressure, Reading
from desktop.clinic.people import Address, ClientId, Name, Phone, TherapistId
from desktop.clinic.practice import RoomId
from desktop.clinic.services import Level, Modality
from desktop.clinic.therapists import Authority, AuthorityKind, Qualification, Supervision
from desktop.clinic.verdict import Outcome, Verdict, worst
from desktop.clinic.visits import Escort, Seat
from tests.clinic.house import (
    CLEARED,
    COURSE,
    INTEGRATION,
    K2,
    KAP_HOUSE,
    NJ,
    NOW,
    PA,
    T2,
    T3,
    T5,
    House,
    ask_dosing,
    client,
    codes,
    day,
    held,
    moment,
    of,
    therapist,
    visit,
)

HOUSE = House()
LIVES_IN_NJ = Address(state=NJ)


def with_client(one: Client, *others: Client, **more: Any) -> House:
    """The practice with that client."""
    return replace(HOUSE, clients=(one, *others), **more)


def outcome(verdicts: tuple[Verdict, ...]) -> str:
    """The worst outcome."""
    return worst(verdicts).value


def test_1_a_new_jersey_resident_at_work_in_philadelphia() -> None:
    """The body's place decides; check-in asks for it again."""
    found = with_client(client(address=LIVES_IN_NJ)).ask("t1", "2026-12-01 15:00", PA)
    assert outcome(found) == "ALLOW"
    assert of(found, "LIC_OK").evidence["basis"] == "direct"
    assert of(found, "LIC_OK").evidence["state"] == "PA"
    assert of(found, "LOC_ATTEST").outcome is Outcome.ALLOW


def test_2_the_same_client_next_week_from_home() -> None:
    """No license there: blocked, with who may and where to meet instead."""
    found = with_client(client(address=LIVES_IN_NJ)).ask("t1", "2026-11-30 15:00", NJ)
    assert ("BLOCK", "LIC_NONE") in codes(found)
    none = of(found, "LIC_NONE")
    assert none.evidence["state"] == "NJ"
    assert {"t2", "t4"} & set(none.evidence["others"].split(", "))
    assert "bm" in none.evidence["sites"]


def test_5_a_license_that_expires_before_the_session() -> None:
    """Blocked until the renewal is recorded; the printed day itself still counts."""
    early = replace(HOUSE, now=moment("2026-11-10 09:00"))
    assert ("BLOCK", "LIC_EXPIRED_AT_SESSION") in codes(early.ask("t2", "2026-12-03 15:00", NJ))
    assert outcome(HOUSE.ask("t2", "2026-11-30 20:00", NJ)) == "ALLOW"
    renewed = held(NJ, "LPC", "2028-11-30", verified_on=day("2026-11-20"))
    assert (
        outcome(HOUSE.having(replace(T2, licenses=(renewed, T2.licenses[1]))).ask("t2", "2026-12-03 15:00", NJ))
        == "ALLOW"
    )
    added = replace(renewed, effective=day("2026-12-01"), verified_on=day("2026-12-01"))
    second = HOUSE.having(replace(T2, licenses=(*T2.licenses, added)))
    assert outcome(second.ask("t2", "2026-12-03 15:00", NJ)) == "ALLOW"


@pytest.mark.parametrize("effective", [None, "2026-12-01"])
def test_6_a_renewed_license_that_nobody_verified(effective: str | None) -> None:
    """A warning with seven days to look it up, whether the renewal says its first day or not."""
    renewed = held(NJ, "LPC", "2028-11-30", effective=None if effective is None else day(effective))
    found = HOUSE.having(replace(T2, licenses=(renewed, T2.licenses[1]))).ask("t2", "2026-12-03 15:00", NJ)
    assert outcome(found) == "WARN"
    assert "7 days" in of(found, "UNVERIFIED").sentence


def test_7_a_psychologist_at_the_desk_and_at_the_shore() -> None:
    """The APIT asks for a seat in the home state; sitting in New Jersey is a matter of its own."""
    at_desk = HOUSE.ask("t3", "2026-12-01 15:00", NJ, seat_state=PA)
    assert outcome(at_desk) == "ALLOW"
    assert of(at_desk, "LIC_OK").evidence["basis"] == "APIT"
    at_shore = HOUSE.ask("t3", "2026-12-01 15:00", NJ, seat_state=NJ)
    assert ("BLOCK", "PSYPACT_HOME_LOCATION") in codes(at_shore)
    client_in_pa = HOUSE.ask("t3", "2026-12-01 15:00", PA, seat_state=NJ)
    assert outcome(client_in_pa) == "HOLD"
    assert ("HOLD", "SEAT_STATE") in codes(client_in_pa)


def test_9_a_direct_license_stands_before_the_compact() -> None:
    """Once it lapses, a person reviews; the compact does not step in silently."""
    direct = HOUSE.having(replace(T3, licenses=(*T3.licenses, held(NJ, "PSY", "2027-06-30"))))
    found = direct.ask("t3", "2026-12-01 15:00", NJ)
    assert outcome(found) == "ALLOW"
    assert of(found, "LIC_OK").evidence["basis"] == "direct"
    assert codes(direct.ask("t3", "2027-02-02 15:00", NJ)) >= {("ALLOW", "LIC_OK")}
    lapsed = HOUSE.having(replace(T3, licenses=(*T3.licenses, held(NJ, "PSY", "2026-11-24"))))
    after = lapsed.ask("t3", "2026-12-01 15:00", NJ)
    assert outcome(after) == "HOLD"
    assert ("HOLD", "LIC_LAPSED_REVIEW") in codes(after)
    assert "LIC_OK" not in {one.code for one in after}


def test_11_a_compact_that_is_not_in_operation() -> None:
    """A multistate social work license opens no door yet."""
    compact = Authority(kind=AuthorityKind.MULTISTATE, home_state=NJ, number="MS-1", expires=day("2028-01-01"))
    one = therapist("x", held(NJ, "LCSW", "2028-08-31"), authorities=(compact,), seat_state=NJ)
    found = HOUSE.having(one).ask("x", "2026-12-01 15:00", PA)
    assert outcome(found) == "BLOCK"
    assert ("BLOCK", "COMPACT_NOT_OPERATIONAL") in codes(found)


def test_13_no_compact_for_family_therapists() -> None:
    """A Pennsylvania LMFT has nothing for New Jersey."""
    assert ("BLOCK", "LIC_NONE") in codes(HOUSE.ask("t6", "2026-12-01 15:00", NJ))


def test_14_the_supervisors_license_lapses() -> None:
    """The associate's own renewal does not help."""
    renewed = replace(T5, licenses=(held(NJ, "LAC", "2028-11-30", verified_on=day("2026-11-20")), T5.licenses[1]))
    house = HOUSE.having(renewed)
    assert outcome(house.ask("t5", "2026-11-30 15:00", NJ)) == "ALLOW"
    found = house.ask("t5", "2026-12-01 15:00", NJ)
    assert outcome(found) == "BLOCK"
    assert ("BLOCK", "SUP_LIC_INVALID") in codes(found)


def test_15_an_associate_with_a_filed_plan() -> None:
    """Allowed, and the evidence names the supervisor for the letter."""
    found = HOUSE.ask("t5", "2026-12-01 15:00", PA)
    assert outcome(found) == "ALLOW"
    assert of(found, "LIC_OK").evidence["basis"] == "supervised"
    assert of(found, "LIC_OK").evidence["supervisor"] == "t1"


def test_17_fifteen_in_pennsylvania_without_the_parents() -> None:
    """Consents alone; nothing goes to the parents."""
    found = with_client(client(born="2011-06-01", refuses_parent_contact=True)).ask("t1", "2026-12-01 15:00", PA)
    assert outcome(found) == "ALLOW"
    assert of(found, "CONSENT_OK").evidence["basis"] == "minor_self"
    insured = Coverage(kind=PaymentKind.IN_NETWORK, payer="sample")
    billed = with_client(client(born="2011-06-01", refuses_parent_contact=True, coverage=insured))
    assert ("WARN", "EOB") in codes(billed.ask("t1", "2026-12-01 15:00", PA))


def test_18_fifteen_and_sixteen_in_new_jersey() -> None:
    """A guardian signs for the one; the other consents alone, to outpatient talk only."""
    fifteen = client(born="2011-06-01")
    assert ("HOLD", "CONSENT_MINOR") in codes(with_client(fifteen).ask("t4", "2026-12-01 15:00", NJ))
    signed = replace(
        fifteen, consents=(Consent(by=Signer.GUARDIAN, signer="Test Parent", signed_on=day("2026-11-01")),)
    )
    assert outcome(with_client(signed).ask("t4", "2026-12-01 15:00", NJ)) == "ALLOW"
    sixteen = client(born="2010-06-01")
    found = with_client(sixteen).ask("t4", "2026-12-01 15:00", NJ)
    assert outcome(found) == "ALLOW"
    assert of(found, "CONSENT_OK").evidence["basis"] == "minor_self"
    assert ("BLOCK", "KAP_AGE") in codes(with_client(sixteen).ask("k1", "2026-12-01 15:00", NJ, service="kap_prep"))


def test_19_fifteen_from_new_jersey_in_bryn_mawr() -> None:
    """Pennsylvania's rule in the room with a warning; the video week from home waits for a guardian."""
    house = with_client(client(born="2011-06-01", address=LIVES_IN_NJ))
    found = house.ask("t4", "2026-12-01 15:00", site="bm")
    assert outcome(found) == "WARN"
    assert codes(found) >= {("ALLOW", "CONSENT_OK"), ("WARN", "CROSS_BORDER_MINOR")}
    assert ("HOLD", "CONSENT_MINOR") in codes(house.ask("t4", "2026-12-08 15:00", NJ))


def thirteen(*custody: Custody, signers: tuple[str, ...], **more: Any) -> Client:
    """A client of thirteen with guardians A, B, ... of these custodies and these signatures."""
    guardians = tuple(
        Guardian(name=Name(given=letter, family="Parent"), custody=one)
        for letter, one in zip("AB", custody, strict=False)
    )
    consents = tuple(
        Consent(by=Signer.GUARDIAN, signer=f"{one} Parent", signed_on=day("2026-11-01")) for one in signers
    )
    return client(born="2013-06-01", guardians=guardians, consents=consents, **{"custody_order": True, **more})


def test_21_custody_after_a_divorce() -> None:
    """Shared legal custody needs both signatures and the order; sole custody needs that one."""
    shared = (Custody.SHARED, Custody.SHARED)
    one = thirteen(*shared, signers=("A",), custody_order_on_file=True)
    assert ("HOLD", "CONSENT_CUSTODY") in codes(with_client(one).ask("t1", "2026-12-01 15:00"))
    both = thirteen(*shared, signers=("A", "B"), custody_order_on_file=True)
    assert outcome(with_client(both).ask("t1", "2026-12-01 15:00")) == "ALLOW"
    sole = thirteen(Custody.SOLE, Custody.NONE, signers=("A",), custody_order_on_file=True)
    assert outcome(with_client(sole).ask("t1", "2026-12-01 15:00")) == "ALLOW"
    unseen = thirteen(*shared, signers=("A", "B"))
    assert ("HOLD", "CONSENT_CUSTODY") in codes(with_client(unseen).ask("t1", "2026-12-01 15:00"))


def course(*flags: Flag, **more: Any) -> House:
    """The KAP practice whose client's course has these flags."""
    return replace(KAP_HOUSE, pathways=(replace(COURSE, flags=flags, **more),))


def test_23_blood_pressure_and_an_unsure_answer() -> None:
    """Blocked without a word on eligibility; bookable once cleared; no dosing when the day's pressure is too high."""
    heart = Flag(code="CARDIAC", answer=Answer.UNSURE, noted_on=day("2026-11-05"))
    high = Reading(on=day("2026-11-05"), pressure=Pressure(systolic=164, diastolic=102))
    found = ask_dosing(course(heart, readings=(high,), clearances=()))
    assert codes(found) >= {("BLOCK", "KAP_CONTRA_HOLD"), ("BLOCK", "KAP_NO_CLEARANCE")}
    assert not any("eligible" in one.sentence for one in found)
    decided = replace(heart, decision=Decision.CLEARED_WITH_LIMITS, decided_on=day("2026-11-10"))
    assert outcome(ask_dosing(course(decided, readings=(high,)))) == "ALLOW"
    today = Reading(on=day("2026-12-08"), pressure=Pressure(systolic=152, diastolic=96))
    assert ("BLOCK", "KAP_BP") in codes(ask_dosing(course(decided, readings=(high, today))))


def test_24_a_clearance_of_ninety_days() -> None:
    """An exam on August 20 counts through November 18."""
    house = course(clearances=(replace(CLEARED, exam_on=day("2026-08-20")),))
    found = ask_dosing(house, at="2026-11-24 10:00")
    assert ("BLOCK", "KAP_CLEARANCE_EXPIRED") in codes(found)
    assert of(found, "KAP_CLEARANCE_EXPIRED").evidence["valid_until"] == "2026-11-18"


def test_25_integration_within_three_days() -> None:
    """Five days later is too late, and a canceled one does not count."""
    late = visit("late", "kap_integration", "k1", "2026-12-13 15:00")
    house = replace(KAP_HOUSE, visits=(KAP_HOUSE.visits[0], late))
    found = ask_dosing(house)
    assert ("BLOCK", "KAP_NO_INTEGRATION") in codes(found)
    assert "72" in of(found, "KAP_NO_INTEGRATION").sentence
    assert outcome(ask_dosing()) == "ALLOW"


def in_training(house: House, *supervisions: Supervision) -> House:
    """The practice where K2 has these supervisions and did the preparation."""
    prepared = replace(house.visits[0], therapist=TherapistId("k2"))
    return replace(house, visits=(prepared, *house.visits[1:])).having(replace(K2, supervisions=supervisions))


NAMED = Supervision(supervisor=TherapistId("k1"), modality=Modality.KAP, starts=day("2026-01-01"), client_told=True)


def test_27_a_kap_therapist_in_training() -> None:
    """A supervisor is named for every visit, and sits in the room for the dosing."""
    assert ("BLOCK", "QUAL_SUP") in codes(ask_dosing(in_training(KAP_HOUSE), by="k2"))
    named = in_training(KAP_HOUSE, NAMED)
    alone = ask_dosing(named, by="k2")
    assert ("BLOCK", "KAP_TRAINING") in codes(alone)
    assert "QUAL_SUP" not in {one.code for one in alone}
    assert outcome(ask_dosing(named, by="k2", supervisor=TherapistId("k1"))) == "ALLOW"
    for service in ("kap_prep", "kap_integration"):
        assert outcome(named.ask("k2", "2026-12-15 15:00", PA, service=service)) == "ALLOW"


def test_29_escort_and_room() -> None:
    """A hired ride is no escort, and Philadelphia has no room for dosing."""
    hired = Escort(name="Uber", phone="+12155550102", pickup_attested=True)
    assert ("BLOCK", "KAP_NO_ESCORT") in codes(ask_dosing(escort=hired))
    for room in (None, RoomId("phl1")):
        assert ("BLOCK", "ROOM_KAP") in codes(ask_dosing(site="phl", room=room))


def test_30_a_history_of_substance_use() -> None:
    """Held for the prescriber, not rejected."""
    history = Flag(code="SUD_HX", answer=Answer.YES, noted_on=day("2026-11-05"))
    found = ask_dosing(course(history))
    assert outcome(found) == "HOLD"
    assert ("HOLD", "KAP_CONTRA_HOLD") in codes(found)


def test_31_a_video_exam_and_next_year() -> None:
    """The federal rule ends with the year, unless the rulebook says otherwise."""
    exam = replace(CLEARED, exam_mode=ExamMode.TELEHEALTH)
    later = replace(INTEGRATION, start=moment("2027-01-06 15:00"), end=moment("2027-01-06 16:00"))
    house = replace(course(clearances=(exam,)), visits=(KAP_HOUSE.visits[0], later))
    found = ask_dosing(house, at="2027-01-05 10:00")
    assert outcome(found) == "HOLD"
    assert ("HOLD", "RX_LAW_CHECK") in codes(found)
    rule = house.rules.fact("kap.telehealth_prescribing_until", NOW.date())
    extended = replace(house, entries=(replace(rule, value=day("2027-12-31")),))
    assert outcome(ask_dosing(extended, at="2027-01-05 10:00")) == "ALLOW"


def test_33_a_new_jersey_resident_in_a_group_at_bryn_mawr() -> None:
    """In person the site's state counts for everybody."""
    house = with_client(client(), client("c2", address=LIVES_IN_NJ))
    seats = tuple(Seat(client=ClientId(key)) for key in ("c1", "c2"))
    assert (
        outcome(house.ask("t1", "2026-12-01 15:00", site="bm", service="group", seats=seats, room=RoomId("bm1")))
        == "ALLOW"
    )


def test_38_plan_or_intent_now() -> None:
    """Everything stops until a clinician clears it."""
    screen = RiskScreen(taken_at=NOW, plan_or_intent_now=True)
    found = with_client(client(risk_screen=screen)).ask("t1", "2026-12-01 15:00")
    assert codes(found) == {("BLOCK", "CRISIS_STOP")}
    cleared = replace(screen, cleared_by=TherapistId("t4"), cleared_at=NOW + timedelta(hours=1))
    assert outcome(with_client(client(risk_screen=cleared)).ask("t1", "2026-12-01 15:00")) == "ALLOW"
    by_desk = replace(cleared, cleared_by=TherapistId("somebody"))
    assert ("BLOCK", "CRISIS_STOP") in codes(with_client(client(risk_screen=by_desk)).ask("t1", "2026-12-01 15:00"))


def test_39_what_coaching_may_not_touch() -> None:
    """Panic since an assault belongs into therapy; career goals in New Jersey carry a warning."""
    panic = client(concern="panic attacks since assault")
    assert ("BLOCK", "COACHING_SCOPE") in codes(with_client(panic).ask("coach", "2026-12-01 15:00", service="coaching"))
    tagged = client(concerns=frozenset({"trauma"}))
    assert ("BLOCK", "COACHING_SCOPE") in codes(
        with_client(tagged).ask("coach", "2026-12-01 15:00", service="coaching")
    )
    career = client(concern="career goals", address=LIVES_IN_NJ)
    for where in (NJ, None):
        found = with_client(career).ask("coach", "2026-12-01 15:00", where, service="coaching")
        assert outcome(found) == "WARN"
        assert ("WARN", "COACH_NJ") in codes(found)


def test_44_a_skills_group_is_not_comprehensive_dbt() -> None:
    """All four parts, or not that word."""
    skills = Qualification(modality=Modality.DBT, level=Level.TRAINED, scope=frozenset({"skills_group_leader"}))
    one = replace(HOUSE.staff[0], qualifications=(skills,))
    assert ("BLOCK", "QUAL_SCOPE") in codes(HOUSE.having(one).ask("t1", "2026-12-01 15:00", service="dbt"))
    whole = replace(
        skills, scope=frozenset({"individual_dbt", "skills_group_leader", "phone_coaching", "consult_team_member"})
    )
    full = HOUSE.having(replace(one, qualifications=(whole,)))
    assert outcome(full.ask("t1", "2026-12-01 15:00", service="dbt")) == "ALLOW"


@pytest.mark.parametrize("recorded_on", ["c1", "c2"])
def test_45_one_therapist_for_two_ex_partners(recorded_on: str) -> None:
    """Held, whichever record knows of the two, and nobody learns why."""
    first = client(relations=(Relation(client=ClientId("c2"), kind=RelationKind.EX_PARTNER),))
    second = client("c2", relations=(Relation(client=ClientId("c1"), kind=RelationKind.EX_PARTNER),))
    ours = first if recorded_on == "c1" else client()
    theirs = replace(second if recorded_on == "c2" else client("c2"), therapist=TherapistId("t1"))
    house = with_client(ours, theirs)
    found = house.ask("t1", "2026-12-01 15:00")
    assert outcome(found) == "HOLD"
    said = of(found, "CONFLICT")
    assert "partner" not in said.sentence
    assert "c2" not in {*said.evidence.values(), said.sentence}
    assert outcome(house.ask("t4", "2026-12-01 15:00")) == "ALLOW"


def test_46_the_same_client_twice() -> None:
    """Same birth date, a name that sounds alike, the same phone: somebody compares the two."""
    number = (Phone(number="+12155550111"),)
    one = Client(
        id=ClientId("a"), name=Name(given="Catherine", family="Smith"), birth_date=day("1990-05-01"), phones=number
    )
    two = replace(one, id=ClientId("b"), name=Name(given="Kathryn", family="Smyth"))
    (found,) = judge_duplicates(one, [one, two])
    assert (found.outcome, found.code, found.evidence["client"]) == (Outcome.WARN, "DUPLICATE", "b")
    assert not judge_duplicates(one, [replace(two, birth_date=day("1991-05-01"))])
    assert not judge_duplicates(one, [replace(two, phones=(Phone(number="+12155550999"),))])


def test_the_expected_place_is_asked_for() -> None:
    """Nobody books a video visit without saying where the client will be."""
    assert ("HOLD", "LOC_UNKNOWN") in codes(HOUSE.ask("t4", "2026-12-01 15:00", None))

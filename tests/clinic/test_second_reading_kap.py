"""KAP and coaching again in variations, read from the rules' text by somebody who has not looked at the program."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from desktop.clinic.clients import (
    Client,
    Consent,
    ConsentKind,
    RiskScreen,
)
from desktop.clinic.pathway import Answer, Decision, ExamMode, Flag
from desktop.clinic.people import ClientId, State, TherapistId
from desktop.clinic.practice import RoomId
from desktop.clinic.visits import Escort, Seat, VisitStatus
from tests.clinic.house import (
    CLEARED,
    COURSE,
    INTEGRATION,
    KAP_CLIENT,
    KAP_HOUSE,
    NJ,
    NOW,
    PA,
    PREP,
    House,
    ask_dosing,
    client,
    day,
    meets,
    moment,
    visit,
)

HOUSE = House()
DE = State.DE


# KAP: December 8, ten in the morning, three hours in the quiet room; one thing at a time is changed.


def flagged(code: str, answer: Answer = Answer.YES, **more: Any) -> House:
    """The course with one flag of early November."""
    flag = Flag(code=code, answer=answer, noted_on=day("2026-11-05"), **more)
    return replace(KAP_HOUSE, pathways=(replace(COURSE, flags=(flag,)),))


def cleared(**more: Any) -> House:
    """The course with another clearance."""
    return replace(KAP_HOUSE, pathways=(replace(COURSE, clearances=(replace(CLEARED, **more),)),))


def seen(**more: Any) -> House:
    """The same with another record of the client."""
    return replace(KAP_HOUSE, clients=(replace(KAP_CLIENT, **more),))


def integrated(at: str, **more: Any) -> House:
    """The same with the integration at another time."""
    start = moment(at)
    return replace(KAP_HOUSE, visits=(PREP, replace(INTEGRATION, start=start, end=start + timedelta(hours=1), **more)))


def dosed(*at: str) -> House:
    """The same after dosings at those times."""
    done = tuple(
        visit(f"d{number}", "kap_dosing", "k1", one, minutes=180, status=VisitStatus.COMPLETED)
        for number, one in enumerate(at)
    )
    return replace(KAP_HOUSE, visits=(*KAP_HOUSE.visits, *done))


def kap_consent(on: str) -> tuple[Consent, ...]:
    """The KAP consent signed on that day."""
    return (Consent(kind=ConsentKind.KAP, signed_on=day(on)),)


DOSING: list[tuple[str, House, dict[str, Any], str]] = [
    ("all in place", KAP_HOUSE, {}, "ALLOW"),
    ("eighteen that day", seen(birth_date=day("2008-12-08")), {}, "ALLOW"),
    ("eighteen the next day", seen(birth_date=day("2008-12-09")), {}, "BLOCK KAP_AGE"),
    ("clearance of ninety days, the last", cleared(exam_on=day("2026-09-09")), {}, "ALLOW"),
    ("clearance of ninety days, one later", cleared(exam_on=day("2026-09-08")), {}, "BLOCK KAP_CLEARANCE_EXPIRED"),
    ("the prescriber stated less", cleared(valid_until=day("2026-12-07")), {}, "BLOCK KAP_CLEARANCE_EXPIRED"),
    ("the prescriber stated more", cleared(exam_on=day("2026-08-01"), valid_until=day("2026-12-08")), {}, "ALLOW"),
    ("no clearance", replace(KAP_HOUSE, pathways=(replace(COURSE, clearances=()),)), {}, "BLOCK KAP_NO_CLEARANCE"),
    ("uncontrolled blood pressure", flagged("HTN_UNC"), {}, "BLOCK KAP_CONTRA_HOLD"),
    ("unsure of uncontrolled blood pressure", flagged("HTN_UNC", Answer.UNSURE), {}, "BLOCK KAP_CONTRA_HOLD"),
    ("no to it", flagged("HTN_UNC", Answer.NO), {}, "ALLOW"),
    ("psychosis", flagged("PSYCHOSIS"), {}, "BLOCK KAP_CONTRA_HOLD"),
    ("earlier misuse of ketamine", flagged("KET_MISUSE"), {}, "HOLD KAP_CONTRA_HOLD"),
    ("bladder symptoms", flagged("CYSTITIS"), {}, "HOLD KAP_CONTRA_HOLD"),
    ("substance use long ago, unsure", flagged("SUD_HX", Answer.UNSURE), {}, "HOLD KAP_CONTRA_HOLD"),
    ("decided since", flagged("SUD_HX", decision=Decision.CLEARED, decided_on=day("2026-11-10")), {}, "ALLOW"),
    ("decided before the flag", flagged("SUD_HX", decision=Decision.CLEARED, decided_on=day("2026-11-04")), {}, "HOLD KAP_CONTRA_HOLD"),
    ("KAP consent a year old", seen(consents=kap_consent("2025-12-07")), {}, "BLOCK KAP_NO_CONSENT"),
    ("another consent", seen(consents=(Consent(signed_on=day("2026-11-12")),)), {}, "BLOCK KAP_NO_CONSENT"),
    ("preparation only planned", replace(KAP_HOUSE, visits=(replace(PREP, status=VisitStatus.SCHEDULED), INTEGRATION)), {}, "BLOCK KAP_NO_PREP"),
    ("prepared by somebody else", replace(KAP_HOUSE, visits=(replace(PREP, therapist=TherapistId("t4")), INTEGRATION)), {}, "BLOCK KAP_NO_PREP"),
    ("integration at seventy-two hours", integrated("2026-12-11 13:00"), {}, "ALLOW"),
    ("integration a quarter hour later", integrated("2026-12-11 13:15"), {}, "BLOCK KAP_NO_INTEGRATION"),
    ("integration canceled", integrated("2026-12-09 15:00", status=VisitStatus.CANCELED), {}, "BLOCK KAP_NO_INTEGRATION"),
    ("integration before the dosing", integrated("2026-12-07 15:00"), {}, "BLOCK KAP_NO_INTEGRATION"),
    ("integration from where nobody is licensed", integrated("2026-12-09 15:00", seats=(Seat(client=ClientId("c1"), expected_state=DE),)), {}, "BLOCK KAP_NO_INTEGRATION"),
    ("a hired driver", KAP_HOUSE, {"escort": Escort(name="Lyft", phone="+12155550102", pickup_attested=True)}, "BLOCK KAP_NO_ESCORT"),
    ("an escort without a phone", KAP_HOUSE, {"escort": Escort(name="Pat Friend", pickup_attested=True)}, "BLOCK KAP_NO_ESCORT"),
    ("an escort who has not agreed", KAP_HOUSE, {"escort": Escort(name="Pat Friend", phone="+12155550101")}, "BLOCK KAP_NO_ESCORT"),
    ("nobody to call", seen(emergency_contact=None), {}, "BLOCK KAP_EMERG"),
    ("no prescription in hand", KAP_HOUSE, {"medication_attested": False}, "BLOCK KAP_MED"),
    ("a room without the tag", KAP_HOUSE, {"room": RoomId("bm1")}, "BLOCK ROOM_KAP"),
    ("at home by video", KAP_HOUSE, {"site": None, "room": None}, "BLOCK KAP_REMOTE"),
    ("six days after the last", dosed("2026-12-02 10:00"), {}, "BLOCK KAP_INTERVAL"),
    ("seven days after the last", dosed("2026-12-01 10:00"), {}, "ALLOW"),
    ("one more than authorized", replace(dosed("2026-11-25 10:00"), pathways=cleared(sessions=1).pathways), {}, "BLOCK KAP_MAX"),
    ("a therapist without training", KAP_HOUSE, {"by": "t4"}, "BLOCK KAP_TRAINING"),
]  # fmt: skip


@pytest.mark.parametrize(("house", "more", "wants"), [row[1:] for row in DOSING], ids=[row[0] for row in DOSING])
def test_dosing(house: House, more: dict[str, Any], wants: str) -> None:
    """Every gate at once has to be open."""
    meets(ask_dosing(house, **more), wants)


@pytest.mark.parametrize(("at", "wants"), [("2026-12-31 10:00", "ALLOW"), ("2027-01-02 10:00", "HOLD RX_LAW_CHECK")])
def test_a_video_exam_at_the_turn_of_the_year(at: str, wants: str) -> None:
    """The federal rule ends on December 31."""
    exam = cleared(exam_mode=ExamMode.TELEHEALTH)
    start = moment(at) + timedelta(days=1)
    later = replace(INTEGRATION, start=start, end=start + timedelta(hours=1))
    meets(ask_dosing(replace(exam, visits=(PREP, later)), at=at), wants)


# Coaching.

COACHING: list[tuple[str, Client, str, State | None, str]] = [
    ("career in Pennsylvania", client(concern="a new job", concerns=frozenset({"career"})), "coach", PA, "WARN -COACH_NJ -COACHING_SCOPE"),
    ("career in New Jersey", client(concern="a new job"), "coach", NJ, "WARN COACH_NJ"),
    ("career in Delaware", client(concern="a new job"), "coach", DE, "WARN -COACH_NJ"),
    ("a diagnosis", client(concerns=frozenset({"diagnosis"})), "coach", PA, "BLOCK COACHING_SCOPE"),
    ("eating", client(concerns=frozenset({"eating", "career"})), "coach", PA, "BLOCK COACHING_SCOPE"),
    ("substance use", client(concerns=frozenset({"substance_use"})), "coach", NJ, "BLOCK COACHING_SCOPE"),
    ("their own words", client(concern="Flashbacks since the accident"), "coach", PA, "BLOCK COACHING_SCOPE"),
    ("a yes in the risk screen", client(risk_screen=RiskScreen(taken_at=NOW, self_harm=True)), "coach", PA, "BLOCK COACHING_SCOPE"),
    ("the own therapist", client(therapist=TherapistId("t1")), "t1", PA, "HOLD DUAL_ROLE"),
    ("another therapist", client(therapist=TherapistId("t4")), "t1", PA, "WARN -DUAL_ROLE"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "by", "where", "wants"), [row[1:] for row in COACHING], ids=[row[0] for row in COACHING]
)
def test_coaching(who: Client, by: str, where: State | None, wants: str) -> None:
    """No health care; the agreement that nobody has signed yet warns in every case."""
    found = replace(HOUSE, clients=(who,)).ask(by, "2027-01-12 09:00", where, service="coaching")
    meets(found, wants)

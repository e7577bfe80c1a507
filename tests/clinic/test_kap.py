"""Every gate before a dosing closes by itself, and only by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from desktop.clinic.clients import Consent, ConsentKind, EmergencyContact, RiskScreen
from desktop.clinic.pathway import Answer, Clearance, Decision, Flag, Pathway, Pressure, Reading
from desktop.clinic.people import ClientId, TherapistId
from desktop.clinic.practice import RoomId
from desktop.clinic.verdict import Outcome, worst
from desktop.clinic.visits import Escort, Seat, VisitStatus
from tests.clinic.house import (
    CLEARED,
    COURSE,
    DOSING_DAY,
    ESCORT,
    INTEGRATION,
    KAP_CLIENT,
    KAP_HOUSE,
    NJ,
    NOW,
    PREP,
    T1,
    VIDEO,
    House,
    ask_dosing,
    client,
    codes,
    day,
    of,
    visit,
)


def with_client(**more: Any) -> House:
    """The practice whose KAP client is changed."""
    return replace(KAP_HOUSE, clients=(replace(KAP_CLIENT, **more),))


def with_course(**more: Any) -> House:
    """The practice whose course is changed."""
    return replace(KAP_HOUSE, pathways=(replace(COURSE, **more),))


def with_visits(*visits: Any) -> House:
    """The practice with these visits alone."""
    return replace(KAP_HOUSE, visits=visits)


def test_every_gate_open() -> None:
    """The fixture is bookable, so that each case below closes one gate."""
    found = ask_dosing()
    assert worst(found) is Outcome.ALLOW
    assert ("ALLOW", "KAP_OK") in codes(found)


CONSENT = Consent(kind=ConsentKind.KAP, signed_on=day("2025-12-07"))

HOUSES: list[tuple[str, str, Callable[[], House]]] = [
    ("1 age", "KAP_AGE", lambda: with_client(birth_date=date(2008, 12, 9))),
    ("2 no course", "KAP_NO_CLEARANCE", lambda: replace(KAP_HOUSE, pathways=())),
    ("2 ended course", "KAP_NO_CLEARANCE", lambda: with_course(ended_on=day("2026-12-07"))),
    ("2 no clearance", "KAP_NO_CLEARANCE", lambda: with_course(clearances=())),
    (
        "2 exam later",
        "KAP_NO_CLEARANCE",
        lambda: with_course(clearances=(replace(CLEARED, exam_on=day("2026-12-09")),)),
    ),
    ("2 no prescriber", "KAP_NO_CLEARANCE", lambda: with_course(clearances=(replace(CLEARED, prescriber=" "),))),
    ("2 on hold", "KAP_NO_CLEARANCE", lambda: with_course(clearances=(replace(CLEARED, on_hold=True),))),
    (
        "2 prescriber's own date",
        "KAP_CLEARANCE_EXPIRED",
        lambda: with_course(clearances=(replace(CLEARED, valid_until=day("2026-12-07")),)),
    ),
    ("4 none", "KAP_NO_CONSENT", lambda: with_client(consents=())),
    ("4 old", "KAP_NO_CONSENT", lambda: with_client(consents=(CONSENT,))),
    (
        "4 taken back",
        "KAP_NO_CONSENT",
        lambda: with_client(consents=(replace(CONSENT, signed_on=day("2026-11-12"), revoked_on=day("2026-12-08")),)),
    ),
    ("5 none", "KAP_NO_PREP", lambda: with_visits(INTEGRATION)),
    ("5 other therapist", "KAP_NO_PREP", lambda: with_visits(replace(PREP, therapist=TherapistId("t4")), INTEGRATION)),
    ("5 no-show", "KAP_NO_PREP", lambda: with_visits(replace(PREP, status=VisitStatus.NO_SHOW), INTEGRATION)),
    ("5 only booked", "KAP_NO_PREP", lambda: with_visits(replace(PREP, status=VisitStatus.CONFIRMED), INTEGRATION)),
    ("6 none", "KAP_NO_INTEGRATION", lambda: with_visits(PREP)),
    (
        "6 canceled",
        "KAP_NO_INTEGRATION",
        lambda: with_visits(PREP, replace(INTEGRATION, status=VisitStatus.CANCELED)),
    ),
    (
        "6 before",
        "KAP_NO_INTEGRATION",
        lambda: with_visits(PREP, visit("i", "kap_integration", "k1", "2026-12-07 10:00")),
    ),
    (
        "6 a minute late",
        "KAP_NO_INTEGRATION",
        lambda: with_visits(PREP, visit("i", "kap_integration", "k1", "2026-12-11 13:01")),
    ),
    (
        "6 not licensed there",
        "KAP_NO_INTEGRATION",
        lambda: with_visits(
            PREP, replace(INTEGRATION, therapist=T1.id, seats=(Seat(client=ClientId("c1"), expected_state=NJ),))
        ),
    ),
    ("11 contact", "KAP_EMERG", lambda: with_client(emergency_contact=None)),
    ("11 no number", "KAP_EMERG", lambda: with_client(emergency_contact=EmergencyContact(name="Pat", phone=" "))),
    ("11 on call", "KAP_EMERG", lambda: with_course(on_call="")),
    ("12 interval", "KAP_INTERVAL", lambda: with_visits(PREP, INTEGRATION, dosing("2026-12-02 10:00"))),
    ("12 interval after", "KAP_INTERVAL", lambda: with_visits(PREP, INTEGRATION, dosing("2026-12-14 10:00"))),
    (
        "12 count",
        "KAP_MAX",
        lambda: replace(
            with_visits(PREP, INTEGRATION, dosing("2026-11-24 10:00")),
            pathways=(replace(COURSE, clearances=(replace(CLEARED, sessions=1),)),),
        ),
    ),
]


def dosing(at: str) -> Any:
    """Another dosing of the same client."""
    return visit("d" + at[:10], "kap_dosing", "k1", at, minutes=180)


@pytest.mark.parametrize(("name", "code", "house"), HOUSES, ids=[one[0] for one in HOUSES])
def test_each_gate_closes(name: str, code: str, house: Callable[[], House]) -> None:
    """Blocked with that gate's code and number, and none of the open gates speaks."""
    found = ask_dosing(house())
    refused = {one.code for one in found if one.outcome is Outcome.BLOCK}
    allowed = {code, "KAP_EMERG"} if name == "2 no course" or name == "2 ended course" else {code}
    assert code in refused <= allowed
    assert of(found, code).evidence["gate"] == name.split()[0]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"escort": None}, "KAP_NO_ESCORT"),
        ({"escort": replace(ESCORT, phone="")}, "KAP_NO_ESCORT"),
        ({"escort": replace(ESCORT, pickup_attested=False)}, "KAP_NO_ESCORT"),
        ({"escort": Escort(name="a Lyft ride", phone="1", pickup_attested=True)}, "KAP_NO_ESCORT"),
        ({"medication_attested": False}, "KAP_MED"),
        ({"by": "t4"}, "KAP_TRAINING"),
        ({"room": RoomId("bm1")}, "ROOM_KAP"),
    ],
)
def test_gates_of_the_visit_itself(more: dict[str, Any], code: str) -> None:
    """Escort, medication, training and room."""
    assert ("BLOCK", code) in codes(ask_dosing(**more))


def test_an_escort_whose_name_only_begins_like_a_ride() -> None:
    """Mr. Uberti is a person."""
    assert worst(ask_dosing(escort=replace(ESCORT, name="Leo Uberti"))) is Outcome.ALLOW


def test_no_dosing_by_video_and_for_one_client_alone() -> None:
    """In the room, one client."""
    remote = KAP_HOUSE.ask("k1", f"{DOSING_DAY} 10:00", service="kap_dosing", format=VIDEO, minutes=180)
    assert ("BLOCK", "KAP_REMOTE") in codes(remote)
    house = replace(KAP_HOUSE, clients=(KAP_CLIENT, client("c2")))
    seats = (Seat(client=ClientId("c1")), Seat(client=ClientId("c2")))
    assert ("BLOCK", "KAP_ONE_CLIENT") in codes(ask_dosing(house, seats=seats))


FLAG = Flag(code="SUD_HX", answer=Answer.YES, noted_on=day("2026-11-15"))


@pytest.mark.parametrize(
    ("code", "unstable", "expected"),
    [
        ("HTN_UNC", False, "BLOCK"),
        ("CARDIAC", False, "HOLD"),
        ("CARDIAC", True, "BLOCK"),
        ("MANIA", False, "HOLD"),
        ("MANIA", True, "BLOCK"),
        ("PREG", False, "BLOCK"),
        ("SUD_HX", True, "HOLD"),
        ("LIVER", True, "BLOCK"),
        ("SEIZURE", False, "HOLD"),
        ("SOMETHING_NEW", False, "HOLD"),
        ("MEDS", False, "WARN"),
    ],
)
def test_classes_of_flags(code: str, unstable: bool, expected: str) -> None:
    """A blocks, R holds for the prescriber, I informs; a flag nobody knows is held."""
    found = ask_dosing(with_course(flags=(replace(FLAG, code=code, unstable=unstable),)))
    assert worst(found).value == expected
    assert ("KAP_INFORM" if expected == "WARN" else "KAP_CONTRA_HOLD") in {one.code for one in found}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"answer": Answer.UNSURE}, "HOLD"),
        ({"answer": Answer.NO}, "ALLOW"),
        ({"noted_on": date(2026, 12, 9)}, "ALLOW"),
        ({"decision": Decision.CLEARED, "decided_on": date(2026, 11, 15)}, "ALLOW"),
        ({"decision": Decision.CLEARED_WITH_LIMITS, "decided_on": date(2026, 11, 20)}, "ALLOW"),
        ({"decision": Decision.CLEARED, "decided_on": date(2026, 11, 14)}, "HOLD"),
        ({"decision": Decision.CLEARED, "decided_on": date(2026, 12, 9)}, "HOLD"),
        ({"decision": Decision.CLEARED}, "HOLD"),
        ({"decision": Decision.DEFERRED, "decided_on": date(2026, 11, 20)}, "HOLD"),
        ({"decision": Decision.DECLINED, "decided_on": date(2026, 11, 20)}, "BLOCK"),
    ],
)
def test_decisions_on_a_flag(change: dict[str, Any], expected: str) -> None:
    """Only a dated decision that is not older than the flag clears it."""
    assert worst(ask_dosing(with_course(flags=(replace(FLAG, **change),)))).value == expected


def test_a_risk_answer_is_a_flag() -> None:
    """Thoughts of suicide that no clinician has cleared block dosing."""
    found = ask_dosing(with_client(risk_screen=RiskScreen(taken_at=NOW, suicidal_thoughts=True)))
    assert "SI_ACUTE" in of(found, "KAP_CONTRA_HOLD").evidence["flags"]


def reading(on: str, systolic: int, diastolic: int = 80) -> Reading:
    """A blood pressure."""
    return Reading(on=day(on), pressure=Pressure(systolic=systolic, diastolic=diastolic))


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ((reading("2026-12-08", 140, 90),), ("ALLOW", "KAP_OK")),
        ((reading("2026-12-08", 141),), ("BLOCK", "KAP_BP")),
        ((reading("2026-12-08", 130, 91),), ("BLOCK", "KAP_BP")),
        ((reading("2026-12-01", 150),), ("HOLD", "KAP_BP")),
        ((reading("2026-12-01", 150), reading("2026-12-08", 130)), ("ALLOW", "KAP_OK")),
        ((reading("2026-12-01", 150), reading("2026-12-08", 150)), ("BLOCK", "KAP_CONTRA_HOLD")),
        ((reading("2026-11-10", 180),), ("ALLOW", "KAP_OK")),
        ((reading("2026-12-09", 180),), ("ALLOW", "KAP_OK")),
    ],
)
def test_blood_pressure(readings: tuple[Reading, ...], expected: tuple[str, str]) -> None:
    """The prescriber's limit on the day; what the prescriber saw at the exam is decided; twice too high, cleared anew."""
    found = ask_dosing(with_course(readings=readings))
    assert expected in codes(found)
    assert worst(found).value == expected[0]


def test_the_latest_clearance_governs() -> None:
    """A newer one on hold closes the gate that an older one opened."""
    newer = replace(CLEARED, exam_on=day("2026-12-01"), on_hold=True)
    assert ("BLOCK", "KAP_NO_CLEARANCE") in codes(ask_dosing(with_course(clearances=(newer, CLEARED))))


def test_defaults_where_the_prescriber_says_nothing() -> None:
    """Two dosings, three days apart."""
    open_clearance: Clearance = replace(CLEARED, sessions=None, interval_days=None, limit=None)
    house = with_course(clearances=(open_clearance,))
    first = replace(house, visits=(PREP, INTEGRATION, dosing("2026-12-05 10:00")))
    assert worst(ask_dosing(first)) is Outcome.ALLOW
    two = replace(house, visits=(*first.visits, dosing("2026-11-24 10:00")))
    assert ("BLOCK", "KAP_MAX") in codes(ask_dosing(two))


def test_the_room_stays_free_for_half_an_hour() -> None:
    """Even when the service asks for a shorter buffer."""
    after = visit(
        "v",
        "therapy",
        "t1",
        f"{DOSING_DAY} 13:20",
        format=INTEGRATION.format.IN_PERSON,
        site="bm",
        room=RoomId("bmk"),
        who="c2",
    )
    house = replace(KAP_HOUSE, visits=(PREP, INTEGRATION, after), clients=(KAP_CLIENT, client("c2")))
    assert ("BLOCK", "ROOM_CONFLICT") in codes(ask_dosing(house))
    later = replace(
        house,
        visits=(
            PREP,
            INTEGRATION,
            visit(
                "v",
                "therapy",
                "t1",
                f"{DOSING_DAY} 13:30",
                format=INTEGRATION.format.IN_PERSON,
                site="bm",
                room=RoomId("bmk"),
                who="c2",
            ),
        ),
    )
    assert worst(ask_dosing(later)) is Outcome.ALLOW


def test_another_clients_course_is_not_this_ones() -> None:
    """Nor is a pathway of another kind."""
    other = Pathway(id=COURSE.id, client=ClientId("c2"), clearances=(CLEARED,), on_call="1")
    assert ("BLOCK", "KAP_NO_CLEARANCE") in codes(ask_dosing(replace(KAP_HOUSE, pathways=(other,))))

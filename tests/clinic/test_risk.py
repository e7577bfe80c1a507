"""The risk screen, the crisis card, conflicts of interest, coaching and duplicates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from desktop.clinic.clients import Client, ClientStatus, Consent, ConsentKind, Relation, RelationKind, RiskScreen
from desktop.clinic.duplicates import judge_duplicates, sound
from desktop.clinic.facts import Facts
from desktop.clinic.people import ClientId, Name, Phone, TherapistId
from desktop.clinic.risk import crisis_card, judge_risk
from desktop.clinic.verdict import Outcome, worst
from desktop.clinic.visits import Override, Seat, VisitStatus
from desktop.office.rules import shipped_rules
from tests.clinic.house import NJ, NOW, PA, STAFF, T1, House, client, codes, day, moment, therapist, visit

TODAY = NOW.date()
AT = "2026-12-01 15:00"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("plan_or_intent_now", ("BLOCK", "CRISIS_STOP")),
        ("overdose_or_withdrawal_now", ("BLOCK", "CRISIS_STOP")),
        ("harm_others_imminent", ("BLOCK", "CRISIS_STOP")),
        ("unsafe_now", ("BLOCK", "CRISIS_STOP")),
        ("suicidal_thoughts", ("HOLD", "RISK_REVIEW")),
        ("self_harm", ("HOLD", "RISK_REVIEW")),
        ("harm_others", ("HOLD", "RISK_REVIEW")),
        ("unsafe_home", ("HOLD", "RISK_REVIEW")),
        ("psychosis_or_sleepless", ("HOLD", "RISK_REVIEW")),
    ],
)
def test_every_question_of_the_screen(question: str, expected: tuple[str, str]) -> None:
    """Danger now stops everything; the rest waits for a clinician's call."""
    answers: dict[str, Any] = {question: True}
    one = client(risk_screen=RiskScreen(taken_at=NOW, **answers))
    assert codes(judge_risk(one, day=TODAY, rules=shipped_rules())) == {expected}


def test_a_screen_without_a_yes_says_nothing() -> None:
    """Nor does one that was never taken."""
    assert judge_risk(client(risk_screen=RiskScreen(taken_at=NOW)), day=TODAY, rules=shipped_rules()) == ()
    assert judge_risk(client(), day=TODAY, rules=shipped_rules()) == ()


@pytest.mark.parametrize(
    ("by", "hours", "clears"), [("t1", 1, True), ("coach", 1, False), ("unknown", 1, False), ("t1", -1, False)]
)
def test_only_a_clinician_clears_and_only_afterwards(by: str, hours: int, clears: bool) -> None:
    """A coach, somebody unknown, or an older clearing do not count."""
    screen = RiskScreen(
        taken_at=NOW,
        self_harm=True,
        cleared_by=TherapistId(by),
        cleared_at=NOW + timedelta(hours=hours),
    )
    found = judge_risk(client(risk_screen=screen), day=TODAY, rules=shipped_rules(), facts=Facts(therapists=STAFF))
    assert (found == ()) is clears


def test_the_crisis_card_of_a_place() -> None:
    """988 and 911 everywhere; the county's line where the county is known, all of the state's where not."""
    everywhere = {one.number for one in crisis_card(shipped_rules(), TODAY)}
    assert everywhere == {"911", "988"}
    philadelphia = crisis_card(shipped_rules(), TODAY, state=PA, county=" philadelphia ")
    assert any("Philadelphia" in one.label for one in philadelphia)
    assert not any("Delaware" in one.label for one in philadelphia)
    assert {"Montgomery County: MCES", "Delaware County: MCES"} <= {
        one.label for one in crisis_card(shipped_rules(), TODAY, state=PA)
    }
    assert any("screening center" in one.label for one in crisis_card(shipped_rules(), TODAY, state=NJ))


def partners(kind: RelationKind = RelationKind.PARTNER, **more: object) -> tuple[Client, Client]:
    """Two clients who are close; the second is as given."""
    first = client(relations=(Relation(client=ClientId("c2"), kind=kind),))
    return first, replace(client("c2"), **more)  # type: ignore[arg-type]


def test_a_relative_seen_by_the_same_therapist() -> None:
    """A visit is enough, a canceled one is not, and nothing is disclosed."""
    seen = visit("v1", "therapy", "t1", "2026-11-02 10:00", who="c2", status=VisitStatus.COMPLETED)
    house = House(clients=partners(RelationKind.FAMILY), visits=(seen,))
    assert ("HOLD", "CONFLICT") in codes(house.ask("t1", AT))
    canceled = replace(house, visits=(replace(seen, status=VisitStatus.CANCELED),))
    assert "CONFLICT" not in {one.code for one in canceled.ask("t1", AT)}


def test_couples_come_together_but_not_into_one_group() -> None:
    """Their own joint visits are no conflict; seats in one group are."""
    seats = tuple(Seat(client=ClientId(key), expected_state=PA) for key in ("c1", "c2"))
    house = House(clients=partners(therapist=TherapistId("t1")))
    assert "CONFLICT" not in {one.code for one in house.ask("t1", AT, service="couples", seats=seats)}
    assert ("HOLD", "CONFLICT") in codes(house.ask("t4", AT, service="group", seats=seats))


def test_a_conflict_is_signed_off_once() -> None:
    """A visit that was booked with the sign-off keeps the next from asking again."""
    agreed = Override(code="CONFLICT", by="lead", at=NOW, reason="agreed")
    before = visit("v1", "therapy", "t1", "2026-11-24 10:00", overrides=(agreed,))
    house = House(clients=partners(therapist=TherapistId("t1")), visits=(before,))
    assert "CONFLICT" not in {one.code for one in house.ask("t1", AT)}
    assert ("HOLD", "CONFLICT") in codes(replace(house, visits=()).ask("t1", AT))


@pytest.mark.parametrize(
    ("service", "before", "at", "expected"),
    [
        ("coaching", "therapy", "2026-11-10 10:00", True),
        ("therapy", "coaching", "2026-11-10 10:00", True),
        ("coaching", "coaching", "2026-11-10 10:00", False),
        ("coaching", "therapy", "2026-08-10 10:00", False),
    ],
)
def test_one_person_in_two_roles(service: str, before: str, at: str, expected: bool) -> None:
    """Coaching and therapy by the same person within ninety days wait for the clinical lead."""
    house = House(visits=(visit("v1", before, "t1", at),))
    assert (("HOLD", "DUAL_ROLE") in codes(house.ask("t1", AT, service=service))) is expected


def test_a_carried_client_is_not_coached() -> None:
    """A therapist's own client, but not a coach's."""
    carried = House(clients=(client(therapist=TherapistId("t1")),))
    assert ("HOLD", "DUAL_ROLE") in codes(carried.ask("t1", AT, service="coaching"))
    coached = House(clients=(client(therapist=TherapistId("coach")),))
    assert ("HOLD", "DUAL_ROLE") not in codes(coached.ask("coach", AT, service="coaching"))


@pytest.mark.parametrize(
    ("concern", "expected"),
    [
        ("career goals", None),
        ("a raise, and more time for my family", None),
        ("Panic at work", "COACHING_SCOPE"),
        ("I have PTSD", "COACHING_SCOPE"),
        ("I companion people", None),
    ],
)
def test_words_that_belong_into_therapy(concern: str, expected: str | None) -> None:
    """Beginnings of words, wherever they stand in the sentence."""
    agreed = (Consent(kind=ConsentKind.COACHING, signed_on=day("2026-11-01")),)
    found = House(clients=(client(concern=concern, consents=agreed),)).ask("coach", AT, service="coaching")
    assert (expected is None) == (worst(found) is Outcome.ALLOW)
    assert expected is None or expected in {one.code for one in found}


def test_a_past_risk_answer_keeps_a_client_out_of_coaching() -> None:
    """Even one that a clinician cleared."""
    cleared = RiskScreen(
        taken_at=NOW, self_harm=True, cleared_by=TherapistId("t1"), cleared_at=NOW + timedelta(hours=1)
    )
    found = House(clients=(client(risk_screen=cleared),)).ask("coach", AT, service="coaching")
    assert ("BLOCK", "COACHING_SCOPE") in codes(found)


def test_a_coaching_service_that_poses_as_therapy() -> None:
    """No billing code on a coaching slot, and the agreement is still to be signed."""
    house = House()
    services = tuple(replace(one, cpt="90834") if one.id == "coaching" else one for one in house.services)
    found = replace(house, services=services).ask("coach", AT, service="coaching")
    assert codes(found) >= {("BLOCK", "COACHING_SCOPE"), ("WARN", "COACHING_AGREEMENT")}


def test_nobody_books_for_the_dead_and_ages_warn() -> None:
    """A record's status blocks; a therapist's usual ages only warn."""
    dead = House(clients=(client(status=ClientStatus.DECEASED),))
    assert ("BLOCK", "CLIENT_DECEASED") in codes(dead.ask("t1", AT))
    adults = House(clients=(client(born="2011-06-01"),)).having(replace(T1, age_from=18))
    assert ("WARN", "AGE_RANGE") in codes(adults.ask("t1", AT))
    children = House().having(replace(T1, age_to=12))
    assert ("WARN", "AGE_RANGE") in codes(children.ask("t1", AT))


def test_an_intensive_wants_a_follow_up() -> None:
    """Within seven days after it ends."""
    assert ("WARN", "INTENSIVE_FOLLOW_UP") in codes(House().ask("t1", AT, service="intensive"))
    after = House(visits=(visit("v1", "therapy", "t1", "2026-12-08 10:00"),))
    assert "INTENSIVE_FOLLOW_UP" not in {one.code for one in after.ask("t1", AT, service="intensive")}
    late = House(visits=(visit("v1", "therapy", "t1", "2026-12-08 17:00"),))
    assert ("WARN", "INTENSIVE_FOLLOW_UP") in codes(late.ask("t1", AT, service="intensive"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smith", "Smyth"),
        ("Catherine", "Kathryn"),
        ("Geoffrey", "Jeffrey"),
        ("Müller", "Mueller"),
        ("O'Brien", "Obrien"),
        ("Philip", "Filip"),
        ("Nguyễn", "Nguyen"),
    ],
)
def test_names_that_sound_alike(one: str, other: str) -> None:
    """Spelling, accents and apostrophes make no difference."""
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("one", "other"), [("Smith", "Jones"), ("Robert", "Robin"), ("李", "王")])
def test_names_that_do_not(one: str, other: str) -> None:
    """Nor do names of other scripts fall together."""
    assert sound(one) != sound(other)


def person(key: str, given: str, family: str, phone: str = "", **more: object) -> Client:
    """A client with a phone."""
    phones = (Phone(number=phone),) if phone else ()
    one = Client(id=ClientId(key), name=Name(given=given, family=family), birth_date=day("1990-05-01"), phones=phones)
    return replace(one, **more)  # type: ignore[arg-type]


def test_twins_are_two_and_names_may_be_swapped() -> None:
    """Same phone, birth date and family name are not enough; swapped names and the name they go by are."""
    first = person("a", "Anna", "Lee", "+12155550111")
    assert not judge_duplicates(first, [person("b", "Ella", "Lee", "+12155550111")])
    assert judge_duplicates(first, [person("b", "Lee", "Anna", "(215) 555-0111")])
    assert judge_duplicates(first, [person("b", "Annabel", "Lee", "+12155550111", goes_by="Anna")])
    assert judge_duplicates(first, [person("b", "Anna", "Lee")])
    assert not judge_duplicates(first, [first])


def test_a_moved_visit_is_not_its_own_dual_role() -> None:
    """The visit that is moved counts neither against itself nor twice."""
    old = visit("old", "coaching", "t1", "2026-12-01 12:00")
    house = House(visits=(old,)).having(therapist("t1", *T1.licenses))
    assert "DUAL_ROLE" not in {one.code for one in house.ask("t1", AT, moves=old.id)}
    assert moment(AT) > NOW

"""The ladder of qualification, its lapses, scopes and words, as tables of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from desktop.clinic.facts import Facts
from desktop.clinic.ladder import marketing_words, months_after
from desktop.clinic.people import TherapistId
from desktop.clinic.qualification import judge_qualification
from desktop.clinic.services import Level, Modality
from desktop.clinic.therapists import LicenseStatus, Qualification, Supervision, Therapist
from desktop.clinic.verdict import Outcome, Verdict, worst
from desktop.office.rules import shipped_rules
from tests.clinic.house import K1, K2, NJ, PA, T1, T5, T6, codes, day, held, of, therapist

EMDR, DBT, KAP = Modality.EMDR, Modality.DBT, Modality.KAP


def skill(modality: Modality, level: Level, **more: Any) -> Qualification:
    """A qualification."""
    return Qualification(modality=modality, level=level, **more)


def judge(
    one: Therapist,
    modality: Modality | None = EMDR,
    level: Level | None = Level.TRAINED,
    *,
    scope: frozenset[str] = frozenset(),
    on: str = "2026-12-01",
    staff: tuple[Therapist, ...] = (),
    asked: Level | None = None,
) -> tuple[Verdict, ...]:
    """Judge one therapist on a day."""
    facts = Facts(therapists=(one, *staff))
    return judge_qualification(
        one, modality=modality, level=level, scope=scope, day=day(on), facts=facts, rules=shipped_rules(), asked=asked
    )


@pytest.mark.parametrize("held_level", list(Level))
@pytest.mark.parametrize("needed", [Level.TRAINED, Level.CERTIFIED, Level.CONSULTANT])
def test_the_ladder(held_level: Level, needed: Level) -> None:
    """A level allows itself and what is below it; training alone needs its supervisor."""
    found = judge(replace(T1, qualifications=(skill(EMDR, held_level),)), level=needed)
    order = list(Level)
    if held_level is Level.IN_TRAINING and needed is Level.TRAINED:
        assert codes(found) == {("BLOCK", "QUAL_SUP")}
    elif order.index(held_level) >= order.index(needed):
        assert codes(found) == {("ALLOW", "QUAL_OK")}
    else:
        assert codes(found) == {("BLOCK", "QUAL_LEVEL")}


def test_nothing_asked_nothing_judged() -> None:
    """A service without a modality asks for a license alone."""
    assert judge(T1, None) == ()
    assert judge(T1, EMDR, None) == ()


@pytest.mark.parametrize(
    ("level", "on", "needed", "expected"),
    [
        (Level.CERTIFIED, "2026-11-30", Level.CERTIFIED, {("ALLOW", "QUAL_OK")}),
        (Level.CERTIFIED, "2026-12-01", Level.CERTIFIED, {("BLOCK", "QUAL_LEVEL")}),
        (Level.CERTIFIED, "2026-12-01", Level.TRAINED, {("ALLOW", "QUAL_OK"), ("WARN", "QUAL_LAPSED")}),
        (Level.CONSULTANT, "2027-02-28", Level.CONSULTANT, {("ALLOW", "QUAL_OK"), ("WARN", "QUAL_GRACE")}),
        (Level.CONSULTANT, "2027-03-01", Level.CONSULTANT, {("BLOCK", "QUAL_LEVEL")}),
        (Level.CONSULTANT, "2027-03-01", Level.TRAINED, {("ALLOW", "QUAL_OK"), ("WARN", "QUAL_LAPSED")}),
        (Level.TRAINED, "2027-03-01", Level.TRAINED, {("ALLOW", "QUAL_OK"), ("WARN", "QUAL_LAPSED")}),
        (Level.IN_TRAINING, "2027-03-01", Level.TRAINED, {("BLOCK", "QUAL_LEVEL")}),
    ],
)
def test_a_lapsed_certificate(level: Level, on: str, needed: Level, expected: set[tuple[str, str]]) -> None:
    """It falls back to trained, an EMDR consultant after three months; an unfinished course leaves nothing."""
    one = replace(T1, qualifications=(skill(EMDR, level, valid_until=day("2026-11-30")),))
    assert codes(judge(one, level=needed, on=on)) == expected


def test_a_valid_record_beside_a_lapsed_one() -> None:
    """The better of the two counts, without a warning."""
    records = (
        skill(EMDR, Level.CONSULTANT, valid_until=day("2026-01-01")),
        skill(EMDR, Level.CERTIFIED, valid_until=day("2027-12-31")),
    )
    assert codes(judge(replace(T1, qualifications=records), level=Level.CERTIFIED)) == {("ALLOW", "QUAL_OK")}


def test_a_qualification_counts_from_its_day() -> None:
    """Not before it was obtained."""
    one = replace(T1, qualifications=(skill(EMDR, Level.TRAINED, obtained=day("2026-12-01")),))
    assert codes(judge(one, on="2026-11-30")) == {("BLOCK", "QUAL_LEVEL")}
    assert codes(judge(one)) == {("ALLOW", "QUAL_OK")}


RECORD = Supervision(supervisor=TherapistId("k1"), modality=KAP, starts=day("2026-06-01"), client_told=True)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("ALLOW", "QUAL_OK")),
        ({"ends": date(2026, 11, 30)}, ("BLOCK", "QUAL_SUP")),
        ({"starts": date(2026, 12, 2)}, ("BLOCK", "QUAL_SUP")),
        ({"client_told": False}, ("BLOCK", "QUAL_SUP")),
        ({"modality": EMDR}, ("BLOCK", "QUAL_SUP")),
        ({"supervisor": TherapistId("k2")}, ("BLOCK", "QUAL_SUP")),
        ({"supervisor": TherapistId("gone")}, ("BLOCK", "QUAL_SUP")),
    ],
)
def test_training_under_a_supervisor(change: dict[str, Any], expected: tuple[str, str]) -> None:
    """Named, trained in the same, in the window, and the client told."""
    one = replace(K2, supervisions=(replace(RECORD, **change),))
    assert codes(judge(one, KAP, staff=(K1,))) == {expected}


def test_training_never_stands_in_for_a_level_the_client_asked() -> None:
    """The service's own minimum may be met by supervised training; the client's wish may not."""
    one = replace(K2, supervisions=(RECORD,))
    assert codes(judge(one, KAP, staff=(K1,), asked=Level.TRAINED)) == {("BLOCK", "QUAL_LEVEL")}


def test_a_kap_supervisor_is_independent() -> None:
    """A trained supervisor whose license has lapsed, or who is an associate, may not supervise KAP."""
    trained = (skill(KAP, Level.TRAINED),)
    one = replace(K2, supervisions=(RECORD,))
    for licenses in (
        (held(PA, "LCSW", "2026-11-30"),),
        (held(PA, "LAPC", "2027-02-28"),),
        (held(PA, "LCSW", "2027-02-28", status=LicenseStatus.SUSPENDED),),
    ):
        supervisor = therapist("k1", *licenses, qualifications=trained)
        assert codes(judge(one, KAP, staff=(supervisor,))) == {("BLOCK", "QUAL_SUP")}


def test_an_associate_with_a_certificate_for_independent_clinicians() -> None:
    """The data contradict each other; somebody checks."""
    certified = (skill(EMDR, Level.CERTIFIED),)
    assert ("WARN", "QUAL_DATA") in codes(judge(replace(T5, qualifications=certified)))
    assert ("WARN", "QUAL_DATA") not in codes(judge(replace(T1, qualifications=certified)))


def test_couples_work_comes_with_the_family_therapy_license() -> None:
    """While the license is valid."""
    assert codes(judge(T6, Modality.COUPLES)) == {("ALLOW", "QUAL_OK")}
    assert codes(judge(T6, Modality.COUPLES, on="2027-03-01")) == {("BLOCK", "QUAL_LEVEL")}
    assert codes(judge(T1, Modality.COUPLES)) == {("BLOCK", "QUAL_LEVEL")}


@pytest.mark.parametrize(
    ("flags", "needed", "expected"),
    [
        ({"skills_group_leader"}, {"skills_group_leader"}, "QUAL_OK"),
        ({"individual_dbt"}, {"skills_group_leader"}, "QUAL_SCOPE"),
        ({"individual_dbt", "skills_group_leader", "phone_coaching"}, {"comprehensive"}, "QUAL_SCOPE"),
        (
            {"individual_dbt", "skills_group_leader", "phone_coaching", "consult_team_member"},
            {"comprehensive"},
            "QUAL_OK",
        ),
    ],
)
def test_scopes(flags: set[str], needed: set[str], expected: str) -> None:
    """Every flag asked for; comprehensive DBT is all four."""
    one = replace(T1, qualifications=(skill(DBT, Level.TRAINED, scope=frozenset(flags)),))
    found = judge(one, DBT, scope=frozenset(needed))
    assert of(found, expected).outcome is (Outcome.ALLOW if expected == "QUAL_OK" else Outcome.BLOCK)
    assert worst(found) is of(found, expected).outcome


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((skill(EMDR, Level.TRAINED, scope=frozenset({"intensive_protocol"})),), "ALLOW"),
        ((skill(Modality.IFS, Level.CERTIFIED), skill(Modality.TRAUMA_INTENSIVE, Level.TRAINED)), "ALLOW"),
        ((skill(EMDR, Level.TRAINED),), "BLOCK"),
        ((skill(Modality.TRAUMA_INTENSIVE, Level.TRAINED),), "BLOCK"),
        ((skill(Modality.CBT, Level.TRAINED, scope=frozenset({"intensive_protocol"})),), "BLOCK"),
        ((skill(EMDR, Level.IN_TRAINING, scope=frozenset({"intensive_protocol"})),), "BLOCK"),
    ],
)
def test_a_trauma_intensive(records: tuple[Qualification, ...], expected: str) -> None:
    """One trauma modality at least trained, and the protocol."""
    found = judge(replace(T1, qualifications=records), Modality.TRAUMA_INTENSIVE)
    assert worst(found).value == expected
    assert expected == "ALLOW" or codes(found) == {("BLOCK", "QUAL_PREREQUISITE")}


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (skill(EMDR, Level.TRAINED), "EMDR trained"),
        (skill(EMDR, Level.CERTIFIED), "EMDR Certified Therapist"),
        (skill(EMDR, Level.CERTIFIED, valid_until=day("2026-11-30")), "EMDR trained"),
        (skill(EMDR, Level.IN_TRAINING), ""),
        (skill(Modality.SOMATIC, Level.TRAINED), "SE-informed"),
        (skill(DBT, Level.TRAINED, scope=frozenset({"skills_group_leader"})), "DBT skills group"),
        (skill(DBT, Level.TRAINED, scope=frozenset({"individual_dbt"})), "DBT-informed"),
    ],
)
def test_the_exact_words(record: Qualification, words: str) -> None:
    """What a letter may call the therapist on that day."""
    one = replace(T1, qualifications=(record,))
    assert marketing_words(one, record.modality, day("2026-12-01"), shipped_rules()) == words


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2026-05-15", 12, "2027-05-15"),
    ],
)
def test_months_end_with_the_shorter_month(start: str, months: int, end: str) -> None:
    """November 30 and three months is the last day of February."""
    assert months_after(day(start), months) == day(end)


def test_new_jersey_permits_are_licenses_like_others() -> None:
    """A one-year permit is independent, so its holder may supervise KAP."""
    supervisor = therapist("k1", held(NJ, "PSY-P1", "2027-06-30"), qualifications=(skill(KAP, Level.TRAINED),))
    assert codes(judge(replace(K2, supervisions=(RECORD,)), KAP, staff=(supervisor,))) == {("ALLOW", "QUAL_OK")}

"""How long the rules take for a large roster; the match has to stay under 300 ms with openings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pytest_benchmark.fixture import BenchmarkFixture

from desktop.clinic.facts import Facts
from desktop.clinic.licensure import judge_licensure
from desktop.clinic.people import TherapistId
from desktop.clinic.qualification import judge_qualification
from desktop.clinic.services import Level, Modality
from desktop.clinic.therapists import Qualification
from desktop.clinic.verdict import Outcome, worst
from desktop.office.rules import shipped_rules
from tests.clinic.house import K2, NJ, NOW, STAFF, VIDEO, moment

LIMIT = 0.150


def test_license_and_qualification_of_2500_therapists(benchmark: BenchmarkFixture) -> None:
    """Every fixture therapist 250 times, half of them trained."""
    trained = (Qualification(modality=Modality.EMDR, level=Level.TRAINED),)
    staff = tuple(
        replace(one, id=TherapistId(f"{one.id}-{number}"), qualifications=trained if number % 2 else ())
        for number in range(250)
        for one in (*STAFF[:9], K2)
    )
    facts = Facts(therapists=(*STAFF, *staff))
    rules = shipped_rules()
    start = moment("2026-11-27 15:00")

    def all_judged() -> int:
        allowed = 0
        for one in staff:
            found = (
                *judge_licensure(
                    one,
                    state=NJ,
                    format=VIDEO,
                    start=start,
                    end=start + timedelta(minutes=50),
                    facts=facts,
                    rules=rules,
                    now=NOW,
                ),
                *judge_qualification(
                    one,
                    modality=Modality.EMDR,
                    level=Level.TRAINED,
                    scope=frozenset(),
                    day=start.date(),
                    facts=facts,
                    rules=rules,
                ),
            )
            allowed += worst(found).rank < Outcome.HOLD.rank
        return allowed

    assert 0 < benchmark(all_judged) < len(staff)
    assert benchmark.stats is None or benchmark.stats.stats.median < LIMIT

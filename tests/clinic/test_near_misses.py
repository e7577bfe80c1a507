"""One change away: each named change is tried out and makes just that therapist eligible."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from desktop.clinic.facts import Facts
from desktop.clinic.matching import match
from desktop.clinic.near_misses import Change, NearMiss, near_misses, relaxations
from desktop.clinic.people import State
from desktop.clinic.practice import SiteId
from desktop.clinic.requests import Request
from desktop.clinic.services import Format, Level, Modality
from desktop.clinic.therapists import Qualification
from tests.clinic.practices import EMDR, NOW, SESSION, facts, hours, nj, pa, practice_of, rulebook, therapist

BY_VIDEO = frozenset({Format.TELEHEALTH})
IN_PERSON = frozenset({Format.IN_PERSON})


def misses(where: Facts, **more: Any) -> dict[str, NearMiss]:
    """The near misses of a request for individual therapy by video from New Jersey."""
    fields: dict[str, Any] = {
        "service": SESSION.id, "formats": BY_VIDEO, "state": State.NJ, "from_day": date(2026, 11, 23), **more,
    }  # fmt: skip
    request = Request(**fields)
    found = match(request, where, rulebook(), NOW)
    return {one.therapist: one for one in near_misses(found, request, where, rulebook(), NOW)}


def level(of: Level) -> tuple[Qualification, ...]:
    """A level in EMDR."""
    return (Qualification(modality=Modality.EMDR, level=of),)


CASES: list[tuple[str, dict[str, Any], dict[str, Any], Change | None]] = [
    ("come in person", {}, {}, Change.FORMAT),
    ("another site", {}, {"formats": IN_PERSON, "site": SiteId("bm")}, Change.SITE),
    ("renewal", {"licenses": (nj(expires=date(2026, 11, 20)),)}, {}, Change.RENEWAL),
    ("later", {"licenses": (nj(effective=date(2027, 3, 1)),)}, {}, Change.LATER),
    ("supervisor for the license", {"licenses": (nj("LAC"),)}, {}, Change.SUPERVISOR),
    (
        "supervisor for the training",
        {"licenses": (nj(),), "qualifications": level(Level.IN_TRAINING)},
        {"modality": Modality.EMDR},
        Change.SUPERVISOR,
    ),
    (
        "a lower level",
        {"licenses": (nj(),), "qualifications": level(Level.TRAINED)},
        {"modality": Modality.EMDR, "level": Level.CERTIFIED},
        Change.LEVEL,
    ),
    ("without insurance", {"licenses": (nj(),)}, {"payer": "aetna"}, Change.SELF_PAY),
    ("two things at once", {"accepting": False}, {}, None),
    ("retired", {"licenses": (nj(),), "retired": True}, {}, None),
]


@pytest.mark.parametrize(("fields", "more", "change"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_the_single_change(fields: dict[str, Any], more: dict[str, Any], change: Change | None) -> None:
    """What would make t1 eligible, beside a colleague with everything."""
    boss = therapist("t2", licenses=(nj(), pa()), qualifications=level(Level.CONSULTANT), payers=frozenset({"aetna"}))
    found = misses(facts(therapist("t1", **fields), boss), **more)
    assert (found["t1"].change if "t1" in found else None) is change


@pytest.mark.parametrize("seed", range(12))
def test_applying_the_change_makes_that_therapist_eligible(seed: int) -> None:
    """On random rosters; a change of a record changes nobody else's answer."""
    dice, where = random.Random(seed), practice_of(8, seed=seed, weeks=0)
    request = Request(
        service=dice.choice((SESSION.id, EMDR.id)), formats=dice.choice((BY_VIDEO, IN_PERSON)),
        state=dice.choice((State.PA, State.NJ)), from_day=date(2026, 12, 1), payer=dice.choice(("", "aetna")),
        site=dice.choice((None, where.sites[0].id)),
    )  # fmt: skip
    found = match(request, where, rulebook(), NOW)
    before = {one.therapist for one in found.eligible}
    for miss in near_misses(found, request, where, rulebook(), NOW):
        changed = where
        if miss.record is not None:
            staff = tuple(miss.record if one.id == miss.therapist else one for one in where.therapists)
            changed = replace(where, therapists=staff)
        after = {one.therapist for one in match(miss.request, changed, rulebook(), NOW).eligible}
        assert miss.therapist in after
        assert miss.therapist not in before
        if miss.record is not None:
            assert after == before | {miss.therapist}


def test_the_relaxation_that_unlocks_most_comes_first() -> None:
    """Two therapists would see the client in person, one who works from home only without insurance."""
    where = facts(
        therapist("t1", payers=frozenset({"aetna"})),
        therapist("t2", payers=frozenset({"aetna"})),
        therapist("t3", licenses=(nj(),), hours=hours(site=None)),
    )
    request = Request(service=SESSION.id, formats=BY_VIDEO, state=State.NJ, from_day=date(2026, 11, 23), payer="aetna")
    found = match(request, where, rulebook(), NOW)
    best = relaxations(found, request, where, rulebook(), NOW)
    assert [(one.change, sorted(one.unlocks)) for one in best] == [
        (Change.FORMAT, ["t1", "t2"]),
        (Change.SELF_PAY, ["t3"]),
    ]

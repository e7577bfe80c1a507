"""The practice's own entries: taken where they fit, refused with a sentence where the rules could not read them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from desktop.clinic.errors import BadInput
from desktop.clinic.own_rules import with_own
from desktop.clinic.rulebook import Confidence, Fact, Rulebook

DAY = date(2026, 11, 23)


def entry(key: str, value: Any) -> Fact:
    """A fact with nothing remarkable but its value."""
    return Fact(key=key, value=value, source="the practice", confidence=Confidence.LOW, verified_on=DAY)


RULES = Rulebook().with_facts(
    [
        entry("days", 90),
        entry("open", True),
        entry("until", date(2026, 12, 31)),
        entry("states", ["PA", "NJ"]),
        entry("limit", {"systolic": 140, "diastolic": 90}),
        entry("minor.age.PA", 14),
        entry("compact.one.NJ", {"member_from": "2024-01-16"}),
        entry("compact.one.PA", {}),
        entry("outcome", "WARN"),
    ]
)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("days", 30),
        ("days", 2.5),
        ("open", False),
        ("until", "2027-06-30"),
        ("until", date(2027, 6, 30)),
        ("states", []),
        ("states", ["DE"]),
        ("limit", {"systolic": 130, "diastolic": 80, "note": "sitting"}),
        ("minor.age.NJ", 16),
        ("outcome", "HOLD"),
        ("compact.one.NJ", {"issuing_from": "2027-01-01"}),
        ("compact.one.PA", {"member_from": "2027-01-01"}),
        ("new.family.of.rules", {"anything": None}),
    ],
)
def test_entries_of_the_same_kind_are_taken(key: str, value: object) -> None:
    """On top of what ships."""
    assert with_own(RULES, [entry(key, value)]).fact(key, DAY).value == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("days", "often"),
        ("days", True),
        ("days", None),
        ("open", 1),
        ("until", "someday"),
        ("until", 20261231),
        ("states", "PA"),
        ("states", [1]),
        ("limit", {"systolic": 130}),
        ("limit", {"systolic": "high", "diastolic": 80}),
        ("limit", [130, 80]),
        ("minor.age.NJ", "sixteen"),
        ("outcome", 3),
        ("compact.one.NJ", {"member_from": 2024}),
    ],
)
def test_entries_of_another_kind_are_refused_by_name(key: str, value: object) -> None:
    """With what would be right."""
    with pytest.raises(BadInput, match=f"rules.{key}: the value must be of the same kind as"):
        with_own(RULES, [entry(key, value)])

"""The shipped rulebook: complete, dated, without contradictions, and open to the practice's own entries."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TypeVar

import pytest

from desktop.clinic.rulebook import Confidence, Fact
from desktop.office.rules import rulebook, shipped_rules

T = TypeVar("T")
FACTS = tuple(shipped_rules())
TODAY = date(2026, 11, 23)


class Clinic:
    """A clinic file that holds these entries."""

    def __init__(self, *entries: Fact) -> None:
        """Keep the entries."""
        self.entries = entries

    def all(self, kind: type[T]) -> tuple[T, ...]:
        """The entries of that kind."""
        return tuple(one for one in self.entries if isinstance(one, kind))


@pytest.mark.parametrize("fact", FACTS, ids=[f"{one.key} {one.valid_from or ''}" for one in FACTS])
def test_every_fact_can_be_checked(fact: Fact) -> None:
    """A source, a confidence, a date of verification that is not ahead, and dates in order."""
    assert len(fact.source.strip()) >= 5
    assert isinstance(fact.confidence, Confidence)
    assert fact.verified_on <= TODAY
    assert not fact.is_stale(TODAY)
    assert fact.valid_from is None or fact.valid_to is None or fact.valid_from <= fact.valid_to


def test_no_two_entries_of_a_key_overlap() -> None:
    """On any day at most one shipped entry of a key is in force."""
    for key, facts in shipped_rules().facts.items():
        ordered = sorted(facts, key=lambda one: one.valid_from or date.min)
        for before, after in pairwise(ordered):
            assert (before.valid_to or date.max) < (after.valid_from or date.min), key


TITLES = """
PA.LPC PA.LAPC PA.LMFT PA.LAMFT PA.LCSW PA.LSW PA.LBSW PA.PSY PA.PRE
NJ.LPC NJ.LAC NJ.LMFT NJ.LAMFT NJ.LCSW NJ.LSW NJ.CSW NJ.PSY NJ.PSY-P1 NJ.PSY-P3 NJ.LCADC NJ.CADC
"""


@pytest.mark.parametrize("title", TITLES.split())
def test_every_title_that_a_license_may_name(title: str) -> None:
    """Each says whether it stands alone, and which supervisors it takes when it does not."""
    value = shipped_rules().fact(f"license.{title}", TODAY).value
    assert value["name"]
    assert value["independent"] or not value.get("clinical", True) or value["supervisors"]


def test_the_practices_entries_lie_on_top() -> None:
    """A newer entry of the practice wins where it is in force, and the shipped one stays before that."""
    shipped = shipped_rules().fact("kap.integration_hours", TODAY)
    own = Fact(
        key=shipped.key,
        value=48,
        valid_from=date(2027, 1, 1),
        source="Medical director",
        confidence=Confidence.MEDIUM,
        verified_on=TODAY,
    )
    rules = rulebook(Clinic(own))
    assert rules.fact(shipped.key, date(2027, 1, 1)).value == 48
    assert rules.fact(shipped.key, date(2026, 12, 31)) is shipped
    assert rulebook() is shipped_rules()

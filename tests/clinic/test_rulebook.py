"""Dated facts, asked as of a day."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.clinic.errors import BadInput, UnknownRule
from desktop.clinic.rulebook import read_rules

TEXT = """
[[rule]]
key = "compact.counseling.NJ"
value = {issuing = false}
valid_to = 2026-12-31
source = "NBCC newsroom"
confidence = "medium"
verified_on = 2026-11-23

[[rule]]
key = "compact.counseling.NJ"
value = {issuing = true}
valid_from = 2027-01-01
source = "invented"
confidence = "low"
verified_on = 2026-11-23
"""


def test_a_fact_is_asked_as_of_a_day() -> None:
    """The last day of one entry and the first of the next are both inclusive."""
    rules = read_rules([TEXT])
    assert rules.fact("compact.counseling.NJ", date(2026, 12, 31)).value == {"issuing": False}
    assert rules.fact("compact.counseling.NJ", date(2027, 1, 1)).value == {"issuing": True}
    assert set(rules.under("compact.counseling", date(2027, 1, 1))) == {"NJ"}
    assert len(list(rules)) == 2


def test_the_practice_can_override() -> None:
    """A later entry of the same key wins where both are in force."""
    rules = read_rules([TEXT])
    own = read_rules([TEXT.replace("false", "true").replace("valid_to = 2026-12-31\n", "")])
    assert rules.with_facts(own).fact("compact.counseling.NJ", date(2026, 6, 1)).value == {"issuing": True}


def test_an_unknown_rule_says_which() -> None:
    """The sentence names key and day."""
    with pytest.raises(UnknownRule, match=r"no\.such.*2026-01-01"):
        read_rules([TEXT]).fact("no.such", date(2026, 1, 1))


def test_a_fact_without_a_source_is_refused() -> None:
    """Every fact can be checked by a clinician."""
    with pytest.raises(BadInput, match=r"compact\.counseling\.NJ: a rule needs"):
        read_rules([TEXT.replace('source = "invented"\n', "")])


def test_a_fact_grows_stale_after_180_days() -> None:
    """The rulebook warns when an entry was last verified more than 180 days ago."""
    fact = read_rules([TEXT]).fact("compact.counseling.NJ", date(2026, 11, 23))
    assert not fact.is_stale(date(2027, 5, 22))
    assert fact.is_stale(date(2027, 5, 23))
    assert fact.evidence["source"] == "NBCC newsroom"

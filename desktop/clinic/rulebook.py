"""The rulebook: every legal or practice fact as dated data, asked as of a day."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from gettext import gettext as _
from typing import Annotated, Any

from desktop.clinic.errors import BadInput, UnknownRule

STALE_AFTER = timedelta(days=180)


class Confidence(StrEnum):
    """How well a fact is attested: statute or two sources; one secondary source; recollection or custom."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One dated fact with its source."""

    key: str
    value: Any
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    confidence: Confidence
    verified_on: date
    entered_by: Annotated[str, "for an entry of the practice: who answers for it"] = ""
    reason: Annotated[str, "for an entry of the practice: why it was made"] = ""

    def holds(self, day: date) -> bool:
        """Whether it is in force that day; both ends are inclusive."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def is_stale(self, today: date) -> bool:
        """Whether it was last verified more than 180 days ago."""
        return today - self.verified_on > STALE_AFTER

    @property
    def evidence(self) -> dict[str, str]:
        """What a verdict carries so that a clinician can check it."""
        return {
            "rule": self.key,
            "source": self.source,
            "confidence": self.confidence.value,
            "verified_on": self.verified_on.isoformat(),
        }


@dataclass(frozen=True)
class Rulebook:
    """All facts by key, later entries of a key overriding earlier ones where both are in force."""

    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    # A match asks for the same few facts of the same day thousands of times.
    _found: dict[tuple[str, date], Fact | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def fact(self, key: str, day: date) -> Fact:
        """The fact of that key in force that day.

        Raises UnknownRule when there is none.
        """
        found = self.find(key, day)
        if found is None:
            raise UnknownRule(_("the rulebook has no entry {key} for {day}.").format(key=key, day=day.isoformat()))
        return found

    def find(self, key: str, day: date) -> Fact | None:
        """The fact of that key in force that day, or None."""
        asked = (key, day)
        if asked not in self._found:
            self._found[asked] = next((one for one in reversed(self.facts.get(key, ())) if one.holds(day)), None)
        return self._found[asked]

    def under(self, prefix: str, day: date) -> dict[str, Fact]:
        """All facts in force that day whose key begins with the prefix and a dot, by the rest of the key."""
        start = prefix + "."
        pairs = ((key, self.find(key, day)) for key in self.facts if key.startswith(start))
        return {key.removeprefix(start): fact for key, fact in pairs if fact is not None}

    def __iter__(self) -> Iterator[Fact]:
        """Every fact, by key."""
        return (fact for key in sorted(self.facts) for fact in self.facts[key])

    def with_facts(self, more: Iterable[Fact]) -> Rulebook:
        """The same rulebook with the practice's own entries on top."""
        facts = dict(self.facts)
        for fact in more:
            facts[fact.key] = (*facts.get(fact.key, ()), fact)
        return Rulebook(facts)


def read_rules(texts: Iterable[str]) -> Rulebook:
    """The rulebook written in TOML texts of [[rule]] tables.

    Raises BadInput naming the rule that lacks a value, a source, a confidence or a verified_on date.
    """
    return Rulebook().with_facts(_fact(table) for text in texts for table in tomllib.loads(text).get("rule", ()))


def _fact(table: dict[str, Any]) -> Fact:
    try:
        return Fact(**{**table, "confidence": Confidence(table["confidence"])})
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(
            str(table.get("key", "rule")), _("a rule needs key, value, source, confidence and verified_on.")
        ) from error

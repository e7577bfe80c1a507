"""The rulebook in force: what ships with the program, and the practice's own entries on top."""

from __future__ import annotations

from functools import cache
from typing import Protocol, TypeVar

from desktop import resource
from desktop.clinic.own_rules import with_own
from desktop.clinic.rulebook import Fact, Rulebook, read_rules

T = TypeVar("T")


class Entries(Protocol):
    """Whatever can list the practice's own entries, such as a reader of the clinic file."""

    def all(self, kind: type[T]) -> tuple[T, ...]:
        """Every stored value of that kind."""


@cache
def shipped_rules() -> Rulebook:
    """The rulebook that ships with the program, read once."""
    files = sorted(resource("rules").glob("*.toml"))
    return read_rules(file.read_text(encoding="utf-8") for file in files)


def rulebook(reader: Entries | None = None) -> Rulebook:
    """The shipped rulebook, with the practice's own entries on top when a reader is given."""
    return shipped_rules() if reader is None else with_own(shipped_rules(), reader.all(Fact))

"""Tasks that the program writes for the desk: something about a record has to be put right by a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, NewType

from desktop.clinic.change import UserId
from desktop.clinic.moments import aware
from desktop.clinic.people import ClientId, TherapistId
from desktop.clinic.verdict import Outcome

ToDoId = NewType("ToDoId", str)


class ToDoKind(StrEnum):
    """Where a task comes from."""

    RECHECK = "recheck"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """One task; the same id whenever the same thing is found again."""

    id: ToDoId
    kind: ToDoKind = ToDoKind.RECHECK
    about: Annotated[str, "the id of the record that it is about; for a re-check the visit"]
    code: Annotated[str, "the reason code of the rule"]
    outcome: Outcome = Outcome.BLOCK
    sentence: str
    therapist: TherapistId | None = None
    client: Annotated[ClientId | None, "whose seat it concerns; none: the whole visit"] = None
    owner: UserId
    due: date
    opened_at: datetime
    closed_at: Annotated[datetime | None, "when it was found to be settled; none: open"] = None

    def __post_init__(self) -> None:
        """Refuse naive moments."""
        aware("opened_at", self.opened_at)
        if self.closed_at is not None:
            aware("closed_at", self.closed_at)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.closed_at is None

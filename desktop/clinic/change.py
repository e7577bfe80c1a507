"""Who acts, when, and what a task changed: what audit, undo and refresh all feed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from desktop.clinic.moments import aware

UserId = NewType("UserId", str)
TaskId = NewType("TaskId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, and the clock's now, handed to every task so that no rule reads the clock."""

    user: UserId
    now: datetime

    def __post_init__(self) -> None:
        """Refuse a naive now."""
        aware("now", self.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One record before and after; None before for a new one, None after for a removed one."""

    kind: str
    id: str
    before: object | None
    after: object | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One committed transaction: its label for the Undo menu, who did it when, and its changes in order."""

    id: TaskId
    label: str
    user: UserId
    at: datetime
    changes: tuple[Change, ...]

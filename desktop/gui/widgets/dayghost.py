"""A move or a new length before it is asked for: the ghost that follows the mouse or the keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from gettext import gettext as _

from desktop.gui.widgets.daygrid import SNAP, Plan
from desktop.gui.widgets.daytime import clock


class Grip(Enum):
    """What follows: the whole appointment, or its end."""

    WHOLE = "whole"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ghost:
    """Where an appointment would go: its row in the plan, the column, start and end."""

    row: int
    grip: Grip
    column: int
    start: int
    end: int

    def sentence(self, plan: Plan) -> str:
        """What would happen, in words: time, whose column, and whether something is in the way."""
        taken = _("taken") if plan.clashes(self.row, self.column, self.start, self.end) else _("free")
        column = plan.columns[self.column]
        return _("{start} to {end}, {therapist}, {state}").format(
            start=clock(self.start), end=clock(self.end), therapist=column.title, state=taken
        )


def lifted(plan: Plan, row: int, grip: Grip) -> Ghost:
    """The ghost at the place of its appointment."""
    block = plan.blocks[row]
    return Ghost(row=row, grip=grip, column=block.column, start=block.start, end=block.end)


def carried(plan: Plan, ghost: Ghost, column: int, start: int) -> Ghost:
    """The ghost in another column at another start, kept within the hours shown."""
    length = ghost.end - ghost.start
    start = min(max(start, plan.first), max(plan.last - length, plan.first))
    return replace(ghost, column=min(max(column, 0), len(plan.columns) - 1), start=start, end=start + length)


def stretched(plan: Plan, ghost: Ghost, end: int) -> Ghost:
    """The ghost with another end: at least one slot long, and within the hours shown."""
    return replace(ghost, end=min(max(end, ghost.start + SNAP), plan.last))


def is_changed(plan: Plan, ghost: Ghost) -> bool:
    """Whether letting go would change anything."""
    return ghost != lifted(plan, ghost.row, ghost.grip)

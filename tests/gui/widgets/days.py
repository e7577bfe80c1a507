"""A small made-up day for the tests of the calendar."""

from __future__ import annotations

from datetime import date

from desktop.clinic.people import TherapistId
from desktop.clinic.visits import VisitId
from desktop.gui.widgets.daygrid import Block, Column, Plan
from desktop.gui.widgets.glyphs import Glyph

DAY = date(2026, 11, 24)


def column(number: int) -> Column:
    """The column of therapist `number`, who works from 9 to 12 and from 1 to 5."""
    return Column(
        therapist=TherapistId(f"t{number}"),
        day=DAY,
        title=f"Therapist {number}",
        suffix="LCSW",
        note="NJ PA · 2 open",
        working=((9 * 60, 12 * 60), (13 * 60, 17 * 60)),
    )


def block(visit: str, at: int, start: int, minutes: int = 50, *, look: str = "confirmed") -> Block:
    """A visit in column `at`, `start` minutes after midnight."""
    return Block(
        visit=VisitId(visit),
        column=at,
        start=start,
        end=start + minutes,
        title="Boyd, Ann",
        short="Boyd, A.",
        word="Confirmed" if look == "confirmed" else "Canceled",
        look=look,
        sign=Glyph.TICK if look == "confirmed" else Glyph.DASH,
        spoken=f"Ann Boyd, visit {visit}, with Therapist {at}, confirmed",
        holds_time=look != "canceled",
    )


def plan(columns: int = 3) -> Plan:
    """Column 0: 9:00, 10:00 and, overlapping it, 10:30; column 1: 9:10; the last: a canceled visit at 3 PM."""
    blocks = (
        block("a", 0, 540),
        block("b", 0, 600),
        block("c", 0, 630),
        block("d", 1, 550),
        block("x", columns - 1, 900, look="canceled"),
    )
    return Plan(columns=tuple(column(at) for at in range(columns)), blocks=blocks, first=480, last=1200)

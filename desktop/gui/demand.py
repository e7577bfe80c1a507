"""Demand: who waits for what against the hours that are open, and whom to hire or train next."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from desktop.clinic.capacity import DAYPARTS, Daypart
from desktop.gui import safe
from desktop.gui.desk import Desk
from desktop.gui.screen import Screen
from desktop.gui.widgets.demandboard import DemandBoard, Heat, Line
from desktop.gui.widgets.factsheet import FactSheet, Part, Row
from desktop.gui.widgets.glyphs import Glyph
from desktop.gui.widgets.sides import Sides

if TYPE_CHECKING:
    from desktop.office.demand import Board, CellLine
    from desktop.records.store import Store


class DemandView(QWidget):
    """The board at the left with the sentence of its current cell, what would help at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """An empty board."""
        super().__init__(parent)
        self._board: Board | None = None
        self.summary = safe.label(kind="heading", wrap=True)
        self.legend = safe.label(
            _("10 · 9.5 h: ten clients wait, 9.5 hours a week are open for them. A client takes an hour a week."),
            kind="muted",
            wrap=True,
        )
        self.waiting_only = QCheckBox(_("Only where somebody &waits"), self)
        self.waiting_only.setChecked(True)
        titles = [_("Asked for"), _("Any time"), *(part(one) for one in DAYPARTS), _("Expected wait")]
        self.board = DemandBoard(titles, _("Demand"), self)
        self.board.setMinimumHeight(self.fontMetrics().height() * 4)
        self.sentence = safe.label(wrap=True)
        self.sentence.setMinimumHeight(self.fontMetrics().height())
        self.help = FactSheet(_("Who to hire or train next"), self)
        self._arrange()
        self.board.told.connect(self.sentence.setText)
        self.waiting_only.toggled.connect(lambda _on: self._fill())

    def show_board(self, found: Board) -> None:
        """Show the board and what would help."""
        self._board = found
        waiting, unserved = found.demand.waiting, found.demand.unserved
        first = ngettext("{n} client waits", "{n} clients wait", waiting).format(n=waiting)
        rest = (
            ngettext("{n} more than the open hours can take", "{n} more than the open hours can take", unserved)
            if unserved
            else _("the open hours can take all of them")
        )
        self.summary.setText(f"{first}; {rest.format(n=unserved)}.")
        self.help.show_facts(_("Who to hire or train next"), "" if found.steps else _enough(found), _steps(found))
        self._fill()

    def _fill(self) -> None:
        found = self._board
        if found is None:
            return
        only = self.waiting_only.isChecked()
        self.board.show_lines([_line(one, found) for one in found.totals if one.cell.waiting or not only])

    def _arrange(self) -> None:
        line = self.fontMetrics().height()
        left, right = QWidget(self), QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(line // 2, line // 2, line // 2, line // 2)
        for widget in (self.summary, self.legend, self.waiting_only):
            column.addWidget(widget)
        column.addWidget(self.board, 1)
        column.addWidget(self.sentence)
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.help)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Sides(left, right, self, letters=(100, 38), stacked=(3, 1)))


class DemandPresenter(QObject):
    """Weighs demand against capacity."""

    def __init__(self, view: DemandView, desk: Desk) -> None:
        """Nothing is asked before `refresh`."""
        super().__init__(view)
        self._view, self._desk = view, desk

    def refresh(self) -> None:
        """Count again."""
        actor = self._desk.actor

        def question(store: Store) -> Board:
            from desktop.office import demand

            return demand.board(store, actor)

        self._desk.ask(question, self._view.show_board, key="demand")


class DemandScreen(Screen):
    """The module Demand."""

    title = _("Demand")

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Put view and presenter together."""
        super().__init__(desk, parent)
        self.view = DemandView(self)
        self.presenter = DemandPresenter(self.view, desk)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def refresh(self) -> None:
        """Count again."""
        self.presenter.refresh()

    def panes(self) -> Sequence[QWidget]:
        """The board and what would help."""
        return (self.view.board, self.view.help)

    def focus_first(self) -> None:
        """Begin on the board."""
        self.view.board.setFocus()


def part(value: Daypart) -> str:
    """A part of the week as a heading."""
    return {
        Daypart.MORNING: _("Morning"),
        Daypart.AFTERNOON: _("Afternoon"),
        Daypart.EVENING: _("Evening"),
        Daypart.WEEKEND: _("Weekend"),
    }[value]


def name(line: CellLine) -> str:
    """What is asked for and where, as in EMDR, NJ."""
    return ", ".join(
        one for one in (line.modality[:1].upper() + line.modality[1:], line.state or _("state unknown")) if one
    )


def _line(total: CellLine, found: Board) -> Line:
    key = (total.cell.modality, total.cell.state)
    parts = [one for one in found.cells if (one.cell.modality, one.cell.state) == key]
    wait = Heat(text=total.wait or "–", sentence=_sentence(total))
    return Line(title=name(total), cells=(*(_heat(one) for one in (total, *parts)), wait))


def _heat(line: CellLine) -> Heat:
    cell = line.cell
    hours = _("{hours} h").format(hours=hours_word(cell.hours))
    covered = cell.hours / cell.waiting if cell.waiting else None
    return Heat(text=f"{cell.waiting} · {hours}", sentence=_sentence(line), covered=covered)


def _sentence(line: CellLine) -> str:
    cell = line.cell
    when = f" ({line.daypart})" if line.daypart else ""
    could = ngettext("{n} client waits who could come then", "{n} clients wait who could come then", cell.waiting)
    whole = ngettext("{n} client waits", "{n} clients wait", cell.waiting)
    parts = [
        (could if line.daypart else whole).format(n=cell.waiting),
        _("{hours} hours a week are open for them").format(hours=hours_word(cell.hours)),
        _("{n} taken in during the last 12 weeks").format(n=cell.intakes),
    ]
    if line.wait:
        parts.append(_("expected wait: {wait}").format(wait=line.wait))
    return f"{name(line)}{when}: {'; '.join(parts)}."


def hours_word(hours: float) -> str:
    """Hours with at most one place, such as 41.5."""
    return f"{hours:.1f}".removesuffix(".0")


def _enough(found: Board) -> str:
    return (
        _("Nobody is needed now: everybody who waits could be seen in the hours that are open.") if found.totals else ""
    )


def _steps(found: Board) -> tuple[Part, ...]:
    return tuple(
        Part(
            heading=f"{number}. {one.sentence}",
            rows=tuple(Row(text=text, tone="info", glyph=Glyph.STAR) for text in one.nearest)
            or (Row(text=_("Nobody here is near; hire somebody."), tone="muted", glyph=Glyph.DASH),),
        )
        for number, one in enumerate(found.steps, start=1)
    )

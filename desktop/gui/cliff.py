"""Licenses: what of whom ends when, the appointments that each end would strand, and the tasks of the re-check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.clinic.cliff import Held
from desktop.clinic.verdict import Outcome
from desktop.gui import peoplewords, safe, words
from desktop.gui.commands import command
from desktop.gui.desk import Desk
from desktop.gui.screen import Place, Screen
from desktop.gui.therapistfacts import expiry_sign
from desktop.gui.widgets.glyphs import Glyph
from desktop.gui.widgets.sides import Sides
from desktop.gui.widgets.table import Column, Table, TableView

if TYPE_CHECKING:
    from desktop.clinic.change import Actor
    from desktop.office.daybook import VisitLine
    from desktop.office.upkeep import CliffLine, Rechecked, ToDoLine
    from desktop.records.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """What the screen shows: everything that ends, soonest first, and the open tasks, the first due first."""

    lines: tuple[CliffLine, ...]
    tasks: tuple[ToDoLine, ...]


class CliffView(QWidget):
    """What ends above, the tasks below; at the right the appointments of the chosen one.

    `visit_asked` carries the id of an appointment, `therapist_asked` that of a therapist.
    """

    filtered = Signal()
    visit_asked = Signal(str)
    therapist_asked = Signal(str)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        """`today` gives the practice's date."""
        super().__init__(parent)
        self._today = today
        self.box = QLineEdit(self)
        self.box.setPlaceholderText(_("Therapist, state or kind"))
        self.box.setAccessibleName(_("Find what ends"))
        self.box.setClearButtonEnabled(True)
        self.summary = safe.label(kind="muted", wrap=True)
        self.list = TableView(self._ends(), _("What ends"), self)
        self.title = safe.label(kind="title", wrap=True)
        self.subtitle = safe.label(kind="muted", wrap=True)
        self.visits = TableView(_visits(), _("Appointments that would be stranded"), self)
        self.duties = safe.label(_("Tasks of the re-check"), kind="heading", wrap=True)
        self.tasks = TableView(self._tasks(), _("Tasks of the re-check"), self)
        self._arrange()
        self.box.textEdited.connect(lambda _text: self.filtered.emit())
        self.list.picked.connect(self._pick)
        self.list.opened.connect(lambda line: self.therapist_asked.emit(line.expiry.therapist))
        self.visits.opened.connect(lambda line: self.visit_asked.emit(line.visit.id))
        self.tasks.opened.connect(self._open_task)
        self._pick(None)

    def show_lines(self, lines: Sequence[CliffLine], summary: str) -> None:
        """Show what ends."""
        self.summary.setText(summary)
        self.list.show_values(lines, lambda line: (line.expiry.therapist, line.expiry.held, line.expiry.what))

    def show_tasks(self, tasks: Sequence[ToDoLine]) -> None:
        """Show the open tasks."""
        self.tasks.show_values(tasks, lambda line: line.todo.id)
        text = ngettext("{n} open task of the re-check", "{n} open tasks of the re-check", len(tasks))
        self.duties.setText(text.format(n=len(tasks)) if tasks else _("No open task of the re-check"))
        self.tasks.setVisible(bool(tasks))

    def _pick(self, line: CliffLine | None) -> None:
        if line is None:
            self.title.setText("")
            self.subtitle.setText(_("Nothing is selected."))
            self.visits.show_values(())
            return
        end = line.expiry
        self.title.setText(f"{line.name}: {end.what}")
        after = ngettext("{n} appointment lies after it", "{n} appointments lie after it", len(line.visits))
        stranded = after.format(n=len(line.visits)) if line.visits else _("no appointment depends on it")
        self.subtitle.setText(f"{said(end.on, self._today())} · {stranded}")
        self.visits.show_values(line.visits, lambda one: one.visit.id)

    def _open_task(self, line: ToDoLine) -> None:
        if line.visit is not None:
            self.visit_asked.emit(line.visit.visit.id)

    def _ends(self) -> Table[CliffLine]:
        return Table(
            (
                Column(_("Therapist"), lambda line: line.name, bold=lambda _line: True, width=20),
                Column(_("What ends"), lambda line: line.expiry.what, tip=lambda line: line.expiry.what),
                Column(_("Kind"), lambda line: kind(line.expiry.held), tone=lambda _line: "muted", width=13, spare=2),
                Column(_("Last day"), lambda line: peoplewords.short(line.expiry.on), width=13, spare=1),
                Column(
                    _("Left"),
                    lambda line: left(line.expiry.days),
                    tone=lambda line: peoplewords.expiry_tone(line.expiry.on, self._today()),
                    glyph=lambda line: expiry_sign(line.expiry.on, self._today()),
                    width=17,
                ),
                Column(
                    _("Stranded"),
                    lambda line: str(len(line.visits)) if line.visits else "",
                    bold=lambda line: bool(line.visits),
                    right=True,
                    width=9,
                ),
            ),
            spoken=lambda line: _spoken(line, self._today()),
        )

    def _tasks(self) -> Table[ToDoLine]:
        return Table(
            (
                Column(
                    _("Due"),
                    lambda line: words.due(line.todo.due, self._today()),
                    tone=lambda line: words.due_tone(line.todo.due, self._today()),
                    bold=lambda line: line.overdue,
                    width=16,
                ),
                Column(
                    _("Appointment"),
                    lambda line: "" if line.visit is None else _moment(line.visit),
                    width=24,
                ),
                Column(_("Client"), lambda line: "" if line.visit is None else line.visit.client, width=18, spare=1),
                Column(
                    _("What is wrong"),
                    lambda line: line.todo.sentence,
                    tone=lambda line: _TONES[line.todo.outcome],
                    glyph=lambda line: _SIGNS[line.todo.outcome],
                    tip=lambda line: line.todo.sentence,
                ),
            )
        )

    def _arrange(self) -> None:
        line = self.fontMetrics().height()
        left_side, right_side = QWidget(self), QWidget(self)
        column = QVBoxLayout(left_side)
        column.setContentsMargins(line // 2, line // 2, line // 2, line // 2)
        column.addWidget(self.box)
        column.addWidget(self.summary)
        column.addWidget(self.list, 3)
        column.addWidget(self.duties)
        column.addWidget(self.tasks, 2)
        side = QVBoxLayout(right_side)
        side.setContentsMargins(line // 2, line // 2, line // 2, line // 2)
        side.addWidget(self.title)
        side.addWidget(self.subtitle)
        side.addWidget(self.visits, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Sides(left_side, right_side, self, letters=(96, 50)))


class CliffPresenter(QObject):
    """Reads what ends, filters it, and re-checks."""

    def __init__(
        self, view: CliffView, desk: Desk, go: Callable[[Place], None], counted: Callable[[int], None]
    ) -> None:
        """`go` brings another screen to the front, `counted` tells how much ends soon."""
        super().__init__(view)
        self._view, self._desk, self._counted = view, desk, counted
        self._ends = Ends(lines=(), tasks=())
        view.filtered.connect(self._paint)
        view.visit_asked.connect(lambda key: go(Place(screen="calendar", id=key)))
        view.therapist_asked.connect(lambda key: go(Place(screen="therapists", id=key)))

    def refresh(self) -> None:
        """Read everything again."""
        actor = self._desk.actor
        self._desk.ask(lambda store: _read(store, actor), self._show, key="cliff")

    def recheck(self) -> None:
        """Judge every planned appointment anew, and keep the tasks in step."""

        def task(store: Store, actor: Actor) -> Rechecked:
            from desktop.office import upkeep

            return upkeep.recheck(store, actor)

        self._desk.do(_("Re-check appointments"), task, self._rechecked)

    def _rechecked(self, found: Rechecked) -> None:
        sentence = _(
            "All planned appointments were judged anew: {found} findings, {opened} new tasks, {closed} settled."
        )
        self._desk.tell(sentence.format(found=len(found.findings), opened=len(found.opened), closed=len(found.closed)))

    def _show(self, ends: Ends) -> None:
        self._ends = ends
        self._counted(len(_soon(ends.lines)))
        self._view.show_tasks(ends.tasks)
        self._paint()

    def _paint(self) -> None:
        parts = safe.clean(self._view.box.text()).casefold().split()
        found = [one for one in self._ends.lines if all(part in _text(one) for part in parts)]
        soon = _soon(found)
        stranded = len({each.visit.id for one in soon for each in one.visits})
        sentence = _("{soon} have ended or end within {days} days; {stranded} planned appointments depend on them.")
        self._view.show_lines(found, sentence.format(soon=len(soon), days=peoplewords.NEAR, stranded=stranded))


class CliffScreen(Screen):
    """The module Licenses."""

    title = _("Licenses")

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Put view and presenter together, with their keys."""
        super().__init__(desk, parent)
        self.view = CliffView(lambda: desk.today, self)
        self.presenter = CliffPresenter(self.view, desk, self.wanted.emit, self.counted.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._tools = (
            command(self, _("Re-check appointments"), self.presenter.recheck, keys="Ctrl+R", picture="recheck"),
        )

    def refresh(self) -> None:
        """Read everything again."""
        self.presenter.refresh()

    def panes(self) -> Sequence[QWidget]:
        """The box, what ends, its appointments, the tasks."""
        return (self.view.box, self.view.list, self.view.visits, self.view.tasks)

    def tools(self) -> Sequence[QAction]:
        """The re-check."""
        return self._tools

    def focus_first(self) -> None:
        """Begin in the list."""
        self.view.list.setFocus()


_TONES = {Outcome.ALLOW: "", Outcome.WARN: "warn", Outcome.HOLD: "warn", Outcome.BLOCK: "err"}
_SIGNS = {Outcome.ALLOW: None, Outcome.WARN: Glyph.TRIANGLE, Outcome.HOLD: Glyph.DOTS, Outcome.BLOCK: Glyph.CROSS}


def kind(held: Held) -> str:
    """What of a therapist ends, in a word."""
    return {
        Held.LICENSE: _("License"),
        Held.AUTHORITY: _("Authority"),
        Held.SUPERVISION: _("Supervision"),
        Held.CERTIFICATION: _("Certification"),
    }[held]


def left(days: int) -> str:
    """How many days are left, as in 25 days, today, ended 3 days ago."""
    if days < 0:
        return ngettext("ended {n} day ago", "ended {n} days ago", -days).format(n=-days)
    return ngettext("{n} day", "{n} days", days).format(n=days) if days else _("today")


def said(on: date, today: date) -> str:
    """The last day and how far off it is."""
    far = left((on - today).days)
    return _("Last day {day} ({far})").format(day=peoplewords.short(on), far=far)


def _soon(lines: Sequence[CliffLine]) -> list[CliffLine]:
    return [one for one in lines if one.expiry.days <= peoplewords.NEAR]


def _visits() -> Table[VisitLine]:
    return Table(
        (
            Column(_("When"), _moment, width=24),
            Column(_("Client"), lambda line: line.client, bold=lambda _line: True),
            Column(_("Service"), lambda line: line.service.name, width=20, spare=2),
            Column(_("With"), lambda line: line.therapist, tone=lambda _line: "muted", width=18, spare=3),
        )
    )


def _moment(line: VisitLine) -> str:
    return words.moment(line.visit.start, line.visit.zone)


def _text(line: CliffLine) -> str:
    return " ".join((line.name, line.expiry.what, kind(line.expiry.held))).casefold()


def _spoken(line: CliffLine, today: date) -> str:
    stranded = ngettext("strands {n} appointment", "strands {n} appointments", len(line.visits))
    parts = (line.name, line.expiry.what, said(line.expiry.on, today))
    return ", ".join((*parts, stranded.format(n=len(line.visits))) if line.visits else parts)


def _read(store: Store, actor: Actor) -> Ends:
    from desktop.office import upkeep

    return Ends(lines=upkeep.cliff(store, actor), tasks=upkeep.tasks(store, actor))

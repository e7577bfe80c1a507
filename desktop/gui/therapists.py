"""Therapists: the directory with licenses that end soon, one therapist in full, and whether they take new clients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QSplitter, QVBoxLayout, QWidget

from desktop.clinic.change import Actor
from desktop.clinic.people import TherapistId
from desktop.clinic.practice import Site
from desktop.clinic.services import Level
from desktop.clinic.therapists import Therapist
from desktop.gui import dayplan, peoplewords, safe
from desktop.gui.commands import command
from desktop.gui.desk import Desk
from desktop.gui.screen import Place, Screen
from desktop.gui.therapistfacts import Staff, StaffLine, expiry_sign, parts, soonest, subtitle
from desktop.gui.therapistform import open_form
from desktop.gui.widgets.factsheet import FactSheet
from desktop.gui.widgets.flow import Flow
from desktop.gui.widgets.glyphs import Glyph
from desktop.gui.widgets.table import Column, Table, TableView

if TYPE_CHECKING:
    from desktop.records.store import Store


class TherapistsView(QWidget):
    """The directory at the left, one therapist at the right."""

    filtered = Signal(str)
    accepting_asked = Signal(bool)
    calendar_asked = Signal()
    file_asked = Signal()
    edit_asked = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        """`today` gives the practice's date, for what is said about expiries."""
        super().__init__(parent)
        self._today = today
        line = self.fontMetrics().height()
        self.box = QLineEdit(self)
        self.box.setPlaceholderText(_("Name, state, modality or payer"))
        self.box.setAccessibleName(_("Find therapist"))
        self.box.setClearButtonEnabled(True)
        self.list = TableView(self._table(), _("Therapists"), self)
        self.facts = FactSheet(_("Therapist"), self)
        self.accepting = QCheckBox(_("Takes &new clients"), self)
        self.calendar = QPushButton(_("&Show day"), self)
        self.file = QPushButton(_("Calendar &file..."), self)
        self.edit = QPushButton(_("&Edit  F2"), self)
        self.edit.setAccessibleName(_("Edit therapist"))
        for button in (self.calendar, self.file, self.edit):
            button.setAutoDefault(False)
        left, right = QWidget(self), QWidget(self)
        buttons = QWidget(right)
        bar = Flow(buttons)
        column = QVBoxLayout(left)
        column.setContentsMargins(line // 2, line // 2, line // 2, line // 2)
        column.addWidget(self.box)
        column.addWidget(self.list, 1)
        bar.setContentsMargins(line // 2, line // 2, line // 2, line // 2)
        bar.addWidget(self.accepting)
        bar.addWidget(self.edit)
        bar.addWidget(self.calendar)
        bar.addWidget(self.file)
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(buttons)
        side.addWidget(self.facts, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        letter = self.fontMetrics().averageCharWidth()
        split.setSizes([letter * 92, letter * 58])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        self.box.textEdited.connect(self.filtered)
        self.accepting.clicked.connect(self.accepting_asked)
        self.calendar.clicked.connect(lambda: self.calendar_asked.emit())
        self.edit.clicked.connect(lambda: self.edit_asked.emit())
        self.list.opened.connect(lambda _line: self.edit_asked.emit())
        self.file.clicked.connect(lambda: self.file_asked.emit())

    def show_lines(self, lines: Sequence[StaffLine]) -> None:
        """Show the directory."""
        self.list.show_values(lines, lambda line: line.therapist.id)

    def show_therapist(self, line: StaffLine | None, staff: Staff) -> None:
        """Show that therapist, or nobody."""
        for widget in (self.accepting, self.calendar, self.file, self.edit):
            widget.setEnabled(line is not None)
        if line is None:
            self.facts.show_facts("", _("No therapist is selected."), ())
            return
        one = line.therapist
        self.accepting.setChecked(one.accepting)
        name = f"{one.name.full}, {one.credentials}".rstrip(", ")
        self.facts.show_facts(name, subtitle(line), parts(line, staff, self._today()))

    def _table(self) -> Table[StaffLine]:
        return Table(
            (
                Column(_("Name"), lambda line: line.therapist.name.listed, bold=lambda _line: True, width=24),
                Column(_("Title"), lambda line: line.therapist.credentials, width=9),
                Column(_("Licensed"), lambda line: dayplan.states(line.therapist, self._today()), width=12),
                Column(_("Next expiry"), self._expiry, tone=self._expiry_tone, glyph=self._expiry_sign, width=20),
                Column(_("Clients"), _load, width=10, right=True),
                Column(
                    _("New clients"),
                    lambda line: _("yes") if line.therapist.accepting else _("no"),
                    glyph=lambda line: Glyph.TICK if line.therapist.accepting else Glyph.DASH,
                    tone=lambda line: "ok" if line.therapist.accepting else "muted",
                ),
            ),
            spoken=lambda line: f"{line.therapist.name.full}, {line.therapist.credentials}, {self._expiry(line)}",
        )

    def _expiry(self, line: StaffLine) -> str:
        end = soonest(line.therapist, self._today())
        return "" if end is None else peoplewords.expiry(end, self._today())

    def _expiry_tone(self, line: StaffLine) -> str:
        end = soonest(line.therapist, self._today())
        return "" if end is None else peoplewords.expiry_tone(end, self._today()) or "muted"

    def _expiry_sign(self, line: StaffLine) -> Glyph | None:
        end = soonest(line.therapist, self._today())
        return None if end is None else expiry_sign(end, self._today())


class TherapistsPresenter(QObject):
    """Reads the directory, filters it, switches whether somebody takes new clients."""

    def __init__(self, view: TherapistsView, desk: Desk, go: Callable[[Place], None]) -> None:
        """`go` brings another screen to the front."""
        super().__init__(view)
        self._view, self._desk, self._go = view, desk, go
        self._staff = Staff(lines=(), names={}, sites={})
        self._wanted = ""
        view.filtered.connect(lambda _text: self._paint())
        view.list.picked.connect(self._picked)
        view.accepting_asked.connect(self._accept)
        view.calendar_asked.connect(self._to_calendar)
        view.edit_asked.connect(self.edit)
        view.file_asked.connect(self._save_file)

    def refresh(self) -> None:
        """Read the directory again."""
        self._desk.ask(read_staff, self._show, key="therapists")

    def reveal(self, key: str) -> None:
        """Show that therapist, whatever is typed in the box."""
        self._wanted = key
        self._view.box.clear()
        self.refresh()

    def edit(self) -> None:
        """Open the form of the therapist who is shown."""
        line = self._view.list.current
        if line is not None:
            open_form(line.therapist, self._desk, self._view, self._saved)

    def add(self) -> None:
        """Open an empty form."""
        open_form(None, self._desk, self._view, self._saved)

    def _saved(self, therapist: Therapist) -> None:
        self._view.list.setFocus()
        self.reveal(therapist.id)

    def _show(self, staff: Staff) -> None:
        self._staff = staff
        self._paint()
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self._view.list.select(lambda line: line.therapist.id == wanted)

    def _paint(self) -> None:
        parts = safe.clean(self._view.box.text()).casefold().split()
        today = self._desk.today
        found = [one for one in self._staff.lines if all(part in _words(one, today) for part in parts)]
        self._view.show_lines(found)

    def _picked(self, line: StaffLine | None) -> None:
        self._view.show_therapist(line, self._staff)

    def _accept(self, accepting: bool) -> None:
        line = self._view.list.current
        if line is None:
            return
        key = TherapistId(line.therapist.id)

        def task(store: Store, actor: Actor) -> Therapist:
            from desktop.office import people

            return people.set_accepting(store, actor, key, accepting=accepting)

        label = _("Take new clients") if accepting else _("Take no new clients")
        self._desk.do(label, task)

    def _save_file(self) -> None:
        line = self._view.list.current
        if line is not None:
            from desktop.gui import exporting

            exporting.calendar_file(self._desk, self._view, line.therapist.id)

    def _to_calendar(self) -> None:
        self._go(Place(screen="calendar", id=self._desk.today.isoformat()))


class TherapistsScreen(Screen):
    """The module Therapists."""

    title = _("Therapists")

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Put view and presenter together."""
        super().__init__(desk, parent)
        self.view = TherapistsView(lambda: desk.today, self)
        self.presenter = TherapistsPresenter(self.view, desk, self.wanted.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._tools = (command(self, _("New therapist..."), self.presenter.add, keys="Ctrl+N", picture="add"),)
        command(self, _("Edit therapist..."), self.presenter.edit, keys="F2")
        command(self, _("Switch new clients"), self.view.accepting.click, keys="Ctrl+Shift+A")

    def refresh(self) -> None:
        """Read the directory again."""
        self.presenter.refresh()

    def reveal(self, key: str) -> None:
        """Show the therapist of that id."""
        self.presenter.reveal(key)

    def tools(self) -> Sequence[QAction]:
        """A new therapist."""
        return self._tools

    def panes(self) -> Sequence[QWidget]:
        """The box, the directory, the therapist."""
        return (self.view.box, self.view.list, self.view.facts)

    def focus_first(self) -> None:
        """Begin in the directory."""
        self.view.list.setFocus()


def read_staff(store: Store) -> Staff:
    """Read the directory, by name."""
    with store.reading() as reader:
        staff = sorted(reader.all(Therapist), key=lambda one: one.name.listed.casefold())
        loads = reader.caseloads()
        return Staff(
            lines=tuple(StaffLine(therapist=one, caseload=loads.get(one.id, 0)) for one in staff if not one.retired),
            names={str(one.id): one.name.full for one in staff},
            sites={str(one.id): one.name for one in reader.all(Site)},
        )


def _words(line: StaffLine, today: date) -> str:
    one = line.therapist
    trained = (held.modality.value for held in one.qualifications if held.level.rank >= Level.TRAINED.rank)
    return " ".join((one.name.full, one.credentials, dayplan.states(one, today), *trained, *one.payers)).casefold()


def _load(line: StaffLine) -> str:
    cap = line.therapist.caseload_cap
    return f"{line.caseload} / {cap}" if cap is not None else str(line.caseload)

"""The calendar's widgets: the row above, the day, the list of the agenda, the selected appointment beside them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.clinic.moments import local_date
from desktop.clinic.people import TherapistId
from desktop.clinic.practice import Site, SiteId
from desktop.clinic.services import Modality
from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import VisitStatus
from desktop.gui import safe, words
from desktop.gui.commands import command
from desktop.gui.dayplan import Filter, place, spoken
from desktop.gui.visitpanel import VisitPanel
from desktop.gui.widgets.dayview import DayView
from desktop.gui.widgets.flow import Flow
from desktop.gui.widgets.table import Column, Table, TableView

if TYPE_CHECKING:
    from desktop.office.daybook import VisitLine

_PANEL, _LEAST = 32, 5


class Mode(StrEnum):
    """How much the calendar shows."""

    DAY = "day"
    WEEK = "week"
    AGENDA = "agenda"


class CalendarView(QWidget):
    """Shows a day by therapist, a week of one therapist, or an agenda; signals say what the user asked."""

    mode_asked = Signal(object)
    date_typed = Signal(str)
    filter_asked = Signal()
    therapist_asked = Signal(str)
    new_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """An empty day."""
        super().__init__(parent)
        self.heading = safe.label(kind="title")
        self.goto = QLineEdit(self)
        self.goto.setPlaceholderText(_("tue, +2w, 12/3"))
        self.goto.setAccessibleName(_("Go to date"))
        self.goto_error = safe.label(kind="err", wrap=True)
        self.goto_error.hide()
        self.site, self.modality, self.therapist = QComboBox(self), QComboBox(self), QComboBox(self)
        self.working = QCheckBox(_("Working today"), self)
        self.working.setChecked(True)
        self.modes = QButtonGroup(self)
        self.day = DayView(self)
        self._narrow = False
        self._names: dict[TherapistId, str] = {}
        self.agenda = TableView(self._agenda_table(), _("Agenda"), self)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.day)
        self.pages.addWidget(self.agenda)
        self.panel = VisitPanel(self)
        self._arrange()
        self._connect()

    @property
    def chosen(self) -> Filter:
        """What the filters say."""
        site, modality = self.site.currentData(), self.modality.currentData()
        return Filter(
            site=SiteId(site) if site else None,
            modality=Modality(modality) if modality else None,
            working=self.working.isChecked(),
        )

    @property
    def front(self) -> QWidget:
        """The page in front: the day or the agenda."""
        return self.agenda if self.pages.currentWidget() is self.agenda else self.day

    def show_mode(self, mode: Mode) -> None:
        """Bring that page to the front, with the filters that belong to it."""
        self.modes.button(list(Mode).index(mode)).setChecked(True)
        self.pages.setCurrentWidget(self.agenda if mode is Mode.AGENDA else self.day)
        for box in (self.site, self.modality, self.working):
            box.setVisible(mode is not Mode.WEEK)
        self.therapist.setVisible(mode is Mode.WEEK)

    def show_choices(self, sites: Sequence[Site], therapists: Sequence[Therapist], chosen: TherapistId | None) -> None:
        """Offer the sites as filters and the therapists for a week."""
        self._names = {one.id: one.name.full for one in therapists}
        if self.site.count() != len(sites) + 1:
            _fill(self.site, [(_("All sites"), ""), *((one.name, one.id) for one in sites)])
        if self.therapist.count() != len(therapists):
            _fill(self.therapist, [(one.name.listed, one.id) for one in therapists])
        if chosen is not None:
            self.therapist.setCurrentIndex(max(self.therapist.findData(str(chosen)), 0))

    def show_agenda(self, lines: Sequence[VisitLine]) -> None:
        """Fill the list."""
        self.agenda.show_values(lines, lambda line: line.visit.id)

    def show_date_error(self, sentence: str) -> None:
        """Say why the typed date is none, and keep it; an empty sentence takes the notice away."""
        self.goto_error.setText(sentence)
        self.goto_error.setVisible(bool(sentence))
        self.goto.setAccessibleDescription(sentence)
        if sentence:
            self.goto.setFocus()
            self.goto.selectAll()

    def ask_date(self) -> None:
        """Put the cursor into the date box."""
        self.goto.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.goto.selectAll()

    @property
    def is_panel_folded(self) -> bool:
        """Whether the panel beside the calendar is out of sight."""
        return self._split.sizes()[1] == 0

    def unfold_panel(self) -> None:
        """Bring the panel into sight, and the focus into it."""
        letter = self.fontMetrics().averageCharWidth()
        self._split.setSizes([max(self.width() - letter * _PANEL, 1), letter * _PANEL])
        self.panel.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the panel away when the calendar would keep fewer than five columns beside it."""
        super().resizeEvent(event)
        letter = self.fontMetrics().averageCharWidth()
        narrow = self.width() < letter * _PANEL + self.day.width_for(_LEAST)
        if narrow != self._narrow:
            self._narrow = narrow
            self._split.setSizes([self.width(), 0] if narrow else [self.width() - letter * _PANEL, letter * _PANEL])

    def _arrange(self) -> None:
        line, letter = self.fontMetrics().height(), self.fontMetrics().averageCharWidth()
        row = QWidget(self)
        flow = Flow(row, gap=letter)
        flow.setContentsMargins(line // 2, line // 3, line // 2, line // 3)
        self.heading.setMinimumWidth(self.heading.fontMetrics().averageCharWidth() * 24)
        self.goto.setMaximumWidth(letter * 20)
        views = QWidget(row)
        buttons = QHBoxLayout(views)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(2)
        for at, text in enumerate((_("Day"), _("Week"), _("Agenda"))):
            button = QPushButton(text, views)
            button.setCheckable(True)
            button.setProperty("kind", "mode")
            button.setChecked(at == 0)
            button.setAutoDefault(False)
            self.modes.addButton(button, at)
            buttons.addWidget(button)
        new = QPushButton(_("New appointment"), row)
        new.setProperty("kind", "go")
        new.clicked.connect(self.new_asked)
        _fill(self.site, [(_("All sites"), "")])
        _fill(
            self.modality,
            [(_("All modalities"), ""), *((one.label, one.value) for one in Modality)],
        )
        for name, box in ((_("Site"), self.site), (_("Modality"), self.modality), (_("Therapist"), self.therapist)):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for widget in (
            self.heading,
            views,
            self.goto,
            self.goto_error,
            self.therapist,
            self.site,
            self.modality,
            self.working,
            new,
        ):
            flow.addWidget(widget)
        split = self._split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.pages)
        split.addWidget(self.panel)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        split.setSizes([letter * 150, letter * _PANEL])
        self.panel.setMinimumWidth(letter * 24)
        split.setCollapsible(0, False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(row)
        layout.addWidget(split, 1)

    def _connect(self) -> None:
        self.modes.idClicked.connect(lambda at: self.mode_asked.emit(list(Mode)[at]))
        self.goto.returnPressed.connect(lambda: self.date_typed.emit(safe.clean(self.goto.text())))
        for box in (self.site, self.modality):
            box.activated.connect(lambda _at: self.filter_asked.emit())
        self.working.toggled.connect(lambda _on: self.filter_asked.emit())
        self.therapist.activated.connect(lambda _at: self.therapist_asked.emit(str(self.therapist.currentData())))
        agenda, day = self.agenda, self.day
        agenda.picked.connect(lambda line: day.picked.emit("" if line is None else line.visit.id))
        agenda.opened.connect(lambda line: day.opened.emit(line.visit.id))
        for text, keys, status in (
            (_("Mark confirmed"), "C", VisitStatus.CONFIRMED),
            (_("Mark arrived"), "A", VisitStatus.ARRIVED),
            (_("Mark no-show"), "N", VisitStatus.NO_SHOW),
        ):
            command(agenda, text, partial(self._mark, status), keys=keys, here=True)
        command(agenda, _("Cancel appointment..."), self._cancel, keys="Del", here=True)

    def _mark(self, status: VisitStatus) -> None:
        if self.agenda.current is not None:
            self.day.status_asked.emit(self.agenda.current.visit.id, status)

    def _cancel(self) -> None:
        if self.agenda.current is not None:
            self.day.cancel_asked.emit(self.agenda.current.visit.id)

    def _agenda_table(self) -> Table[VisitLine]:
        return Table(
            (
                Column(_("Day"), lambda line: words.day(local_date(line.visit.start)), width=12),
                Column(_("Time"), lambda line: words.clock(line.visit.start), width=10),
                Column(_("Client"), lambda line: line.client, bold=lambda _line: True, width=26),
                Column(_("Therapist"), self._whose, width=24),
                Column(_("Service"), lambda line: line.service.name, tone=lambda _line: "muted", width=26),
                Column(_("Where"), place, width=16),
                Column(
                    _("Status"),
                    lambda line: words.status(line.visit.status),
                    glyph=lambda line: words.glyph(line.visit.status, line.service.kind),
                ),
            ),
            spoken=lambda line: spoken(line, self._whose(line)),
        )

    def _whose(self, line: VisitLine) -> str:
        return self._names.get(line.visit.therapist, "")


def _fill(box: QComboBox, items: Sequence[tuple[str, str]]) -> None:
    kept = box.currentData()
    box.clear()
    for text, key in items:
        box.addItem(text, str(key))
    box.setCurrentIndex(max(box.findData(kept), 0))

"""The calendar: a day by therapist, a week of one, or an agenda; booking, moving, marking and canceling from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.clinic.clients import Client
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import local, local_date
from desktop.clinic.people import TherapistId
from desktop.clinic.visits import Visit, VisitId
from desktop.gui import dayplan, words
from desktop.gui.calendarview import CalendarView, Mode
from desktop.gui.commands import command
from desktop.gui.dayplan import Board
from desktop.gui.desk import Desk
from desktop.gui.quickbook import QuickBook
from desktop.gui.quickbooking import QuickBooking
from desktop.gui.screen import Place, Screen
from desktop.gui.visitchanges import VisitChanges
from desktop.gui.visitpanel import VisitDetail
from desktop.gui.widgets.dateword import read
from desktop.gui.widgets.daygrid import Slot

if TYPE_CHECKING:
    from desktop.office.daybook import VisitLine
    from desktop.records.store import Store

_TICK = 30_000


class CalendarPresenter(QObject):
    """Reads the days that are shown, and does what the view asks."""

    def __init__(
        self, view: CalendarView, desk: Desk, go: Callable[[Place], None], counted: Callable[[int], None]
    ) -> None:
        """`go` brings another screen to the front, `counted` tells how many appointments today has."""
        super().__init__(view)
        self._view, self._desk, self._go, self._counted = view, desk, go, counted
        self.day = desk.today
        self.mode = Mode.DAY
        self._board: Board | None = None
        self._therapist: TherapistId | None = None
        self._wanted: tuple[str, int | None] = ("", None)
        self._fresh = True
        self._changes = VisitChanges(desk, view)
        self._changes.moved.connect(self._settled)
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK)
        self._clock.timeout.connect(self._tell_now)
        self._clock.start()
        day, panel = view.day, view.panel
        view.mode_asked.connect(self.show_mode)
        view.date_typed.connect(self._typed)
        view.filter_asked.connect(self._paint)
        view.therapist_asked.connect(self._week_of)
        view.new_asked.connect(self.book_here)
        day.picked.connect(self._picked)
        day.opened.connect(self._opened)
        day.slot_asked.connect(self._book)
        day.move_asked.connect(self._changes.move)
        day.length_asked.connect(self._changes.stretch)
        day.status_asked.connect(self._changes.mark)
        day.cancel_asked.connect(self._cancel)
        panel.status_asked.connect(self._changes.mark)
        panel.cancel_asked.connect(self._cancel)
        panel.client_opened.connect(lambda key: go(Place(screen="clients", id=key)))
        panel.letter_asked.connect(lambda key: go(Place(screen="letters", id=f"visit:{key}")))
        view.show_mode(self.mode)

    def refresh(self) -> None:
        """Read the days again."""
        first, last = self._span()
        now = self._desk.now
        self._desk.ask(lambda store: dayplan.read_board(store, now, first, last), self._show, key="calendar")

    def show_mode(self, mode: Mode) -> None:
        """Show a day, a week or an agenda."""
        cursor, plan = self._view.day.cursor_at, self._view.day.plan
        if mode is Mode.WEEK and cursor is not None and self.mode is Mode.DAY and plan.columns:
            self._therapist = plan.columns[cursor.column].therapist
        self.mode = mode
        self._view.show_mode(mode)
        self.refresh()

    def show_day(self, day: date, minute: int | None = None) -> None:
        """Show that day, with the cursor at that minute if one is given."""
        self.day = day
        self._wanted = ("", minute)
        self._fresh = True
        self.refresh()

    def show_today(self) -> None:
        """Show today and put the focus into the calendar."""
        self.show_day(self._desk.today)
        self._view.front.setFocus()

    def step(self, by: int) -> None:
        """Show the period before (-1) or after (1)."""
        self.show_day(self.day + timedelta(days=by * (1 if self.mode is Mode.DAY else 7)))

    def reveal(self, key: str) -> None:
        """Show the visit of that id, or the day written as 2026-11-24."""
        try:
            self.show_day(date.fromisoformat(key))
        except ValueError:
            self._desk.ask(lambda store: _visit(store, VisitId(key)), self._reveal, key="calendar-reveal")

    def book_here(self) -> None:
        """Ask for a new appointment at the cursor."""
        cursor, plan = self._view.day.cursor_at, self._view.day.plan
        if self.mode is not Mode.AGENDA and cursor is not None and plan.columns:
            self._book(plan.slot(cursor.column, cursor.stop.minute), "")

    def _span(self) -> tuple[date, date]:
        if self.mode is Mode.DAY:
            return self.day, self.day
        first = self.day if self.mode is Mode.AGENDA else self.day - timedelta(days=self.day.weekday())
        return first, first + timedelta(days=6)

    def _show(self, board: Board) -> None:
        self._board = board
        therapists = sorted(board.therapists, key=lambda one: one.name.listed.casefold())
        if self._therapist is None and therapists:
            self._therapist = therapists[0].id
        self._view.show_choices(board.sites, therapists, self._therapist)
        self._paint()
        if board.first == board.last == self._desk.today:
            self._counted(sum(one.visit.status.holds_time for one in board.lines))

    def _paint(self) -> None:
        board, view = self._board, self._view
        if board is None:
            return
        single = words.long_day(board.first)
        span = _("{first} – {last}").format(first=words.day(board.first), last=words.long_day(board.last))
        heading = single if board.first == board.last else span
        view.heading.setText(heading)
        if self.mode is Mode.AGENDA:
            plan = dayplan.day_plan(board, replace(view.chosen, working=False))
            shown = {column.therapist for column in plan.columns}
            view.show_agenda([one for one in board.lines if one.visit.therapist in shown])
        else:
            therapist = next((one for one in board.therapists if one.id == self._therapist), None)
            weekly = self.mode is Mode.WEEK and therapist is not None
            plan = dayplan.week_plan(board, therapist) if weekly and therapist else dayplan.day_plan(board, view.chosen)
            view.day.show_plan(plan, _("Day calendar, {day}").format(day=heading))
        self._tell_now()
        self._place_cursor()

    def _place_cursor(self) -> None:
        visit, minute = self._wanted
        self._wanted = ("", None)
        day = self._view.day
        if visit:
            day.pick(visit)
        elif minute is not None:
            day.go_to(day.cursor_at.column if day.cursor_at else 0, minute)
        elif self._fresh and self._board is not None:
            wall = local(self._desk.now)
            now = wall.hour * 60 + wall.minute
            start = now if self._board.first <= wall.date() <= self._board.last else 9 * 60
            day.go_to(day.cursor_at.column if day.cursor_at else 0, start)
            day.look_at(start)
        self._fresh = False

    def _tell_now(self) -> None:
        wall, plan = local(self._desk.now), self._view.day.plan
        columns = tuple(at for at, one in enumerate(plan.columns) if one.day == wall.date())
        minute = wall.hour * 60 + wall.minute
        seen = bool(columns) and plan.first <= minute <= plan.last
        self._view.day.set_now(minute if seen else None, columns)

    def _typed(self, text: str) -> None:
        try:
            meant = read(text, self._desk.today)
        except BadInput as error:
            self._view.show_date_error(error.sentence)
            return
        self._view.show_date_error("")
        self._view.goto.clear()
        self.show_day(meant.day, meant.minute)
        self._view.front.setFocus()

    def _week_of(self, therapist: str) -> None:
        self._therapist = TherapistId(therapist)
        self._paint()

    def _picked(self, key: str) -> None:
        if not key:
            self._view.panel.show_nothing()
            return
        line = self._line(key)
        if line is not None:
            self._desk.ask(lambda store: _detail(store, line), self._view.panel.show_visit, key="calendar-visit")

    def _opened(self, key: str) -> None:
        self._picked(key)
        if self._view.is_panel_folded:
            self._view.unfold_panel()
            return
        line = self._line(key)
        if line is not None and len(line.visit.clients) == 1:
            self._go(Place(screen="clients", id=line.visit.clients[0]))

    def _line(self, key: str) -> VisitLine | None:
        lines = () if self._board is None else self._board.lines
        return next((one for one in lines if one.visit.id == key), None)

    def _reveal(self, visit: Visit) -> None:
        self.mode = Mode.DAY
        self._view.show_mode(self.mode)
        self._view.working.setChecked(True)
        for box in (self._view.site, self._view.modality):
            box.setCurrentIndex(0)
        self.day = local_date(visit.start)
        self._wanted = (visit.id, None)
        self.refresh()

    def _book(self, slot: Slot, letters: str) -> None:
        form = QuickBook(self._view)
        try:
            booking = QuickBooking(form, self._desk, slot, letters)
        except BadInput as error:
            self._desk.failed.emit(error)
            return
        booking.booked.connect(self._settled)
        form.closed.connect(form.deleteLater)
        form.open()
        form.clients.box.setFocus()
        form.clients.box.end(False)

    def _settled(self, visit: Visit) -> None:
        """Find it again under the cursor when the days are read the next time, also on another day."""
        self._wanted = (visit.id, None)
        self._view.day.setFocus()

    def _cancel(self, key: str) -> None:
        line, board = self._line(key), self._board
        if line is not None and board is not None:
            self._changes.cancel(line, board.practice.cancel_hours)


class CalendarScreen(Screen):
    """The module Calendar."""

    title = _("Calendar")

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Put view and presenter together, with their keys."""
        super().__init__(desk, parent)
        self.view = CalendarView(self)
        self.presenter = CalendarPresenter(self.view, desk, self.wanted.emit, self.counted.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        shows = self.presenter
        self._tools = (
            command(self, _("Today"), shows.show_today, keys="Ctrl+T"),
            command(self, _("Previous"), lambda: shows.step(-1), keys="Alt+Left", picture="previous"),
            command(self, _("Next"), lambda: shows.step(1), keys="Alt+Right", picture="next"),
        )
        command(self, _("Go to date..."), self.view.ask_date, keys="Ctrl+G")
        command(self, _("New appointment..."), shows.book_here, keys="Ctrl+N")
        for number, text, mode in (
            (1, _("Show day"), Mode.DAY),
            (2, _("Show week"), Mode.WEEK),
            (4, _("Show agenda"), Mode.AGENDA),
        ):
            command(self, text, partial(shows.show_mode, mode), keys=f"Alt+{number}")
        command(self.view.day, _("Page back"), lambda: shows.step(-1), keys="PgUp", here=True)
        command(self.view.day, _("Page on"), lambda: shows.step(1), keys="PgDown", here=True)

    def refresh(self) -> None:
        """Read the days again."""
        self.presenter.refresh()

    def reveal(self, key: str) -> None:
        """Show that visit, or that day."""
        self.presenter.reveal(key)

    def tools(self) -> Sequence[QAction]:
        """Today, previous, next."""
        return self._tools

    def panes(self) -> Sequence[QWidget]:
        """The calendar, and the selected appointment."""
        return (self.view.front, self.view.panel)

    def focus_first(self) -> None:
        """Begin in the calendar."""
        self.view.front.setFocus()


def _visit(store: Store, key: VisitId) -> Visit:
    with store.reading() as reader:
        return reader.get(Visit, key)


def _detail(store: Store, line: VisitLine) -> VisitDetail:
    from desktop.clinic.therapists import Therapist

    with store.reading() as reader:
        return VisitDetail(
            line=line,
            therapist=reader.get(Therapist, line.visit.therapist),
            clients=reader.many(Client, line.visit.clients),
        )

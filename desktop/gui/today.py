"""Today: what the front desk sees first in the morning, five lists with their counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.clinic.moments import local_date
from desktop.clinic.visits import Visit, VisitId, VisitStatus
from desktop.gui import safe, words
from desktop.gui.commands import command
from desktop.gui.desk import Desk
from desktop.gui.screen import Place, Screen
from desktop.gui.widgets.table import Column, Table, TableView

if TYPE_CHECKING:
    from desktop.office.daybook import VisitLine
    from desktop.office.referrals import ReferralLine
    from desktop.office.reports import Expiring, Morning
    from desktop.records.store import Store

_FEW = 4
_LEAST = 1
_WIDE = 110


class Listed(QWidget):
    """A heading with a count over a dense list; an empty one says so in a word."""

    def __init__(self, title: str, empty: str, table: Table, parent: QWidget | None = None) -> None:  # type: ignore[type-arg]
        """`empty` is the sentence for a list with nothing in it."""
        super().__init__(parent)
        self._title = title
        self._empty = empty
        self._heading = safe.label(title, kind="heading")
        self._nothing = safe.label(empty, kind="muted")
        for text in (self._heading, self._nothing):
            text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.view = TableView(table, title, self)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.horizontalHeader().hide()
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._heading)
        layout.addWidget(self._nothing)
        layout.addWidget(self.view, 1)

    def show_values(self, values: Sequence[object], key: Callable[[object], object]) -> None:
        """Show the values and their number."""
        self._heading.setText(f"{self._title}   {len(values)}")
        self._nothing.setVisible(not values)
        self.view.setVisible(bool(values))
        self.view.show_values(values, key)
        self._limit()

    def event(self, event: QEvent) -> bool:
        """Stay no higher than the rows when text grows."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._limit()
        return done

    def _limit(self) -> None:
        row, number = self.view.verticalHeader().defaultSectionSize(), len(self.view.values)
        whole = row * number + 2 * self.view.frameWidth() + 2
        self.view.setMinimumHeight(min(whole, row * _LEAST))
        self.view.setMaximumHeight(whole)
        head = self._heading.sizeHint().height() + (0 if number else self._nothing.sizeHint().height())
        self.setMaximumHeight(head + (whole if number else 0) + 2 * self._layout.spacing())

    @property
    def many(self) -> bool:
        """Whether it wants all the room there is."""
        return len(self.view.values) > _FEW


class TodayView(QWidget):
    """The five lists.

    `status_asked` carries visits and the status they get, `visit_opened` and `referral_opened` an id, `therapist_opened` too.
    """

    status_asked = Signal(object, object)
    visit_opened = Signal(str)
    referral_opened = Signal(str)
    therapist_opened = Signal(str)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        """Empty lists; `today` tells how late something is."""
        super().__init__(parent)
        self._heading = safe.label(kind="title")
        self._columns: list[QVBoxLayout] = []
        self._wide: bool | None = None
        self.visits = Listed(_("Appointments today"), _("No appointments today."), _visit_table(with_day=False), self)
        self.unconfirmed = Listed(
            _("To confirm by phone"), _("Everyone has confirmed."), _visit_table(with_status=False), self
        )
        self.open_ends = Listed(_("Yesterday without outcome"), _("Nothing is left open."), _visit_table(), self)
        self.overdue = Listed(_("Referrals overdue"), _("No referral is overdue."), _referral_table(today), self)
        self.expiring = Listed(_("Expiring within 90 days"), _("Nothing expires soon."), _expiring_table(), self)
        self._arrange()
        for listed in (self.visits, self.unconfirmed, self.open_ends):
            listed.view.opened.connect(lambda line: self.visit_opened.emit(line.visit.id))
            self._status_keys(listed.view)
        self.overdue.view.opened.connect(lambda line: self.referral_opened.emit(line.referral.id))
        self.expiring.view.opened.connect(lambda line: self.therapist_opened.emit(line.therapist))

    def show_morning(self, morning: Morning) -> None:
        """Fill the lists."""
        self._heading.setText(words.long_day(morning.day))
        for listed, lines in (
            (self.visits, morning.visits),
            (self.unconfirmed, morning.unconfirmed),
            (self.open_ends, morning.without_outcome),
        ):
            listed.show_values(lines, lambda line: line.visit.id)  # type: ignore[attr-defined]
        self.overdue.show_values(morning.overdue, lambda line: line.referral.id)  # type: ignore[attr-defined]
        self.expiring.show_values(morning.expiring, lambda line: (line.therapist, line.what))  # type: ignore[attr-defined]

        self._share()

    def lists(self) -> tuple[TableView, ...]:
        """The lists, in reading order."""
        return tuple(one.view for one in (self.visits, self.unconfirmed, self.open_ends, self.overdue, self.expiring))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Three columns where they can be read, else two."""
        super().resizeEvent(event)
        self._deal(wide=self.width() >= self.fontMetrics().averageCharWidth() * _WIDE)

    def _deal(self, *, wide: bool) -> None:
        if wide is self._wide:
            return
        self._wide = wide
        self._keys.setVisible(wide)
        first = (self.visits,)
        second, third = (self.unconfirmed, self.open_ends), (self.overdue, self.expiring)
        dealt = (first, second, third) if wide else (first, (*second, *third), ())
        for number, (column, lists) in enumerate(zip(self._columns, dealt, strict=True)):
            while column.takeAt(0) is not None:
                pass
            for one in lists:
                column.addWidget(one)
            column.addStretch(1)
            self._row.setStretch(number, (7, 5, 5)[number] if wide else (1, 1, 0)[number])
        self._row.setSpacing(self.fontMetrics().height() if wide else self.fontMetrics().height() // 2)
        self._share()

    def _share(self) -> None:
        for column in self._columns:
            for at in range(column.count()):
                item = column.itemAt(at)
                listed = None if item is None else item.widget()
                if isinstance(listed, Listed):
                    column.setStretch(at, 100 if listed.many else 0)

    def _status_keys(self, view: TableView) -> None:
        def marks(status: VisitStatus) -> Callable[[], None]:
            return lambda: self.status_asked.emit(tuple(line.visit for line in view.chosen), status)

        command(view, _("Mark confirmed"), marks(VisitStatus.CONFIRMED), keys="C", here=True)
        command(view, _("Mark arrived"), marks(VisitStatus.ARRIVED), keys="A", here=True)
        command(view, _("Mark done"), marks(VisitStatus.COMPLETED), keys="D", here=True)
        command(view, _("Mark no-show"), marks(VisitStatus.NO_SHOW), keys="N", here=True)

    def _arrange(self) -> None:
        line = self.fontMetrics().height()
        head = QHBoxLayout()
        head.addWidget(self._heading)
        head.addStretch(1)
        self._keys = safe.label(_("C confirmed   A arrived   D done   N no-show   Enter opens"), self, kind="muted")
        head.addWidget(self._keys)
        self._row = QHBoxLayout()
        self._row.setSpacing(line)
        for share in (7, 5, 5):
            column = QVBoxLayout()
            column.setSpacing(line // 2)
            self._row.addLayout(column, share)
            self._columns.append(column)
        self._deal(wide=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(line, line // 2, line, line // 2)
        layout.setSpacing(line // 2)
        layout.addLayout(head)
        layout.addLayout(self._row, 1)


class TodayPresenter(QObject):
    """Fills the view from the desk, and does what it asks."""

    def __init__(
        self, view: TodayView, desk: Desk, go: Callable[[Place], None], counted: Callable[[int], None]
    ) -> None:
        """`go` brings another screen to the front."""
        super().__init__(view)
        self._view = view
        self._desk = desk
        self._counted = counted
        view.status_asked.connect(self._mark)
        view.visit_opened.connect(lambda key: go(Place(screen="calendar", id=key)))
        view.referral_opened.connect(lambda key: go(Place(screen="referrals", id=key)))
        view.therapist_opened.connect(lambda key: go(Place(screen="therapists", id=key)))

    def refresh(self) -> None:
        """Read the morning's lists again."""
        actor = self._desk.actor

        def question(store: Store) -> Morning:
            from desktop.office import reports

            return reports.morning(store, actor)

        self._desk.ask(question, self._show, key="today")

    def _show(self, morning: Morning) -> None:
        self._view.show_morning(morning)
        self._counted(len(morning.visits))

    def _mark(self, visits: tuple[Visit, ...], status: VisitStatus) -> None:
        for visit in visits:
            if visit.status is not status:
                self._mark_one(visit.id, status)

    def _mark_one(self, key: VisitId, status: VisitStatus) -> None:
        from desktop.office import booking

        sentence = _("Marked {status}.").format(status=words.status(status).lower())
        self._desk.do(
            _("Mark appointment"),
            lambda store, actor: booking.set_status(store, actor, key, status),
            lambda _visit: self._desk.tell(sentence),
        )


class TodayScreen(Screen):
    """The module Today."""

    title = _("Today")

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Put view and presenter together."""
        super().__init__(desk, parent)
        self.view = TodayView(lambda: desk.today, self)
        self.presenter = TodayPresenter(self.view, desk, self.wanted.emit, self.counted.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def refresh(self) -> None:
        """Read everything again."""
        self.presenter.refresh()

    def panes(self) -> Sequence[QWidget]:
        """Each list is a pane."""
        return self.view.lists()

    def tools(self) -> Sequence[QAction]:
        """Nothing of its own; the rows act by single keys."""
        return ()

    def focus_first(self) -> None:
        """Begin in today's appointments."""
        self.view.visits.view.setFocus()


def _visit_table(*, with_day: bool = True, with_status: bool = True) -> Table[VisitLine]:
    columns: list[Column[VisitLine]] = [
        Column(_("Time"), _day_and_time if with_day else _time, width=13 if with_day else 9),
        Column(_("Client"), lambda line: line.client, bold=lambda _line: True),
        Column(_("Therapist"), _family, tone=lambda _line: "muted", width=14, spare=1),
        Column(_("Service"), lambda line: words.kind(line.service.kind), tone=lambda _line: "muted", width=13, spare=2),
    ]
    if with_status:
        status: Column[VisitLine] = Column(
            _("Status"),
            lambda line: words.status(line.visit.status),
            tone=lambda line: _tone(line.visit.status),
            glyph=lambda line: words.glyph(line.visit.status, line.service.kind),
            width=13,
        )
        columns.append(status)
    return Table(columns, spoken=_spoken)


def _referral_table(today: Callable[[], date]) -> Table[ReferralLine]:
    return Table(
        (
            Column(_("Client"), lambda line: line.client, bold=lambda _line: True),
            Column(_("Next"), lambda line: words.action(line.referral.next_action), width=20, spare=1),
            Column(_("Due"), lambda line: _late(line, today()), tone=lambda _line: "err", width=11),
        )
    )


def _expiring_table() -> Table[Expiring]:
    return Table(
        (
            Column(_("Therapist"), lambda line: line.name, bold=lambda _line: True),
            Column(_("What"), lambda line: line.what, width=10),
            Column(_("Ends"), lambda line: words.short_date(line.on), width=11, spare=1),
            Column(
                _("In"),
                _left,
                tone=lambda line: "err" if line.days <= 7 else "warn" if line.days <= 30 else "muted",
                width=13,
            ),
        )
    )


def _tone(status: VisitStatus) -> str:
    return {
        VisitStatus.CONFIRMED: "ok",
        VisitStatus.ARRIVED: "ok",
        VisitStatus.NO_SHOW: "err",
        VisitStatus.HOLD: "warn",
        VisitStatus.SCHEDULED: "info",
    }.get(status, "muted")


def _family(line: VisitLine) -> str:
    return line.therapist.split(",")[0]


def _time(line: VisitLine) -> str:
    return words.clock(line.visit.start, line.visit.zone)


def _day_and_time(line: VisitLine) -> str:
    return f"{words.weekday(local_date(line.visit.start))} {_time(line)}"


def _late(line: ReferralLine, today: date) -> str:
    days = 0 if line.referral.due is None else (today - line.referral.due).days
    return ngettext("{n} day late", "{n} days late", days).format(n=days)


def _left(line: Expiring) -> str:
    if line.days < 0:
        return _("ended")
    return _("today") if line.days == 0 else _("{n} days").format(n=line.days)


def _spoken(line: VisitLine) -> str:
    return f"{line.client}, {line.therapist}, {_day_and_time(line)}, {words.kind(line.service.kind)}, {words.status(line.visit.status)}"

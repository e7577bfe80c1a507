"""The window's frame: menus, tool bar, find box, status line, lock; the screens stand in a Session inside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from desktop.gui import safe
from desktop.gui.jobs import Jobs
from desktop.gui.unlock import Opened, UnlockPresenter, UnlockView
from desktop.settings import Settings

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent
    from PySide6.QtWidgets import QToolBar

    from desktop.clinic.change import Task
    from desktop.clinic.errors import ClinicError
    from desktop.gui.desk import Desk
    from desktop.gui.finding import Finding
    from desktop.gui.idle import IdleLock
    from desktop.gui.menus import Menus
    from desktop.gui.screen import Place, Screen
    from desktop.gui.session import Session
    from desktop.gui.statusline import StatusLine
    from desktop.gui.widgets.omnibox import Omnibox

_COUNT_AFTER_MS = 300


class Surroundings(NamedTuple):
    """What the window is given by the computer: clocks, folders, settings and how to keep them."""

    clock: Callable[[], datetime]
    seconds: Callable[[], float]
    demo: Path
    settings: Settings
    keep: Callable[[Settings], None]
    dress: Callable[[Settings], None]


class Window(QMainWindow):
    """The window of Warm Handoff.

    `painted` is told once, after the first paint; `entered` carries the Desk after a clinic was unlocked.

    Tool bar, find box and status line are made when a clinic is first entered, so that the unlock page comes at once.
    """

    painted = Signal()
    entered = Signal(object)

    bar: QToolBar
    box: Omnibox
    line: StatusLine

    def __init__(self, around: Surroundings) -> None:
        """Show the unlock page; everything else waits until a clinic is open."""
        super().__init__()
        self.around = around
        self.settings = around.settings
        self.session: Session | None = None
        self._desk: Desk | None = None
        self._menus: Menus | None = None
        self._finding: Finding | None = None
        self._idle: IdleLock | None = None
        self._painted = False
        self.is_warm = False
        self._jobs = Jobs(self)
        self._pages = QStackedWidget(self)
        self.unlock = UnlockView(self._pages)
        self.opening = UnlockPresenter(self.unlock, self._jobs, around.demo, around.clock)
        self._pages.addWidget(self.unlock)
        self.setCentralWidget(self._pages)
        self.setWindowTitle(_("Warm Handoff"))
        self.setAcceptDrops(True)
        self.opening.opened.connect(self._opened)
        self.unlock.new_asked.connect(self._new_clinic)
        self.unlock.recovery_asked.connect(self._recover)
        self.unlock.offer(self.settings.recent, self.settings.last_user)

    @property
    def desk(self) -> Desk | None:
        """The desk while a clinic is unlocked."""
        return self._desk

    def warm(self) -> None:
        """Load what the clinic will need while the user types the passphrase; `is_warm` tells when it is there."""
        self._jobs.read(_load, lambda _none: self._warmed(), lambda _error: None)

    def _warmed(self) -> None:
        _load_screens()
        self.is_warm = True

    def enter(self, desk: Desk) -> None:
        """Show the clinic that was unlocked, beginning with Today."""
        from desktop.gui.finding import Finding
        from desktop.gui.idle import IdleLock
        from desktop.gui.screen import Place
        from desktop.gui.session import Session, bring_forward

        self._desk = desk
        desk.setParent(self)
        self._build_frame()
        self.setMinimumSize(1, 1)  # no screen knows its size before it is painted, and the window must not grow
        self.session = Session(desk, self._pages)
        self._pages.addWidget(self.session)
        bring_forward(self._pages, self.session)
        self._finding = Finding(self.box, desk, self)
        desk.changed.connect(self._changed)
        desk.tidied.connect(self.refresh)
        desk.failed.connect(self._failed)
        desk.told.connect(self.line.tell)
        desk.busy.connect(self.line.show_busy)
        self.session.came.connect(self._came)
        self._show_frame(shown=True)
        self.session.go(Place(screen="today"))
        self._idle = IdleLock(self.settings.idle_minutes, self.around.seconds, self)
        self._idle.due.connect(self.lock)
        self._idle.start()
        QTimer.singleShot(0, self._finish_frame)
        self.entered.emit(desk)

    def lock(self) -> None:
        """Close the clinic file, take every word of it off the screen, and ask for the passphrase."""
        if self.session is None or self._desk is None:
            return
        from desktop.gui.session import bring_forward

        for other in self.findChildren(QWidget):
            if other.isWindow():
                other.close()
        if self._idle is not None:
            self._idle.stop()
        session, self.session = self.session, None
        desk, self._desk = self._desk, None
        self._show_frame(shown=False)
        self._pages.removeWidget(session)
        bring_forward(self._pages, self.unlock)
        self.box.clear()
        self.box.show_nothing()
        self.line.clear()
        self._finding = None
        desk.close()
        session.deleteLater()
        desk.deleteLater()
        self.unlock.offer(self.settings.recent, self.settings.last_user)
        self.activateWindow()
        self.unlock.focus_first()

    def go(self, place: Place) -> None:
        """Bring a screen to the front."""
        if self.session is not None:
            self.activateWindow()
            self.session.go(place)

    def undo(self) -> None:
        """Take back the latest change made here."""
        if self._desk is not None:
            self._desk.undo(lambda task: self.line.tell(_("Undone: {label}.").format(label=task.label)))

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._desk is not None:
            self._desk.redo(lambda task: self.line.tell(_("Done again: {label}.").format(label=task.label)))

    def refresh(self) -> None:
        """Read everything again."""
        if self.session is not None:
            self.session.refresh()
            self._count()

    def new_call(self) -> None:
        """Open the sheet for a new call over whatever is in front."""
        if self._desk is None or self.session is None:
            return
        from desktop.gui.intake import CallSheet

        CallSheet(self._desk, self.go, self).open()

    def import_file(self, path: Path | None = None) -> None:
        """Look at a file and bring it in; without one, ask for it."""
        if self._desk is not None:
            from desktop.gui import importing

            importing.begin(self._desk, self, path)

    def export_calendar(self, therapist: str = "") -> None:
        """Save a therapist's appointments for their own calendar."""
        if self._desk is not None:
            from desktop.gui import exporting

            exporting.calendar_file(self._desk, self, therapist)

    def export_everything(self) -> None:
        """Save the whole clinic as JSON, after a warning."""
        if self._desk is not None:
            from desktop.gui import exporting

            exporting.everything(self._desk, self)

    def show_keys(self) -> None:
        """Open the sheet of keys."""
        from desktop.gui.commands import keys_of
        from desktop.gui.widgets.keysheet import KeySheet

        KeySheet(keys_of(self), self).open()

    def take_settings(self, settings: Settings) -> None:
        """Look as the settings say, and keep them."""
        self.settings = settings
        self.around.dress(settings)
        self.around.keep(settings)
        self._repaint_icons()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the clinic file before the window goes."""
        self.lock()
        self._jobs.close()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped on the window while a clinic is open."""
        if self._desk is not None and _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at the file that was dropped."""
        found = _dropped(event)
        if found is not None:
            event.acceptProposedAction()
            self.import_file(found)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first one when it is on the screen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the tool bar."""
        super().resizeEvent(event)
        if self._menus is not None:
            self._menus.fit()

    def _system_colors(self) -> None:
        if self.settings.scheme == "system":
            self.around.dress(self.settings)
            self._repaint_icons()

    def _repaint_icons(self) -> None:
        from desktop.gui.commands import repaint_icons

        repaint_icons(self)

    def _tool_bar(self) -> QToolBar:
        from PySide6.QtWidgets import QToolBar

        bar = QToolBar(_("Tools"), self)
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setFloatable(False)
        bar.toggleViewAction().setEnabled(False)
        self.addToolBar(bar)
        return bar

    def _build_frame(self) -> None:
        from desktop.gui.statusline import StatusLine
        from desktop.gui.widgets.omnibox import Omnibox

        if not hasattr(self, "line"):
            self.bar = self._tool_bar()
            self.box = Omnibox(self.bar)
            self.box.hide()
            self.line = StatusLine(self.undo)
            self.setStatusBar(self.line)
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_colors)

    def _show_frame(self, *, shown: bool) -> None:
        for part in (self.menuBar(), self.bar, self.line):
            part.setVisible(shown)
        if self._menus is not None:
            self._menus.enable(shown=shown)

    def _finish_frame(self) -> None:
        from desktop.gui.menus import Menus

        if self._menus is None:
            self._menus = Menus(self)
        self._menus.enable(shown=self.session is not None)
        if self.session is not None and self.session.current is not None:
            self._came(self.session.current)
        QTimer.singleShot(_COUNT_AFTER_MS, self._rest)

    def _rest(self) -> None:
        self.setMinimumSize(0, 0)  # from now on what is shown says how small the window may be
        self._count()
        if self._desk is not None and self._idle is not None:
            from desktop.gui.chores import Chores

            Chores(self._desk, self._idle)

    def _came(self, screen: Screen) -> None:
        if self._menus is not None:
            self._menus.show_tools(screen)

    def _opened(self, opened: Opened) -> None:
        self.settings = self.settings.opened(opened.path, opened.user)
        self.around.keep(self.settings)
        from desktop.gui.desk import Desk

        self.enter(Desk(opened.store, opened.user, Jobs(), self.around.clock))

    def _new_clinic(self) -> None:
        from desktop.gui.founding import NewClinic

        dialog = NewClinic(self._jobs, self.around.clock, self)
        dialog.founded.connect(self._opened)
        dialog.open()

    def _recover(self, file: str, user: str) -> None:
        from desktop.gui.recovering import Recovery

        dialog = Recovery(self._jobs, self.around.clock, self, file=file, user=user)
        dialog.opened.connect(self._opened)
        dialog.open()

    def _changed(self, task: Task) -> None:
        self.line.offer_undo(self._desk.to_undo if self._desk is not None else None)
        self.line.tell(task.label + ".")
        self._count()

    def _count(self) -> None:
        if self._finding is not None:
            self._finding.count(self._counted)

    def _counted(self, numbers: dict[str, int], words: str) -> None:
        self.line.show_counts(words)
        if self.session is not None:
            for key, number in numbers.items():
                self.session.navigation.count(key, number)

    def _failed(self, error: ClinicError) -> None:
        self.line.tell("")
        safe.notice(self, error.sentence)

    def settings_with(self, **changes: object) -> None:
        """Take the present settings with these fields changed."""
        self.take_settings(replace(self.settings, **changes))  # type: ignore[arg-type]


def _dropped(event: QDropEvent) -> Path | None:
    """The one local file that is dragged, if it is one."""
    places = event.mimeData().urls()
    return Path(places[0].toLocalFile()) if len(places) == 1 and places[0].isLocalFile() else None


def _load() -> None:
    from desktop.office import access, reports  # noqa: F401


def _load_screens() -> None:
    from desktop.gui import finding, menus, session, statusline, today  # noqa: F401
    from desktop.gui.widgets import omnibox  # noqa: F401

"""What stands in the window while a clinic is unlocked: navigation, the screens, the matches beside them."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSplitter, QStackedWidget, QWidget

from desktop.clinic.change import Task
from desktop.gui.desk import Desk
from desktop.gui.modules import Module, modules
from desktop.gui.screen import BESIDE, Place, Screen
from desktop.gui.widgets.navigation import Navigation

_READABLE = 48  # letters; beside the matches a screen needs no less


class Session(QWidget):
    """One unlocked clinic on the screen; `came` carries the screen that is in front now."""

    came = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Make the navigation alone; each screen is made when somebody goes there."""
        super().__init__(parent)
        self.desk = desk
        self.modules: dict[str, Module] = {one.key: one for one in modules()}
        self._screens: dict[str, Screen] = {}
        self._stale: set[str] = set()
        self._beside: Screen | None = None
        self.navigation = Navigation([one.entry for one in self.modules.values()], _("Modules"), self)
        self.navigation.setSizePolicy(
            self.navigation.sizePolicy().Policy.Fixed, self.navigation.sizePolicy().Policy.Expanding
        )
        self._stack = QStackedWidget(self)
        self._split = QSplitter(Qt.Orientation.Horizontal, self)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._stack)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.navigation)
        layout.addWidget(self._split, 1)
        self.navigation.chosen.connect(lambda key: self.go(Place(screen=key), focus=False))
        desk.changed.connect(self._changed)

    @property
    def current(self) -> Screen | None:
        """The screen in front."""
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, Screen) else None

    @property
    def front(self) -> str:
        """The key of the screen in front."""
        return next((key for key, one in self._screens.items() if one is self.current), "")

    def go(self, place: Place, *, focus: bool = True) -> None:
        """Bring a screen to the front, and the record there if one is named."""
        if place.screen == BESIDE:
            self._show_beside(place.id)
            return
        screen = self._screens.get(place.screen) or self._made(place.screen)
        if self._stack.isHidden():
            self.hide_beside()
        bring_forward(self._stack, screen)
        self._fit()
        self.navigation.show_current(place.screen)
        if place.screen in self._stale:
            self._stale.discard(place.screen)
            screen.refresh()
        if place.id:
            screen.reveal(place.id)
        if focus:
            screen.focus_first()
        self.came.emit(screen)

    def refresh(self) -> None:
        """Ask everything that is visible for its data again, and the rest when it comes to the front."""
        self._stale = set(self._screens)
        self._stale.discard(next((key for key, one in self._screens.items() if one is self.current), ""))
        for screen in (self.current, self._beside):
            if screen is not None and (screen is not self._beside or screen.isVisible()):
                screen.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Screen and matches stand side by side while there is room for both."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Fit again when something inside has come to need another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give the screen its room back when the matches go."""
        if watched is self._beside and event.type() in (QEvent.Type.HideToParent, QEvent.Type.ShowToParent):
            self._fit()
        return super().eventFilter(watched, event)

    def next_pane(self, box: QWidget) -> None:
        """Move the focus on: navigation, the parts of the screen, the matches, the find box."""
        screen = self.current
        inner = () if screen is None else screen.panes()
        beside = self._beside.panes() if self._beside is not None and self._beside.isVisible() else ()
        panes = [one for one in (self.navigation, *inner, *beside, box) if one.isVisible()]
        focused = QApplication.focusWidget()
        here = next(
            (at for at, one in enumerate(panes) if focused and (one is focused or one.isAncestorOf(focused))), -1
        )
        target = panes[(here + 1) % len(panes)]
        if isinstance(target, Screen):
            target.focus_first()
        else:
            target.setFocus(Qt.FocusReason.TabFocusReason)

    def hide_beside(self) -> None:
        """Fold the matches away."""
        if self._beside is not None:
            self._beside.hide()

    @property
    def beside(self) -> Screen | None:
        """The matches beside the screen, when they were asked for."""
        return self._beside

    def _made(self, key: str) -> Screen:
        screen = self.modules[key].make(self.desk)
        self._screens[key] = screen
        self._stack.addWidget(screen)
        self._stale.add(key)
        screen.wanted.connect(self.go)
        screen.counted.connect(lambda number: self.navigation.count(key, number))
        return screen

    def _show_beside(self, key: str) -> None:
        if self._beside is None:
            from desktop.gui.matching import MatchPanel

            self._beside = MatchPanel(self.desk)
            self._beside.wanted.connect(self.go)
            self._beside.installEventFilter(self)
            self._split.addWidget(self._beside)
            self._split.setStretchFactor(0, 1)
            self._split.setStretchFactor(1, 0)
            panel = self.fontMetrics().averageCharWidth() * 40
            self._split.setSizes([max(self._split.width() - panel, 1), panel])
        self._beside.show()
        self._beside.reveal(key)
        self._beside.focus_first()

    def _fit(self) -> None:
        """Where both cannot stand side by side the matches take the screen's place, and the window stays as it is."""
        screen, beside = self.current, self._beside
        if screen is None:
            return
        least, panel = screen.minimumSizeHint().width(), 0
        if beside is not None and not beside.isHidden():
            panel = max(beside.minimumSizeHint().width(), beside.minimumWidth())
        room = self.width() - self.navigation.minimumSizeHint().width() - self._split.handleWidth() - panel
        worth = max(least, self.fontMetrics().averageCharWidth() * _READABLE)
        self._stack.setVisible(not panel or worth <= room)
        self._split.setMinimumWidth(max(least, panel))

    def _changed(self, _task: Task) -> None:
        self.refresh()


def bring_forward(stack: QStackedWidget, page: QWidget) -> None:
    """Show that page; the others lay no claim to room meanwhile."""
    for at in range(stack.count()):
        one = stack.widget(at)
        if one is not None:
            policy = one.sizePolicy().Policy
            kept = policy.Preferred if one is page else policy.Ignored
            one.setSizePolicy(kept, kept)
    stack.setCurrentWidget(page)

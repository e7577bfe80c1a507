"""The idle lock: nobody touched our windows for some minutes, or the clinic has been open for half a day."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

TOUCH = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,  # all that the window sees of a shortcut
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)
LONGEST = 12 * 60 * 60.0


class IdleLock(QObject):
    """Watches the native windows alone, so that painting and layout cost nothing; `due` asks for the lock."""

    due = Signal()

    def __init__(self, minutes: int, clock: Callable[[], float], parent: QObject | None = None) -> None:
        """`clock` gives seconds that only go forward."""
        super().__init__(parent)
        self._seconds = minutes * 60.0
        self._clock = clock
        self._touched = self._begun = clock()
        self._timer = QTimer(self)
        self._timer.setInterval(5000)
        self._timer.timeout.connect(self.check)

    @property
    def untouched(self) -> float:
        """For how many seconds nobody has touched our windows."""
        return self._clock() - self._touched

    def start(self) -> None:
        """Begin to count."""
        self._touched = self._begun = self._clock()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            for window in app.topLevelWindows():
                window.installEventFilter(self)
            app.focusWindowChanged.connect(self._watch)
        self._timer.start()

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.disconnect(self._watch)

    def check(self) -> None:
        """Ask for the lock when the time has come."""
        now = self._clock()
        if now - self._touched >= self._seconds or now - self._begun >= LONGEST:
            self.due.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that somebody is here; every event goes on to its window."""
        if event.type() in TOUCH:
            self._touched = self._clock()
        return super().eventFilter(watched, event)

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

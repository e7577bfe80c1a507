"""What is done once after unlocking, when nobody has touched the window for some seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.clinic.change import Actor
from desktop.gui.desk import Desk
from desktop.gui.idle import IdleLock

if TYPE_CHECKING:
    from desktop.clinic.people import Address
    from desktop.office.upkeep import Rechecked
    from desktop.records.store import Store

QUIET = 5.0  # seconds
_LOOK_MS = 1000


class Chores(QObject):
    """Re-checks planned appointments once a day, and loads the register of ZIP codes before somebody types one."""

    def __init__(self, desk: Desk, idle: IdleLock) -> None:
        """Wait until nobody types and nothing is asked."""
        super().__init__(desk)
        self._desk, self._idle = desk, idle
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Begin when it is quiet, and then never again."""
        if self._idle.untouched >= QUIET and self._desk.pending == 0:
            self._timer.stop()
            self._desk.tidy(_recheck)
            self._desk.ask(_load_places, lambda _place: None, key="register")


def _recheck(store: Store, actor: Actor) -> Rechecked | None:
    from desktop.office import upkeep

    return upkeep.daily(store, actor)


def _load_places(_store: Store) -> Address:
    from desktop.gui import callform

    return callform.read_place("19103")

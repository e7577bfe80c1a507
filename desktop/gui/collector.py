"""Python's cyclic garbage is collected on the GUI thread alone.

Python collects on whichever thread happens to allocate; a widget that dies on a worker's thread takes the program with it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500


class Collector(QObject):
    """Takes the place of Python's own schedule, with Python's own thresholds, from `start` to `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Nothing changes before `start`."""
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Collect from now on by this timer alone."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give the schedule back to Python."""
        self._timer.stop()
        gc.enable()

    def look(self) -> None:
        """Collect the oldest generation whose threshold is passed."""
        pairs = zip(gc.get_count(), gc.get_threshold(), strict=True)
        passed = [generation for generation, (count, threshold) in enumerate(pairs) if count > threshold]
        if passed:
            gc.collect(max(passed))

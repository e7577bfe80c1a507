"""No widget dies on a worker's thread."""

from __future__ import annotations

import gc
from threading import Thread, current_thread, main_thread

from PySide6.QtWidgets import QApplication

from desktop.gui.collector import Collector


class Ring:
    """Garbage that only the cyclic collector finds; it notes on which thread it dies."""

    died_here: list[bool]

    def __init__(self, died_here: list[bool]) -> None:
        """Refer to itself."""
        self.itself = self
        self.died_here = died_here

    def __del__(self) -> None:
        """Note the thread."""
        self.died_here.append(current_thread() is main_thread())


def test_garbage_made_anywhere_is_collected_on_the_gui_thread(qapp: QApplication) -> None:
    """Even when a worker allocates far beyond Python's thresholds."""
    del qapp
    collector, died_here = Collector(), list[bool]()
    collector.start()
    try:
        gc.collect()
        died_here.clear()

        def allocate() -> None:
            for _each in range(20_000):
                Ring(died_here)

        worker = Thread(target=allocate)
        worker.start()
        worker.join()
        assert died_here == []
        collector.look()
        assert died_here
        assert all(died_here)
    finally:
        collector.stop()
        gc.disable()  # as the fixture of this folder left it

"""Starts the window in a process of its own, as a user does, and says what it has seen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

HOMES = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")

EMPTY = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
{eye}
app = QApplication([])
window = QMainWindow()
window.resize(1366, 768)
eye = Eye(window)
window.show()
app.exec()
"""

OURS = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from desktop.gui import app, start
{eye}
made = start.built

def built(*given):
    window = made(*given)
    window.resize(1366, 768)
    Eye(window)
    return window

start.built = built
sys.argv = ["window"]
app.main([])
"""

TODAY = """
import sys, time
from datetime import datetime
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from desktop.gui import app, start
{report}
path, user, now = sys.argv[1], sys.argv[2], datetime.fromisoformat(sys.argv[3])
passphrase = sys.stdin.readline().strip()
start.now = lambda: now
made = start.built
at = {}

def built(*given):
    window = made(*given)
    window.resize(1366, 768)
    timer = QTimer(window)

    def look():
        if "pressed" not in at:
            if window.is_warm:
                at["pressed"] = time.time()
                window.unlock.unlock_asked.emit(path, user, passphrase)
            return
        today = window.session.current if window.session else None
        if today is not None and today.view.visits.view.values:
            timer.stop()
            today.view.visits.view.viewport().repaint()
            report(sorted(sys.modules), at["pressed"] - at["painted"])
            window.close()
            QApplication.quit()

    timer.setInterval(1)
    timer.timeout.connect(look)
    window.painted.connect(lambda: (at.update(painted=time.time()), timer.start()))
    return window

start.built = built
sys.argv = ["window"]
app.main([])
"""

REPORT = """
import json
def report(modules, typing=0.0):
    print(json.dumps({"at": time.time() - typing, "modules": modules}), flush=True)
"""

EYE = (
    REPORT
    + """
class Eye(QObject):
    def __init__(self, window):
        super().__init__(window)
        window.installEventFilter(self)
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QApplication.postEvent(self, QEvent(QEvent.Type.User))
        return False
    def customEvent(self, event):
        report(sorted(sys.modules))
        QTimer.singleShot(0, watched_quit)
def watched_quit():
    QApplication.quit()
"""
)


@dataclass(frozen=True)
class Seen:
    """When the window was there, in seconds since the epoch, and which modules were loaded by then.

    The time in which a user types the passphrase, and the program loads what it will need, does not count.
    """

    at: float
    modules: frozenset[str]


def seen(script: str, *arguments: str, line: str = "") -> Seen:
    """Run a script to its first report."""
    with TemporaryDirectory() as folder:
        return _seen(script, arguments, line, folder)


def _seen(script: str, arguments: tuple[str, ...], line: str, folder: str) -> Seen:
    run = subprocess.run(
        [sys.executable, "-c", script.replace("{eye}", EYE).replace("{report}", REPORT), *arguments],
        input=line,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **dict.fromkeys(HOMES, folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told = json.loads(run.stdout.splitlines()[0])
    return Seen(at=told["at"], modules=frozenset(told["modules"]))


def today_seen(path: Path, user: str, passphrase: str, now: str) -> Seen:
    """Open the window, unlock the clinic file as soon as the program is ready for it, and wait for a filled Today."""
    return seen(TODAY, str(path), user, now, line=passphrase + "\n")

"""A report tells where the program failed, and nothing about anybody."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.clinic.errors import Missing
from desktop.clinic.facts import Facts
from desktop.gui import crash
from desktop.gui.crash import Crash, Incident, Messenger
from tests.conftest import NOW

MARKER = "Kestrel-Nguyễn"


@pytest.fixture
def watch(qapp: QApplication, tmp_path: Path) -> Crash:
    """A crash path that writes into a folder of the test; it is not installed."""
    del qapp
    return Crash(tmp_path, lambda: NOW, lambda: None)


def fail_deep(name: str) -> None:
    """Fail as a bug would, with a client's name in the message, in the values and in the cause."""
    facts = Facts()
    try:
        facts.client(name)  # type: ignore[arg-type]
    except Exception as error:
        raise RuntimeError(f"could not show {name}") from error


def test_a_report_names_types_and_our_lines_and_no_data(qtbot: QtBot, watch: Crash, tmp_path: Path) -> None:
    """Type, cause, file and line of our code, versions, a number; mode 0600."""
    struck: list[Incident] = []
    watch.struck.connect(struck.append)
    try:
        fail_deep(MARKER)
    except RuntimeError as error:
        watch.take(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: len(struck) == 1)
    report = struck[0].path.read_text(encoding="utf-8") if struck[0].path else ""
    assert struck[0].number in report
    assert "builtins.RuntimeError" in report
    assert re.search(r"caused by\ndesktop\.clinic\.errors\.BadInput\n(  clinic/facts\.py:\d+ \S+\n?)+", report)
    assert "Python 3." in report
    assert MARKER not in report
    assert str(tmp_path) not in report
    assert struck[0].path is not None
    assert stat.S_IMODE(struck[0].path.stat().st_mode) == 0o600


def test_words_of_qt_are_kept_without_what_they_quote(watch: Crash, tmp_path: Path) -> None:
    """A file name or a text in quotes may be somebody's."""
    context = QMessageLogContext()
    watch.take_message(QtMsgType.QtWarningMsg, context, f'QFont: bad "{MARKER}" in /home/{MARKER}/x\nfaked line')
    written = (tmp_path / "qt.txt").read_text(encoding="utf-8")
    assert "QFont: bad ..." in written
    assert MARKER not in written
    assert written.count("\n") == 1


def test_a_missing_platform_ends_with_a_sentence(tmp_path: Path, qapp: QApplication) -> None:
    """Qt would abort."""
    del qapp
    said: list[str] = []
    watch = Crash(tmp_path, lambda: NOW, lambda: said.append("no platform"))
    text = "This application failed to start because no Qt platform plugin could be initialized."
    watch.take_message(QtMsgType.QtFatalMsg, QMessageLogContext(), text)
    assert said == ["no platform"]


def test_a_failure_on_another_thread_is_told_once_on_the_gui_thread(
    qtbot: QtBot, watch: Crash, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one dialog is open, further incidents are only written down."""
    monkeypatch.setattr(threading, "excepthook", watch.take_thread)
    shown: list[str] = []

    closers: list[Callable[[], None]] = []

    def show(incident: Incident, closed: Callable[[], None]) -> None:
        assert threading.current_thread() is threading.main_thread()
        shown.append(crash.sentence(incident))
        closers.append(closed)

    def fail() -> None:
        thread = threading.Thread(target=fail_deep, args=(MARKER,))
        thread.start()
        thread.join()

    messenger = Messenger(watch, show)
    fail()
    fail()
    qtbot.waitUntil(lambda: len(shown) == 1)
    assert len(list(tmp_path.glob("incident-*.txt"))) == 2
    assert MARKER not in shown[0]
    closers[0]()
    fail()
    qtbot.waitUntil(lambda: len(shown) == 2)
    assert messenger is not None


def test_errors_for_the_user_have_a_sentence_of_their_own() -> None:
    """They never come here; should one, its words stay out of the report."""
    error = Missing(MARKER)
    assert MARKER not in crash.describe(type(error), error, None)


INSTALLED = """
import sys, threading
from datetime import UTC, datetime
from pathlib import Path
from PySide6.QtCore import QCoreApplication, qWarning
from desktop.gui.crash import Crash
app = QCoreApplication([])
watch = Crash(Path(sys.argv[1]), lambda: datetime.now(UTC), lambda: None)
watch.install()
thread = threading.Thread(target=lambda: 1 // 0)
thread.start()
thread.join()
qWarning("something of Qt")
raise RuntimeError("{marker}")
"""


def test_installed_it_takes_every_way_of_failing(tmp_path: Path) -> None:
    """Main thread, another thread and Qt; nothing goes to the terminal, and C code's crashes have a file of their own."""
    script = INSTALLED.replace("{marker}", MARKER)
    run = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False)
    reports = [path.read_text(encoding="utf-8") for path in tmp_path.glob("incident-*.txt")]
    assert sorted(report.splitlines()[4] for report in reports) == [
        "builtins.RuntimeError",
        "builtins.ZeroDivisionError",
    ]
    assert "something of Qt" in (tmp_path / "qt.txt").read_text(encoding="utf-8")
    assert (tmp_path / "fault.txt").exists()
    assert MARKER not in run.stderr + "".join(reports)

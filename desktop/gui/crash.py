"""When the program itself is at fault: a report without personal data, and a calm word to the user."""

from __future__ import annotations

import faulthandler
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, Slot, qInstallMessageHandler, qVersion

from desktop import __version__

OURS = Path(__file__).resolve().parents[1]
NO_PLATFORM = "platform plugin"
_QUOTED = r"\"[^\"]*\"|'[^']*'|“[^”]*”|/\S+"


class Incident(NamedTuple):
    """One failure of the program: its number, and the report that holds no personal data."""

    number: str
    report: str
    path: Path | None


class Crash(QObject):
    """Takes every exception that nobody expected, on any thread, and every word of Qt.

    `struck` carries the Incident on the GUI thread.
    """

    struck = Signal(object)

    def __init__(self, folder: Path, clock: Callable[[], datetime], no_platform: Callable[[], object]) -> None:
        """Reports go to `folder`; `no_platform` leaves the program when Qt finds no screen to draw on."""
        super().__init__()
        self._folder = folder
        self._clock = clock
        self._no_platform = no_platform

    def install(self) -> None:
        """Take over the hooks of Python, of its threads and of Qt, and have crashes of C code written down."""
        sys.excepthook = self.take
        threading.excepthook = self.take_thread
        qInstallMessageHandler(self.take_message)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._folder / "fault.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        faulthandler.enable(handle, all_threads=True)

    def take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Write the report of one exception and tell the window."""
        if issubclass(kind, KeyboardInterrupt):
            sys.exit(130)
        self._strike(describe(kind, error, trace))

    def take_message(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        """Write down what Qt complains about, without anything that it quotes; a fatal word ends the program."""
        if kind is QtMsgType.QtFatalMsg and NO_PLATFORM in message:
            self._no_platform()
        if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
            return
        line = f"{self._clock().isoformat()} {kind.name} {context.category} {re.sub(_QUOTED, '...', message)}"
        self._append("qt.txt", "".join(max(char, " ") for char in line) + "\n")

    def take_thread(self, args: threading.ExceptHookArgs) -> None:
        """The same for an exception that ended another thread."""
        if args.exc_value is not None:
            self.take(args.exc_type, args.exc_value, args.exc_traceback)

    def _strike(self, body: str) -> None:
        number = os.urandom(4).hex().upper()
        report = f"Incident {number}\n{self._clock().isoformat()}\n{versions()}\n\n{body}\n"
        self.struck.emit(Incident(number=number, report=report, path=self._append(f"incident-{number}.txt", report)))

    def _append(self, name: str, text: str) -> Path | None:
        path = self._folder / name
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as file:
                file.write(text)
        except OSError:
            return None
        return path


def versions() -> str:
    """What is installed: enough to repeat the failure."""
    import platform  # loads subprocess, which a start does not need

    return (
        f"Warm Handoff {__version__}, Python {platform.python_version()}, Qt {qVersion()}, "
        f"{platform.system()} {platform.machine()}"
    )


def describe(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """The types of the exception and of its causes with our own lines of code; never a message or a value."""
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(parts) < 5:
        frames = list(_frames(trace if seen is error else seen.__traceback__))
        parts.append("\n".join([f"{type(seen).__module__}.{type(seen).__qualname__}", *frames]))
        seen = seen.__cause__ or seen.__context__
    return "\ncaused by\n".join(parts) if parts else kind.__qualname__


def sentence(incident: Incident) -> str:
    """What the user reads."""
    return _(
        "Something went wrong in the program. Nothing half-done was saved. If it happens again, tell us the incident number {number}."
    ).format(number=incident.number)


def _frames(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        code = trace.tb_frame.f_code
        path = Path(code.co_filename)
        if path.is_relative_to(OURS):
            yield f"  {path.relative_to(OURS).as_posix()}:{trace.tb_lineno} {code.co_qualname}"
        trace = trace.tb_next


class Messenger(QObject):
    """Shows incidents one at a time, on the GUI thread, whichever thread they come from."""

    def __init__(self, crash: Crash, show: Callable[[Incident, Callable[[], None]], object]) -> None:
        """`show` opens the dialog and calls back when it is closed; until then further incidents are only written down."""
        super().__init__()
        self._show = show
        self._open = False
        crash.struck.connect(self._tell)

    @Slot(object)
    def _tell(self, incident: Incident) -> None:
        if not self._open:
            self._open = True
            self._show(incident, self._closed)

    def _closed(self) -> None:
        self._open = False

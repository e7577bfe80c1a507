"""The composition root: everything that the window is given is put together here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path
from time import monotonic
from typing import NoReturn

import fontpkg_ibm_plex_sans
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from desktop import resource, settings
from desktop.gui import crash, palette, safe
from desktop.gui.collector import Collector
from desktop.gui.options import Options
from desktop.gui.window import Surroundings, Window
from desktop.settings import Settings

POINTS = 10.0
# Seconds that a worker may keep Python to itself while the GUI thread waits for it. A repaint waits many times, once for
# every call that Qt makes into Python, so that Python's own 5 ms would add up to a tenth of a second.
TURN = 0.0005
# Named here and not by setStyle, which would have Python make the six hundred names of QStyle before the first paint.
STYLED = ["warm-handoff", "-style", "Fusion"]


def run(options: Options, chosen: Settings, logs: Path, no_platform: Callable[[], NoReturn]) -> int:
    """Show the window and stay until it is closed."""
    os.umask(0o077)
    sys.setswitchinterval(TURN)
    watch = crash.Crash(logs, now, no_platform)
    watch.install()
    app = QApplication(STYLED)
    collector = Collector(app)
    collector.start()
    window = built(app, chosen)
    messenger = crash.Messenger(
        watch, lambda incident, closed: safe.notice(window, crash.sentence(incident), closed=closed)
    )
    window.painted.connect(lambda: _begin(window, options))
    window.show()
    code = app.exec()
    messenger.deleteLater()
    collector.stop()
    return code


def built(app: QApplication, chosen: Settings) -> Window:
    """The window in the chosen colors, on the unlock page, not yet shown."""
    clothe(app, chosen)
    window = Window(
        Surroundings(
            clock=now,
            seconds=monotonic,
            demo=settings.data_folder() / "demo.handoff",
            settings=chosen,
            keep=lambda changed: settings.save(settings.settings_file(), changed),
            dress=lambda changed: dress(app, changed),
        )
    )
    screen = app.primaryScreen().availableGeometry()
    window.resize(min(1440, screen.width()), min(860, screen.height()))
    return window


def clothe(app: QApplication, chosen: Settings) -> None:
    """Give the application its font and its colors, the same on every machine."""
    app.setApplicationName("warm-handoff")
    app.setApplicationDisplayName(_("Warm Handoff"))
    QFontDatabase.addApplicationFont(str(font_file()))
    _wear(app, chosen, palette.guessed(palette.Scheme(chosen.scheme), app))


def dress(app: QApplication, chosen: Settings) -> None:
    """Set the size of text and the colors, also of what the desktop draws."""
    scheme = palette.Scheme(chosen.scheme)
    palette.tell_system(app, scheme)
    _wear(app, chosen, palette.chosen(scheme, app))


def _wear(app: QApplication, chosen: Settings, colors: palette.Colors) -> None:
    font = QFont(fontpkg_ibm_plex_sans.FAMILY)
    font.setPointSizeF(POINTS * chosen.text_percent / 100)
    app.setFont(font)
    palette.apply(app, colors)


def font_file() -> Path:
    """The variable font that the window draws with."""
    return Path(fontpkg_ibm_plex_sans.ROOT) / "files" / "IBMPlexSans[wdth,wght].ttf"


def check(logs: Path, no_platform: Callable[[], NoReturn]) -> int:
    """Prove that this installation can show its window: fonts, styles, icons, every module; 0 when it can."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    watch = crash.Crash(logs, now, no_platform)
    watch.install()
    app = QApplication(STYLED)
    window = built(app, Settings())
    window.show()
    app.sendPostedEvents()
    shown = not window.grab().toImage().isNull()
    icons = sorted(resource("icons").glob("*.svg"))
    from desktop.gui.modules import modules
    from desktop.office import access, booking, matching, referrals, reports  # noqa: F401

    good = shown and font_file().exists() and bool(icons) and len(modules()) > 0
    window.close()
    print(_("The window works.") if good else _("The window does not work."))  # noqa: T201 - asked for in a terminal
    return 0 if good else 1


def _leave_no_core() -> None:
    """A crash must not write the memory of the program, with everything that is unlocked, to a disk."""
    if sys.platform != "win32":
        import resource as limits

        limits.setrlimit(limits.RLIMIT_CORE, (0, 0))


def now() -> datetime:
    """The computer's clock."""
    return datetime.now(UTC)


def localize() -> None:
    """Have Qt write dates and numbers as in the United States, whatever the computer's own language is."""
    from PySide6.QtCore import QLocale  # its six hundred names take longer than the first paint

    QLocale.setDefault(QLocale("en_US"))


def _begin(window: Window, options: Options) -> None:
    _leave_no_core()
    localize()
    window.around.dress(window.settings)
    if options.clinic is not None:
        known = (str(options.clinic), *window.settings.recent)
        window.unlock.offer(known, options.user or window.settings.last_user)
    elif options.demo:
        window.unlock.demo_asked.emit()
    window.unlock.focus_first()
    window.warm()

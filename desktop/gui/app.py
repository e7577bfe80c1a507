"""The start of the window: reads the command line, and says in one sentence what is missing when Qt cannot start."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import NoReturn

from desktop import settings
from desktop.gui.options import Options

PACKAGES = (
    "libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libglib2.0-0 libxcb-cursor0 "
    "libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window; the exit code is 0, or 1 when it could not be shown.

    Qt is imported here and not above, so that a missing system library becomes a sentence and not a traceback; and after
    everything else, because from then on PySide6 reads the source of every module that is imported.
    """
    options = parsed(sys.argv[1:] if argv is None else argv)
    chosen, logs = settings.load(settings.settings_file()), settings.log_folder()
    try:
        from desktop.gui import start
    except ImportError as error:
        if not str(error.name or error).startswith(("PySide6", "shiboken6", "lib")) and ".so" not in str(error):
            raise
        print(missing(str(error)), file=sys.stderr)  # noqa: T201 - there is no window to say it in
        return 1
    return start.check(logs, no_platform) if options.self_check else start.run(options, chosen, logs, no_platform)


def parsed(argv: Sequence[str]) -> Options:
    """The options of the command line; exits with 2 and a sentence when they make no sense."""
    if not argv:
        return Options()
    import argparse  # a start by double-click has no options to read

    parser = argparse.ArgumentParser(prog="warm-handoff-window", description=_("Open the window of Warm Handoff."))
    parser.add_argument("clinic", nargs="?", type=Path, help=_("the clinic file to open (its name ends in .handoff)"))
    parser.add_argument("--user", default="", help=_("the user to unlock it with"))
    parser.add_argument("--demo", action="store_true", help=_("open a practice of invented people"))
    parser.add_argument("--self-check", action="store_true", help=_("prove that the installation works, and exit"))
    return Options(**vars(parser.parse_args(argv)))


def missing(reason: str) -> str:
    """One sentence on what to install; `reason` is what the loader said."""
    if not sys.platform.startswith("linux"):
        return _("Warm Handoff cannot show its window ({reason}); install it again.").format(reason=reason)
    return _(
        "Warm Handoff cannot show its window because a system library is missing ({reason}); on Debian or Ubuntu run: sudo apt install {packages}"
    ).format(reason=reason, packages=PACKAGES)


def no_platform() -> NoReturn:
    """Say why there is no window, and leave: Qt would abort the process when this returned."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        sentence = _(
            "Warm Handoff cannot show its window because there is no display; start it in a desktop session, or use warm-handoff in the terminal."
        )
    else:
        sentence = missing(_("Qt found no working platform plugin"))
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - there is no window to say it in
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())

"""The terminal: the same tasks as the window, for scripts and for people who like a prompt."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper


def main(argv: Sequence[str] | None = None) -> None:
    """Run `warm-handoff` and leave with its exit code.

    0 done, 2 input that cannot be used, 3 a hold, 4 a block, 130 interrupted.
    """
    from desktop.cli.app import app

    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    app(args=sys.argv[1:] if argv is None else list(argv), prog_name="warm-handoff")

"""What the command line of the window asks for."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Options(NamedTuple):
    """The clinic file and the user to begin with; the demo clinic; or only a check of the installation."""

    clinic: Path | None = None
    user: str = ""
    demo: bool = False
    self_check: bool = False

"""Warm Handoff: appointments and referrals for group psychotherapy practices in Pennsylvania and New Jersey."""

from __future__ import annotations

import gettext
from pathlib import Path

__version__ = "0.1.0"


def resource(name: str) -> Path:
    """The path of a file or folder under resources/, in the installed package or beside the checkout.

    Raises FileNotFoundError when neither holds it.
    """
    here = Path(__file__).resolve().parent
    for place in (here / "resources", here.parent / "resources"):
        if (place / name).exists():
            return place / name
    raise FileNotFoundError(name)


# Words are looked up while modules load, so the catalog is named before any of them.
gettext.bindtextdomain("warm-handoff", str(resource("translations")))
gettext.textdomain("warm-handoff")

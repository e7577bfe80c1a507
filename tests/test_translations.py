"""The program looks its words up in its own catalog."""

from __future__ import annotations

import gettext
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from desktop import resource


def test_the_catalog_is_the_programs_own() -> None:
    """Bound before the first word is looked up."""
    assert gettext.textdomain() == "warm-handoff"
    assert Path(gettext.bindtextdomain("warm-handoff")) == resource("translations")


def test_a_translated_word_is_found(tmp_path: Path) -> None:
    """A compiled catalog in the place that the guide names is read."""
    place = tmp_path / "es" / "LC_MESSAGES" / "warm-handoff.mo"
    place.parent.mkdir(parents=True)
    catalog = Catalog(locale="es", domain="warm-handoff")
    catalog.add("Book appointment", "Reservar cita")
    with place.open("wb") as file:
        write_mo(file, catalog)
    spanish = gettext.translation("warm-handoff", tmp_path, ["es"])
    assert spanish.gettext("Book appointment") == "Reservar cita"

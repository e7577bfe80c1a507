"""The crisis card: what to say, and the numbers of the rulebook for the place where the client is."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from desktop.clinic.change import Actor
from desktop.clinic.people import State
from desktop.clinic.risk import CrisisLine, crisis_card
from desktop.gui import safe

if TYPE_CHECKING:
    from desktop.records.store import Store


class CrisisCard(QFrame):
    """A frame with the script and, below it, a number in each line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Only the script; see `show_lines`."""
        super().__init__(parent)
        self.setProperty("card", "yes")
        script = _(
            "Stay on the line. Ask whether the client is safe now, and fetch the clinician on call. "
            "The call is kept; only a clinician can clear it for booking."
        )
        self.numbers: tuple[str, ...] = ()
        self._lines = QGridLayout()
        self._lines.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(safe.label(_("The client may be in danger"), self, wrap=True, kind="heading"))
        layout.addWidget(safe.label(script, self, wrap=True, kind="err"))
        layout.addLayout(self._lines)

    def show_lines(self, lines: Sequence[CrisisLine]) -> None:
        """Show these numbers."""
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.numbers = tuple(one.number for one in lines)
        for row, one in enumerate(lines):
            words = _("{label} · {note}").format(label=one.label, note=one.note) if one.note else one.label
            self._lines.addWidget(safe.label(one.number, self, kind="heading"), row, 0, Qt.AlignmentFlag.AlignTop)
            self._lines.addWidget(safe.label(words, self, wrap=True), row, 1)


def lines_for(store: Store, actor: Actor, state: State | None, county: str) -> tuple[CrisisLine, ...]:
    """The numbers for that place, by the rulebook of the practice today."""
    from desktop.clinic.moments import local_date
    from desktop.office.rulebook import rulebook

    with store.reading() as reader:
        return crisis_card(rulebook(reader), local_date(actor.now), state=state, county=county)

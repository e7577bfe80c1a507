"""Verdicts in words, with a sign and a tone for each outcome."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.clinic.verdict import Outcome, Verdict, refusing, worst
from desktop.gui import safe
from desktop.gui.widgets.factsheet import FactSheet, Part, Row
from desktop.gui.widgets.glyphs import Glyph

_LOOKS = {
    Outcome.ALLOW: ("ok", Glyph.TICK),
    Outcome.WARN: ("warn", Glyph.TRIANGLE),
    Outcome.HOLD: ("warn", Glyph.DOTS),
    Outcome.BLOCK: ("err", Glyph.CROSS),
}


def rows(verdicts: Sequence[Verdict]) -> tuple[Row, ...]:
    """A row for each verdict, the worst first."""
    ordered = sorted(verdicts, key=lambda one: -one.outcome.rank)
    return tuple(Row(text=one.sentence, tone=_LOOKS[one.outcome][0], glyph=_LOOKS[one.outcome][1]) for one in ordered)


def heading(verdicts: Sequence[Verdict]) -> str:
    """What the verdicts mean together."""
    return {
        Outcome.ALLOW: _("Nothing stands against it."),
        Outcome.WARN: _("Please note:"),
        Outcome.HOLD: _("This waits for a sign-off:"),
        Outcome.BLOCK: _("This cannot be booked:"),
    }[worst(verdicts)]


class VerdictBox(QDialog):
    """Shows what stands against something; with warnings only it can be done anyway, for a reason that is kept.

    `insisted` carries the reason.
    """

    insisted = Signal(str)

    def __init__(self, verdicts: Sequence[Verdict], go: str, stay: str, parent: QWidget) -> None:
        """`go` and `stay` name the two acts."""
        super().__init__(parent)
        self.setWindowTitle(_("Warm Handoff"))
        facts = FactSheet(_("What the rules say"), self)
        facts.show_facts("", "", (Part(heading=heading(verdicts), rows=rows(verdicts)),))
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(200)
        label = safe.caption(_("&Reason"), self.reason, self)
        buttons = QDialogButtonBox(self)
        self.keep = buttons.addButton(stay, QDialogButtonBox.ButtonRole.RejectRole)
        layout = QVBoxLayout(self)
        for widget in (facts, label, self.reason, buttons):
            layout.addWidget(widget)
        self.go: QPushButton | None = None
        soft = not refusing(verdicts)
        for widget in (label, self.reason):
            widget.setVisible(soft)
        if soft:
            self.go = buttons.addButton(go, QDialogButtonBox.ButtonRole.AcceptRole)
            self.go.setDefault(True)
            self.reason.setFocus()
        buttons.accepted.connect(self._insist)
        buttons.rejected.connect(self.reject)
        letter = self.fontMetrics().averageCharWidth()
        self.resize(letter * 64, self.fontMetrics().height() * (10 + 2 * len(verdicts)))

    def _insist(self) -> None:
        self.accept()
        self.insisted.emit(safe.clean(self.reason.text()).strip() or _("Confirmed at the front desk"))

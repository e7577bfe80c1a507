"""Booking an offer that the client has accepted: what it is, what the rules say, and a reason where they warn."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.clinic.errors import ClinicError, Refused
from desktop.clinic.verdict import Verdict, refusing
from desktop.gui import safe, verdictlist
from desktop.gui.widgets.factsheet import FactSheet, Part
from desktop.gui.widgets.fieldrows import FormDialog, typed


class OfferBooking(FormDialog):
    """The value is the reason that is kept with the warnings, empty when there is none."""

    def __init__(self, what: str, verdicts: Sequence[Verdict], parent: QWidget) -> None:
        """`what` names client, service, therapist and time."""
        self._verdicts = tuple(verdicts)
        super().__init__(_("Book the accepted offer"), parent, go=_("Book  Ctrl+Enter"), letters=66, lines=18)
        self.stay.setText(_("Book later"))
        self.heading.setText(what)
        self.reason.setVisible(bool(verdicts) and not refusing(verdicts))
        self.why.setVisible(self.reason.isVisibleTo(self))
        self._show(self._verdicts)
        (self.reason if self.reason.isVisibleTo(self) else self.go).setFocus()

    def body(self) -> QWidget:
        """What it is, and what the rules say."""
        box = QWidget(self)
        self.heading = safe.label(parent=box, kind="title", wrap=True)
        self.facts = FactSheet(_("What the rules say"), box)
        self.reason = QLineEdit(box)
        self.reason.setMaxLength(200)
        self.why = safe.caption(_("&Reason for booking anyway"), self.reason, box)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.heading)
        column.addWidget(self.facts, 1)
        column.addWidget(self.why)
        column.addWidget(self.reason)
        return box

    def value(self) -> str:
        """Why it is booked although the rules warn."""
        return typed(self.reason) or (_("Confirmed at the front desk") if self._verdicts else "")

    def show_error(self, error: ClinicError) -> None:
        """Say what the rules have against it."""
        if isinstance(error, Refused):
            self._show(tuple(one for one in error.verdicts if isinstance(one, Verdict)))
        else:
            super().show_error(error)

    def _show(self, verdicts: Sequence[Verdict]) -> None:
        self.go.setEnabled(not refusing(verdicts))
        part = Part(heading=verdictlist.heading(verdicts), rows=verdictlist.rows(verdicts))
        self.facts.show_facts("", "" if verdicts else verdictlist.heading(verdicts), (part,))

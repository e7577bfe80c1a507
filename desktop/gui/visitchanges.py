"""What is done to an appointment from a calendar: move, stretch, mark, cancel; each asks the rules first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.clinic.change import Actor
from desktop.clinic.errors import ClinicError, Refused
from desktop.clinic.moments import local
from desktop.clinic.requests import Proposal
from desktop.clinic.verdict import Outcome, Verdict, worst
from desktop.clinic.visits import Visit, VisitId, VisitStatus
from desktop.gui import words
from desktop.gui.cancelbox import CancelBox
from desktop.gui.desk import Desk
from desktop.gui.verdictlist import VerdictBox
from desktop.gui.widgets.daygrid import Slot

if TYPE_CHECKING:
    from desktop.office.daybook import VisitLine
    from desktop.records.store import Store


class VisitChanges(QObject):
    """Does it through the desk, so that it can be undone; `moved` carries the Visit after a move."""

    moved = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        """Questions are shown over `parent`."""
        super().__init__(parent)
        self._desk, self._parent = desk, parent

    def move(self, key: str, slot: Slot) -> None:
        """Move it there; who takes part in it already stays its therapist."""

        def moved(visit: Visit) -> Proposal:
            from desktop.office import booking

            whose = visit.therapist if slot.therapist in visit.therapists else slot.therapist
            return replace(booking.proposal_of(visit), therapist=whose, start=slot.start)

        self._change(key, moved)

    def stretch(self, key: str, minutes: int) -> None:
        """Give it another length."""

        def stretched(visit: Visit) -> Proposal:
            from desktop.office import booking

            return replace(booking.proposal_of(visit), minutes=minutes)

        self._change(key, stretched)

    def _change(self, key: str, proposed: Callable[[Visit], Proposal]) -> None:
        actor = self._desk.actor

        def question(store: Store) -> tuple[Proposal, tuple[Verdict, ...]]:
            from desktop.office import booking

            with store.reading() as reader:
                proposal = proposed(reader.get(Visit, key))
                return proposal, booking.judged(reader, actor, proposal)

        def answer(found: tuple[Proposal, tuple[Verdict, ...]]) -> None:
            proposal, verdicts = found
            if worst(verdicts) is Outcome.ALLOW:
                self._do_move(VisitId(key), proposal, "")
                return
            box = VerdictBox(verdicts, _("Move anyway"), _("Leave it where it is"), self._parent)
            box.insisted.connect(lambda reason: self._do_move(VisitId(key), proposal, reason))
            box.finished.connect(box.deleteLater)
            box.open()

        self._desk.ask(question, answer)

    def _do_move(self, key: VisitId, proposal: Proposal, reason: str) -> None:
        def task(store: Store, actor: Actor) -> Visit:
            from desktop.office import booking

            return booking.move(store, actor, key, proposal, reason=reason)

        def done(visit: Visit) -> None:
            self._desk.tell(_("Moved to {when}.").format(when=words.moment(visit.start)))
            self.moved.emit(visit)

        self._desk.do(_("Move appointment"), task, done, failed=self._refused)

    def _refused(self, error: ClinicError) -> None:
        if isinstance(error, Refused):
            verdicts = tuple(one for one in error.verdicts if isinstance(one, Verdict))
            VerdictBox(verdicts, "", _("Leave it"), self._parent).open()
        else:
            self._desk.failed.emit(error)

    def mark(self, key: str, status: VisitStatus) -> None:
        """Record what became of it."""

        def task(store: Store, actor: Actor) -> Visit:
            from desktop.office import booking

            return booking.set_status(store, actor, VisitId(key), status)

        said = _("Marked {status}.").format(status=words.status(status).lower())
        self._desk.do(_("Mark appointment"), task, lambda _visit: self._desk.tell(said))

    def cancel(self, line: VisitLine, cancel_hours: int) -> None:
        """Ask what kind of cancellation it is; `cancel_hours` of notice are what the policy asks for."""
        visit = line.visit
        if not visit.status.holds_time:
            return
        what = _("{client}, {when}").format(client=line.client, when=words.moment(visit.start))
        box = CancelBox(what, has_late_notice(visit.start, self._desk.now, cancel_hours), self._parent)
        box.chosen.connect(lambda status, by, reason: self._do_cancel(visit.id, status, by, reason))
        box.finished.connect(box.deleteLater)
        box.open()

    def _do_cancel(self, key: str, status: VisitStatus, by: str, reason: str) -> None:
        if status is VisitStatus.NO_SHOW:
            self.mark(key, status)
            return

        def task(store: Store, actor: Actor) -> Visit:
            from desktop.office import booking

            return booking.cancel(store, actor, VisitId(key), by=by, reason=reason, status=status)

        said = _("{status}; Ctrl+Z takes it back.").format(status=words.status(status))
        self._desk.do(_("Cancel appointment"), task, lambda _visit: self._desk.tell(said))


def has_late_notice(start: datetime, now: datetime, hours: int) -> bool:
    """Whether less wall-clock notice is left than the cancel policy asks for."""
    return local(start).replace(tzinfo=None) - local(now).replace(tzinfo=None) < timedelta(hours=hours)

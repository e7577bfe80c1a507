"""Match: who may see this client, ranked with every reason, and who may not; one key books."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop.clinic.change import Actor
from desktop.clinic.errors import ClinicError, Refused
from desktop.clinic.referral import Direction, Referral, ReferralId
from desktop.clinic.requests import Proposal
from desktop.clinic.services import Format
from desktop.clinic.verdict import Outcome, Verdict, worst
from desktop.clinic.visits import Seat, Visit, VisitId
from desktop.gui import safe, words
from desktop.gui.asking import asked_words
from desktop.gui.commands import command
from desktop.gui.crisiscard import lines_for
from desktop.gui.desk import Desk
from desktop.gui.matchview import Answer, MatchView
from desktop.gui.screen import Screen
from desktop.gui.widgets.table import Column, Table, TableView

if TYPE_CHECKING:
    from desktop.clinic.openings import Opening
    from desktop.office.booking import SignOff
    from desktop.office.matching import Nearness
    from desktop.office.referrals import ReferralLine
    from desktop.records.store import Store


class MatchPresenter(QObject):
    """Asks for the match of a referral, and books what the view chose."""

    def __init__(self, view: MatchView, desk: Desk) -> None:
        """Nothing is shown until `show`."""
        super().__init__(view)
        self._view = view
        self._desk = desk
        self._answer: Answer | None = None
        self._focus = False
        view.book_asked.connect(lambda candidate, opening: self._book(candidate, opening, None))
        view.show_answer(None)

    @property
    def referral(self) -> str:
        """The id of the referral that is shown, "" for none."""
        return "" if self._answer is None else self._answer.referral.id

    def show(self, key: str, *, focus: bool = False) -> None:
        """Match that referral; with `focus` the first card gets the keyboard."""
        self._focus = focus
        actor = self._desk.actor
        self._desk.ask(lambda store: _answered(store, actor, ReferralId(key)), self._show, key=f"match {id(self)}")

    def _show(self, answer: Answer) -> None:
        self._answer = answer
        self._view.show_answer(answer)
        if self._focus:
            self._view.focus_card()
        self._focus = False
        actor, key = self._desk.actor, answer.referral.id
        self._desk.ask(lambda store: _near(store, actor, key), self._show_near, key=f"near {id(self)}")

    def _show_near(self, found: tuple[ReferralId, Nearness]) -> None:
        if found[0] == self.referral:
            self._view.show_nearness(found[1])

    def _book(self, candidate: int, opening: int, sign_off: SignOff | None) -> None:
        from desktop.office import booking

        answer = self._answer
        if answer is None:
            return
        chosen = answer.match.eligible[candidate]
        proposal = proposal_of(answer.referral, chosen.openings[opening])
        key, referral = VisitId(str(uuid4())), answer.referral.id
        self._view.setEnabled(False)

        def done(visit: Visit) -> None:
            self._view.setEnabled(True)
            name = answer.names.get(visit.therapist, "")
            sentence = _("Booked {client} with {name}, {moment}.")
            self._desk.tell(
                sentence.format(client=answer.client, name=name, moment=words.moment(visit.start, visit.zone))
            )
            self._view.show_answer(None)
            self._answer = None

        def failed(error: ClinicError) -> None:
            self._view.setEnabled(True)
            self._refused(error, candidate, opening)

        self._desk.do(
            _("Book appointment"),
            lambda store, actor: booking.book(
                store, actor, proposal, visit_id=key, referral=referral, sign_off=sign_off
            ),
            done,
            failed=failed,
        )

    def _refused(self, error: ClinicError, candidate: int, opening: int) -> None:
        verdicts = [one for one in error.verdicts if isinstance(one, Verdict)] if isinstance(error, Refused) else []
        self._view.show_problems(candidate, [one.sentence for one in verdicts] or [error.sentence])
        if verdicts and worst(verdicts) is Outcome.HOLD:
            question = verdicts[0].sentence + "\n" + _("A clinician may sign it off. Why may this visit be booked?")
            safe.ask_text(self._view, question, lambda reason: self._sign(candidate, opening, reason))

    def _sign(self, candidate: int, opening: int, reason: str) -> None:
        from desktop.office.booking import SignOff

        self._book(candidate, opening, SignOff(by=self._desk.user, reason=reason))


class MatchPanel(Screen):
    """The matches beside another screen."""

    title = _("Matches")

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """As narrow as a card can be read."""
        super().__init__(desk, parent)
        self.view = MatchView(wide=False, parent=self)
        self.presenter = MatchPresenter(self.view, desk)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 34)
        command(self, _("Close the matches"), self.hide, keys="Esc", here=True)

    def refresh(self) -> None:
        """Match again."""
        if self.presenter.referral:
            self.presenter.show(self.presenter.referral)

    def reveal(self, key: str) -> None:
        """Match that referral, with the focus on the best one."""
        self.presenter.show(key, focus=True)

    def focus_first(self) -> None:
        """The best card, if there is one."""
        self.view.focus_card()


class MatchScreen(Screen):
    """The module Match: the referrals that wait for a therapist, the cards, and everybody who is excluded."""

    title = _("Match")

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """List at the left, match at the right."""
        super().__init__(desk, parent)
        self.table: Table[ReferralLine] = Table(
            (
                Column(_("Client"), lambda line: line.client, bold=lambda _line: True),
                Column(_("Asks for"), lambda line: line.service, width=16, spare=1),
                Column(
                    _("Urgency"),
                    lambda line: words.urgency(line.referral.urgency),
                    tone=lambda line: words.urgency_tone(line.referral.urgency),
                    width=10,
                ),
            )
        )
        self.list = TableView(self.table, _("Referrals to match"), self)
        self.view = MatchView(wide=True, parent=self)
        self.presenter = MatchPresenter(self.view, desk)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(self.view)
        split.setStretchFactor(1, 1)
        self._split = split
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        self.list.picked.connect(self._picked)
        self.list.opened.connect(lambda _line: self.view.focus_card())
        self._wanted = ""

    def refresh(self) -> None:
        """Read the referrals again, and match the chosen one again."""
        actor = self.desk.actor

        def question(store: Store) -> tuple[ReferralLine, ...]:
            from desktop.office import referrals

            lines = referrals.worklist(store, actor, direction=Direction.IN)
            return tuple(one for one in lines if one.referral.request is not None and one.referral.visit is None)

        self.desk.ask(question, self._fill, key="to match")

    def reveal(self, key: str) -> None:
        """Match that referral."""
        self._wanted = key
        if self.list.select(lambda line: line.referral.id == key):
            self._wanted = ""

    def panes(self) -> Sequence[QWidget]:
        """The list and the cards."""
        return (self.list, *self.view.cards[:1])

    def tools(self) -> Sequence[QAction]:
        """Nothing of its own."""
        return ()

    def focus_first(self) -> None:
        """Begin in the list."""
        self.list.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A third at most for the list."""
        super().resizeEvent(event)
        part = min(self.fontMetrics().averageCharWidth() * 46, self.width() // 3)
        self._split.setSizes([part, self.width() - part])

    def _fill(self, lines: tuple[ReferralLine, ...]) -> None:
        self.list.show_values(lines, lambda line: line.referral.id)
        self.counted.emit(len(lines))
        if self._wanted:
            self.reveal(self._wanted)

    def _picked(self, line: ReferralLine | None) -> None:
        if line is None:
            self.view.show_answer(None)
        else:
            self.presenter.show(line.referral.id)


def proposal_of(referral: Referral, opening: Opening) -> Proposal:
    """The visit that the opening offers to the referral's client."""
    request = referral.request
    if request is None:
        raise ClinicError(_("Say first which service the client asks for."))
    state = request.state if opening.format is Format.TELEHEALTH else None
    return Proposal(
        service=request.service,
        therapist=opening.therapist,
        seats=(Seat(client=referral.client, expected_state=state),),
        format=opening.format,
        site=opening.site,
        room=opening.room,
        start=opening.start,
    )


def _near(store: Store, actor: Actor, key: ReferralId) -> tuple[ReferralId, Nearness]:
    from desktop.office import matching

    return key, matching.nearness(store, actor, key)


def _answered(store: Store, actor: Actor, key: ReferralId) -> Answer:
    from desktop.clinic.clients import Client
    from desktop.clinic.practice import Site
    from desktop.clinic.services import Service
    from desktop.clinic.therapists import Therapist
    from desktop.office import matching

    with store.reading() as reader:
        referral = reader.get(Referral, key)
        client = reader.get(Client, referral.client)
        staff = reader.all(Therapist)
        sites = {str(one.id): one.name for one in reader.all(Site)}
        services = {one.id: one.name for one in reader.all(Service)}
    names = {one.id: " ".join(part for part in (one.name.listed, one.credentials) if part) for one in staff}
    found = matching.match_referral(store, actor, key)
    asks = asked_words(referral.request, services, sites)
    stopped = any(one.code == "CRISIS_STOP" for one in found.verdicts)
    return Answer(
        referral=referral,
        client=client.name.listed,
        asks=asks,
        match=found,
        names=names,
        sites=sites,
        crisis=lines_for(store, actor, client.address.state, client.address.county) if stopped else (),
    )

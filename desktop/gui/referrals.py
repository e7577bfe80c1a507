"""Referrals: who has to do what for whom by when; each one's story at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop.clinic.referral import ReferralId, Stage
from desktop.gui import words
from desktop.gui.commands import command
from desktop.gui.desk import Desk
from desktop.gui.referralview import Story, StoryView, forward
from desktop.gui.screen import BESIDE, Place, Screen
from desktop.gui.widgets.table import Column, Table, TableView

if TYPE_CHECKING:
    from datetime import date

    from desktop.office.referrals import ReferralLine
    from desktop.records.store import Store

_BOTH = 72


class ReferralsView(QWidget):
    """The dense list and the story.

    `picked` carries the id of the chosen referral ("" for none), `advance_asked` an id, a stage and a note,
    `match_asked` and `letter_asked` an id.
    """

    picked = Signal(str)
    advance_asked = Signal(str, object, str)
    match_asked = Signal(str)
    letter_asked = Signal(str)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        """An empty list; `today` tells what is overdue."""
        super().__init__(parent)
        self.list = TableView(_table(today), _("Referrals"), self)
        self.story = StoryView(self)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(self.story)
        letter = self.fontMetrics().averageCharWidth()
        split.setSizes([letter * 130, letter * 56])
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        self.list.picked.connect(lambda line: self.picked.emit("" if line is None else line.referral.id))
        self.list.opened.connect(lambda line: self.match_asked.emit(line.referral.id))
        self.story.advance_asked.connect(self._advance)
        self.actions_here = self._keys()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The story gives way where list and story cannot both be read."""
        super().resizeEvent(event)
        self.story.setVisible(self.width() >= self.fontMetrics().averageCharWidth() * _BOTH)

    @property
    def current(self) -> ReferralLine | None:
        """The chosen line."""
        found: ReferralLine | None = self.list.current
        return found

    def show_lines(self, lines: tuple[ReferralLine, ...]) -> None:
        """Show the referrals, staying on the chosen one."""
        self.list.show_values(lines, lambda line: line.referral.id)

    def show_story(self, story: Story | None) -> None:
        """Show one referral's story."""
        self.story.show_story(story)

    def _keys(self) -> tuple[QAction, ...]:
        acknowledge = command(self.list, _("&Acknowledge"), self._acknowledge, keys="A", here=True)
        match = command(self.list, _("&Match"), self._match, keys="M", here=True)
        letter = command(self.list, _("&Letter"), self._letter, keys="L", here=True)
        forth = command(
            self, _("Ne&xt stage"), self._next, keys=("Ctrl+Return", "Ctrl+Enter"), here=True, picture="next"
        )
        self.story.next.clicked.connect(lambda: self._next())
        self.story.match.clicked.connect(lambda: self._match())
        self.story.letter.clicked.connect(lambda: self._letter())
        return (forth, acknowledge, match, letter)

    def _advance(self, stage: Stage, note: str) -> None:
        if self.current is not None:
            self.advance_asked.emit(self.current.referral.id, stage, note)

    def _next(self) -> None:
        if self.current is None:
            return
        stage = forward(self.current.referral)
        if stage is Stage.BOOKED:
            self._match()
        elif stage is not None:
            self.advance_asked.emit(self.current.referral.id, stage, "")

    def _acknowledge(self) -> None:
        if self.current is not None:
            self.advance_asked.emit(self.current.referral.id, Stage.ACKNOWLEDGED, "")

    def _match(self) -> None:
        if self.current is not None:
            self.match_asked.emit(self.current.referral.id)

    def _letter(self) -> None:
        if self.current is not None:
            self.letter_asked.emit(self.current.referral.id)


class ReferralsPresenter(QObject):
    """Fills the view from the desk, and does what it asks."""

    def __init__(
        self, view: ReferralsView, desk: Desk, go: Callable[[Place], None], counted: Callable[[int], None]
    ) -> None:
        """`go` brings another screen to the front."""
        super().__init__(view)
        self._view = view
        self._desk = desk
        self._counted = counted
        self._wanted = ""
        view.picked.connect(self._tell_story)
        view.advance_asked.connect(self._advance)
        view.match_asked.connect(lambda key: go(Place(screen=BESIDE, id=key)))
        view.letter_asked.connect(lambda key: go(Place(screen="letters", id=f"referral:{key}")))

    def refresh(self) -> None:
        """Read the list again."""
        actor = self._desk.actor

        def question(store: Store) -> tuple[ReferralLine, ...]:
            from desktop.office import referrals

            return referrals.worklist(store, actor)

        self._desk.ask(question, self._show, key="referrals")

    def reveal(self, key: str) -> None:
        """Choose that referral, now or when the list has come."""
        self._wanted = "" if self._view.list.select(lambda line: line.referral.id == key) else key

    def _show(self, lines: tuple[ReferralLine, ...]) -> None:
        self._view.show_lines(lines)
        self._counted(len(lines))
        if self._wanted:
            self.reveal(self._wanted)

    def _tell_story(self, key: str) -> None:
        if not key:
            self._view.show_story(None)
            return
        self._desk.ask(lambda store: _story(store, ReferralId(key)), self._view.show_story, key="story")

    def _advance(self, key: str, stage: Stage, note: str) -> None:
        from desktop.office import referrals

        sentence = _("Referral is now: {stage}.").format(stage=words.stage(stage).lower())
        self._desk.do(
            _("Move referral along"),
            lambda store, actor: referrals.advance(store, actor, ReferralId(key), stage, note=note),
            lambda _referral: self._desk.tell(sentence),
        )


class ReferralsScreen(Screen):
    """The module Referrals."""

    title = _("Referrals")

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Put view and presenter together."""
        super().__init__(desk, parent)
        self.view = ReferralsView(lambda: desk.today, self)
        self.presenter = ReferralsPresenter(self.view, desk, self.wanted.emit, self.counted.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def refresh(self) -> None:
        """Read everything again."""
        self.presenter.refresh()

    def reveal(self, key: str) -> None:
        """Choose that referral."""
        self.presenter.reveal(key)

    def panes(self) -> Sequence[QWidget]:
        """The list and the story."""
        return (self.view.list, self.view.story.next)

    def tools(self) -> Sequence[QAction]:
        """What can be done with the chosen referral."""
        return self.view.actions_here

    def focus_first(self) -> None:
        """Begin in the list."""
        self.view.list.setFocus()


def _table(today: Callable[[], date]) -> Table[ReferralLine]:
    return Table(
        (
            Column(
                _("Urgency"),
                lambda line: words.urgency(line.referral.urgency),
                tone=lambda line: words.urgency_tone(line.referral.urgency),
                width=10,
            ),
            Column(_("Client"), lambda line: line.client, bold=lambda _line: True),
            Column(_("Asks for"), lambda line: line.service or _("referral out"), width=20, spare=1),
            Column(_("Stage"), lambda line: words.stage(line.referral.stage), width=21, spare=1),
            Column(_("Owner"), lambda line: line.referral.owner or "", tone=lambda _line: "muted", width=9, spare=3),
            Column(_("Next action"), lambda line: words.action(line.referral.next_action), width=21, spare=2),
            Column(
                _("Due"),
                lambda line: words.due(line.referral.due, today()),
                tone=lambda line: words.due_tone(line.referral.due, today()),
                bold=lambda line: line.overdue,
                width=17,
            ),
        ),
        spoken=lambda line: _spoken(line, today()),
    )


def _spoken(line: ReferralLine, today: date) -> str:
    referral = line.referral
    parts = (line.client, line.service, words.stage(referral.stage), words.action(referral.next_action))
    return ", ".join(part for part in (*parts, words.due(referral.due, today)) if part)


def _story(store: Store, key: ReferralId) -> Story:
    from desktop.clinic.clients import Client
    from desktop.clinic.people import Referrer
    from desktop.clinic.practice import Site
    from desktop.clinic.referral import Referral
    from desktop.clinic.services import Service
    from desktop.clinic.therapists import Therapist

    with store.reading() as reader:
        referral = reader.get(Referral, key)
        therapist = reader.find(Therapist, referral.therapist) if referral.therapist else None
        return Story(
            referral=referral,
            client=reader.get(Client, referral.client),
            referrer=reader.find(Referrer, referral.referrer) if referral.referrer else None,
            therapist="" if therapist is None else therapist.name.listed,
            services={one.id: one.name for one in reader.all(Service)},
            sites={str(one.id): one.name for one in reader.all(Site)},
        )

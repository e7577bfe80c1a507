"""The picture of a match: ranked cards with every reason, and the excluded with every rule that failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.clinic.moments import local_date
from desktop.clinic.people import TherapistId
from desktop.clinic.referral import Referral
from desktop.clinic.risk import CrisisLine
from desktop.clinic.verdict import Outcome, Verdict
from desktop.gui import safe, words
from desktop.gui.crisiscard import CrisisCard
from desktop.gui.nearlines import NearLines
from desktop.gui.widgets.column import Column
from desktop.gui.widgets.glyphs import Glyph, Sign
from desktop.gui.widgets.matchcard import CardFacts, MatchCard, OpeningWords, Reason

if TYPE_CHECKING:
    from desktop.clinic.matching import Candidate, Match
    from desktop.clinic.openings import Opening
    from desktop.office.matching import Nearness

FIRST = 6
_ROOMY = 84


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A referral, what it asks for in words, and the match; `crisis` when the client may be in danger now."""

    referral: Referral
    client: str
    asks: str
    match: Match
    names: dict[TherapistId, str]
    sites: dict[str, str]
    crisis: tuple[CrisisLine, ...] = ()


class MatchView(QWidget):
    """The ranked cards and the excluded, for one referral.

    `book_asked` carries the number of the candidate and of its opening.
    """

    book_asked = Signal(int, int)

    def __init__(self, *, wide: bool, parent: QWidget | None = None) -> None:
        """`wide` for the whole screen: openings side by side and the excluded in a column of their own."""
        super().__init__(parent)
        self._wide = wide
        self._answer: Answer | None = None
        self._cards: list[MatchCard] = []
        self._title = safe.label(wrap=True, kind="heading")
        self._asks = safe.label(wrap=True, kind="muted")
        self._all = QPushButton(self)
        self._all.clicked.connect(lambda: self._fill(limit=10_000))
        self._show = QPushButton(_("Show"), self)
        self._show.setCheckable(True)
        self._summary = safe.label(wrap=True)
        self._body, self._out = Column(_("Matches"), self), Column(_("Excluded"), self)
        self._near = NearLines(self)
        self._arrange()

    @property
    def cards(self) -> Sequence[MatchCard]:
        """The cards, best first."""
        return self._cards

    def show_answer(self, answer: Answer | None) -> None:
        """Show a match, or nothing."""
        self._answer = answer
        if answer is None:
            self._title.setText(_("No referral chosen"))
            self._asks.setText(_("Choose a referral and press M."))
        else:
            self._title.setText(_("Matches for {client}").format(client=answer.client))
            self._asks.setText(answer.asks)
        self._fill(limit=FIRST)

    def show_nearness(self, found: Nearness) -> None:
        """Say what would help, above the excluded and beside each of them."""
        if self._answer is not None:
            self._near.show(found, self._answer.names)

    def focus_card(self, at: int = 0) -> bool:
        """Put the focus on a card; False when there is none."""
        if not 0 <= at < len(self._cards):
            return False
        self._cards[at].setFocus(Qt.FocusReason.OtherFocusReason)
        self._body.ensureWidgetVisible(self._cards[at])
        return True

    def show_problems(self, at: int, sentences: Sequence[str]) -> None:
        """Say at a card why it was not booked."""
        self._cards[at].show_problems(sentences)
        self._body.ensureWidgetVisible(self._cards[at])

    def _fill(self, *, limit: int) -> None:
        self._body.empty()
        self._out.empty()
        self._cards = []
        answer = self._answer
        shown = () if answer is None else answer.match.eligible[:limit]
        for at, candidate in enumerate(shown):
            if answer is not None:
                self._add_card(at, card_facts(at + 1, candidate, answer))
        more = 0 if answer is None else len(answer.match.eligible) - len(shown)
        self._all.setVisible(more > 0)
        self._all.setText(_("Show {n} more").format(n=more))
        if answer is not None:
            self._fill_rest(answer)
        self._body.rows.addStretch(1)
        self._out.rows.addStretch(1)

    def _add_card(self, at: int, facts: CardFacts) -> None:
        card = MatchCard(facts, wide=self._wide, parent=self)
        card.booked.connect(lambda opening: self.book_asked.emit(at, opening))
        card.stepped.connect(lambda by: self.focus_card(at + by))
        self._body.rows.addWidget(card)
        self._cards.append(card)

    def _fill_rest(self, answer: Answer) -> None:
        if answer.crisis:
            card = CrisisCard(self)
            card.show_lines(answer.crisis)
            self._body.rows.addWidget(card)
        for verdict in answer.match.verdicts:
            if verdict.outcome is not Outcome.ALLOW:
                self._body.rows.addWidget(safe.label(verdict.sentence, self, wrap=True, kind=_tone(verdict)))
        if not answer.match.eligible and not answer.crisis:
            self._body.rows.addWidget(safe.label(_("Nobody fits; look at the reasons, or refer out."), self, wrap=True))
        number = len(answer.match.excluded)
        self._summary.setText(ngettext("{n} excluded", "{n} excluded", number).format(n=number))
        self._near.begin(self._out.rows)
        for one in answer.match.excluded:
            self._out.rows.addWidget(safe.label(answer.names.get(one.therapist, ""), self, wrap=True, kind="heading"))
            for verdict in one.verdicts:
                self._out.rows.addLayout(_signed(Glyph.CROSS, "err", verdict.sentence, self))
            self._near.place(one.therapist, self._out.rows)

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._asks)
        foot = QHBoxLayout()
        foot.addWidget(self._summary, 1)
        foot.addWidget(self._show)
        both = self._both = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        both.setSpacing(8)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self._body, 1)
        left.addWidget(self._all)
        right.addLayout(foot)
        right.addWidget(self._out, 1)
        both.addLayout(left, 3)
        both.addLayout(right, 2)
        layout.addLayout(both, 1)
        self._show.toggled.connect(self._toggle)
        self._out.setVisible(False)

    def _toggle(self, shown: bool) -> None:
        self._both.setStretch(1, 2 if shown else 0)
        self._out.setVisible(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The excluded stand open where there is room for them."""
        super().resizeEvent(event)
        roomy = self._wide and self.width() >= self.fontMetrics().averageCharWidth() * _ROOMY
        direction = QBoxLayout.Direction
        self._both.setDirection(direction.LeftToRight if roomy else direction.TopToBottom)
        self._both.setStretch(1, 2 if roomy or self._show.isChecked() else 0)
        self._show.setVisible(not roomy)
        self._out.setVisible(roomy or self._show.isChecked())


def card_facts(rank: int, candidate: Candidate, answer: Answer) -> CardFacts:
    """The candidate in the words of a card."""
    reasons = [
        Reason(
            sentence=one.sentence,
            good=one.most == 0 or one.points * 3 >= one.most,
            points=f"{one.points}/{one.most}" if one.most else "",
        )
        for one in candidate.criteria
    ]
    warnings = [one for one in candidate.verdicts if one.outcome is not Outcome.ALLOW]
    reasons += [Reason(sentence=one.sentence, good=False) for one in warnings]
    return CardFacts(
        rank=rank,
        name=answer.names.get(candidate.therapist, ""),
        points=candidate.points,
        reasons=tuple(reasons),
        openings=tuple(_opening(one, answer) for one in candidate.openings),
    )


def _opening(opening: Opening, answer: Answer) -> OpeningWords:
    where = words.way(opening.format) if opening.site is None else answer.sites.get(opening.site, "")
    day = words.day(local_date(opening.start))
    return OpeningWords(day=day, time=words.clock(opening.start), where=where)


def _tone(verdict: Verdict) -> str:
    return "err" if verdict.outcome is Outcome.BLOCK else "warn"


def _signed(glyph: Glyph, tone: str, sentence: str, parent: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(6)
    line.addWidget(Sign(glyph, tone, parent), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(safe.label(sentence, parent, wrap=True), 1)
    return line

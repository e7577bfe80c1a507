"""One referral's story: who, what is asked, what happened so far, and what can be done next."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QGridLayout, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.clinic.clients import Client
from desktop.clinic.people import Referrer
from desktop.clinic.referral import Referral, Stage, Step, next_stages
from desktop.clinic.services import ServiceId
from desktop.gui import safe, words
from desktop.gui.asking import asked_words
from desktop.gui.widgets.table import Column, Table, TableView

_WAY = (
    Stage.SENT,
    Stage.ACKNOWLEDGED,
    Stage.TRIAGED,
    Stage.CONTACTING,
    Stage.BOOKED,
    Stage.ATTENDED,
    Stage.REPORTED_BACK,
    Stage.CLOSED,
)
_WITH_NOTE = frozenset({Stage.DECLINED, Stage.REDIRECTED, Stage.WITHDRAWN, Stage.UNABLE_TO_REACH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A referral with the people it names."""

    referral: Referral
    client: Client
    referrer: Referrer | None
    therapist: str
    services: dict[ServiceId, str]
    sites: dict[str, str]


def forward(referral: Referral) -> Stage | None:
    """The usual next stage, None at the end; an attempt to reach the client is followed by booking."""
    may = next_stages(referral)
    here = _WAY.index(referral.stage) if referral.stage in _WAY else -1
    return next((stage for stage in _WAY[here + 1 :] if stage in may), None)


class StoryView(QWidget):
    """`advance_asked` carries the stage that was chosen and a note."""

    advance_asked = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty until a referral is chosen."""
        super().__init__(parent)
        self._name = safe.label(wrap=True, kind="title")
        self._asks = safe.label(wrap=True, kind="muted")
        self._form = QFormLayout()
        self._form.setVerticalSpacing(3)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.next = QPushButton(_("Next stage"), self)
        self.match = QPushButton(_("Match"), self)
        self.letter = QPushButton(_("Letter"), self)
        self.other = QPushButton(_("Other stage"), self)
        self._stages = QMenu(self)
        self.other.setMenu(self._stages)
        self._steps: Table[Step] = Table(
            (
                Column(_("When"), lambda step: words.moment(step.at), width=22),
                Column(_("Step"), lambda step: words.stage(step.after), bold=lambda _step: True),
                Column(_("By"), lambda step: step.by, tone=lambda _step: "muted", width=9),
            )
        )
        self.history = TableView(self._steps, _("History"), self)
        self.history.horizontalHeader().hide()
        self._arrange()
        self.show_story(None)

    def show_story(self, story: Story | None) -> None:
        """Show it, or that none is chosen."""
        self._body.setVisible(story is not None)
        self._name.setText(_("No referral chosen") if story is None else story.client.name.listed)
        self._asks.setText("")
        if story is None:
            return
        self._asks.setText(asked_words(story.referral.request, story.services, story.sites))
        while self._form.rowCount():
            self._form.removeRow(0)
        for title, text in _rows(story):
            if text:
                self._form.addRow(safe.label(title, kind="muted"), safe.label(text, wrap=True))
        self.history.show_values(tuple(reversed(story.referral.history)))
        self._offer(story.referral)

    def _offer(self, referral: Referral) -> None:
        stage = forward(referral)
        self.next.setEnabled(stage is not None)
        self.next.setText(
            _("Next stage") if stage is None else _("{stage}  Ctrl+Enter").format(stage=words.stage(stage))
        )
        self.match.setEnabled(referral.request is not None and referral.stage.is_open)
        self._stages.clear()
        for other in sorted(next_stages(referral), key=list(Stage).index):
            self._stages.addAction(safe.doubled(words.stage(other)), partial(self._go_to, other))
        self.other.setEnabled(bool(next_stages(referral)))

    def _go_to(self, stage: Stage) -> None:
        if stage in _WITH_NOTE:
            safe.ask_text(
                self, _("Why? The answer is kept with the referral."), lambda note: self.advance_asked.emit(stage, note)
            )
        else:
            self.advance_asked.emit(stage, "")

    def _arrange(self) -> None:
        line = self.fontMetrics().height()
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 20)
        inside = QWidget()
        self._body = inside
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(line // 2)
        body.addLayout(self._form)
        buttons = QGridLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.next, 0, 0, 1, 3)
        for column, button in enumerate((self.match, self.letter, self.other)):
            buttons.addWidget(button, 1, column)
            buttons.setColumnStretch(column, 1)
        body.addLayout(buttons)
        body.addWidget(safe.label(_("History"), kind="heading"))
        body.addWidget(self.history, 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(line // 2, line // 2, line // 2, line // 2)
        layout.setSpacing(4)
        for part in (self._name, self._asks):
            layout.addWidget(part)
        layout.addWidget(area, 1)


def _rows(story: Story) -> tuple[tuple[str, str], ...]:
    referral, client = story.referral, story.client
    referrer = story.referrer
    sender = "" if referrer is None else ", ".join(one for one in (referrer.name.full, referrer.organization) if one)
    end = referral.due
    return (
        (_("Stage"), words.stage(referral.stage)),
        (_("Next"), words.action(referral.next_action)),
        (_("Due"), "" if end is None else words.long_day(end)),
        (_("Phone"), ", ".join(words.phone(one.number) for one in client.phones)),
        (_("Born"), words.short_date(client.birth_date)),
        (_("Lives in"), ", ".join(part for part in (client.address.city, client.address.state or "") if part)),
        (_("From"), sender or _("self-referred")),
        (_("Reason"), referral.reason),
        (_("Calls"), str(referral.attempts) if referral.attempts else ""),
        (_("Therapist"), story.therapist),
        (_("Outcome"), referral.outcome),
    )

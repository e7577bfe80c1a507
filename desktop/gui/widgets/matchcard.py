"""One therapist of a match: rank, score, every reason in words, the first openings, and the button that books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.gui import palette, safe
from desktop.gui.widgets.flow import Flow
from desktop.gui.widgets.glyphs import Glyph, Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One sentence for or against, with the points behind it."""

    sentence: str
    good: bool
    points: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningWords:
    """An opening in words: day, time, place."""

    day: str
    time: str
    where: str

    @property
    def moment(self) -> str:
        """Day and time."""
        return f"{self.day}, {self.time}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """What a card says: name, points of a hundred, reasons, and the openings in words."""

    rank: int
    name: str
    points: int
    reasons: tuple[Reason, ...]
    openings: tuple[OpeningWords, ...]


class Bar(QWidget):
    """A thin bar for points of a hundred; the number stands beside it in words."""

    def __init__(self, points: int, parent: QWidget | None = None) -> None:
        """Fill that much of it."""
        super().__init__(parent)
        self._points = points
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A third of a line high."""
        return QSize(40, max(5, self.fontMetrics().height() // 3))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the trough and the filled part."""
        del event
        colors = palette.of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colors.color("border"))
        painter.setBrush(colors.color("window"))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, 2, 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.color("accent"))
        box.setWidth(box.width() * self._points / 100)
        painter.drawRoundedRect(box, 2, 2)


class MatchCard(QFrame):
    """Left and Right choose the opening, Enter books it, W shows the points.

    `booked` carries the number of the opening, `stepped` -1 or +1 for the card above or below.
    """

    booked = Signal(int)
    stepped = Signal(int)

    def __init__(self, facts: CardFacts, *, wide: bool, parent: QWidget | None = None) -> None:
        """The first opening is chosen; `wide` puts the openings beside each other."""
        super().__init__(parent)
        self.facts = facts
        self.setProperty("card", "yes")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("{name}, {points} of 100").format(name=facts.name, points=facts.points))
        self.setAccessibleDescription("; ".join(one.sentence for one in facts.reasons))
        self._points: list[QWidget] = []
        self._problems = safe.label(wrap=True, kind="err")
        self._problems.hide()
        self._choices = QButtonGroup(self)
        self._book = QPushButton(self)
        if facts.rank == 1:
            self._book.setProperty("kind", "go")
        self._why = QPushButton(_("Why?"), self)
        self._why.setCheckable(True)
        self._why.setAccessibleName(_("Why {name}?").format(name=facts.name))
        self._arrange(wide=wide)
        self._book.clicked.connect(self._ask)
        self._why.toggled.connect(self._show_points)
        self._choices.idToggled.connect(lambda _at, _on: self._name_button())
        self._name_button()

    @property
    def chosen(self) -> int:
        """The number of the chosen opening; -1 when there is none."""
        return self._choices.checkedId()

    def show_problems(self, sentences: Sequence[str]) -> None:
        """Say why it was not booked."""
        self._problems.setText("\n".join(sentences))
        self._problems.setVisible(bool(sentences))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a card."""
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            wanted = self._choices.button(self.chosen + (1 if key == Qt.Key.Key_Right else -1))
            if wanted is not None:
                wanted.setChecked(True)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask()
        elif key == Qt.Key.Key_W and not event.modifiers():
            self._why.toggle()
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        if self._book.isEnabled() and self.chosen >= 0:
            self.booked.emit(self.chosen)

    def _name_button(self) -> None:
        at = self.chosen
        self._book.setEnabled(at >= 0)
        self._book.setText(_("Book") if at < 0 else _("Book {opening}").format(opening=self.facts.openings[at].moment))
        self._book.setAccessibleName(self._book.text() + ", " + self.facts.name)

    def _show_points(self, shown: bool) -> None:
        for one in self._points:
            one.setVisible(shown)

    def _arrange(self, *, wide: bool) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.setSpacing(4)
        layout.addLayout(self._head())
        layout.addWidget(Bar(self.facts.points, self))
        for reason in self.facts.reasons:
            layout.addLayout(self._line(reason))
        layout.addLayout(self._opening_buttons(wide=wide))
        layout.addWidget(self._problems)
        row = QHBoxLayout()
        row.addWidget(self._book, 1)
        row.addWidget(self._why)
        layout.addLayout(row)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.addWidget(safe.label(f"{self.facts.rank}. {self.facts.name}", self, wrap=True, kind="heading"), 1)
        head.addWidget(safe.label(str(self.facts.points), self, kind="heading"))
        head.addWidget(safe.label("/100", self, kind="muted"))
        return head

    def _line(self, reason: Reason) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(6)
        tone = "ok" if reason.good else "warn"
        line.addWidget(Sign(Glyph.TICK if reason.good else Glyph.TRIANGLE, tone, self), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(safe.label(reason.sentence, self, wrap=True, kind=tone), 1)
        if reason.points:
            points = safe.label(reason.points, self, kind="muted")
            points.hide()
            self._points.append(points)
            line.addWidget(points)
        return line

    def _opening_buttons(self, *, wide: bool) -> QLayout:
        flow = Flow() if wide else QVBoxLayout()
        for at, words in enumerate(self.facts.openings):
            shown = f"{words.day}\n{words.time} · {words.where}" if wide else f"{words.moment}  {words.where}"
            button = QPushButton(safe.doubled(shown), self)
            button.setCheckable(True)
            button.setProperty("kind", "opening")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(_("Opening {when}, {where}").format(when=words.moment, where=words.where))
            self._choices.addButton(button, at)
            button.setChecked(at == 0)
            flow.addWidget(button)
        return flow

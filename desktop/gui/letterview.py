"""The widgets of the letters: the list, the pages, and beside them what is about to leave and on which release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop.clinic.clients import Client, DataClass
from desktop.clinic.disclosure import Disclosed, class_name
from desktop.clinic.letter_fields import NOTES
from desktop.clinic.letters import Draft, Letter
from desktop.clinic.verdict import refusing
from desktop.gui import peoplewords, safe, verdictlist, words
from desktop.gui.widgets.factsheet import FactSheet, Part, Row
from desktop.gui.widgets.flow import Flow
from desktop.gui.widgets.glyphs import Glyph
from desktop.gui.widgets.pages import PageView
from desktop.gui.widgets.table import Column, Table, TableView


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """A finished letter with the names that the list shows."""

    letter: Letter
    client: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A draft or a finished letter with its pages and the client whose releases count."""

    draft: Draft | None
    letter: Letter
    client: Client
    recipient: str
    pages: bytes


class LettersView(QWidget):
    """`changed` says that what a draft may tell or its notes were changed; the other signals name the act."""

    new_asked = Signal()
    changed = Signal()
    finish_asked = Signal()
    save_asked = Signal()
    drop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """An empty list and no page."""
        super().__init__(parent)
        self.list = TableView(_table(), _("Letters"), self)
        self.empty = safe.label(
            _("No letter is finished yet. Open a referral or an appointment and choose Letter there."),
            kind="muted",
            wrap=True,
        )
        self.pages = PageView(_("Pages of the letter"), self)
        self.facts = FactSheet(_("What leaves with the letter"), self)
        self.finish = self._button(_("&Finish letter  Ctrl+Enter"), self.finish_asked.emit)
        self.finish.setProperty("kind", "go")
        self.save = self._button(_("&Save PDF...  Ctrl+S"), self.save_asked.emit)
        self.drop = self._button(_("D&iscard draft"), self.drop_asked.emit)
        self.new = self._button(_("Ne&w letter..."), self.new_asked.emit)
        self._asking = QScrollArea(self)
        self._asking.setWidgetResizable(True)
        self._asking.setFrameShape(QFrame.Shape.NoFrame)
        self._classes: dict[DataClass, QCheckBox] = {}
        self._notes: dict[str, QPlainTextEdit] = {}
        self._arrange()
        self.show_letter(None)

    @property
    def classes(self) -> frozenset[DataClass]:
        """What was ticked to be told besides the minimum."""
        return frozenset(one for one, box in self._classes.items() if box.isChecked())

    @property
    def notes(self) -> Mapping[str, str]:
        """The writer's own sentences by field."""
        found = {name: field.toPlainText().strip() for name, field in self._notes.items()}
        return {name: text for name, text in found.items() if text}

    def show_lines(self, lines: Sequence[LetterLine]) -> None:
        """Show the finished letters."""
        self.list.show_values(lines, lambda line: line.letter.id)
        self.empty.setVisible(not lines)

    def show_letter(self, opened: Opened | None) -> None:
        """Show the pages and what leaves with them; a draft can be changed and finished, a finished one saved."""
        drafted = opened is not None and opened.draft is not None
        self.finish.setVisible(drafted)
        self.drop.setVisible(drafted)
        self._asking.setVisible(drafted)
        self.save.setVisible(opened is not None and not drafted)
        if opened is None:
            self.pages.show_pdf(b"")
            self.facts.show_facts("", _("Choose a letter, or write one from a referral or an appointment."), ())
            return
        self.pages.show_pdf(opened.pages)
        self.facts.show_facts(opened.letter.kind.label, _whom(opened), _parts(opened))
        if opened.draft is not None:
            self.finish.setEnabled(not refusing(opened.draft.verdicts))

    def ask_about(self, draft: Draft) -> None:
        """Offer what else this draft could tell, and its fields for own sentences; keeps what is there for the same kind."""
        notes = list(NOTES[draft.asked.kind])
        offered = sorted({one for held in draft.withheld for one in held.classes} | draft.asked.classes, key=class_name)
        if list(self._notes) == notes and set(self._classes) == set(offered):
            return
        kept = self.notes if list(self._notes) == notes else draft.asked.notes
        page = QWidget()
        layout = QVBoxLayout(page)
        self._classes, self._notes = {}, {}
        if offered:
            layout.addWidget(safe.label(_("Also tell"), kind="heading"))
        for one in offered:
            box = QCheckBox(class_name(one).capitalize(), page)
            box.setChecked(one in draft.asked.classes)
            box.toggled.connect(lambda _on: self.changed.emit())
            self._classes[one] = box
            layout.addWidget(box)
        for name in notes:
            field = QPlainTextEdit(page)
            field.setTabChangesFocus(True)
            field.setPlainText(kept.get(name, ""))
            field.setFixedHeight(self.fontMetrics().height() * 2 + 12)
            field.textChanged.connect(self.changed)
            self._notes[name] = field
            layout.addWidget(safe.caption(name.replace("_", " ").capitalize(), field, page))
            layout.addWidget(field)
        layout.addStretch(1)
        self._asking.setWidget(page)

    def forget_questions(self) -> None:
        """Begin the next draft without the answers to the last."""
        self._classes, self._notes = {}, {}

    def _button(self, text: str, slot: object) -> QPushButton:
        made = QPushButton(text, self)
        made.setAutoDefault(False)
        made.setAccessibleName(text.replace("&", "").split("  ")[0].rstrip("."))
        made.clicked.connect(lambda: slot())  # type: ignore[operator]
        return made

    def _arrange(self) -> None:
        line, letter = self.fontMetrics().height(), self.fontMetrics().averageCharWidth()
        left, right = QWidget(self), QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(line // 2, line // 2, 0, line // 2)
        column.addWidget(self.new, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)
        side = QVBoxLayout(right)
        side.setContentsMargins(0, line // 2, 0, 0)
        box = QWidget(right)
        flow = Flow(box)
        flow.setContentsMargins(line // 2, 0, line // 2, 0)
        for button in (self.finish, self.save, self.drop):
            flow.addWidget(button)
        side.addWidget(box)
        parts = QSplitter(Qt.Orientation.Vertical, right)
        parts.addWidget(self.facts)
        parts.addWidget(self._asking)
        parts.setChildrenCollapsible(False)
        self.facts.setMinimumHeight(line * 10)
        parts.setSizes([line * 22, line * 14])
        side.addWidget(parts, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        for widget, share in ((left, 42), (self.pages, 74), (right, 44)):
            split.addWidget(widget)
            widget.setMinimumWidth(letter * 20)
            split.setStretchFactor(split.count() - 1, share)
        split.setSizes([letter * 42, letter * 74, letter * 44])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)


def _table() -> Table[LetterLine]:
    return Table(
        (
            Column(_("Date"), lambda line: words.short_date(line.letter.written_at.date()), width=11),
            Column(_("Client"), lambda line: line.client, bold=lambda _line: True, width=18),
            Column(_("Letter"), lambda line: line.letter.kind.label, tip=lambda line: line.recipient),
        ),
        spoken=lambda line: f"{line.letter.kind.label}, {line.client}, {line.recipient}",
    )


def _whom(opened: Opened) -> str:
    state = _("Draft") if opened.draft is not None else _("Finished")
    return _("{state} · to {recipient}").format(state=state, recipient=opened.recipient)


def _parts(opened: Opened) -> list[Part]:
    draft = opened.draft
    verdicts = () if draft is None else draft.verdicts
    parts = []
    if verdicts:
        parts.append(Part(heading=verdictlist.heading(verdicts), rows=verdictlist.rows(verdicts)))
    parts.append(Part(heading=_("What leaves"), rows=tuple(_leaving(opened)) or (Row(text=_("Nothing.")),)))
    if draft is not None and draft.withheld:
        rows = tuple(
            Row(label=_plain(one.name), text=", ".join(sorted(class_name(each) for each in one.classes)), tone="muted")
            for one in draft.withheld
        )
        parts.append(Part(heading=_("Kept back"), rows=rows))
    return parts


def _leaving(opened: Opened) -> list[Row]:
    """A row for each class of information and the release or other ground that lets it leave, with its fields."""
    by_field: dict[str, list[Disclosed]] = {}
    for one in opened.letter.disclosed:
        by_field.setdefault(one.field, []).append(one)
    fields: dict[tuple[str, str], list[str]] = {}
    for name, told in by_field.items():
        classes = ", ".join(sorted({class_name(one.data_class) for one in told}))
        bases = {one.basis for one in told}
        ground = "; ".join(sorted(_ground(opened.client, one) for one in bases)) if all(bases) else ""
        fields.setdefault((classes, ground), []).append(_plain(name))
    return [
        Row(
            label=classes.capitalize(),
            text="\n".join((", ".join(names), ground or _("no release allows it"))),
            tone="" if ground else "err",
            glyph=Glyph.TICK if ground else Glyph.CROSS,
        )
        for (classes, ground), names in fields.items()
    ]


def _ground(client: Client, basis: str) -> str:
    release = next((one for one in client.releases if one.id == basis), None)
    if release is None:
        return basis
    return _("release signed {signed}, until {until}").format(
        signed=peoplewords.short(release.signed_on), until=peoplewords.short(release.expires_on)
    )


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()

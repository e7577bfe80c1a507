"""A list of small records in a form: a row of captioned fields each, one more or one less by a button."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from gettext import gettext as _
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.clinic.errors import BadInput
from desktop.gui import safe, words
from desktop.gui.widgets import dateword
from desktop.gui.widgets.fieldrows import choice, plain, typed
from desktop.gui.widgets.flow import Flow

T = TypeVar("T")


class Kind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    DAY = "day"
    TIME = "time"
    CHOICE = "choice"
    OPEN_CHOICE = "open_choice"
    CHECK = "check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One field of a row; `letters` is its width, `needed` refuses an empty one."""

    key: str
    caption: str
    kind: Kind = Kind.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    letters: int = 13
    needed: bool = False


@dataclass(frozen=True, kw_only=True)
class Form(Generic[T]):
    """How records become rows and rows become records; `make` raises BadInput for what cannot be one."""

    key: str
    title: str
    add: str
    cells: tuple[Cell, ...]
    values: Callable[[T], Mapping[str, Any]]
    make: Callable[[T | None, Mapping[str, Any]], T]
    fresh: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row(Generic[T]):
    frame: QFrame
    before: T | None
    fields: dict[str, QWidget]
    loaded: dict[str, Any]
    problem: QLabel


class RowList(QWidget, Generic[T]):
    """The rows of one kind of record."""

    def __init__(self, form: Form[T], records: Sequence[T], today: date, parent: QWidget | None = None) -> None:
        """A row for each record; `today` is what days in words are seen from."""
        super().__init__(parent)
        self.form, self._today = form, today
        self.rows: list[_Row[T]] = []
        self._column = QVBoxLayout(self)
        self.more = QPushButton(form.add, self)
        self.more.setAutoDefault(False)
        self.more.clicked.connect(lambda: self.add())
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        for one in records:
            self._append(one, form.values(one))

    def add(self) -> None:
        """One more row, with the focus in it."""
        row = self._append(None, self.form.fresh)
        next(iter(row.fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def read(self) -> tuple[T, ...]:
        """The records that the rows describe; one whose fields were not touched is the same as before.

        Raises BadInput with this list's key after saying in the row what is wrong.
        """
        found = []
        for row in self.rows:
            row.problem.hide()
            try:
                found.append(self._record(row))
            except BadInput as error:
                self._complain(row, error)
                raise BadInput(self.form.key, plain(error)) from None
        return tuple(found)

    def _record(self, row: _Row[T]) -> T:
        raw = {cell.key: _raw(row.fields[cell.key]) for cell in self.form.cells}
        if row.before is not None and raw == row.loaded:
            return row.before
        return self.form.make(row.before, {cell.key: self._value(cell, raw[cell.key]) for cell in self.form.cells})

    def _value(self, cell: Cell, raw: Any) -> Any:  # noqa: ANN401 - by the kind of field
        if cell.needed and raw == "":
            raise BadInput(cell.key, _("{field}: fill this in.").format(field=cell.caption))
        if cell.kind is Kind.DAY:
            return self._read_day(cell, raw).day if raw else None
        if cell.kind is Kind.TIME:
            return self._read_time(cell, raw) if raw else None
        return raw

    def _read_day(self, cell: Cell, text: str) -> dateword.Moment:
        try:
            return dateword.read(text, self._today)
        except BadInput as error:
            raise BadInput(cell.key, f"{cell.caption}: {error.sentence}") from None

    def _read_time(self, cell: Cell, text: str) -> time:
        try:
            minute = dateword.read(text, self._today).minute
        except BadInput:
            minute = None
        if minute is None:
            raise BadInput(cell.key, _("{field}: type a time such as 9:00 AM or 5p.").format(field=cell.caption))
        return time(minute // 60, minute % 60)

    def _complain(self, row: _Row[T], error: BadInput) -> None:
        row.problem.setText(plain(error))
        row.problem.show()
        wrong = row.fields.get(error.field) or next(iter(row.fields.values()))
        wrong.setAccessibleDescription(plain(error))
        wrong.setFocus(Qt.FocusReason.OtherFocusReason)

    def _append(self, before: T | None, values: Mapping[str, Any]) -> _Row[T]:
        frame = QFrame(self)
        frame.setProperty("card", "yes")
        column = QVBoxLayout(frame)
        column.setContentsMargins(8, 6, 8, 6)
        box = QWidget(frame)
        flow = Flow(box, gap=8)
        fields = {}
        for cell in self.form.cells:
            fields[cell.key] = self._field(cell, values.get(cell.key))
            flow.addWidget(self._captioned(cell, fields[cell.key]))
        away = QPushButton(_("Remove"), box)
        away.setAutoDefault(False)
        away.setAccessibleName(_("Remove: {what}").format(what=self.form.title))
        flow.addWidget(away)
        problem = safe.label(parent=frame, wrap=True, kind="err")
        problem.hide()
        column.addWidget(box)
        column.addWidget(problem)
        loaded = {key: _raw(one) for key, one in fields.items()}
        row = _Row(frame=frame, before=before, fields=fields, loaded=loaded, problem=problem)
        away.clicked.connect(lambda: self._remove(row))
        self._column.insertWidget(len(self.rows), frame)
        self.rows.append(row)
        return row

    def _remove(self, row: _Row[T]) -> None:
        self.rows.remove(row)
        row.frame.hide()
        row.frame.deleteLater()
        self.more.setFocus(Qt.FocusReason.OtherFocusReason)

    def _captioned(self, cell: Cell, one: QWidget) -> QWidget:
        if cell.kind is Kind.CHECK:
            return one
        pair = QWidget(self)
        column = QVBoxLayout(pair)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(safe.label(cell.caption, pair, kind="muted"))
        column.addWidget(one)
        return pair

    def _field(self, cell: Cell, value: Any) -> QWidget:  # noqa: ANN401 - as above
        if cell.kind is Kind.CHECK:
            check = QCheckBox(cell.caption, self)
            check.setChecked(bool(value))
            return check
        if cell.kind in (Kind.CHOICE, Kind.OPEN_CHOICE):
            box = choice([*cell.choices], value)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(cell.letters)
            if cell.kind is Kind.OPEN_CHOICE:
                box.setEditable(True)
                box.setCurrentText(str(value or ""))
            box.setAccessibleName(f"{self.form.title}: {cell.caption}")
            return box
        line = QLineEdit(self)
        line.setText(_shown(value))
        line.setAccessibleName(f"{self.form.title}: {cell.caption}")
        room = self.fontMetrics().horizontalAdvance("0") * cell.letters + self.fontMetrics().height()
        line.setMinimumWidth(room)
        line.setMaximumWidth(room)
        return line


def _shown(value: Any) -> str:  # noqa: ANN401 - as above
    if value is None:
        return ""
    if isinstance(value, date):
        return words.short_date(value)
    return words.wall_clock(value) if isinstance(value, time) else str(value)


def _raw(one: QWidget) -> Any:  # noqa: ANN401 - as above
    if isinstance(one, QCheckBox):
        return one.isChecked()
    if isinstance(one, QComboBox):
        return safe.clean(one.currentText()).strip() if one.isEditable() else one.currentData()
    return typed(one) if isinstance(one, QLineEdit) else ""

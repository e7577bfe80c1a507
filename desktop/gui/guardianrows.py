"""The guardians of a minor in a form: a row each, one more by a button."""

from __future__ import annotations

from dataclasses import dataclass, replace
from gettext import gettext as _

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.clinic.clients import Custody, Guardian
from desktop.clinic.errors import BadInput
from desktop.clinic.people import Name
from desktop.gui import safe, words


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    before: Guardian | None
    name: QLineEdit
    relation: QLineEdit
    phone: QLineEdit
    custody: QComboBox
    schedules: QCheckBox
    told: QCheckBox


class GuardianRows(QWidget):
    """A row whose name is emptied takes the guardian off the record."""

    def __init__(self, guardians: tuple[Guardian, ...], parent: QWidget | None = None) -> None:
        """A row for each guardian."""
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.more = QPushButton(_("Add guardian"), self)
        self.more.setAutoDefault(False)
        self.more.clicked.connect(lambda: self._add(None).name.setFocus())
        self._layout.addWidget(self.more)
        self.setFocusProxy(self.more)
        for one in guardians:
            self._add(one)

    def guardians(self) -> tuple[Guardian, ...]:
        """The guardians that the rows describe.

        Raises BadInput for a number that cannot be one.
        """
        return tuple(self._read(row) for row in self._rows if row.name.text().strip())

    def _read(self, row: _Row) -> Guardian:
        family, _comma, given = safe.clean(row.name.text()).strip().partition(",")
        name = Name(family=family.strip(), given=given.strip())
        fresh = row.before or Guardian(name=name)
        return replace(
            fresh,
            name=name,
            relation=safe.clean(row.relation.text()).strip(),
            phone=_number(safe.clean(row.phone.text()).strip()),
            custody=Custody(row.custody.currentData()),
            may_schedule=row.schedules.isChecked(),
            may_be_told=row.told.isChecked(),
        )

    def _add(self, guardian: Guardian | None) -> _Row:
        row = _Row(
            before=guardian,
            name=QLineEdit(self),
            relation=QLineEdit(self),
            phone=QLineEdit(self),
            custody=QComboBox(self),
            schedules=QCheckBox(_("schedules"), self),
            told=QCheckBox(_("may be told"), self),
        )
        for one in Custody:
            row.custody.addItem(_("custody: {kind}").format(kind=one.value), one.value)
        row.custody.setCurrentIndex(row.custody.findData((guardian.custody if guardian else Custody.SHARED).value))
        for field, text in (
            (row.name, _("Family, Given")),
            (row.relation, _("Relation")),
            (row.phone, _("Phone")),
        ):
            field.setPlaceholderText(text)
            field.setAccessibleName(_("Guardian: {field}").format(field=text))
        row.custody.setAccessibleName(_("Guardian: custody"))
        if guardian is not None:
            row.name.setText(guardian.name.listed)
            row.relation.setText(guardian.relation)
            row.phone.setText(words.phone(guardian.phone))
            row.schedules.setChecked(guardian.may_schedule)
            row.told.setChecked(guardian.may_be_told)
        line = QHBoxLayout()
        for at, widget in enumerate((row.name, row.relation, row.phone, row.custody, row.schedules, row.told)):
            line.addWidget(widget, 2 if at == 0 else 1 if at < 3 else 0)
        self._layout.insertLayout(self._layout.count() - 1, line)
        self._rows.append(row)
        return row


def _number(text: str) -> str:
    from desktop.documents.cells import phone

    if not text:
        return ""
    try:
        return phone(text)
    except BadInput as error:
        raise BadInput("guardians", error.sentence) from None

"""The form for a client: what the front desk may write, in the order in which it is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from gettext import gettext as _
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.clinic.clients import Client, ClientStatus, Coverage, EmergencyContact, PaymentKind
from desktop.clinic.errors import BadInput, ClinicError
from desktop.clinic.people import Address, ClientId, Name, Phone, State, TherapistId
from desktop.clinic.practice import Site, SiteId
from desktop.clinic.therapists import Therapist
from desktop.gui import peoplewords, safe, words
from desktop.gui.guardianrows import GuardianRows

if TYPE_CHECKING:
    from desktop.records.store import Store

_KINDS = ("mobile", "home", "work")
_PHONES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FormChoices:
    """What the clinic offers to choose from."""

    therapists: tuple[Therapist, ...]
    sites: tuple[Site, ...]
    payers: tuple[str, ...]


def read_choices(store: Store) -> FormChoices:
    """Read who and what can be chosen."""
    with store.reading() as reader:
        staff = tuple(one for one in reader.all(Therapist) if not one.retired)
        return FormChoices(
            therapists=tuple(sorted(staff, key=lambda one: one.name.listed.casefold())),
            sites=tuple(one for one in reader.all(Site) if not one.retired),
            payers=tuple(sorted({payer for one in staff for payer in one.payers})),
        )


class ClientForm(QDialog):
    """A new client (None) or one on record; `save_asked` carries the Client that the fields describe."""

    save_asked = Signal(object)

    def __init__(self, client: Client | None, choices: FormChoices, parent: QWidget) -> None:
        """Fill the fields from the client."""
        super().__init__(parent)
        self.setWindowTitle(_("New client") if client is None else _("Edit client"))
        self._client = client
        self.family, self.given, self.goes_by, self.pronouns, self.born = (QLineEdit(self) for _each in range(5))
        self.numbers = [QLineEdit(self) for _each in range(_PHONES)]
        self.kinds = [_choice([(peoplewords.phone_kind(one), one) for one in _KINDS]) for _each in range(_PHONES)]
        self.voicemail = [QCheckBox(_("voicemail OK"), self) for _each in range(_PHONES)]
        self.text = [QCheckBox(_("text OK"), self) for _each in range(_PHONES)]
        self.email, self.street, self.city, self.zip = (QLineEdit(self) for _each in range(4))
        self.email_ok, self.mail_ok = QCheckBox(_("email OK"), self), QCheckBox(_("mail OK"), self)
        self.status = _choice([(peoplewords.client_status(one), one.value) for one in ClientStatus])
        self.state = _choice([("", ""), *((one.value, one.value) for one in State)])
        self.languages, self.access = QLineEdit(self), QLineEdit(self)
        self.interpreter = QCheckBox(_("needs an interpreter"), self)
        self.pays = _choice([(peoplewords.payment(one), one.value) for one in PaymentKind])
        self.payer = _choice([("", ""), *((one.title(), one) for one in choices.payers)])
        self.payer.setEditable(True)
        self.member = QLineEdit(self)
        self.therapist = _choice([("", ""), *((one.name.listed, str(one.id)) for one in choices.therapists)])
        self.site = _choice([("", ""), *((one.name, str(one.id)) for one in choices.sites)])
        self.contact, self.relation, self.contact_phone = (QLineEdit(self) for _each in range(3))
        self.guardians = GuardianRows(() if client is None else client.guardians, self)
        self.error = safe.label(kind="err", wrap=True)
        self.error.hide()
        self._arrange()
        if client is not None:
            self._fill(client)
        self.family.setFocus()

    def client(self) -> Client:
        """The client that the fields describe.

        Raises BadInput naming the field that is wrong.
        """
        before = self._client
        born = _day(_text(self.born))
        name = Name(family=_text(self.family), given=_text(self.given))
        changes = {
            "name": name,
            "goes_by": _text(self.goes_by),
            "pronouns": _text(self.pronouns),
            "birth_date": born,
            "status": ClientStatus(self.status.currentData()),
            "phones": self._phones(),
            "email": _text(self.email),
            "email_ok": self.email_ok.isChecked(),
            "mail_ok": self.mail_ok.isChecked(),
            "address": self._address(),
            "languages": tuple(_text(self.languages).replace(",", " ").lower().split()) or ("en",),
            "interpreter": self.interpreter.isChecked(),
            "accessibility": _text(self.access),
            "coverage": self._coverage(),
            "therapist": TherapistId(self.therapist.currentData()) if self.therapist.currentData() else None,
            "site": SiteId(self.site.currentData()) if self.site.currentData() else None,
            "emergency_contact": self._contact(),
            "guardians": self.guardians.guardians(),
        }
        if before is None:
            before = Client(id=ClientId(str(uuid4())), name=name, birth_date=born, status=ClientStatus.PROSPECTIVE)
        return replace(before, **changes)  # type: ignore[arg-type]

    def show_error(self, error: ClinicError) -> None:
        """Say what is wrong beside the fields, and go to the first wrong one."""
        self.error.setText(error.sentence)
        self.error.show()
        fields: dict[str, QWidget] = {
            "name": self.family,
            "birth_date": self.born,
            "phone": self.numbers[0],
            "guardians": self.guardians,
            "emergency_contact": self.contact_phone,
        }
        field = fields.get(error.field) if isinstance(error, BadInput) else None
        if field is not None:
            field.setAccessibleDescription(error.sentence)
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Ask to save what the fields describe, or say what is wrong."""
        self.error.hide()
        try:
            client = self.client()
        except BadInput as error:
            self.show_error(error)
            return
        self.save_asked.emit(client)

    def _phones(self) -> tuple[Phone, ...]:
        old = () if self._client is None else self._client.phones
        phones = [
            Phone(
                number=_number("phone", safe.clean(number.text()).strip()),
                kind=str(kind.currentData()),
                voicemail_ok=voicemail.isChecked(),
                text_ok=text.isChecked(),
            )
            for number, kind, voicemail, text in zip(self.numbers, self.kinds, self.voicemail, self.text, strict=True)
            if number.text().strip()
        ]
        return (*phones, *old[_PHONES:])

    def _address(self) -> Address:
        old = Address() if self._client is None else self._client.address
        state = self.state.currentData()
        return replace(
            old,
            street=_text(self.street),
            city=_text(self.city),
            state=State(state) if state else None,
            zip=_text(self.zip),
        )

    def _coverage(self) -> Coverage:
        old = Coverage() if self._client is None else self._client.coverage
        payer = safe.clean(self.payer.currentText()).strip().lower()
        return replace(old, kind=PaymentKind(self.pays.currentData()), payer=payer, member_id=_text(self.member))

    def _contact(self) -> EmergencyContact | None:
        name, phone = _text(self.contact), _text(self.contact_phone)
        if not name and not phone:
            return None
        if not (name and phone):
            raise BadInput("emergency_contact", _("give both a name and a number, or neither."))
        old = None if self._client is None else self._client.emergency_contact
        number = _number("emergency_contact", phone)
        if old is None:
            return EmergencyContact(name=name, relation=_text(self.relation), phone=number)
        return replace(old, name=name, relation=_text(self.relation), phone=number)

    def _fill(self, client: Client) -> None:
        for field, text in (
            (self.family, client.name.family),
            (self.given, client.name.given),
            (self.goes_by, client.goes_by),
            (self.pronouns, client.pronouns),
            (self.born, words.short_date(client.birth_date)),
            (self.email, client.email),
            (self.street, client.address.street),
            (self.city, client.address.city),
            (self.zip, client.address.zip),
            (self.languages, ", ".join(client.languages)),
            (self.access, client.accessibility),
            (self.member, client.coverage.member_id),
        ):
            field.setText(text)
        for at, phone in enumerate(client.phones[:_PHONES]):
            self.numbers[at].setText(words.phone(phone.number))
            _choose(self.kinds[at], phone.kind)
            self.voicemail[at].setChecked(phone.voicemail_ok)
            self.text[at].setChecked(phone.text_ok)
        for box, value in (
            (self.status, client.status.value),
            (self.state, client.address.state.value if client.address.state else ""),
            (self.pays, client.coverage.kind.value),
            (self.therapist, str(client.therapist or "")),
            (self.site, str(client.site or "")),
        ):
            _choose(box, value)
        self.payer.setCurrentText(client.coverage.payer.title())
        self.email_ok.setChecked(client.email_ok)
        self.mail_ok.setChecked(client.mail_ok)
        self.interpreter.setChecked(client.interpreter)
        if client.emergency_contact is not None:
            self.contact.setText(client.emergency_contact.name)
            self.relation.setText(client.emergency_contact.relation)
            self.contact_phone.setText(words.phone(client.emergency_contact.phone))

    def _arrange(self) -> None:
        self.born.setPlaceholderText("3/14/1991")
        self.languages.setPlaceholderText(_("en, es"))
        self.contact.setPlaceholderText(_("Name"))
        self.relation.setPlaceholderText(_("Relation"))
        self.contact_phone.setPlaceholderText(_("Phone"))
        page = QWidget(self)
        form = QFormLayout(page)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        rows: list[tuple[str, tuple[QWidget, ...]]] = [
            (_("&Family name"), (self.family,)),
            (_("&Given name"), (self.given,)),
            (_("Goes b&y"), (self.goes_by, self.pronouns)),
            (_("&Born"), (self.born, self.status)),
            *(
                (caption, (self.numbers[at], self.kinds[at], self.voicemail[at], self.text[at]))
                for at, caption in enumerate((_("&Phone"), _("Second p&hone")))
            ),
            (_("&Email"), (self.email, self.email_ok)),
            (_("&Street"), (self.street, self.mail_ok)),
            (_("&City"), (self.city, self.state, self.zip)),
            (_("&Languages"), (self.languages, self.interpreter)),
            (_("&Access needs"), (self.access,)),
            (_("Co&verage"), (self.pays, self.payer, self.member)),
            (_("&Therapist"), (self.therapist, self.site)),
            (_("Emergency c&ontact"), (self.contact, self.relation, self.contact_phone)),
        ]
        _name(self)
        for caption, fields in rows:
            form.addRow(safe.caption(caption, fields[0], page), _line(fields))
        form.addRow(safe.caption(_("G&uardians"), self.guardians, page), self.guardians)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(page)
        buttons = QDialogButtonBox(self)
        buttons.addButton(_("Save  Ctrl+Enter"), QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
        buttons.addButton(_("Leave as it was"), QDialogButtonBox.ButtonRole.RejectRole).setAutoDefault(False)
        buttons.accepted.connect(self.save)
        buttons.rejected.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        layout = QVBoxLayout(self)
        layout.addWidget(area, 1)
        layout.addWidget(self.error)
        layout.addWidget(buttons)
        letter, line = self.fontMetrics().averageCharWidth(), self.fontMetrics().height()
        self.resize(letter * 104, line * 38)


def _name(form: ClientForm) -> None:
    """Names for the fields that share a caption with another one."""
    for field, name in (
        (form.pronouns, _("Pronouns")),
        (form.status, _("Status")),
        (form.state, _("State")),
        (form.zip, _("ZIP")),
        (form.payer, _("Payer")),
        (form.member, _("Member ID")),
        (form.site, _("Site")),
        (form.relation, _("Relation of the emergency contact")),
        (form.contact_phone, _("Phone of the emergency contact")),
        *((kind, _("Kind of phone")) for kind in form.kinds),
    ):
        field.setAccessibleName(name)
    form.pronouns.setPlaceholderText(_("Pronouns"))
    form.zip.setPlaceholderText(_("ZIP"))
    form.member.setPlaceholderText(_("Member ID"))


def _line(fields: tuple[QWidget, ...]) -> QWidget:
    if len(fields) == 1:
        return fields[0]
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    for at, field in enumerate(fields):
        row.addWidget(field, 2 if at == 0 else 1 if isinstance(field, QLineEdit | QComboBox) else 0)
    return box


def _choice(items: list[tuple[str, str]]) -> QComboBox:
    box = QComboBox()
    for text, value in items:
        box.addItem(text, value)
    return box


def _choose(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(max(box.findData(value), 0))


def _text(field: QLineEdit) -> str:
    return safe.clean(field.text()).strip()


def _day(text: str) -> date:
    from desktop.documents.cells import day

    try:
        return day(text)
    except BadInput as error:
        raise BadInput("birth_date", error.sentence) from None


def _number(field: str, text: str) -> str:
    from desktop.documents.cells import phone

    try:
        return phone(text)
    except BadInput as error:
        raise BadInput(field, error.sentence) from None

"""The fields of the sheet for a call, in the order in which a caller is asked."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QComboBox, QFormLayout, QLineEdit, QWidget

from desktop.clinic.people import Address, Referrer, ReferrerId, State
from desktop.clinic.referral import Urgency
from desktop.clinic.services import Format, Modality, Service, ServiceId
from desktop.gui import safe, words
from desktop.gui.callform import PARTS, Typed
from desktop.gui.widgets.flow import Flow

_ENOUGH = 3
ROOMY = 104
"""Letters at which both halves stand side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the clinic offers to choose from."""

    services: tuple[Service, ...]
    referrers: tuple[Referrer, ...]
    payers: tuple[str, ...]
    languages: tuple[str, ...]


class CallFields(QWidget):
    """Left who calls, right what they ask for.

    `person_typed` carries a name or number to look for among the clients on file, `zip_typed` five digits.
    """

    person_typed = Signal(str)
    zip_typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty fields; see `offer`."""
        super().__init__(parent)
        self.name, self.phone, self.birth, self.zip = (QLineEdit(self) for _each in range(4))
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(500)
        self.voicemail = QCheckBox(_("&Voicemail is all right"), self)
        self.crisis = QCheckBox(_("The caller is in &crisis now"), self)
        self.place = safe.label(kind="muted", wrap=True)
        self.state, self.service, self.modality, self.format = (QComboBox(self) for _each in range(4))
        self.payer, self.language, self.urgency, self.referrer = (QComboBox(self) for _each in range(4))
        self.times = {key: QCheckBox(text, self) for key, text in _parts().items()}
        self._fill()
        self._arrange()
        self.name.editingFinished.connect(lambda: self._typed(self.name.text()))
        self.phone.editingFinished.connect(lambda: self._typed(self.phone.text()))
        self.zip.textEdited.connect(self._zip)

    def offer(self, choices: Choices) -> None:
        """Fill the lists with what the clinic offers."""
        for service in choices.services:
            self.service.addItem(service.name, str(service.id))
        for referrer in choices.referrers:
            self.referrer.addItem(_shown(referrer), str(referrer.id))
        self.payer.addItems([payer.title() for payer in choices.payers])
        for language in choices.languages:
            if language != "en":
                self.language.addItem(language, language)

    def typed(self) -> Typed:
        """What stands in the fields now."""
        service, referrer = self.service.currentData(), self.referrer.currentData()
        modality, state = self.modality.currentData(), self.state.currentData()
        chosen = self.format.currentData()
        return Typed(
            name=safe.clean(self.name.text()),
            phone=safe.clean(self.phone.text()).strip(),
            voicemail_ok=self.voicemail.isChecked(),
            birth_date=self.birth.text(),
            zip=self.zip.text(),
            state=State(state) if state else None,
            service=ServiceId(service) if service else None,
            modality=Modality(modality) if modality else None,
            formats=frozenset({Format(chosen)}) if chosen else frozenset(Format),
            times=frozenset(key for key, box in self.times.items() if box.isChecked()),
            payer="" if self.payer.currentIndex() == 0 else safe.clean(self.payer.currentText()),
            language=self.language.currentData() or "",
            urgency=Urgency.URGENT if self.crisis.isChecked() else Urgency(self.urgency.currentData()),
            referrer=ReferrerId(referrer) if referrer else None,
            reason=safe.clean(self.reason.text()).strip(),
            crisis=self.crisis.isChecked(),
        )

    def show_place(self, address: Address) -> None:
        """Show where the ZIP code lies; sessions by video are taken to happen there until somebody says otherwise."""
        parts = (address.city, address.county, address.state.value if address.state else "")
        self.place.setText(", ".join(part for part in parts if part) or _("This ZIP code is not in the register."))
        if address.state is not None:
            self.state.setCurrentIndex(max(self.state.findData(address.state.value), 0))

    def show_known(self, known: bool) -> None:
        """A client on file keeps what is on file."""
        for field in (self.phone, self.birth, self.zip, self.voicemail):
            field.setEnabled(not known)

    def point_at(self, name: str, sentence: str) -> None:
        """Put the focus on the field that is wrong."""
        fields: dict[str, QWidget] = {
            "name": self.name,
            "phone": self.phone,
            "birth_date": self.birth,
            "zip": self.zip,
            "service": self.service,
            "formats": self.format,
        }
        field = fields.get(name)
        if field is not None:
            field.setAccessibleDescription(sentence)
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self, text: str) -> None:
        if len(text.strip()) >= _ENOUGH:
            self.person_typed.emit(safe.clean(text).strip())

    def _zip(self, text: str) -> None:
        if len(text) == len("08854") and text.isdigit():
            self.zip_typed.emit(text)

    def _fill(self) -> None:
        self.birth.setPlaceholderText("3/14/1991")
        self.name.setPlaceholderText(_("Family, Given"))
        self.modality.addItem(_("any"), "")
        for modality in Modality:
            self.modality.addItem(modality.label, modality.value)
        for text, data in ((_("either"), ""), (_("in person"), "in_person"), (_("telehealth"), "telehealth")):
            self.format.addItem(text, data)
        self.state.addItem("", "")
        for state in (State.PA, State.NJ, *(one for one in State if one not in (State.PA, State.NJ))):
            self.state.addItem(state.value, state.value)
        for urgency in Urgency:
            self.urgency.addItem(words.urgency(urgency), urgency.value)
        for box in (self.service, self.referrer, self.payer):  # their longest entry is not the width of the sheet
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(16)
        self.payer.setEditable(True)
        self.payer.addItem(_("self-pay"))
        self.referrer.addItem(_("self-referred"), "")
        self.language.addItem("en", "")

    def _arrange(self) -> None:
        line = self.fontMetrics().height()
        who, asks = _form(line), _form(line)
        for text, field in (
            (_("Na&me"), self.name),
            (_("&Phone"), self.phone),
            (_("&Birth date"), self.birth),
            (_("&ZIP code"), self.zip),
        ):
            who.addRow(safe.caption(text, field), field)
        who.addRow("", self.place)
        who.addRow("", self.voicemail)
        who.addRow(safe.caption(_("Sent b&y"), self.referrer), self.referrer)
        who.addRow(safe.caption(_("&Reason"), self.reason), self.reason)
        who.addRow("", self.crisis)
        for text, box in (
            (_("&Service"), self.service),
            (_("Mo&dality"), self.modality),
            (_("&Format"), self.format),
            (_("Si&ts in"), self.state),
            (_("Pay&er"), self.payer),
            (_("&Language"), self.language),
            (_("Ur&gency"), self.urgency),
        ):
            asks.addRow(safe.caption(text, box), box)
        times = QWidget(self)
        flow = Flow(times)
        for check in self.times.values():
            flow.addWidget(check)
        asks.addRow(safe.label(_("Times")), times)
        layout = self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(line * 2)
        layout.addLayout(who, 1)
        layout.addLayout(asks, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Who calls stands above what they ask for where there is no room beside it."""
        super().resizeEvent(event)
        roomy = self.width() >= self.fontMetrics().averageCharWidth() * ROOMY
        direction = QBoxLayout.Direction
        self._both.setDirection(direction.LeftToRight if roomy else direction.TopToBottom)


def _form(line: int) -> QFormLayout:
    made = QFormLayout()
    made.setVerticalSpacing(line // 3)
    made.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return made


def _parts() -> dict[str, str]:
    texts = {
        "mornings": _("m&ornings"),
        "afternoons": _("&afternoons"),
        "evenings": _("even&ings"),
        "saturdays": _("Sat&urdays"),
    }
    return {key: texts[key] for key in PARTS}


def _shown(referrer: Referrer) -> str:
    return ", ".join(part for part in (referrer.name.listed, referrer.organization) if part)

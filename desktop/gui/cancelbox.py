"""What Delete asks: canceled, canceled late, a no-show, or booked in error; the record stays in every case."""

from __future__ import annotations

from gettext import gettext as _

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.clinic.visits import VisitStatus
from desktop.gui import safe


class CancelBox(QDialog):
    """Asks what became of an appointment; `chosen` carries the status, by whom, and the reason."""

    chosen = Signal(object, str, str)

    def __init__(self, what: str, late: bool, parent: QWidget) -> None:
        """`what` names the appointment; `late`: less notice is left than the cancel policy asks for."""
        super().__init__(parent)
        self.setWindowTitle(_("Cancel appointment"))
        self._group = QButtonGroup(self)
        self._statuses = (
            VisitStatus.CANCELED,
            VisitStatus.LATE_CANCEL,
            VisitStatus.NO_SHOW,
            VisitStatus.BOOKED_IN_ERROR,
        )
        layout = QVBoxLayout(self)
        layout.addWidget(safe.label(what, kind="heading", wrap=True))
        layout.addWidget(safe.label(_("The appointment stays on record in every case."), kind="muted", wrap=True))
        texts = (_("&Canceled"), _("Canceled &late"), _("&No-show"), _("Booked in &error"))
        for at, text in enumerate(texts):
            button = QRadioButton(text, self)
            button.setMinimumHeight(max(28, self.fontMetrics().height() + 8))
            button.setChecked(at == (1 if late else 0))
            self._group.addButton(button, at)
            layout.addWidget(button)
        self.by = QComboBox(self)
        for key, text in (("client", _("Client")), ("therapist", _("Therapist")), ("practice", _("Practice"))):
            self.by.addItem(text, key)
        self.reason = QLineEdit(self)
        self.reason.setMaxLength(200)
        for caption, field in ((_("&By whom"), self.by), (_("&Reason (no clinical detail)"), self.reason)):
            layout.addWidget(safe.caption(caption, field, self))
            layout.addWidget(field)
        buttons = QDialogButtonBox(self)
        go = buttons.addButton(_("Cancel appointment"), QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        buttons.addButton(_("Keep it"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self._group.button(1 if late else 0).setFocus()

    def _choose(self) -> None:
        self.accept()
        status = self._statuses[self._group.checkedId()]
        self.chosen.emit(status, str(self.by.currentData()), safe.clean(self.reason.text()).strip())

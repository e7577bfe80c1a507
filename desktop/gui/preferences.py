"""Preferences of this computer: colors, size of text, when the window locks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from gettext import gettext as _

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QSpinBox, QVBoxLayout, QWidget

from desktop.gui import safe
from desktop.settings import Settings

_SIZES = (100, 125, 150, 175, 200)


class Preferences(QDialog):
    """Every choice shows at once; "Leave as it was" takes all of them back."""

    def __init__(self, settings: Settings, take: Callable[[Settings], None], parent: QWidget | None = None) -> None:
        """`take` is given the settings after every choice."""
        super().__init__(parent)
        self.setWindowTitle(_("Preferences"))
        self._before, self._take = settings, take
        self.scheme, self.percent, self.idle = QComboBox(self), QComboBox(self), QSpinBox(self)
        for key, text in (
            ("system", _("As the computer")),
            ("light", _("Light")),
            ("dark", _("Dark")),
            ("contrast", _("High contrast")),
        ):
            self.scheme.addItem(text, key)
        for size in sorted({*_SIZES, settings.text_percent}):
            self.percent.addItem(_("{n} %").format(n=size), size)
        self.idle.setRange(1, 15)
        self.idle.setSuffix(_(" minutes"))
        self.scheme.setCurrentIndex(max(self.scheme.findData(settings.scheme), 0))
        self.percent.setCurrentIndex(self.percent.findData(settings.text_percent))
        self.idle.setValue(settings.idle_minutes)
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for text, field in (
            (_("&Colors"), self.scheme),
            (_("Size of &text"), self.percent),
            (_("&Lock when untouched for"), self.idle),
        ):
            field.setMinimumHeight(max(28, self.fontMetrics().height() + 10))
            form.addRow(safe.caption(text, field, self), field)
        buttons = QDialogButtonBox(self)
        buttons.addButton(_("Keep"), QDialogButtonBox.ButtonRole.AcceptRole).setDefault(True)
        buttons.addButton(_("Leave as it was"), QDialogButtonBox.ButtonRole.RejectRole).setAutoDefault(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(safe.label(_("They are kept on this computer only."), kind="muted", wrap=True))
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.scheme.currentIndexChanged.connect(lambda _at: self._show())
        self.percent.currentIndexChanged.connect(lambda _at: self._show())
        self.idle.valueChanged.connect(lambda _minutes: self._show())

    @property
    def settings(self) -> Settings:
        """What the fields say."""
        return replace(
            self._before,
            scheme=str(self.scheme.currentData()),
            text_percent=int(self.percent.currentData()),
            idle_minutes=self.idle.value(),
        )

    def reject(self) -> None:
        """Take every choice back."""
        if self.settings != self._before:
            self._take(self._before)
        super().reject()

    def _show(self) -> None:
        self._take(self.settings)
        self.adjustSize()

"""Forgotten passphrase: the recovery key opens the clinic file and gives one of its users a new passphrase."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.clinic.change import UserId
from desktop.clinic.errors import BadInput, CannotOpen, ClinicError, WrongPassphrase
from desktop.gui import safe
from desktop.gui.jobs import Jobs
from desktop.gui.unlock import Opened
from desktop.gui.widgets.fieldrows import FormDialog, typed

if TYPE_CHECKING:
    from desktop.records.store import Store


class Asked(NamedTuple):
    """What the form describes."""

    path: Path
    user: UserId
    recovery: str
    passphrase: str


class Recovery(FormDialog):
    """File, user, the eight groups of the recovery key, and a new passphrase twice; `opened` carries the Opened."""

    opened = Signal(object)

    def __init__(self, jobs: Jobs, clock: Callable[[], datetime], parent: QWidget, *, file: str, user: str) -> None:
        """Begin with the file and the user of the unlock page."""
        super().__init__(_("Recovery key"), parent, go=_("Set passphrase and open  Ctrl+Enter"), letters=84, lines=24)
        self._jobs, self._clock = jobs, clock
        self._busy = False
        self.stay.setText(_("Close"))
        self.file, self.user, self.recovery, self.passphrase, self.again = (QLineEdit(self) for _each in range(5))
        self.file.setText(file)
        self.user.setText(user)
        for field in (self.passphrase, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.rows.wide(
            safe.label(
                _("The recovery key was written down when the clinic file was made; it stays valid."), self, wrap=True
            )
        )
        self.rows.add("file", _("Clinic &file"), self.file)
        self.rows.add("user", _("&User"), self.user)
        self.rows.add("recovery key", _("&Recovery key"), self.recovery, hint=_("Eight groups of letters and digits."))
        self.rows.add("passphrase", _("New &passphrase"), self.passphrase, hint=_("A few unrelated words."))
        self.rows.add("again", _("A&gain"), self.again)
        self.save_asked.connect(self._recover)
        next((one for one in (self.file, self.user, self.recovery) if not one.text()), self.recovery).setFocus()

    def value(self) -> Asked:
        """What the fields describe.

        Raises BadInput naming the first field that is empty, or the second passphrase when it differs.
        """
        for key, field, sentence in (
            ("file", self.file, _("choose the clinic file.")),
            ("user", self.user, _("type the user name.")),
            ("recovery key", self.recovery, _("type the recovery key from the sheet.")),
            ("passphrase", self.passphrase, _("choose a new passphrase.")),
        ):
            if not field.text().strip():
                raise BadInput(key, sentence)
        if self.passphrase.text() != self.again.text():
            raise BadInput("again", _("the two passphrases differ; type the second one again."))
        return Asked(
            path=Path(typed(self.file)).expanduser(),
            user=UserId(typed(self.user)),
            recovery=typed(self.recovery),
            passphrase=self.passphrase.text(),
        )

    def show_error(self, error: ClinicError) -> None:
        """Say what is wrong under its field."""
        sentence = error.sentence
        if isinstance(error, WrongPassphrase):
            sentence = _("This recovery key belongs to another clinic file, or nobody of that name uses this one.")
        if not (isinstance(error, CannotOpen) and self.complain(_field_of(error), sentence)):
            super().show_error(error)

    def reject(self) -> None:
        """Go, unless the key is being tried just now."""
        if not self._busy:
            super().reject()

    def _recover(self, asked: Asked) -> None:
        now = self._clock()

        def opener() -> Store:
            from desktop.office import access

            return access.recover(asked.path, asked.recovery, user=asked.user, passphrase=asked.passphrase, now=now)

        def done(store: Store) -> None:
            self._rest()
            for field in (self.recovery, self.passphrase, self.again):
                field.clear()
            self.opened.emit(Opened(path=asked.path, store=store, user=asked.user))
            self.accept()

        def failed(error: ClinicError) -> None:
            self._rest()
            self.show_error(error)

        if not self._busy:
            self._busy = True
            for part in (self.rows, self.go, self.stay):
                part.setEnabled(False)
            self._jobs.change(lambda _job: opener(), done, failed)

    def _rest(self) -> None:
        self._busy = False
        for part in (self.rows, self.go, self.stay):
            part.setEnabled(True)


def _field_of(error: CannotOpen) -> str:
    return "recovery key" if isinstance(error, WrongPassphrase) else "file"

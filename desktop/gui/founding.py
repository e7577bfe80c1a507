"""A new clinic: its file, its first user, and the recovery key that is shown once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.clinic.change import UserId
from desktop.clinic.errors import ClinicError
from desktop.gui import safe
from desktop.gui.jobs import Jobs
from desktop.gui.unlock import SUFFIX, Opened

if TYPE_CHECKING:
    from desktop.records.store import Store


class NewClinic(QDialog):
    """Two pages: what the clinic needs, then the recovery key, whose end must be typed before it goes for ever.

    `founded` carries the Opened.
    """

    founded = Signal(object)

    def __init__(self, jobs: Jobs, clock: Callable[[], datetime], parent: QWidget | None = None) -> None:
        """The first page."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("New clinic"))
        self._jobs = jobs
        self._clock = clock
        self._opened: Opened | None = None
        self._recovery = ""
        self.file, self.practice, self.name, self.user = (QLineEdit(self) for _each in range(4))
        self.passphrase, self.again = QLineEdit(self), QLineEdit(self)
        for field in (self.passphrase, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.problem = safe.label(wrap=True, kind="err")
        self.make = QPushButton(_("&Make the clinic file"), self)
        self.make.setDefault(True)
        self.key = QLineEdit(self)
        self.key.setReadOnly(True)
        self.key.setAccessibleName(_("Recovery key"))
        self.proof = QLineEdit(self)
        self.written = QPushButton(_("I have &written it down"), self)
        self.written.setEnabled(False)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._first())
        self._pages.addWidget(self._second())
        layout = QVBoxLayout(self)
        layout.addWidget(self._pages)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 76)
        self.make.clicked.connect(self._ask)
        self.proof.textChanged.connect(lambda text: self.written.setEnabled(self._proves(text)))
        self.written.clicked.connect(self._finish)

    def reject(self) -> None:
        """Before the file is made nothing happens; afterwards the key has to be confirmed first."""
        if self._opened is None and self.make.isEnabled():
            super().reject()

    def _ask(self) -> None:
        problem = self._wrong()
        self.problem.setText(problem)
        if problem:
            return
        self.make.setEnabled(False)
        path = Path(self.file.text()).expanduser()
        path = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
        user, name, practice = UserId(self.user.text().strip()), self.name.text().strip(), self.practice.text().strip()
        passphrase, now = self.passphrase.text(), self._clock()

        def found() -> tuple[Store, str]:
            from desktop.clinic.practice import Practice
            from desktop.office import access

            return access.new_clinic(
                path, user=user, name=name, passphrase=passphrase, practice=Practice(name=practice), now=now
            )

        def done(made: tuple[Store, str]) -> None:
            self._opened = Opened(path=path, store=made[0], user=user)
            self._show_key(made[1])

        self._jobs.change(lambda _job: found(), done, self._failed)

    def _wrong(self) -> str:
        for field, sentence in (
            (self.file, _("Choose where the clinic file will lie.")),
            (self.practice, _("Type the name of the practice.")),
            (self.name, _("Type your own name.")),
            (self.user, _("Choose the user name that you will unlock with.")),
            (self.passphrase, _("Choose a passphrase.")),
        ):
            if not field.text().strip():
                field.setFocus()
                return sentence
        if self.passphrase.text() != self.again.text():
            self.again.setFocus()
            return _("The two passphrases differ; type the second one again.")
        return ""

    def _failed(self, error: ClinicError) -> None:
        self.make.setEnabled(True)
        self.problem.setText(error.sentence)

    def _show_key(self, recovery: str) -> None:
        self._recovery = recovery
        self.key.setText(recovery)
        self._pages.setCurrentIndex(1)
        self.proof.setFocus()

    def _proves(self, text: str) -> bool:
        typed = "".join(one for one in text if one.isalnum()).casefold()
        whole = "".join(one for one in self._recovery if one.isalnum()).casefold()
        return len(typed) >= 4 and whole.endswith(typed)

    def _finish(self) -> None:
        if self._opened is not None:
            self.key.clear()
            self._recovery = ""
            self.founded.emit(self._opened)
            self.accept()

    def _choose(self) -> None:
        dialog = QFileDialog(self, _("New clinic"), "", _("Clinic files (*{suffix})").format(suffix=SUFFIX))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        dialog.fileSelected.connect(self.file.setText)
        dialog.open()

    def _first(self) -> QWidget:
        page = QWidget(self)
        form = QFormLayout(page)
        browse = QPushButton(_("&Browse..."), page)
        browse.setAutoDefault(False)
        browse.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(self.file, 1)
        row.addWidget(browse)
        form.addRow(safe.caption(_("Clinic &file"), self.file), row)
        for text, field in (
            (_("&Practice"), self.practice),
            (_("Your &name"), self.name),
            (_("&User name"), self.user),
            (_("P&assphrase"), self.passphrase),
            (_("A&gain"), self.again),
        ):
            form.addRow(safe.caption(text, field), field)
        form.addRow("", self.problem)
        form.addRow("", self.make)
        return page

    def _second(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.addWidget(safe.label(_("Write down the recovery key"), kind="title"))
        text = _(
            "It opens the clinic when every passphrase is forgotten, and it is shown only now. "
            "Write it on paper and lock it away; nobody can make it again."
        )
        column.addWidget(safe.label(text, wrap=True))
        column.addWidget(self.key)
        column.addWidget(safe.caption(_("Type its last &group to go on"), self.proof))
        column.addWidget(self.proof)
        column.addStretch(1)
        column.addWidget(self.written)
        return page

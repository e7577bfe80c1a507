"""The first page: choose a clinic file and unlock it, found a new clinic, or look at the demo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.gui import safe
from desktop.gui.jobs import Jobs

if TYPE_CHECKING:
    from desktop.clinic.change import UserId
    from desktop.clinic.errors import ClinicError
    from desktop.records.store import Store

Opener: TypeAlias = "Callable[[], tuple[Store, UserId]]"
SUFFIX = ".handoff"


class Opened(NamedTuple):
    """A clinic that was unlocked: where it lies, its store, and who unlocked it."""

    path: Path
    store: Store
    user: UserId


class UnlockView(QWidget):
    """A small card in the middle of the window.

    `unlock_asked` carries the path, the user and the passphrase, `recovery_asked` the path and the user.
    """

    unlock_asked = Signal(str, str, str)
    new_asked = Signal()
    recovery_asked = Signal(str, str)
    demo_asked = Signal()

    title = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty fields; see `offer`."""
        super().__init__(parent)
        self._file = QComboBox(self)
        self._file.setEditable(True)
        self._file.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._file.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._browse = _button(_("&Browse..."), self)
        self._user = QLineEdit(self)
        self._passphrase = QLineEdit(self)
        self._passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self._problem = safe.label(wrap=True, kind="err")
        self._busy = safe.label(wrap=True, kind="muted")
        self._unlock = _button(_("Unlock"), self)
        self._unlock.setDefault(True)
        self._new = _button(_("&New clinic..."), self)
        self._demo = _button(_("Open the &demo clinic"), self)
        self._recovery = _button(_("Use the &recovery key..."), self)
        self._wire()
        self._arrange()
        self.show_problem("")

    def offer(self, paths: tuple[str, ...], user: str) -> None:
        """Fill in the files opened before and the last user."""
        self._file.clear()
        self._file.addItems(list(paths))
        self._user.setText(user)

    def show_busy(self, sentence: str) -> None:
        """Say that the file is being opened, and take no second order meanwhile; "" when it is over."""
        fields = (self._file, self._browse, self._user, self._passphrase)
        for part in (*fields, self._unlock, self._new, self._demo, self._recovery):
            part.setEnabled(not sentence)
        self._problem.setText("")
        self._problem.setVisible(not sentence)
        self._busy.setText(sentence)
        self._busy.setVisible(bool(sentence))

    def show_problem(self, sentence: str) -> None:
        """Say what was wrong, and put the focus where it can be put right."""
        self.show_busy("")
        self._problem.setText(sentence)
        if sentence:
            self._passphrase.selectAll()
            self._passphrase.setFocus()
            self._passphrase.setAccessibleDescription(sentence)

    def focus_first(self) -> None:
        """Put the focus into the first field that is empty."""
        fields = (self._file.lineEdit(), self._user, self._passphrase)
        empty = next((one for one in fields if one is not None and not one.text()), self._passphrase)
        empty.setFocus()

    def forget(self) -> None:
        """Empty the passphrase."""
        self._passphrase.clear()

    def _wire(self) -> None:
        self._browse.clicked.connect(self._choose)
        self._unlock.clicked.connect(self._ask)
        for field in (self._user, self._passphrase):
            field.returnPressed.connect(self._ask)
        self._new.clicked.connect(self.new_asked)
        self._demo.clicked.connect(self.demo_asked)
        self._recovery.clicked.connect(
            lambda: self.recovery_asked.emit(self._file.currentText().strip(), self._user.text().strip())
        )

    def _ask(self) -> None:
        self.unlock_asked.emit(self._file.currentText().strip(), self._user.text().strip(), self._passphrase.text())

    def _choose(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        dialog = QFileDialog(self, _("Open clinic"), "", _("Clinic files (*{suffix})").format(suffix=SUFFIX))
        dialog.finished.connect(dialog.deleteLater)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._file.setEditText)
        dialog.open()

    def _arrange(self) -> None:
        letter, line = self.fontMetrics().averageCharWidth(), self.fontMetrics().height()
        card = QFrame(self)
        card.setProperty("card", "yes")
        card.setMinimumWidth(letter * 60)
        file_row = QHBoxLayout()
        file_row.addWidget(self._file, 1)
        file_row.addWidget(self._browse)
        form = QFormLayout()
        form.setVerticalSpacing(line // 2)
        form.addRow(safe.caption(_("&Clinic file"), self._file), file_row)
        form.addRow(safe.caption(_("&User"), self._user), self._user)
        form.addRow(safe.caption(_("&Passphrase"), self._passphrase), self._passphrase)
        form.addRow("", self._problem)
        form.addRow("", self._busy)
        form.addRow("", self._unlock)
        rest = QHBoxLayout()
        rest.addWidget(self._new)
        rest.addWidget(self._demo)
        rest.addWidget(self._recovery)
        rest.addStretch(1)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(line * 2, line + line // 2, line * 2, line + line // 2)
        inside.setSpacing(line // 2)
        inside.addWidget(safe.label(_("Warm Handoff"), kind="title"))
        inside.addWidget(safe.label(_("Unlock the clinic to begin."), kind="muted"))
        inside.addSpacing(line // 2)
        inside.addLayout(form)
        inside.addSpacing(line // 2)
        inside.addLayout(rest)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        outside = QVBoxLayout(self)
        outside.addStretch(2)
        outside.addLayout(middle)
        outside.addStretch(3)


class UnlockPresenter(QObject):
    """Opens the clinic that the view asks for, off the GUI thread; `opened` carries the Opened."""

    opened = Signal(object)

    def __init__(self, view: UnlockView, jobs: Jobs, demo: Path, clock: Callable[[], datetime]) -> None:
        """`demo` is where the demo clinic is kept."""
        super().__init__(view)
        self._view = view
        self._jobs = jobs
        self._demo = demo
        self._clock = clock
        view.unlock_asked.connect(self._unlock)
        view.demo_asked.connect(self._open_demo)

    def open_with(self, path: Path, sentence: str, opener: Opener) -> None:
        """Open a clinic in whatever way the opener knows."""
        self._view.show_busy(sentence)

        def done(result: tuple[Store, UserId]) -> None:
            store, user = result
            self._view.show_busy("")
            self._view.forget()
            self.opened.emit(Opened(path=path, store=store, user=user))

        self._jobs.change(lambda _job: opener(), done, self._fail)

    def _unlock(self, name: str, user: str, passphrase: str) -> None:
        missing = (
            _("Choose the clinic file first.") if not name
            else _("Type your user name.") if not user
            else _("Type your passphrase.") if not passphrase
            else ""
        )  # fmt: skip
        if missing:
            self._view.show_problem(missing)
            return
        path, now = Path(name).expanduser(), self._clock()

        def opener() -> tuple[Store, UserId]:
            from desktop.clinic.change import UserId
            from desktop.gui.opening import unlocked

            return unlocked(path, UserId(user), passphrase, now), UserId(user)

        self.open_with(path, _("Unlocking..."), opener)

    def _open_demo(self) -> None:
        from desktop.gui import demo

        path, moment = self._demo, self._clock()
        sentence = _("Preparing the demo clinic; the first time takes a moment...")
        self.open_with(path, sentence, lambda: demo.opened(path, moment))

    def _fail(self, error: ClinicError) -> None:
        self._view.show_problem(error.sentence)


def _button(text: str, parent: QWidget) -> QPushButton:
    """A button without QPushButton's other constructor, for which Python would make every name of QIcon."""
    made = QPushButton(parent)
    made.setText(text)
    return made

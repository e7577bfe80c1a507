"""Bringing a file in: look at it first, beside everything else; then all of it in one step, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.clinic.change import Actor, Task
from desktop.clinic.errors import Canceled, ClinicError
from desktop.gui import safe, words
from desktop.gui.desk import Desk
from desktop.gui.importview import ImportView, KindLine, Look, Twin, kind_words
from desktop.gui.jobs import Job, Reported
from desktop.gui.widgets.fieldrows import fit

if TYPE_CHECKING:
    from desktop.clinic.clients import Client
    from desktop.clinic.people import ClientId
    from desktop.office.intake import Preview
    from desktop.records.store import Store

_PATTERNS = "*.json *.ndjson *.csv *.tsv *.txt"


class ImportSheet(QDialog):
    """Choose a file, see what it would do, bring it in; whatever runs can be stopped, and then nothing has changed."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """No file is chosen yet."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Import"))
        self._desk = desk
        self._path: Path | None = None
        self._look: Look | None = None
        self._job: Job | None = None
        self._turn = 0
        self.file = QLineEdit(self)
        self.file.setReadOnly(True)
        self.file.setPlaceholderText(_("A clinic file as JSON, a table as CSV, or patients as FHIR"))
        self._choose = QPushButton(_("&Choose file..."), self)
        self.kind = QComboBox(self)
        self.bar = QProgressBar(self)
        self.stop = QPushButton(_("&Stop"), self)
        self.state = safe.label(parent=self, wrap=True, kind="muted")
        self.problem = safe.label(parent=self, wrap=True, kind="err")
        self.view = ImportView(self)
        buttons = QDialogButtonBox(self)
        self.go = buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        buttons.addButton(_("Close"), QDialogButtonBox.ButtonRole.RejectRole).setAutoDefault(False)
        self._arrange(buttons)
        buttons.accepted.connect(self.bring_in)
        buttons.rejected.connect(self.reject)
        self._rest()

    def choose(self) -> None:
        """Ask for the file."""
        dialog = QFileDialog(self, _("Import"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [_("JSON, CSV and FHIR ({patterns})").format(patterns=_PATTERNS), _("All files ({all})").format(all="*")]
        )
        dialog.fileSelected.connect(lambda name: self.look_at(Path(name)))
        dialog.open()

    def look_at(self, path: Path) -> None:
        """Read that file, and say what bringing it in would do."""
        self._path, self._look = path, None
        self.file.setText(str(path))
        form, _colon, kind = str(self.kind.currentData()).partition(":")
        turn = self._begin(_("Reading the file..."))
        self._job = self._desk.study(
            partial(looked_at, path=path, form=form, kind=kind),
            partial(self._looked, turn),
            failed=partial(self._failed, turn),
            progress=partial(self._tell, turn, _("Comparing it with what is on file...")),
        )

    def bring_in(self) -> None:
        """Write everything that was found in one step."""
        look = self._look
        if look is None or not look.total or self._job is not None:
            return
        turn = self._begin(_("Bringing it in..."))

        def task(store: Store, actor: Actor, progress: Reported) -> Task:
            from desktop.office import intake

            return intake.bring_in(store, actor, look.preview, progress)

        self._job = self._desk.work(
            _("Import"),
            task,
            lambda _task: self._brought(turn, look.total),
            failed=partial(self._failed, turn),
            progress=partial(self._tell, turn, _("Writing it down...")),
        )

    def cancel(self) -> None:
        """Stop what runs; the answer says that nothing was changed."""
        if self._job is not None:
            self._job.cancel()
            self.stop.setEnabled(False)

    def reject(self) -> None:
        """Stop what runs, and go."""
        if self._job is not None:
            self._job.cancel()
        self._turn += 1
        super().reject()

    def _begin(self, sentence: str) -> int:
        if self._job is not None:
            self._job.cancel()
        self._turn += 1
        self.problem.hide()
        self.state.setText(sentence)
        self.bar.setRange(0, 0)
        for part in (self.bar, self.stop, self.state):
            part.show()
        self.stop.setEnabled(True)
        self.go.setEnabled(False)
        return self._turn

    def _tell(self, turn: int, rest: str, done: int, total: int) -> None:
        if turn != self._turn:
            return
        if done >= total:  # what follows has no measure
            self.bar.setRange(0, 0)
            self.state.setText(rest)
        else:
            self.bar.setRange(0, 100)
            self.bar.setValue(done * 100 // total)

    def _looked(self, turn: int, look: Look) -> None:
        if turn == self._turn:
            self._look = look
            self._rest()
            (self.go if self.go.isEnabled() else self._choose).setFocus()

    def _brought(self, turn: int, number: int) -> None:
        self._desk.tell(
            ngettext(
                "Brought in {n} record; Ctrl+Z takes it back.",
                "Brought in {n} records; Ctrl+Z takes them back.",
                number,
            ).format(n=f"{number:,}")
        )
        if turn == self._turn:
            self._job = None
            self.accept()

    def _failed(self, turn: int, error: ClinicError) -> None:
        if isinstance(error, Canceled):
            self._desk.tell(_("The import was stopped; nothing was changed."))
        if turn != self._turn:
            return
        if not isinstance(error, Canceled):
            self._look = None  # what it would do is no longer true
        self._rest()
        self.problem.setText(error.sentence)
        self.problem.show()

    def _rest(self) -> None:
        self._job = None
        for part in (self.bar, self.stop, self.state, self.problem):
            part.hide()
        number = 0 if self._look is None else self._look.total
        text = ngettext("&Bring in {n} record", "&Bring in {n} records", number) if number else _("&Bring it in")
        self.go.setText(text.format(n=f"{number:,}") + _("  Ctrl+Enter"))
        self.go.setEnabled(number > 0)
        self.view.show_look(self._look)

    def _arrange(self, buttons: QDialogButtonBox) -> None:
        for text, value in _kinds():
            self.kind.addItem(text, value)
        for button in (self._choose, self.stop):
            button.setAutoDefault(False)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress"))
        first, second, third = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row, parts in (
            (first, (safe.caption(_("&File"), self.file, self), self.file, self._choose)),
            (second, (safe.caption(_("&What it is"), self.kind, self), self.kind)),
            (third, (self.bar, self.stop)),
        ):
            for part in parts:
                row.addWidget(part, 1 if part in (self.file, self.bar) else 0)
        second.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addLayout(third)
        layout.addWidget(self.state)
        layout.addWidget(self.problem)
        layout.addWidget(self.view, 1)
        layout.addStretch(0)
        layout.addWidget(buttons)
        self._choose.clicked.connect(lambda: self.choose())
        self.stop.clicked.connect(lambda: self.cancel())
        self.kind.activated.connect(lambda _at: self._again())
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.bring_in)
        fit(self, 110, 34)

    def _again(self) -> None:
        if self._path is not None:
            self.look_at(self._path)


def looked_at(store: Store, progress: Reported, *, path: Path, form: str = "", kind: str = "") -> Look:
    """The preview of the file, with the names of those who may be on file already; "" guesses form and kind.

    Raises what `intake.preview` raises.
    """
    from desktop.office import intake

    found = intake.preview(path, form=form or None, kind=kind or None, store=store, progress=progress)
    lines = tuple(
        KindLine(kind=kind_words(name), add=one.add, change=one.change, unchanged=one.unchanged)
        for name, one in found.counts.items()
    )
    return Look(preview=found, lines=lines, twins=_twins(store, found))


def _twins(store: Store, found: Preview) -> tuple[Twin, ...]:
    from desktop.clinic.clients import Client

    wanted = {key for one in found.duplicates for key in (one.id, one.other)}
    known: dict[ClientId, Client] = {one.id: one for one in found.add if isinstance(one, Client) and one.id in wanted}
    with store.reading() as reader:
        known |= {one.id: one for one in reader.many(Client, wanted - known.keys())}
    return tuple(
        Twin(
            row=one.row,
            name=known[one.id].name.listed,
            other=known[one.other].name.listed,
            born=words.short_date(known[one.id].birth_date),
        )
        for one in found.duplicates
        if one.id in known and one.other in known
    )


def _kinds() -> tuple[tuple[str, str], ...]:
    return (
        (_("Find out from the file"), ""),
        (_("Clinic file (JSON)"), "json"),
        (_("Patients (FHIR R4)"), "fhir"),
        (_("Table of clients (CSV)"), "csv:clients"),
        (_("Table of referrals (CSV)"), "csv:referrals"),
        (_("Table of therapists (CSV)"), "csv:therapists"),
    )


def begin(desk: Desk, parent: QWidget, path: Path | None = None) -> ImportSheet:
    """Open the sheet with that file, or ask for one."""
    sheet = ImportSheet(desk, parent)
    sheet.open()
    ask: Callable[[], None] = sheet.choose if path is None else partial(sheet.look_at, path)
    ask()
    return sheet

"""What leaves the clinic as a file: a therapist's appointments for their own calendar, and everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QWidget

from desktop.clinic.change import Actor
from desktop.clinic.errors import BadInput
from desktop.clinic.people import TherapistId
from desktop.clinic.therapists import Therapist
from desktop.gui import safe, words
from desktop.gui.desk import Desk
from desktop.gui.widgets import dateword
from desktop.gui.widgets.fieldrows import FormDialog, choice, typed

if TYPE_CHECKING:
    from desktop.records.store import Store

_AHEAD = timedelta(weeks=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whose appointments, from which day through which, and whether with the street of the site."""

    therapist: TherapistId
    start: date
    end: date
    with_street: bool


class CalendarFile(FormDialog):
    """Which therapist and which days; `save_asked` carries the Span."""

    def __init__(self, therapists: tuple[Therapist, ...], chosen: str, today: date, parent: QWidget) -> None:
        """Begin with that therapist, and the next twelve weeks."""
        super().__init__(_("Calendar file"), parent, go=_("Save file...  Ctrl+Enter"), letters=72, lines=18)
        self._today = today
        self.stay.setText(_("Close"))
        self.therapist = choice([(one.name.listed, str(one.id)) for one in therapists], chosen)
        self.start, self.end = QLineEdit(self), QLineEdit(self)
        self.start.setText(words.short_date(today))
        self.end.setText(words.short_date(today + _AHEAD))
        self.street = QCheckBox(_("With the &street of the site"), self)
        self.rows.add("therapist", _("&Therapist"), self.therapist)
        self.rows.add("start", _("&From"), self.start, hint=_("A day, or words: today, mon, +2w."))
        self.rows.add("end", _("T&hrough"), self.end)
        self.rows.wide(self.street)
        self.rows.wide(
            safe.label(
                _(
                    "The file says only “Appointment” and when: no client, no service, no reason. Saved again and "
                    "imported again it updates what is there; canceled appointments are marked as canceled."
                ),
                self,
                wrap=True,
            )
        )
        self.therapist.setFocus()

    def value(self) -> Span:
        """What the fields describe.

        Raises BadInput naming the day that is none, or the last when it comes before the first.
        """
        start, end = self._day("start", self.start), self._day("end", self.end)
        if end < start:
            raise BadInput("end", _("the last day must not be before the first."))
        therapist = TherapistId(str(self.therapist.currentData()))
        return Span(therapist=therapist, start=start, end=end, with_street=self.street.isChecked())

    def _day(self, key: str, field: QLineEdit) -> date:
        try:
            return dateword.read(typed(field), self._today).day
        except BadInput as error:
            raise BadInput(key, error.sentence) from None


def calendar_file(desk: Desk, parent: QWidget, chosen: str = "") -> None:
    """Ask for a therapist and days, then for a place, and save their calendar file there."""

    def question(store: Store) -> tuple[Therapist, ...]:
        with store.reading() as reader:
            staff = [one for one in reader.all(Therapist) if not one.retired]
        return tuple(sorted(staff, key=lambda one: one.name.listed.casefold()))

    def show(staff: tuple[Therapist, ...]) -> None:
        form = CalendarFile(staff, chosen, desk.today, parent)
        form.save_asked.connect(lambda span: _ask_place(form, desk, span))
        form.open()

    desk.ask(question, show, key="calendar-file")


def everything(desk: Desk, parent: QWidget) -> None:
    """Warn, then ask for a place, and write the whole clinic there as JSON."""

    def task(store: Store, actor: Actor) -> bytes:
        from desktop.office import intake

        return intake.export_json(store, actor)

    def place() -> None:
        name = f"clinic-{desk.today.isoformat()}.json"
        dialog = _save_dialog(parent, _("Export everything"), name, _("JSON (*.json)"), "json")
        dialog.fileSelected.connect(lambda chosen: _write(desk, _("Export everything"), task, Path(chosen)))
        dialog.open()

    safe.confirm(
        parent,
        _("The file is not encrypted: whoever has it can read everything about every client."),
        details=_("Keep it on an encrypted drive, and delete it when it has served. The export stands in the audit."),
        go=_("Export everything..."),
        stay=_("Export nothing"),
        then=place,
    )


def _ask_place(form: CalendarFile, desk: Desk, span: Span) -> None:
    from desktop.office import calendars

    def task(store: Store, actor: Actor) -> bytes:
        return calendars.export(store, actor, span.therapist, span.start, span.end, with_street=span.with_street)

    def save(name: str) -> None:
        form.accept()
        _write(desk, _("Export calendar"), task, Path(name))

    name = calendars.file_name(span.therapist, span.start, span.end)
    dialog = _save_dialog(form, _("Calendar file"), name, _("Calendar (*.ics)"), "ics")
    dialog.fileSelected.connect(save)
    dialog.open()


def _save_dialog(parent: QWidget, title: str, name: str, kinds: str, suffix: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, name)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(kinds)
    dialog.setDefaultSuffix(suffix)
    dialog.finished.connect(dialog.deleteLater)
    return dialog


def _write(desk: Desk, label: str, task: Callable[[Store, Actor], bytes], path: Path) -> None:
    """Make the file and write it, off the GUI thread; say so, or what was in the way."""

    def run(store: Store, actor: Actor) -> int:
        written = task(store, actor)
        try:
            path.write_bytes(written)
        except OSError as error:
            reason = error.strerror or ""
            raise BadInput("", _("The file could not be written: {reason}.").format(reason=reason)) from error
        return len(written)

    def finish(size: int) -> None:
        desk.tell(_("The file is saved ({size} KB).").format(size=f"{max(size // 1024, 1):,}"))

    desk.do(label, run, finish)

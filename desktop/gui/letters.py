"""Letters: drafts from referrals and appointments, a preview of the pages, what leaves, finish and save."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client
from desktop.clinic.errors import BadInput, ClinicError, Refused
from desktop.clinic.letters import Asked, Draft, Letter, LetterKind
from desktop.clinic.people import ClientId, Referrer
from desktop.clinic.referral import Direction, Referral
from desktop.clinic.verdict import Verdict
from desktop.clinic.visits import VisitId
from desktop.gui import safe
from desktop.gui.commands import command
from desktop.gui.desk import Desk
from desktop.gui.letterfrom import LetterFrom
from desktop.gui.letterview import LetterLine, LettersView, Opened
from desktop.gui.screen import Place, Screen

if TYPE_CHECKING:
    from desktop.records.store import Reader, Store

_PAUSE = 250


class LettersPresenter(QObject):
    """Drafts, shows, finishes and saves letters."""

    def __init__(self, view: LettersView, desk: Desk, go: Callable[[Place], None]) -> None:
        """`go` brings another screen to the front."""
        super().__init__(view)
        self._view, self._desk, self._go = view, desk, go
        self._asked: Asked | None = None
        self._opened: Opened | None = None
        self._client: ClientId | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PAUSE)
        self._later.timeout.connect(self._redraft)
        view.changed.connect(self._later.start)
        view.list.picked.connect(self._picked)
        view.new_asked.connect(self.new)
        view.finish_asked.connect(self.finish)
        view.save_asked.connect(self.save)
        view.drop_asked.connect(self._drop)

    def refresh(self) -> None:
        """Read the list again."""
        actor, client = self._desk.actor, self._client
        self._desk.ask(lambda store: _lines(store, actor, client), self._view.show_lines, key="letters")

    def reveal(self, key: str) -> None:
        """Draft from `referral:...` or `visit:...`, or show the letters of `client:...`."""
        kind, _colon, which = key.partition(":")
        if kind == "client":
            self._client = ClientId(which)
            self._drop()
            self.refresh()
        elif kind in ("referral", "visit"):
            self._view.forget_questions()
            self._desk.ask(lambda store: asked_for(store, kind, which), self._begin, key="letters-asked")

    def new(self) -> None:
        """Ask what to write about."""
        form = LetterFrom(self._desk, self._view)
        form.chosen.connect(self.reveal)
        form.finished.connect(form.deleteLater)
        form.open()

    def finish(self) -> None:
        """Keep the draft as final."""
        opened = self._opened
        draft = None if opened is None else opened.draft
        if draft is None or not self._view.finish.isEnabled():
            return

        def task(store: Store, actor: Actor) -> Letter:
            from desktop.office import correspondence

            return correspondence.finalize(store, actor, draft)

        def done(letter: Letter) -> None:
            self._asked = None
            self._desk.tell(_("The letter is finished; Ctrl+Z takes it back."))
            self._show_finished(letter)

        self._desk.do(_("Finish letter"), task, done, failed=self._refused)

    def save(self) -> None:
        """Ask where to put the PDF."""
        opened = self._opened
        if opened is None or opened.draft is not None:
            return
        from desktop.office import correspondence

        dialog = QFileDialog(self._view, _("Save PDF"), correspondence.file_name(opened.letter))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(_("PDF (*.pdf)"))
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda name: self._write(Path(name), opened.pages))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _write(self, path: Path, pages: bytes) -> None:
        try:
            path.write_bytes(pages)
        except OSError as error:
            reason = error.strerror or ""
            safe.notice(self._view, _("The file could not be written: {reason}.").format(reason=reason))
            return
        self._desk.tell(_("Saved the letter as PDF."))

    def _begin(self, asked: Asked) -> None:
        self._asked = asked
        self._redraft()

    def _redraft(self) -> None:
        if self._asked is None:
            return
        if self._opened is not None and self._opened.draft is not None and self._opened.draft.asked == self._asked:
            self._asked = replace(self._asked, classes=self._view.classes, notes=dict(self._view.notes))
        asked, actor = self._asked, self._desk.actor
        self._desk.ask(lambda store: drafted(store, actor, asked), self._show, key="letters-draft")

    def _show(self, opened: Opened) -> None:
        self._opened = opened
        if opened.draft is not None:
            self._asked = opened.draft.asked
            self._view.ask_about(opened.draft)
        self._view.show_letter(opened)

    def _picked(self, line: LetterLine | None) -> None:
        if line is not None and self._asked is None:
            self._show_finished(line.letter)

    def _show_finished(self, letter: Letter) -> None:
        actor = self._desk.actor
        self._desk.ask(lambda store: finished(store, actor, letter), self._show, key="letters-draft")

    def _drop(self) -> None:
        self._asked = self._opened = None
        self._view.forget_questions()
        self._view.show_letter(None)
        self._picked(self._view.list.current)

    def _refused(self, error: ClinicError) -> None:
        opened = self._opened
        if isinstance(error, Refused) and opened is not None and opened.draft is not None:
            verdicts = tuple(one for one in error.verdicts if isinstance(one, Verdict))
            self._show(replace(opened, draft=replace(opened.draft, verdicts=verdicts)))
        else:
            self._desk.failed.emit(error)


class LettersScreen(Screen):
    """The module Letters."""

    title = _("Letters")

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Put view and presenter together, with their keys."""
        super().__init__(desk, parent)
        self.view = LettersView(self)
        self.presenter = LettersPresenter(self.view, desk, self.wanted.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._tools = (command(self, _("New letter..."), self.presenter.new, keys="Ctrl+N", picture="add"),)
        command(self, _("Finish letter"), self.presenter.finish, keys=("Ctrl+Return", "Ctrl+Enter"))
        command(self, _("Save PDF..."), self.presenter.save, keys="Ctrl+S")

    def refresh(self) -> None:
        """Read the list again."""
        self.presenter.refresh()

    def reveal(self, key: str) -> None:
        """Draft from that referral or visit, or show the letters of that client."""
        self.presenter.reveal(key)

    def tools(self) -> Sequence[QAction]:
        """A new letter."""
        return self._tools

    def panes(self) -> Sequence[QWidget]:
        """The list, the pages, what leaves."""
        return (self.view.list, self.view.pages, self.view.facts)

    def focus_first(self) -> None:
        """Begin in the list."""
        self.view.list.setFocus()


def asked_for(store: Store, kind: str, key: str) -> Asked:
    """What a letter from that referral or visit is: a reply, a referral out, or a confirmation.

    Raises Missing when it is not there.
    """
    if kind == "visit":
        return Asked(kind=LetterKind.APPOINTMENT_CONFIRMATION, visit=VisitId(key))
    with store.reading() as reader:
        referral = reader.get(Referral, key)
    if referral.direction is Direction.OUT:
        return Asked(kind=LetterKind.REFERRAL_OUT, referral=referral.id)
    if referral.referrer is None:
        raise BadInput("", _("This client came alone; there is nobody to reply to."))
    return Asked(kind=LetterKind.REPLY_TO_REFERRER, referral=referral.id)


def drafted(store: Store, actor: Actor, asked: Asked) -> Opened:
    """The draft with its pages."""
    from desktop.office import correspondence

    draft = correspondence.draft(
        store,
        actor,
        asked.kind,
        referral_id=asked.referral,
        visit_id=asked.visit,
        recipient=asked.recipient,
        client_id=asked.client,
        classes=asked.classes,
        notes=asked.notes,
    )
    return _opened(store, draft, draft.letter, correspondence.pdf_of(draft))


def finished(store: Store, actor: Actor, letter: Letter) -> Opened:
    """A finished letter with its pages."""
    from desktop.office import correspondence

    return _opened(store, None, letter, correspondence.pdf(store, actor, letter.id))


def _opened(store: Store, draft: Draft | None, letter: Letter, pages: bytes) -> Opened:
    with store.reading() as reader:
        client = reader.get(Client, letter.client)
        return Opened(
            draft=draft, letter=letter, client=client, recipient=_recipient(reader, letter, client), pages=pages
        )


def _lines(store: Store, actor: Actor, client: ClientId | None) -> tuple[LetterLine, ...]:
    from desktop.office import correspondence

    letters = correspondence.letters(store, actor, client)
    with store.reading() as reader:
        clients = {one.id: one for one in reader.many(Client, {one.client for one in letters})}
        return tuple(
            LetterLine(
                letter=one,
                client=clients[one.client].name.listed,
                recipient=_recipient(reader, one, clients[one.client]),
            )
            for one in letters
            if one.client in clients
        )


def _recipient(reader: Reader, letter: Letter, client: Client) -> str:
    if letter.recipient is None:
        return client.name.full
    referrer = reader.find(Referrer, letter.recipient)
    return "" if referrer is None else referrer.organization or referrer.name.full

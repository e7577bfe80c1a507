"""Clients: type to find one among all, see what the front desk needs, change it, add a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QSplitter, QVBoxLayout, QWidget

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client
from desktop.clinic.moments import whole_day
from desktop.clinic.people import ClientId
from desktop.gui import safe
from desktop.gui.clientfacts import ClientFile, parts, read_file, subtitle
from desktop.gui.clientform import ClientForm, FormChoices, read_choices
from desktop.gui.clientpick import ClientPick
from desktop.gui.commands import command
from desktop.gui.desk import Desk
from desktop.gui.screen import Place, Screen
from desktop.gui.widgets.factsheet import FactSheet
from desktop.gui.widgets.flow import Flow

if TYPE_CHECKING:
    from desktop.records.store import ClientLine, Store

_SHOWN = 100
_REST = 60


class ClientsView(QWidget):
    """The list with its box at the left, the client at the right."""

    new_asked = Signal()
    edit_asked = Signal()
    calendar_asked = Signal()
    letter_asked = Signal()
    refer_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Nothing found yet."""
        super().__init__(parent)
        line = self.fontMetrics().height()
        self.pick = ClientPick(self)
        self.hint = safe.label(kind="muted", wrap=True)
        self.facts = FactSheet(_("Client"), self)
        left, right = QWidget(self), QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(line // 2, line // 2, line // 2, 0)
        column.addWidget(self.pick, 1)
        column.addWidget(self.hint)
        side = QVBoxLayout(right)
        side.setContentsMargins(0, 0, 0, 0)
        box = QWidget(right)
        flow = Flow(box)
        flow.setContentsMargins(line // 2, line // 2, line // 2, line // 2)
        self.buttons = {
            _("&Edit  F2"): self.edit_asked,
            _("&Next appointment"): self.calendar_asked,
            _("Le&tters"): self.letter_asked,
            _("Refer &out"): self.refer_asked,
        }
        self._of_client = [self._button(text, signal, flow) for text, signal in self.buttons.items()]
        self._button(_("Ne&w client"), self.new_asked, flow)
        side.addWidget(box)
        side.addWidget(self.facts, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(left)
        split.addWidget(right)
        letter = self.fontMetrics().averageCharWidth()
        split.setSizes([letter * 88, letter * 60])
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(split)
        self.show_client(None, date.min)

    def show_lines(self, lines: Sequence[ClientLine], hint: str) -> None:
        """Show what was found."""
        self.pick.show_lines(lines)
        self.hint.setText(hint)

    def show_client(self, found: ClientFile | None, today: date) -> None:
        """Show that client, or nobody."""
        if found is None:
            self.facts.show_facts("", _("No client is selected."), ())
        else:
            self.facts.show_facts(found.client.name.listed, subtitle(found, today), parts(found, today))
        for button in self._of_client:
            button.setEnabled(found is not None)

    def _button(self, text: str, signal: SignalInstance, flow: Flow) -> QPushButton:
        made = QPushButton(text, self)
        made.setAutoDefault(False)
        made.setAccessibleName(text.replace("&", "").split("  ")[0])
        made.clicked.connect(lambda: signal.emit())
        flow.addWidget(made)
        return made


class ClientsPresenter(QObject):
    """Finds clients while letters are typed, shows the one under the cursor, saves what was changed."""

    def __init__(self, view: ClientsView, desk: Desk, go: Callable[[Place], None]) -> None:
        """`go` brings another screen to the front."""
        super().__init__(view)
        self._view, self._desk, self._go = view, desk, go
        self._typed = ""
        self._found: ClientFile | None = None
        self._wanted: ClientId | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._rested)
        view.pick.typed.connect(self._find)
        view.pick.picked.connect(self._picked)
        view.pick.opened.connect(lambda _line: self.edit())
        view.new_asked.connect(self.add)
        view.edit_asked.connect(self.edit)
        view.calendar_asked.connect(self._to_calendar)
        view.letter_asked.connect(self._to_letters)
        view.refer_asked.connect(self.refer_out)

    def refresh(self) -> None:
        """Look again for what is typed."""
        self._find(self._typed)

    def reveal(self, key: str) -> None:
        """Show that client, whatever is typed."""
        self._wanted = ClientId(key)
        self._desk.ask(lambda store: _one_line(store, ClientId(key)), self._reveal, key="clients-found")

    def add(self) -> None:
        """Open an empty form."""
        self._desk.ask(read_choices, lambda choices: self._form(None, choices))

    def edit(self) -> None:
        """Open the form of the client that is shown."""
        found = self._found
        if found is not None:
            self._desk.ask(read_choices, lambda choices: self._form(found.client, choices))

    def refer_out(self) -> None:
        """Refer the client who is shown to somebody outside."""
        if self._found is not None:
            from desktop.gui.referringout import refer_out

            refer_out(self._desk, self._view, self._found.client, self._go)

    def _find(self, typed: str) -> None:
        self._typed = safe.clean(typed).strip()
        text, today, now = self._typed, self._desk.today, self._desk.now
        if text:
            self._desk.ask(lambda store: _matching(store, text), self._show_found, key="clients-found")
        else:
            self._desk.ask(lambda store: _of_today(store, today, now), self._show_todays, key="clients-found")

    def _show_found(self, lines: tuple[ClientLine, ...]) -> None:
        if len(lines) >= _SHOWN:
            hint = _("The first {n} are shown; type more letters.").format(n=_SHOWN)
        else:
            hint = _("{n} found.").format(n=len(lines)) if lines else _("Nobody was found; try fewer letters.")
        self._view.show_lines(lines, hint)

    def _show_todays(self, lines: tuple[ClientLine, ...]) -> None:
        hint = _("Clients with an appointment today. Type a name, phone number or birth date to find anyone.")
        self._view.show_lines(lines, hint)

    def _reveal(self, lines: tuple[ClientLine, ...]) -> None:
        self._typed = lines[0].listed if lines else ""
        self._view.pick.box.setText(self._typed)
        self._view.show_lines(lines, "")

    def _picked(self, line: ClientLine | None) -> None:
        self._found = None
        if line is None:
            self._view.show_client(None, self._desk.today)
            return
        self._rest.start()

    def _rested(self) -> None:
        """The cursor rests on a line: read that client. While letters are typed this would only be in their way."""
        line, now = self._view.pick.current, self._desk.now
        if line is not None:
            self._desk.ask(lambda store: read_file(store, line.id, now), self._show, key="clients-file")

    def _show(self, found: ClientFile) -> None:
        self._found = found
        self._view.show_client(found, self._desk.today)

    def _form(self, client: Client | None, choices: FormChoices) -> None:
        form = ClientForm(client, choices, self._view)
        form.finished.connect(form.deleteLater)
        form.save_asked.connect(lambda after: self._save(form, client, after))
        form.open()

    def _save(self, form: ClientForm, before: Client | None, after: Client) -> None:
        def task(store: Store, actor: Actor) -> Client:
            from desktop.office import people

            if before is None:
                return people.add_client(store, actor, after)
            return people.change_client(store, actor, before, after)

        def done(client: Client) -> None:
            form.accept()
            self.reveal(client.id)
            self._desk.tell(_("Saved; Ctrl+Z takes it back."))

        self._desk.do(_("Add client") if before is None else _("Change client"), task, done, failed=form.show_error)

    def _to_calendar(self) -> None:
        found = self._found
        if found is not None and found.upcoming:
            self._go(Place(screen="calendar", id=found.upcoming[0].visit.id))
        elif found is not None:
            self._desk.tell(_("No appointment is booked for this client."))

    def _to_letters(self) -> None:
        if self._found is not None:
            self._go(Place(screen="letters", id=f"client:{self._found.client.id}"))


class ClientsScreen(Screen):
    """The module Clients."""

    title = _("Clients")

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        """Put view and presenter together, with their keys."""
        super().__init__(desk, parent)
        self.view = ClientsView(self)
        self.presenter = ClientsPresenter(self.view, desk, self.wanted.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self._tools = (command(self, _("New client..."), self.presenter.add, keys="Ctrl+N", picture="add"),)
        command(self, _("Edit client..."), self.presenter.edit, keys="F2")
        command(self, _("Refer client out..."), self.presenter.refer_out, keys="Ctrl+Shift+O")

    def refresh(self) -> None:
        """Look again."""
        self.presenter.refresh()

    def reveal(self, key: str) -> None:
        """Show the client of that id."""
        self.presenter.reveal(key)

    def tools(self) -> Sequence[QAction]:
        """A new client."""
        return self._tools

    def panes(self) -> Sequence[QWidget]:
        """The box with the list, and the client."""
        return (self.view.pick.box, self.view.pick.list, self.view.facts)

    def focus_first(self) -> None:
        """Begin in the box."""
        self.view.pick.box.setFocus()
        self.view.pick.box.selectAll()


def _matching(store: Store, text: str) -> tuple[ClientLine, ...]:
    with store.reading() as reader:
        return reader.clients_matching(text, limit=_SHOWN)


def _of_today(store: Store, today: date, now: datetime) -> tuple[ClientLine, ...]:
    """The clients with a visit today, those still to come first, by time."""
    start, end = whole_day(today)
    with store.reading() as reader:
        visits = sorted(reader.visits(start, end), key=lambda one: (one.end <= now, one.start))
        keys = list(dict.fromkeys(key for one in visits for key in one.clients))
        found = {one.id: one for one in reader.many(Client, keys)}
        return tuple(_line(found[key]) for key in keys if key in found)


def _one_line(store: Store, key: ClientId) -> tuple[ClientLine, ...]:
    with store.reading() as reader:
        return (_line(reader.get(Client, key)),)


def _line(client: Client) -> ClientLine:
    from desktop.records.store import ClientLine

    phone = client.phones[0].number if client.phones else ""
    return ClientLine(
        id=client.id,
        listed=client.name.listed,
        called=client.called,
        birth_date=client.birth_date,
        phone=phone,
        status=client.status,
    )

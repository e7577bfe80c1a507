"""What the find box finds, and the counts beside the modules."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.gui import words
from desktop.gui.commands import named, shown_keys
from desktop.gui.desk import Desk
from desktop.gui.menus import menu_actions
from desktop.gui.screen import Place
from desktop.gui.widgets.omnibox import Hit, Omnibox

if TYPE_CHECKING:
    from desktop.gui.window import Window
    from desktop.records.store import Store

Rows = list[tuple[str, str, str, str]]


class Finding(QObject):
    """Answers the find box: commands at once, people and referrals as soon as the clinic file has answered."""

    def __init__(self, box: Omnibox, desk: Desk, window: Window) -> None:
        """Connect the box to the desk for as long as this clinic is open."""
        super().__init__(desk)
        self._box = box
        self._desk = desk
        self._window = window
        box.asked.connect(self._asked)

    def count(self, shown: Callable[[dict[str, int], str], None]) -> None:
        """Ask how much waits; `shown` gets the counts by module and the words of the status line."""
        actor = self._desk.actor

        def question(store: Store) -> tuple[dict[str, int], str]:
            from desktop.office import reports

            morning = reports.morning(store, actor)
            with store.reading() as reader:
                referrals = sum(one.stage.is_open for one in reader.referrals())
            parts = (
                (len(morning.unconfirmed), _("{n} unconfirmed")),
                (
                    len(morning.expiring),
                    ngettext("{n} license expiring", "{n} licenses expiring", len(morning.expiring)),
                ),
                (len(morning.overdue), ngettext("{n} referral overdue", "{n} referrals overdue", len(morning.overdue))),
            )
            line = "  ·  ".join(text.format(n=number) for number, text in parts if number)
            return {"today": len(morning.visits), "referrals": referrals}, line

        self._desk.ask(question, lambda answer: shown(*answer), key="counts")

    def _asked(self, text: str) -> None:
        wanted = text.removeprefix(">").strip().casefold()
        commands = self._commands(wanted) if wanted or text.startswith(">") else []
        if text.startswith(">"):
            self._box.show_hits(text, commands)
            return

        def answer(rows: Rows) -> None:
            people = [
                Hit(kind=kind, words=name, detail=detail, go=self._to(kind, key)) for kind, name, detail, key in rows
            ]
            self._box.show_hits(text, [*people, *commands])

        self._desk.ask(lambda store: _found(store, wanted), answer, key="find")

    def _commands(self, wanted: str) -> list[Hit]:
        found = [
            one for one in menu_actions(self._window) if all(part in named(one).casefold() for part in wanted.split())
        ]
        return [Hit(kind=_("Command"), words=named(one), detail=shown_keys(one), go=one.trigger) for one in found]

    def _to(self, kind: str, key: str) -> Callable[[], None]:
        screen = {_("Client"): "clients", _("Therapist"): "therapists", _("Referral"): "referrals"}[kind]
        return lambda: self._window.go(Place(screen=screen, id=key))


def _found(store: Store, wanted: str) -> Rows:
    from desktop.clinic.clients import Client
    from desktop.clinic.therapists import Therapist

    with store.reading() as reader:
        lines = reader.clients_matching(wanted, limit=6)
        rows = [(_("Client"), one.listed, words.short_date(one.birth_date), str(one.id)) for one in lines]
        ids = {one.id for one in lines}
        staff = [one for one in reader.all(Therapist) if not one.retired and wanted in one.name.listed.casefold()]
        rows += [(_("Therapist"), one.name.listed, one.credentials, str(one.id)) for one in staff]
        open_ones = [one for one in reader.referrals() if one.client in ids and one.stage.is_open]
        names = {one.id: one.name.listed for one in reader.many(Client, {one.client for one in open_ones})}
        rows += [(_("Referral"), names[one.client], words.stage(one.stage), str(one.id)) for one in open_ones]
    return rows

"""The window's menus and tool bar; the same actions feed the find box and the sheet of keys."""

from __future__ import annotations

from collections.abc import Iterator
from gettext import gettext as _
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from desktop.gui import safe
from desktop.gui.commands import command, named, shown_keys
from desktop.gui.screen import Place, Screen

if TYPE_CHECKING:
    from desktop.gui.window import Window


class Menus:
    """Builds the menus once; `show_tools` puts the front screen's own actions into the tool bar and its menu."""

    def __init__(self, window: Window) -> None:
        """Fill the window's menu bar and tool bar."""
        self._window = window
        self._everywhere: list[QAction] = []
        self._screen_actions: list[QAction] = []
        self._desk_menu()
        self._client_menu()
        self._work = {
            "referrals": self._menu(_("&Referral")),
            "calendar": self._menu(_("&Appointment")),
            "letters": self._menu(_("&Letters")),
        }
        self._call = self._add(
            self._work["referrals"], _("&New call..."), window.new_call, keys="Ctrl+Shift+N", picture="add"
        )
        self._goes(self._work["referrals"], _("Show &referrals"), "referrals")
        self._goes(self._work["referrals"], _("Show &matches"), "match")
        self._goes(self._work["calendar"], _("Show the &calendar"), "calendar")
        self._add(self._work["calendar"], _("Calendar &file for a therapist..."), window.export_calendar)
        self._goes(self._work["letters"], _("Show the &letters"), "letters")
        self._view_menu()
        self._help_menu()
        self._fill_bar()

    def enable(self, *, shown: bool) -> None:
        """Let the actions work only while a clinic is unlocked."""
        for action in self._everywhere:
            action.setEnabled(shown)

    def show_tools(self, screen: Screen) -> None:
        """Show the front screen's actions in the tool bar, between the fixed ones and the find box."""
        bar = self._window.bar
        for action in self._screen_actions:
            bar.removeAction(action)
        self._screen_actions = list(screen.tools())
        bar.insertActions(self._gap, self._screen_actions)
        self.fit()

    def fit(self) -> None:
        """Say as much on the tool bar as there is room for: names and keys, names, icons."""
        bar = self._window.bar
        for detail in (2, 1, 0):
            for button in bar.findChildren(QToolButton):
                _dress(button, detail)
            if bar.sizeHint().width() <= bar.width():
                return

    def _menu(self, title: str) -> QMenu:
        return self._window.menuBar().addMenu(title)

    def _add(
        self, menu: QMenu, text: str, slot: object, *, keys: str | tuple[str, ...] = (), picture: str = ""
    ) -> QAction:
        made = command(self._window, text, slot, keys=keys, picture=picture)  # type: ignore[arg-type]
        menu.addAction(made)
        self._everywhere.append(made)
        return made

    def _goes(self, menu: QMenu, text: str, key: str) -> None:
        self._add(menu, text, self._to(key))

    def _to(self, key: str) -> object:
        return lambda: self._window.go(Place(screen=key))

    def _desk_menu(self) -> None:
        menu, window = self._menu(_("&Desk")), self._window
        self._undo = self._add(menu, _("&Undo"), window.undo, keys="Ctrl+Z", picture="undo")
        self._add(menu, _("&Redo"), window.redo, keys="Ctrl+Shift+Z")
        menu.addSeparator()
        self._add(menu, _("Re&fresh"), window.refresh, keys="F5")
        self._add(menu, _("&Preferences..."), self._preferences, keys="Ctrl+,")
        menu.addSeparator()
        self._add(menu, _("&Import..."), window.import_file, keys="Ctrl+Shift+I")
        self._add(menu, _("E&xport everything..."), window.export_everything)
        menu.addSeparator()
        self._lock = self._add(menu, _("&Lock"), window.lock, keys="Ctrl+L", picture="lock")
        self._add(menu, _("&Quit"), window.close, keys="Ctrl+Q")

    def _client_menu(self) -> None:
        menu, window = self._menu(_("&Client")), self._window
        self._add(menu, _("&Find..."), window.box.begin, keys=("Ctrl+K", "Ctrl+F"), picture="search")
        self._add(menu, _("Run a &command..."), lambda: window.box.begin(">"), keys="Ctrl+Shift+P")
        menu.addSeparator()
        self._goes(menu, _("&Show clients"), "clients")

    def _view_menu(self) -> None:
        menu, window = self._menu(_("&View")), self._window
        session = window.session
        if session is not None:
            for number, (key, module) in enumerate(session.modules.items(), start=1):
                text = module.menu or f"&{number} {safe.doubled(module.title)}"
                keys = () if module.menu else f"Ctrl+{number}"
                self._add(menu, text, self._to(key), keys=keys, picture=module.picture)
        menu.addSeparator()
        self._add(menu, _("Next &pane"), self._next_pane, keys="F6")
        self._add(menu, _("&Hide matches"), self._hide_matches, keys="Ctrl+F9")
        menu.addSeparator()
        self._add(menu, _("&Larger text"), lambda: self._scale(+25), keys=("Ctrl++", "Ctrl+="))
        self._add(menu, _("&Smaller text"), lambda: self._scale(-25), keys="Ctrl+-")
        for scheme, text in (
            ("system", _("Colors of the s&ystem")),
            ("light", _("L&ight colors")),
            ("dark", _("&Dark colors")),
            ("contrast", _("High &contrast")),
        ):
            self._add(menu, text, self._colors(scheme))

    def _help_menu(self) -> None:
        menu = self._menu(_("&Help"))
        self._add(menu, _("&Guide"), self._guide, keys="F1")
        self._add(menu, _("&Keys"), self._window.show_keys, keys="Ctrl+/")
        self._add(menu, _("&About Warm Handoff"), self._about)

    def _fill_bar(self) -> None:
        bar, window = self._window.bar, self._window
        side = max(18, window.fontMetrics().height())
        bar.setIconSize(QSize(side, side))
        bar.addAction(self._call)
        bar.addAction(self._undo)
        gap = QWidget(bar)
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._gap = bar.addWidget(gap)
        window.box.setMinimumWidth(window.fontMetrics().averageCharWidth() * 20)
        window.box.setMaximumWidth(window.fontMetrics().averageCharWidth() * 76)
        bar.addWidget(window.box).setVisible(True)
        bar.addAction(self._lock)
        self.fit()

    def _scale(self, by: int) -> None:
        settings = self._window.settings
        self._window.settings_with(text_percent=min(max(settings.text_percent + by, 100), 200))

    def _colors(self, scheme: str) -> object:
        return lambda: self._window.settings_with(scheme=scheme)

    def _next_pane(self) -> None:
        if self._window.session is not None:
            self._window.session.next_pane(self._window.box)

    def _hide_matches(self) -> None:
        if self._window.session is not None:
            self._window.session.hide_beside()

    def _preferences(self) -> None:
        from desktop.gui.preferences import Preferences

        Preferences(self._window.settings, self._window.take_settings, self._window).open()

    def _guide(self) -> None:
        from desktop.gui.help import HelpPage

        session = self._window.session
        HelpPage("" if session is None else session.front, self._window).open()

    def _about(self) -> None:
        from desktop.gui.crash import versions

        safe.notice(self._window, _("Appointments and referrals for group practices."), details=versions())


def _dress(button: QToolButton, detail: int) -> None:
    action: QAction | None = button.defaultAction()
    if action is None:  # the arrow for what does not fit
        return
    plain, style = named(action), Qt.ToolButtonStyle
    button.setAccessibleName(plain)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    lone = detail == 0 and not action.icon().isNull()
    button.setToolButtonStyle(style.ToolButtonIconOnly if lone else style.ToolButtonTextBesideIcon)
    button.setText(f"{safe.doubled(plain)}  {shown_keys(action)}".rstrip() if detail > 1 else safe.doubled(plain))


def menu_actions(window: Window) -> Iterator[QAction]:
    """Every action that the find box offers as a command, those of the front screen included."""
    session = window.session
    for owner in (window, None if session is None else session.current, None if session is None else session.beside):
        if owner is not None:
            yield from (one for one in owner.actions() if one.isEnabled() and one.text())

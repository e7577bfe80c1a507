"""The modules of the window in the order of the navigation; each is imported when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from gettext import gettext as _

from desktop.gui.desk import Desk
from desktop.gui.screen import Screen
from desktop.gui.widgets.navigation import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One entry of the navigation and how its screen is made; `menu` is its line in the menu, if it has no number."""

    key: str
    title: str
    picture: str
    make: Callable[[Desk], Screen]
    menu: str = ""

    @property
    def entry(self) -> Entry:
        """Its line in the navigation."""
        return Entry(key=self.key, title=self.title, picture=self.picture)


def modules() -> tuple[Module, ...]:
    """Ctrl+1 is the first; those with a line of their own for the menu have no number."""
    return (
        Module(key="today", title=_("Today"), picture="today", make=_today),
        Module(key="calendar", title=_("Calendar"), picture="calendar", make=_calendar),
        Module(key="referrals", title=_("Referrals"), picture="referral", make=_referrals),
        Module(key="match", title=_("Match"), picture="match", make=_match),
        Module(key="clients", title=_("Clients"), picture="client", make=_clients),
        Module(key="therapists", title=_("Therapists"), picture="therapist", make=_therapists),
        Module(key="letters", title=_("Letters"), picture="letter", make=_letters),
        Module(key="waitlist", title=_("Waitlist"), picture="waitlist", make=_waitlist),
        Module(key="licenses", title=_("Licenses"), picture="license", make=_licenses),
        Module(key="rulebook", title=_("Rulebook"), picture="rulebook", make=_rulebook, menu=_("&Rulebook")),
        Module(key="demand", title=_("Demand"), picture="demand", make=_demand, menu=_("D&emand")),
    )


def _today(desk: Desk) -> Screen:
    from desktop.gui.today import TodayScreen

    return TodayScreen(desk)


def _calendar(desk: Desk) -> Screen:
    from desktop.gui.calendar import CalendarScreen

    return CalendarScreen(desk)


def _referrals(desk: Desk) -> Screen:
    from desktop.gui.referrals import ReferralsScreen

    return ReferralsScreen(desk)


def _match(desk: Desk) -> Screen:
    from desktop.gui.matching import MatchScreen

    return MatchScreen(desk)


def _clients(desk: Desk) -> Screen:
    from desktop.gui.clients import ClientsScreen

    return ClientsScreen(desk)


def _therapists(desk: Desk) -> Screen:
    from desktop.gui.therapists import TherapistsScreen

    return TherapistsScreen(desk)


def _letters(desk: Desk) -> Screen:
    from desktop.gui.letters import LettersScreen

    return LettersScreen(desk)


def _waitlist(desk: Desk) -> Screen:
    from desktop.gui.waitlist import WaitlistScreen

    return WaitlistScreen(desk)


def _licenses(desk: Desk) -> Screen:
    from desktop.gui.cliff import CliffScreen

    return CliffScreen(desk)


def _rulebook(desk: Desk) -> Screen:
    from desktop.gui.rulebook import RulebookScreen

    return RulebookScreen(desk)


def _demand(desk: Desk) -> Screen:
    from desktop.gui.demand import DemandScreen

    return DemandScreen(desk)

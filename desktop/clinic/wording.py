"""How dates, times, places, licenses and telephone numbers are written on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from gettext import gettext as _

from desktop.clinic.moments import local
from desktop.clinic.people import Address, State
from desktop.clinic.therapists import Authority, AuthorityKind, License, LicenseStatus, Therapist

_ZONES = {
    "America/New_York": "Eastern Time",
    "America/Chicago": "Central Time",
    "America/Denver": "Mountain Time",
    "America/Los_Angeles": "Pacific Time",
}


def long_date(day: date) -> str:
    """As in December 1, 2026; whatever the computer's own language is."""
    months = _("January February March April May June July August September October November December").split()
    return _("{month} {day}, {year}").format(month=months[day.month - 1], day=day.day, year=day.year)


def weekday(day: date) -> str:
    """As in Tuesday."""
    return _("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()[day.weekday()]


def clock(moment: datetime) -> str:
    """The wall-clock time of a local moment, as in 3:05 PM."""
    return f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02} {'AM' if moment.hour < 12 else 'PM'}"


def zone_name(moment: datetime, zone: str) -> str:
    """The time zone in words with its letters on that day, as in Eastern Time (EST)."""
    name = _ZONES.get(zone, zone)
    return f"{name} ({local(moment, zone).tzname()})"


def long_moment(moment: datetime, zone: str) -> str:
    """As in Tuesday, December 1, 2026, 3:00 PM Eastern Time (EST)."""
    here = local(moment, zone)
    return f"{weekday(here)}, {long_date(here)}, {clock(here)} {zone_name(moment, zone)}"


def span(start: datetime, end: datetime, zone: str) -> str:
    """As in 3:00 PM to 3:50 PM Eastern Time (EST); both zones are named when the clocks change in between."""
    first, last = local(start, zone), local(end, zone)
    named = "" if first.tzname() == last.tzname() else f" {zone_name(start, zone)}"
    return _("{start}{named} to {end} {zone}").format(
        start=clock(first), named=named, end=clock(last), zone=zone_name(end, zone)
    )


def notice_until(start: datetime, hours: int, zone: str) -> str:
    """The last moment for a cancellation with that many hours of notice on the wall clock."""
    wall = local(start, zone).replace(tzinfo=None) - timedelta(hours=hours)
    return f"{weekday(wall)}, {long_date(wall)}, {clock(wall)}"


def telephone(number: str) -> str:
    """A US number as (215) 555-0142; any other as it was given."""
    digits = number.removeprefix("+1")
    if number.startswith("+1") and len(digits) == 10 and digits.isdigit():
        return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    return number


def address_lines(address: Address) -> tuple[str, ...]:
    """Street, then city, state and ZIP; none for what is not known."""
    town = " ".join(part for part in (address.state.value if address.state else "", address.zip) if part)
    place = ", ".join(part for part in (address.city, town) if part)
    return tuple(line for line in (address.street, place) if line)


def one_line(lines: Iterable[str]) -> str:
    """Lines of an address on one line."""
    return ", ".join(lines)


def state_name(state: State) -> str:
    """The name of a state this practice writes of often; any other by its letters."""
    return {State.PA: "Pennsylvania", State.NJ: "New Jersey"}.get(state, state.value)


def signed(therapist: Therapist) -> str:
    """The licensed name with the credentials after it."""
    return ", ".join(part for part in (therapist.signed_name, therapist.credentials) if part)


def license_for(therapist: Therapist, state: State, day: date) -> License | None:
    """The therapist's license in that state on that day; an active one in its term, or none."""
    held = [
        one
        for one in therapist.licenses
        if one.state is state and one.status in _WORKING and (one.effective or date.min) <= day <= one.expires
    ]
    return max(held, key=lambda one: (one.status is LicenseStatus.ACTIVE, one.expires), default=None)


_WORKING = frozenset({LicenseStatus.ACTIVE, LicenseStatus.PROBATION, LicenseStatus.RESTRICTED})


def authority_for(therapist: Therapist, state: State, day: date) -> Authority | None:
    """The compact authority or permission that reaches that state on that day, or none."""
    return next(
        (
            one
            for one in therapist.authorities
            if one.status is LicenseStatus.ACTIVE
            and one.state in (None, state)
            and (one.effective or date.min) <= day <= one.expires
        ),
        None,
    )


def license_line(held: License) -> str:
    """As in Pennsylvania license LPC PC012345."""
    return " ".join(
        part for part in (_("{state} license").format(state=state_name(held.state)), held.title, held.number) if part
    )


def authority_line(held: Authority) -> str:
    """The authority under a compact as a letter names it."""
    names = {
        AuthorityKind.APIT: _("PSYPACT authority to practice interjurisdictional telepsychology"),
        AuthorityKind.TAP: _("PSYPACT temporary authorization to practice"),
        AuthorityKind.PRIVILEGE: _("Counseling Compact privilege"),
        AuthorityKind.MULTISTATE: _("Social Work Compact multistate license"),
        AuthorityKind.TEMPORARY_PERMISSION: _("temporary permission of the board"),
    }
    return " ".join(part for part in (names[held.kind], held.number) if part)

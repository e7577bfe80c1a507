"""Visits as an iCalendar file (RFC 5545) for a person's own calendar: busy times, and nothing that tells of a client.

The file has no METHOD, ORGANIZER or ATTENDEE: with them Outlook asks to accept or decline, and RFC 5546 forbids attendees
in a published calendar. The zone is described by the rules of 2007, since a list of dates makes several calendars wrong
by an hour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from desktop.clinic.moments import PRACTICE_ZONE, aware, zone
from desktop.clinic.practice import SiteId
from desktop.clinic.visits import Visit, VisitStatus

_HEAD = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Warm Handoff//Appointments//EN
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
TZNAME:EDT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZNAME:EST
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
END:VTIMEZONE"""

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SPECIAL = re.compile(r"[\\;,\n]")
_UNITS = re.compile(r"\\.|.", re.DOTALL)


def calendar(visits: Iterable[Visit], *, stamp: datetime, streets: Mapping[SiteId, str] | None = None) -> bytes:
    """The visits as an iCalendar file in the order of their start: "Appointment", when, how sure, and nothing else.

    Times are local to New York with their zone; canceled visits are kept, so that a calendar removes them. `stamp` dates
    visits that do not say when they changed. With `streets` an in-person visit shows its site's street, and no more.
    """
    aware("stamp", stamp)
    shown = streets or {}
    ordered = sorted(visits, key=lambda visit: (visit.start, visit.uid, visit.id))
    events = [line for visit in ordered for line in _event(visit, stamp, shown)]
    return ("\r\n".join((*_HEAD.splitlines(), *events, "END:VCALENDAR")) + "\r\n").encode()


def _event(visit: Visit, stamp: datetime, streets: Mapping[SiteId, str]) -> Iterator[str]:
    status, transparent, busy = _STATES.get(visit.status, _BUSY)
    changed = _utc(visit.changed_at or stamp)
    street = streets.get(visit.site, "") if visit.site is not None else ""
    yield "BEGIN:VEVENT"
    yield "SUMMARY:Appointment"
    start, end = _wall(visit.start), _wall(visit.end)
    in_utc = bool(start.fold or end.fold)  # in the hour that clocks repeat, the wall clock would be ambiguous
    yield f"DTSTART:{_utc(start)}" if in_utc else f"DTSTART{_zoned(start)}"
    yield f"DTEND:{_utc(end)}" if in_utc else f"DTEND{_zoned(end)}"
    yield f"DTSTAMP:{changed}"
    yield _folded(f"UID:{_text(visit.uid or str(uuid5(NAMESPACE_URL, visit.id)))}")
    yield f"SEQUENCE:{visit.sequence}"
    yield "CLASS:PRIVATE"
    yield f"LAST-MODIFIED:{changed}"
    if street:
        yield _folded(f"LOCATION:{_text(street)}")
    yield f"STATUS:{status}"
    yield f"TRANSP:{transparent}"
    yield f"X-MICROSOFT-CDO-BUSYSTATUS:{busy}"
    yield "END:VEVENT"


_BUSY = ("CONFIRMED", "OPAQUE", "BUSY")
_GONE = ("CANCELLED", "TRANSPARENT", "FREE")
_STATES = {
    VisitStatus.HOLD: ("TENTATIVE", "OPAQUE", "TENTATIVE"),
    VisitStatus.CANCELED: _GONE,
    VisitStatus.LATE_CANCEL: _GONE,
    VisitStatus.BOOKED_IN_ERROR: _GONE,
}


def _wall(moment: datetime) -> datetime:
    return moment.astimezone(zone(PRACTICE_ZONE))


def _zoned(wall: datetime) -> str:
    return f";TZID={PRACTICE_ZONE}:{wall:%Y%m%dT%H%M%S}"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11), on one line and without control characters."""
    plain = _UNSAFE.sub("", value.replace("\r", "\n").replace("\t", " ")).replace("\n", " ")
    return _SPECIAL.sub(lambda found: "\\" + found[0], plain)


def _folded(line: str) -> str:
    """The content line in pieces of at most 75 octets (RFC 5545, 3.1); no character and no escape is cut in two."""
    if len(line) < 75 and line.isascii():
        return line
    pieces = [""]
    octets = 0
    for unit in _UNITS.findall(line):
        size = len(unit.encode())
        if octets + size >= 75:
            pieces.append("")
            octets = 0
        pieces[-1] += unit
        octets += size
    return "\r\n ".join(pieces)

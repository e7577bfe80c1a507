"""The calendar file: right instants, right states, and nothing of a client in it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st

from desktop.clinic.clients import Client
from desktop.clinic.moments import instant, local
from desktop.clinic.people import Address, ClientId, Name, Phone, TherapistId
from desktop.clinic.practice import RoomId, SiteId
from desktop.clinic.services import Format, ServiceId
from desktop.clinic.visits import Cancellation, Escort, Seat, Visit, VisitId, VisitStatus
from desktop.documents.calendar import calendar

STAMP = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
CHANGED = datetime(2026, 11, 20, 9, 30, 5, tzinfo=UTC)


def visit(start: datetime, *, number: int = 1, status: VisitStatus = VisitStatus.SCHEDULED) -> Visit:
    """A visit of 50 minutes."""
    return Visit(
        id=VisitId(f"V{number}"),
        uid=f"6f1c{number:04}-9d7e-4b71",
        service=ServiceId("lgbtqia-group"),
        therapist=TherapistId("T-okafor"),
        seats=(Seat(client=ClientId("C-nguyen")),),
        format=Format.IN_PERSON,
        site=SiteId("PHL"),
        room=RoomId("PHL-3"),
        start=start,
        end=start + timedelta(minutes=50),
        status=status,
        changed_at=CHANGED,
    )


def weekly(first: date, weeks: int, at: time) -> list[Visit]:
    """The same wall-clock time each week."""
    days = [first + timedelta(weeks=week) for week in range(weeks)]
    return [visit(instant(day, at), number=number) for number, day in enumerate(days, 1)]


def events(file: bytes) -> list[Any]:
    """The events of the file, as icalendar reads them."""
    return list(icalendar.Calendar.from_ical(file).walk("VEVENT"))


def lines(file: bytes) -> list[str]:
    """The unfolded lines."""
    return file.decode().replace("\r\n ", "").split("\r\n")


EDGES = [
    *weekly(date(2027, 2, 23), 6, time(18, 0)),  # across March 14, 2027
    *weekly(date(2026, 10, 20), 5, time(18, 0)),  # across November 1, 2026
    visit(instant(date(2027, 3, 14), time(1, 30)), number=90),  # ends after clocks go forward
    visit(instant(date(2026, 11, 1), time(0, 30)), number=91),
    visit(instant(date(2026, 11, 1), time(1, 30)), number=92),  # the first of two half past ones
    visit(instant(date(2026, 11, 1), time(1, 30)) + timedelta(hours=1), number=93),  # the second
]
EDGES = [replace(one, uid=f"u{number}") for number, one in enumerate(EDGES)]


def test_each_visit_keeps_its_instant_over_both_clock_changes() -> None:
    """What recurring-ical-events finds, by UID, starts and ends at the very instants."""
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(calendar(EDGES, stamp=STAMP))).between(
        date(2026, 10, 1), date(2027, 5, 1)
    )
    instants = {str(one["UID"]): (one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in found}
    assert instants == {one.uid: (one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in EDGES}


def test_khal_shows_the_same_instants(tmp_path: Path) -> None:
    """An independent calendar program reads the file and lists each visit at its wall-clock time."""
    (tmp_path / "calendar").mkdir()
    file = tmp_path / "visits.ics"
    visits = EDGES[:11]
    file.write_bytes(calendar(visits, stamp=STAMP))
    (tmp_path / "config").write_text(
        f"[calendars]\n[[own]]\npath = {tmp_path}/calendar\ntype = calendar\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n"
        "[locale]\nlocal_timezone = America/New_York\ndefault_timezone = America/New_York\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    khal = [sys.executable, "-m", "khal", "-c", str(tmp_path / "config")]
    subprocess.run([*khal, "import", "--batch", str(file)], check=True, capture_output=True, timeout=60)
    listing = [*khal, "list", "--format", "{start-date} {start-time}", "--day-format", "", "2026-10-01", "230d"]
    shown = subprocess.run(listing, check=True, capture_output=True, text=True, timeout=60)
    assert sorted(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", shown.stdout)) == sorted(
        f"{local(one.start):%Y-%m-%d %H:%M}" for one in visits
    )


def test_local_times_carry_the_zone_and_the_zone_is_described_by_rules() -> None:
    """A weekly six o'clock stays at six o'clock, and no calendar has to guess the zone."""
    file = lines(calendar(weekly(date(2027, 3, 2), 4, time(18, 0)), stamp=STAMP))
    starts = [line for line in file if line.startswith("DTSTART;")]
    assert starts == [f"DTSTART;TZID=America/New_York:202703{day:02}T180000" for day in (2, 9, 16, 23)]
    zone = file[file.index("BEGIN:VTIMEZONE") : file.index("END:VTIMEZONE")]
    assert "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3" in zone
    assert not any(line.startswith(("RDATE", "COMMENT")) for line in zone)


@pytest.mark.parametrize(
    ("status", "shown", "transparency", "busy"),
    [
        (VisitStatus.HOLD, "TENTATIVE", "OPAQUE", "TENTATIVE"),
        (VisitStatus.SCHEDULED, "CONFIRMED", "OPAQUE", "BUSY"),
        (VisitStatus.CONFIRMED, "CONFIRMED", "OPAQUE", "BUSY"),
        (VisitStatus.COMPLETED, "CONFIRMED", "OPAQUE", "BUSY"),
        (VisitStatus.NO_SHOW, "CONFIRMED", "OPAQUE", "BUSY"),
        (VisitStatus.CANCELED, "CANCELLED", "TRANSPARENT", "FREE"),
        (VisitStatus.LATE_CANCEL, "CANCELLED", "TRANSPARENT", "FREE"),
        (VisitStatus.BOOKED_IN_ERROR, "CANCELLED", "TRANSPARENT", "FREE"),
    ],
)
def test_every_status_has_its_calendar_state(status: VisitStatus, shown: str, transparency: str, busy: str) -> None:
    """Canceled visits stay in the file as canceled and free."""
    (event,) = events(calendar([visit(STAMP, status=status)], stamp=STAMP))
    assert (event["STATUS"], event["TRANSP"], event["X-MICROSOFT-CDO-BUSYSTATUS"]) == (shown, transparency, busy)


def test_uid_sequence_and_stamps_come_from_the_visit() -> None:
    """The same visit after a change has the same UID, a higher sequence and a later stamp."""
    first = visit(STAMP)
    second = replace(first, sequence=4, changed_at=CHANGED + timedelta(days=1))
    before, after = (events(calendar([one], stamp=STAMP))[0] for one in (first, second))
    assert before["UID"] == after["UID"] == first.uid
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 4)
    assert before["DTSTAMP"].dt == before["LAST-MODIFIED"].dt == CHANGED
    assert after["DTSTAMP"].dt == CHANGED + timedelta(days=1)
    (undated,) = events(calendar([replace(first, changed_at=None, uid="")], stamp=STAMP))
    assert undated["DTSTAMP"].dt == STAMP
    assert first.id not in undated["UID"]


def test_it_is_a_file_for_ones_own_calendar() -> None:
    """No METHOD, ORGANIZER, ATTENDEE or calendar name, which make calendars ask, freeze or open a new one."""
    file = lines(calendar([visit(STAMP)], stamp=STAMP))
    names = {re.split("[:;]", line)[0] for line in file}
    assert not names & {
        "METHOD",
        "ORGANIZER",
        "ATTENDEE",
        "X-WR-CALNAME",
        "DESCRIPTION",
        "CATEGORIES",
        "LOCATION",
        "URL",
    }
    assert file.count("CLASS:PRIVATE") == 1


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=3, max_size=30)


@given(words, words, words, words)
def test_no_string_of_a_client_is_in_the_file(given_name: str, family: str, note: str, street: str) -> None:
    """Whatever a client, their escort or the reason of a cancellation is called, the file is the same."""
    client = Client(
        id=ClientId(f"C-{family}"),
        name=Name(given=given_name + "x", family=family),
        birth_date=date(1990, 1, 1),
        phones=(Phone(number="+12155550188"),),
        address=Address(street=street),
    )
    plain = visit(STAMP, status=VisitStatus.CANCELED)
    telling = replace(
        plain,
        seats=(Seat(client=client.id),),
        escort=Escort(name=client.name.full, phone="+12155550188"),
        cancellation=Cancellation(by="client", at=STAMP, reason=note),
        service=ServiceId(note),
        therapist=TherapistId(family),
    )
    assert calendar([telling], stamp=STAMP) == calendar([plain], stamp=STAMP)
    (event,) = events(calendar([telling], stamp=STAMP))
    assert event["SUMMARY"] == "Appointment"


@pytest.mark.parametrize("evil", ["a\r\nATTENDEE:mailto:x@y", "a\nX:1", "a\x00\x0b\x85\u2028b", "a;b,c\\n", "\\N"])
def test_values_cannot_break_out_of_their_line(evil: str) -> None:
    """Line ends and control characters of a value are gone, and the rest comes back as it was."""
    one = replace(visit(STAMP), uid=evil)
    file = calendar([one], stamp=STAMP, streets={SiteId("PHL"): evil})
    body = file.decode()
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]", body)
    assert body.count("\n") == body.count("\r\n")
    (event,) = events(file)
    assert "ATTENDEE" not in event
    assert "X" not in event
    if "\r" not in evil and "\n" not in evil and "\x00" not in evil and evil != "\\N":
        assert event["LOCATION"] == evil


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_lines_are_folded_at_75_octets_and_read_back(street: str) -> None:
    """Long values in any script are cut between characters, never within one."""
    file = calendar([visit(STAMP)], stamp=STAMP, streets={SiteId("PHL"): street})
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    unfolded = file.decode().replace("\r\n ", "")
    assert unfolded.count("BEGIN:VEVENT") == 1


def test_the_street_is_shown_only_when_asked_for() -> None:
    """The default says nothing of the place; with streets, in-person visits alone show one."""
    online = replace(visit(STAMP, number=2), format=Format.TELEHEALTH, site=None, room=None)
    file = calendar([visit(STAMP), online], stamp=STAMP, streets={SiteId("PHL"): "1200 Larch Street"})
    assert lines(file).count("LOCATION:1200 Larch Street") == 1
    assert b"LOCATION" not in calendar([visit(STAMP), online], stamp=STAMP)


def reserialized() -> Iterator[tuple[bytes, bytes]]:
    """Our bytes beside those that icalendar writes for the same components."""
    ours = calendar(EDGES, stamp=STAMP, streets={SiteId("PHL"): "1200 Larch Street; Suite 3, Philadelphia " * 3})
    yield ours, icalendar.Calendar.from_ical(ours).to_ical()


def test_the_bytes_are_those_of_icalendar() -> None:
    """The library icalendar reads the file and writes the very same bytes again."""
    for ours, theirs in reserialized():
        assert ours == theirs


def test_the_same_visits_give_the_same_bytes_in_any_order() -> None:
    """The order of the visits given does not matter, so that two files can be compared."""
    assert calendar(EDGES, stamp=STAMP) == calendar(EDGES[::-1], stamp=STAMP)

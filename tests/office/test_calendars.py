"""A therapist's appointments out of an encrypted clinic file, into a calendar file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from desktop.clinic.errors import BadInput, Missing
from desktop.clinic.moments import instant
from desktop.clinic.people import TherapistId
from desktop.clinic.visits import Cancellation, Visit, VisitId, VisitStatus
from desktop.office import calendars
from desktop.records.store import Store, create_store
from tests.clinic.letter_facts import (
    ACTOR,
    CLIENT,
    IN_PERSON,
    NOW,
    PRACTICE,
    ROOM,
    SITE,
    SUPERVISED,
    SUPERVISOR,
    THERAPIST,
)

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)


def on(day: date, number: int, **changes: Any) -> Visit:
    """The visit of that number at nine in the morning."""
    start = instant(day, NOW.time())
    return replace(IN_PERSON, id=VisitId(f"V{number}"), start=start, end=start + timedelta(minutes=50), **changes)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A clinic with visits before, on and after the days asked for."""
    opened = create_store(tmp_path / "test.handoff", bytes(32))
    with opened.writing(ACTOR, "Set up") as writer:
        writer.add_all((PRACTICE, SITE, ROOM, SUPERVISOR, THERAPIST, SUPERVISED, CLIENT))
        writer.add_all(
            (
                on(FIRST - timedelta(days=1), 1),
                on(FIRST, 2),
                on(LAST, 3),
                on(LAST + timedelta(days=1), 4),
                on(date(2026, 12, 10), 5, therapist=SUPERVISOR.id),
                on(date(2026, 12, 11), 6, therapist=SUPERVISOR.id, co_leaders=(THERAPIST.id,)),
            )
        )
    yield opened
    opened.close()


def events(file: bytes) -> dict[str, Any]:
    """The events by UID."""
    return {str(one["UID"]): one for one in icalendar.Calendar.from_ical(file).walk("VEVENT")}


def test_the_days_asked_for_with_everything_the_therapist_takes_part_in(store: Store) -> None:
    """First and last day included, other therapists' visits only where this one leads with them."""
    found = events(calendars.export(store, ACTOR, THERAPIST.id, FIRST, LAST))
    days = sorted(one.start.date() for one in found.values())
    assert days == [FIRST, date(2026, 12, 11), LAST]


def test_a_canceled_visit_stays_with_its_uid_and_a_higher_sequence(store: Store) -> None:
    """So that the calendar which has it removes it."""
    before = events(calendars.export(store, ACTOR, THERAPIST.id, FIRST, FIRST))
    with store.writing(ACTOR, "Cancel") as writer:
        visit = writer.get(Visit, VisitId("V2"))
        canceled = Cancellation(by="client", at=NOW, reason="flu, mother called")
        gone = replace(visit, status=VisitStatus.CANCELED, cancellation=canceled, sequence=visit.sequence + 1)
        writer.replace(visit, gone)
    file = calendars.export(store, ACTOR, THERAPIST.id, FIRST, FIRST)
    after = events(file)
    assert before.keys() == after.keys()
    (uid,) = after
    assert after[uid]["STATUS"] == "CANCELLED"
    assert after[uid]["SEQUENCE"] > before[uid]["SEQUENCE"]
    assert b"flu" not in file


def test_nothing_of_the_clinic_is_in_the_file(store: Store) -> None:
    """Not the client, therapist, practice, service, site or room, by name."""
    file = calendars.export(store, ACTOR, THERAPIST.id, FIRST, LAST).decode()
    for told in (
        "Nguy",
        "Thùy",
        "Ellery",
        "Castellano",
        "Wissahickon",
        "emdr",
        "Bryn",
        "Elder",
        "Room",
    ):
        assert told not in file
    assert file.count("SUMMARY:Appointment\r\n") == 3


def test_the_street_on_request(store: Store) -> None:
    """And no more than the street."""
    file = calendars.export(store, ACTOR, THERAPIST.id, FIRST, FIRST, with_street=True)
    assert b"LOCATION:20 Elder Avenue\r\n" in file


def test_unusable_questions(store: Store) -> None:
    """Clear errors."""
    with pytest.raises(BadInput, match="end"):
        calendars.export(store, ACTOR, THERAPIST.id, LAST, FIRST)
    with pytest.raises(Missing):
        calendars.export(store, ACTOR, TherapistId("nobody"), FIRST, LAST)


def test_file_names_name_nobody() -> None:
    """Days and a code."""
    name = calendars.file_name(TherapistId("T-castellano"), FIRST, LAST)
    assert name.startswith("appointments-2026-12-01-to-2026-12-31-")
    assert name.endswith(".ics")
    assert "castellano" not in name


def test_an_export_stands_in_the_audit(store: Store) -> None:
    """Who took whose appointments out."""
    calendars.export(store, ACTOR, THERAPIST.id, FIRST, LAST)
    with store.reading() as reader:
        newest = reader.events(limit=1)[0]
    assert (newest.label, newest.record, newest.user) == ("Export calendar", THERAPIST.id, ACTOR.user)

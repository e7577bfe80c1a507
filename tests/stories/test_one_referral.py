"""A day at the front desk: one referral walks through every room of the house."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest
from icalendar import Calendar, Component

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client, DataClass, Release
from desktop.clinic.errors import Refused
from desktop.clinic.letters import LetterKind
from desktop.clinic.matching import Candidate
from desktop.clinic.referral import Direction, Referral, Stage
from desktop.clinic.requests import Proposal
from desktop.clinic.services import Format
from desktop.clinic.visits import Seat, Visit, VisitStatus
from desktop.office import booking, calendars, correspondence, intake, matching, referrals, reports
from desktop.office.demo import demo_referrals_csv
from desktop.records.store import Store
from tests.conftest import ROSA, TODAY

CLEMENTINE = "Clementine O'Brien-Nguyễn"


def test_monday_a_fax_becomes_a_booked_visit_a_calendar_entry_and_a_reply(demo_store: Store) -> None:
    """Taken in, acknowledged, triaged, matched, booked, confirmed by letter, exported, attended, reported back."""
    referral = _arrived(demo_store, CLEMENTINE)
    assert (referral.owner, referral.stage) == (ROSA.user, Stage.RECEIVED)
    for stage in (Stage.ACKNOWLEDGED, Stage.TRIAGED):
        referral = referrals.advance(demo_store, ROSA, referral.id, stage)

    best = matching.match_referral(demo_store, ROSA, referral.id).eligible[0]
    visit = _book_first_opening(demo_store, referral, best)
    assert visit.therapist == best.therapist

    confirmation = correspondence.draft(demo_store, ROSA, LetterKind.APPOINTMENT_CONFIRMATION, visit_id=visit.id)
    letter = correspondence.finalize(demo_store, ROSA, confirmation)
    text = _text(correspondence.pdf(demo_store, ROSA, letter.id))
    assert CLEMENTINE in text
    assert "988" in text

    ics = calendars.export(demo_store, ROSA, visit.therapist, TODAY, TODAY + timedelta(weeks=8))
    entry = _entry(ics, visit)
    assert entry.decoded("DTSTART") == visit.start
    assert entry["SUMMARY"] == "Appointment"
    assert not any(word in ics.decode() for word in ("Clementine", "Nguyễn", "EMDR", "emdr"))

    there = Actor(user=ROSA.user, now=visit.start)
    booking.set_status(demo_store, there, visit.id, VisitStatus.ARRIVED)
    with demo_store.reading() as reader:
        assert reader.get(Referral, referral.id).stage is Stage.ATTENDED
    _reply_needs_a_release(demo_store, there, referral)
    referrals.advance(demo_store, there, referral.id, Stage.REPORTED_BACK)
    assert referrals.advance(demo_store, there, referral.id, Stage.CLOSED).due is None
    assert demo_store.problems() == ()


def test_the_slip_of_a_finger_is_taken_back_whole(demo_store: Store) -> None:
    """Booking the wrong opening and pressing undo leaves the records as they were, but for a canceled trace."""
    referral = _arrived(demo_store, CLEMENTINE)
    best = matching.match_referral(demo_store, ROSA, referral.id).eligible[0]
    visit = _book_first_opening(demo_store, referral, best)
    task = demo_store.undoable(ROSA.user)
    assert task is not None
    demo_store.undo(ROSA, task.id)
    with demo_store.reading() as reader:
        assert reader.get(Referral, referral.id) == referral
        assert reader.get(Visit, visit.id).status is VisitStatus.BOOKED_IN_ERROR
    again = matching.match_referral(demo_store, ROSA, referral.id).eligible[0]
    assert again.openings == best.openings
    exported = calendars.export(demo_store, ROSA, visit.therapist, TODAY, TODAY + timedelta(weeks=8))
    assert _entry(exported, visit)["STATUS"] == "CANCELLED"


def test_nobody_at_the_desk_can_book_where_the_license_does_not_reach(demo_store: Store) -> None:
    """A client in a New York dormitory: everybody is excluded, each with the reason, and booking is refused."""
    referral = _arrived(demo_store, "Horatio Whitlock-Osei")
    found = matching.match_referral(demo_store, ROSA, referral.id)
    assert found.eligible == ()
    licensed = [one for one in found.excluded if "LIC_NONE" in {verdict.code for verdict in one.verdicts}]
    assert len(licensed) >= len(found.excluded) - 1
    assert referral.request is not None
    wish = Proposal(
        service=referral.request.service,
        therapist=licensed[0].therapist,
        seats=(Seat(client=referral.client, expected_state=referral.request.state),),
        format=Format.TELEHEALTH,
        start=datetime(2026, 12, 1, 15, tzinfo=UTC),
    )
    with pytest.raises(Refused, match="NY"):
        booking.book(demo_store, ROSA, wish, referral=referral.id)
    assert referral.id in {line.referral.id for line in referrals.worklist(demo_store, ROSA)}


def test_tuesday_starts_with_what_monday_left(demo_store: Store) -> None:
    """What nobody acted on is overdue the day after it was due."""
    referral = _arrived(demo_store, CLEMENTINE)
    assert referral.due is not None
    late = Actor(user=ROSA.user, now=ROSA.now + timedelta(days=(referral.due - TODAY).days + 1))
    assert referral.id in {line.referral.id for line in reports.morning(demo_store, late).overdue}


def _arrived(store: Store, name: str) -> Referral:
    found = intake.preview(demo_referrals_csv(TODAY), kind="referrals", store=store)
    assert found.errors == ()
    task = intake.bring_in(store, ROSA, found)
    clients = {one.after.id for one in task.changes if isinstance(one.after, Client) and one.after.name.full == name}
    return next(one.after for one in task.changes if isinstance(one.after, Referral) and one.after.client in clients)


def _book_first_opening(store: Store, referral: Referral, best: Candidate) -> Visit:
    opening, request = best.openings[0], referral.request
    assert request is not None
    proposal = Proposal(
        service=request.service,
        therapist=best.therapist,
        seats=(Seat(client=referral.client, expected_state=request.state),),
        format=opening.format,
        site=opening.site,
        room=opening.room,
        start=opening.start,
    )
    return booking.book(store, ROSA, proposal, referral=referral.id)


def _reply_needs_a_release(store: Store, actor: Actor, referral: Referral) -> None:
    """Without a release the reply is refused; with one it says what the release allows."""
    draft = correspondence.draft(store, actor, LetterKind.REPLY_TO_REFERRER, referral_id=referral.id)
    assert "ROI_MISSING" in {verdict.code for verdict in draft.verdicts}
    assert referral.referrer is not None
    assert referral.direction is Direction.IN
    release = Release(
        id="signed-at-the-desk",
        recipient=referral.referrer,
        classes=frozenset({DataClass.IDENTITY, DataClass.SCHEDULING}),
        signed_on=actor.now.date(),
        expires_on=date(2027, 11, 23),
    )
    with store.reading() as reader:
        client = reader.get(Client, referral.client)
    with store.writing(actor, "Sign release") as writer:
        writer.replace(client, replace(client, releases=(release,)))
    draft = correspondence.draft(store, actor, LetterKind.REPLY_TO_REFERRER, referral_id=referral.id)
    letter = correspondence.finalize(store, actor, draft)
    assert "signed-at-the-desk" in {one.basis for one in letter.disclosed}
    assert CLEMENTINE in _text(correspondence.pdf(store, actor, letter.id))


def _text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def _entry(ics: bytes, visit: Visit) -> Component:
    return next(one for one in Calendar.from_ical(ics).walk("VEVENT") if one["UID"] == visit.uid)

"""Booking: nothing is booked twice, nothing is lost, everything can be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from desktop.clinic.change import Actor, UserId
from desktop.clinic.clients import Client, ClientStatus
from desktop.clinic.errors import BadInput, NotAllowed, Refused
from desktop.clinic.facts import Facts
from desktop.clinic.people import State
from desktop.clinic.practice import RoomId
from desktop.clinic.referral import Referral, Stage
from desktop.clinic.requests import Proposal
from desktop.clinic.services import Format
from desktop.clinic.staff import Staff, StaffRole
from desktop.clinic.verdict import Outcome, worst
from desktop.clinic.visits import Seat, Visit, VisitId, VisitStatus
from desktop.office import booking, daybook, referrals
from desktop.office.booking import SignOff
from desktop.records.store import Store
from tests.conftest import NOW, ROSA
from tests.office.clinic_day import AVA, BEN, JO, PROPOSAL, REQUEST, TEN, THI, furnish


@pytest.fixture
def clinic(store: Store) -> Store:
    """The small practice in a clinic file of its own."""
    return furnish(store)


def _codes(caught: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {getattr(one, "code", "") for one in caught.value.verdicts}


def test_a_visit_is_booked_and_the_client_becomes_active(clinic: Store) -> None:
    """The visit has a calendar UID; the therapist now carries the client."""
    visit = booking.book(clinic, ROSA, PROPOSAL)
    assert visit.uid
    assert (visit.start, visit.end, visit.status) == (TEN, TEN + timedelta(minutes=60), VisitStatus.SCHEDULED)
    with clinic.reading() as reader:
        client = reader.get(Client, THI.id)
    assert (client.status, client.therapist) == (ClientStatus.ACTIVE, AVA.id)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (replace(PROPOSAL, seats=(Seat(client=JO.id),), room=RoomId("102")), "THER_CONFLICT"),
        (replace(PROPOSAL, seats=(Seat(client=JO.id),), therapist=BEN.id), "ROOM_CONFLICT"),
        (replace(PROPOSAL, therapist=BEN.id, room=RoomId("102")), "CLIENT_CONFLICT"),
    ],
)
def test_therapist_room_and_client_are_never_booked_twice(clinic: Store, other: Proposal, code: str) -> None:
    """Each of the three alone is enough to refuse, half an hour into the visit as well."""
    booking.book(clinic, ROSA, PROPOSAL)
    with pytest.raises(Refused) as caught:
        booking.book(clinic, ROSA, replace(other, start=TEN + timedelta(minutes=30)))
    assert _codes(caught) == {code}
    booking.book(clinic, ROSA, replace(other, start=TEN + timedelta(minutes=75)))


def test_a_canceled_visit_gives_its_time_back(clinic: Store) -> None:
    """It stays on record, with who canceled and why, and its sequence rises."""
    visit = booking.book(clinic, ROSA, PROPOSAL)
    gone = booking.cancel(clinic, ROSA, visit.id, by="client", reason="ill")
    assert (gone.status, gone.sequence, gone.uid) == (VisitStatus.CANCELED, 1, visit.uid)
    assert gone.cancellation is not None
    assert (gone.cancellation.by, gone.cancellation.at) == ("client", NOW)
    booking.book(clinic, ROSA, replace(PROPOSAL, seats=(Seat(client=JO.id),)))
    with pytest.raises(BadInput):
        booking.set_status(clinic, ROSA, visit.id, VisitStatus.ARRIVED)
    with pytest.raises(BadInput):
        booking.move(clinic, ROSA, visit.id, PROPOSAL)
    with pytest.raises(BadInput):
        booking.cancel(clinic, ROSA, visit.id, by="client", status=VisitStatus.ARRIVED)


def test_asking_again_books_once(clinic: Store) -> None:
    """After a lost answer the caller repeats the same id and gets the same visit."""
    first = booking.book(clinic, ROSA, PROPOSAL, visit_id=VisitId("mine"))
    assert booking.book(clinic, ROSA, PROPOSAL, visit_id=VisitId("mine")) == first
    with clinic.reading() as reader:
        assert reader.count(Visit) == 1


def test_a_moved_visit_keeps_its_uid_and_does_not_stand_in_its_own_way(clinic: Store) -> None:
    """Moving by half an hour overlaps only with itself."""
    visit = booking.book(clinic, ROSA, PROPOSAL)
    later = replace(booking.proposal_of(visit), start=TEN + timedelta(minutes=30))
    moved = booking.move(clinic, ROSA, visit.id, later)
    assert (moved.uid, moved.sequence, moved.start) == (visit.uid, 1, TEN + timedelta(minutes=30))
    other = booking.book(clinic, ROSA, replace(PROPOSAL, seats=(Seat(client=JO.id),), start=TEN + timedelta(hours=3)))
    with pytest.raises(Refused) as caught:
        booking.move(clinic, ROSA, other.id, replace(booking.proposal_of(other), start=TEN))
    assert "THER_CONFLICT" in _codes(caught)


def test_undo_takes_back_visit_client_and_referral_together(clinic: Store) -> None:
    """One task, one undo."""
    referral = referrals.receive(clinic, ROSA, THI, request=REQUEST)
    booking.book(clinic, ROSA, PROPOSAL, referral=referral.id)
    with clinic.reading() as reader:
        booked = reader.get(Referral, referral.id)
    assert (booked.stage, booked.therapist) == (Stage.BOOKED, AVA.id)
    task = clinic.undoable(ROSA.user)
    assert task is not None
    clinic.undo(ROSA, task.id)
    with clinic.reading() as reader:
        assert reader.get(Referral, referral.id) == referral
        assert reader.get(Client, THI.id) == THI
        assert not reader.visits(TEN, TEN + timedelta(hours=1))


def test_a_blocked_visit_is_not_booked_whoever_signs(clinic: Store) -> None:
    """A license that has run out is corrected in the data, not overridden."""
    late = replace(PROPOSAL, start=datetime(2027, 3, 1, 15, tzinfo=UTC))
    with pytest.raises(Refused) as caught:
        booking.book(clinic, ROSA, late, sign_off=SignOff(by=ROSA.user, reason="please"))
    assert "LIC_EXPIRED_AT_SESSION" in _codes(caught)
    assert booking.check(clinic, ROSA, late)[0] is not None
    with clinic.reading() as reader:
        assert reader.count(Visit) == 0


def test_a_hold_needs_somebody_who_may_sign_it_off(clinic: Store) -> None:
    """A name without the role, or no reason, is not enough; the sign-off stays on the visit."""
    front_desk = Staff(id=UserId("dee"), name="Dee", role=StaffRole.FRONT_DESK)
    with clinic.writing(ROSA, "Hire") as writer:
        writer.add(front_desk)
    unknown = replace(PROPOSAL, format=Format.TELEHEALTH, site=None, room=None)
    assert worst(booking.check(clinic, ROSA, unknown)) is Outcome.HOLD
    with pytest.raises(Refused) as caught:
        booking.book(clinic, ROSA, unknown)
    assert _codes(caught) == {"LOC_UNKNOWN"}
    with pytest.raises(NotAllowed):
        booking.book(clinic, ROSA, unknown, sign_off=SignOff(by=front_desk.id, reason="I think it is fine"))
    with pytest.raises(BadInput, match="why"):
        booking.book(clinic, ROSA, unknown, sign_off=SignOff(by=ROSA.user, reason=" "))
    visit = booking.book(clinic, ROSA, unknown, sign_off=SignOff(by=ROSA.user, reason="will attest at check-in"))
    assert [(one.code, one.by, one.reason) for one in visit.overrides] == [
        ("LOC_UNKNOWN", "rosa", "will attest at check-in")
    ]


def test_telehealth_asks_where_the_client_sits(clinic: Store) -> None:
    """At home in New Jersey the Pennsylvania license does not count."""
    video = replace(
        PROPOSAL, format=Format.TELEHEALTH, site=None, room=None, seats=(Seat(client=THI.id, expected_state=State.NJ),)
    )
    with pytest.raises(Refused) as caught:
        booking.book(clinic, ROSA, video)
    assert _codes(caught) == {"LIC_NONE"}
    booking.book(clinic, ROSA, replace(video, seats=(Seat(client=THI.id, expected_state=State.PA),)))


def test_a_visit_that_took_place_moves_its_referral(clinic: Store) -> None:
    """Arrived counts as attended; the next action is the report to the referrer."""
    referral = referrals.receive(clinic, ROSA, THI, request=REQUEST)
    visit = booking.book(clinic, ROSA, PROPOSAL, referral=referral.id)
    booking.set_status(clinic, ROSA, visit.id, VisitStatus.CONFIRMED)
    booking.set_status(clinic, Actor(user=ROSA.user, now=TEN), visit.id, VisitStatus.ARRIVED)
    with clinic.reading() as reader:
        assert reader.get(Referral, referral.id).stage is Stage.ATTENDED


def test_a_day_shows_every_visit_with_words(shared_demo_store: Store, demo: Facts) -> None:
    """As many lines as visits that day, canceled ones included, each with its client's name."""
    sheet = daybook.day(shared_demo_store, ROSA, date(2026, 11, 24))
    expected = {one.id for one in demo.visits if one.start.date() == date(2026, 11, 24) and one.start.hour >= 5}
    assert expected <= {line.visit.id for line in sheet.lines}
    assert all(line.client and line.service.name for line in sheet.lines)
    assert len(sheet.therapists) == sum(not one.retired for one in demo.therapists)

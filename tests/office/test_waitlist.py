"""The waitlist at the desk: on and off it, whom to call, offers and answers, the plan; each step audited and undoable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client, Relation, RelationKind
from desktop.clinic.errors import BadInput, Missing, Refused
from desktop.clinic.people import Address, ClientId, Name, State
from desktop.clinic.practice import RoomId
from desktop.clinic.referral import Referral, ReferralId, Stage, Urgency
from desktop.clinic.services import BOTH_FORMATS, Format
from desktop.clinic.verdict import Verdict
from desktop.clinic.visits import Visit, VisitStatus
from desktop.clinic.waiting import Offer, OfferState, Slot, WaitEnd, Waiting
from desktop.office import booking, referrals, waitlist
from desktop.records.store import Store
from tests.conftest import ROSA, TODAY
from tests.office.clinic_day import AVA, BEN, INTAKE, JO, PHL, PROPOSAL, REQUEST, TEN, THI, furnish

HOUR = timedelta(hours=1)
SLOT = Slot(therapist=AVA.id, start=TEN, end=TEN + HOUR, format=Format.IN_PERSON, site=PHL, room=RoomId("101"))
LATER = Actor(user=ROSA.user, now=ROSA.now + timedelta(hours=25))


@pytest.fixture
def desk(store: Store) -> Store:
    """The small practice."""
    return furnish(store)


def waits(store: Store, client: Client = THI, **more: object) -> Waiting:
    """The client waits for an intake in person."""
    return waitlist.add(store, ROSA, client.id, REQUEST, **more)  # type: ignore[arg-type]


def hash_after(store: Store, step: Callable[[], object]) -> None:
    """Do something in one step; undoing it leaves the file as it was, and the audit stays whole."""
    before = store.dump_hash()
    step()
    assert store.dump_hash() != before
    store.undo(ROSA, store.tasks(1)[0].id)
    assert store.dump_hash() == before
    assert store.broken_audit_row() is None


def codes(error: Refused) -> set[str]:
    """The codes of what was refused."""
    return {one.code for one in error.verdicts if isinstance(one, Verdict)}


def test_a_client_is_put_on_the_list_and_taken_off(desk: Store) -> None:
    """The entry stays on record as removed; both steps can be undone."""
    hash_after(desk, lambda: waits(desk))
    entry = waits(desk, priority=Urgency.SOON)
    assert entry.expires == TODAY + timedelta(days=180)
    (line,) = waitlist.entries(desk, ROSA)
    assert (line.client, line.service, line.priority, line.days) == (THI.name.listed, INTAKE.name, "Soon", 0)
    hash_after(desk, lambda: waitlist.remove(desk, ROSA, entry.id))
    waitlist.remove(desk, ROSA, entry.id)
    assert waitlist.entries(desk, ROSA) == ()
    (line,) = waitlist.entries(desk, ROSA, ended=True)
    assert line.waiting.ended is not None
    assert line.waiting.ended.how is WaitEnd.REMOVED
    with pytest.raises(BadInput, match="ended"):
        waitlist.remove(desk, ROSA, entry.id)


def test_nobody_waits_twice_for_the_same(desk: Store) -> None:
    """And only for what there is."""
    waits(desk)
    with pytest.raises(BadInput, match="already"):
        waits(desk)
    with pytest.raises(Missing):
        waitlist.add(desk, ROSA, ClientId("nobody"), REQUEST)


def test_the_list_is_in_order_of_band_and_wait(desk: Store) -> None:
    """Urgent first, however long others have waited."""
    first = waits(desk)
    urgent = waitlist.add(desk, LATER, JO.id, REQUEST, priority=Urgency.URGENT)
    assert [one.waiting.id for one in waitlist.entries(desk, LATER)] == [urgent.id, first.id]
    waitlist.change(desk, ROSA, first.id, priority=Urgency.URGENT)
    assert [one.waiting.id for one in waitlist.entries(desk, LATER)] == [first.id, urgent.id]


def test_an_entry_runs_out(desk: Store) -> None:
    """It is shown as expired, called for nothing, and tidied away in one step."""
    entry = waits(desk, expires=TODAY)
    assert not waitlist.entries(desk, ROSA)[0].expired
    assert waitlist.entries(desk, LATER)[0].expired
    assert waitlist.slot(desk, LATER, SLOT).others[0].verdicts[0].code == "WAIT_EXPIRED"
    assert waitlist.plan(desk, LATER).placements == ()
    hash_after(desk, lambda: waitlist.expire(desk, LATER))
    (over,) = waitlist.expire(desk, LATER)
    assert over.id == entry.id
    assert over.ended is not None
    assert over.ended.how is WaitEnd.EXPIRED
    assert waitlist.expire(desk, LATER) == ()


def waitlisted(store: Store) -> Referral:
    """A referral that has come to wait for an opening."""
    made = referrals.receive(store, ROSA, THI, request=REQUEST, urgency=Urgency.SOON)
    referrals.advance(store, ROSA, made.id, Stage.TRIAGED)
    return referrals.advance(store, ROSA, made.id, Stage.WAITLISTED)


def entry_of(store: Store, referral: ReferralId) -> Waiting:
    """The one entry of that referral, ended or not."""
    with store.reading() as reader:
        (found,) = reader.waiting(referral=referral, ended=True)
        return found


def test_a_waitlisted_referral_is_on_the_list_in_the_same_step(desk: Store) -> None:
    """In the band of its urgency, once, and one undo takes both back."""
    made = waitlisted(desk)
    entry = entry_of(desk, made.id)
    assert (entry.client, entry.priority, entry.request.service) == (THI.id, Urgency.SOON, INTAKE.id)
    assert {one.kind for one in desk.tasks(1)[0].changes} == {"referral", "waiting"}
    referrals.advance(desk, ROSA, made.id, Stage.CONTACTING)
    referrals.advance(desk, ROSA, made.id, Stage.WAITLISTED)
    assert entry_of(desk, made.id) == entry


@pytest.mark.parametrize(("stage", "how"), [(Stage.DECLINED, WaitEnd.REMOVED), (Stage.BOOKED, WaitEnd.BOOKED)])
def test_a_referral_that_ends_leaves_the_list(desk: Store, stage: Stage, how: WaitEnd) -> None:
    """In the same step."""
    made = waitlisted(desk)
    hash_after(desk, lambda: referrals.advance(desk, ROSA, made.id, stage))
    referrals.advance(desk, ROSA, made.id, stage)
    ended = entry_of(desk, made.id).ended
    assert ended is not None
    assert ended.how is how


def test_booking_ends_the_wait_and_undo_brings_it_back(desk: Store) -> None:
    """By the referral, or by the service alone; other waits go on."""
    made = waitlisted(desk)
    other = waits(desk, JO)
    booking.book(desk, ROSA, PROPOSAL, referral=made.id)
    ended = entry_of(desk, made.id).ended
    assert ended is not None
    assert ended.how is WaitEnd.BOOKED
    assert [one.waiting.id for one in waitlist.entries(desk, ROSA)] == [other.id]
    desk.undo(ROSA, desk.tasks(1)[0].id)
    assert entry_of(desk, made.id).ended is None


def test_a_freed_slot_says_whom_to_call(desk: Store) -> None:
    """The canceled visit's time, its client's words, telephones and a script."""
    visit = booking.book(desk, ROSA, PROPOSAL)
    entry = waits(desk, JO)
    with pytest.raises(BadInput, match="cancel it first"):
        waitlist.freed(desk, ROSA, visit.id)
    assert [one.verdicts[0].code for one in waitlist.slot(desk, ROSA, SLOT).others] == ["THER_CONFLICT"]
    booking.cancel(desk, ROSA, visit.id, by="client")
    free, by_video = waitlist.freed(desk, ROSA, visit.id)
    assert free == replace(SLOT, end=visit.end + timedelta(minutes=INTAKE.buffer_after))
    assert (by_video.format, by_video.site, by_video.room) == (Format.TELEHEALTH, None, None)
    sheet = waitlist.slot(desk, ROSA, free)
    assert [one.fit.waiting.id for one in sheet.calls] == [entry.id]
    assert sheet.calls[0].called in sheet.calls[0].script
    assert "Ava Abrams" in sheet.words
    assert "Philadelphia" in sheet.words
    assert [one.waiting.id for one in waitlist.slot(desk, ROSA, by_video).others] == [entry.id]


def test_a_slot_is_never_held_for_two(desk: Store) -> None:
    """Nor any other time of the same therapist that overlaps it, nor the same room."""
    first, second = waits(desk), waits(desk, JO)
    made = waitlist.offer(desk, ROSA, first.id, SLOT)
    assert made.held_until == ROSA.now + timedelta(hours=24)
    half_past = replace(SLOT, start=TEN + HOUR / 2, end=TEN + 1.5 * HOUR)
    same_room = replace(SLOT, therapist=BEN.id)
    for slot in (SLOT, half_past, same_room):
        with pytest.raises(Refused) as refused:
            waitlist.offer(desk, ROSA, second.id, slot)
        assert "OFFER_HELD" in codes(refused.value)
    waitlist.offer(desk, ROSA, second.id, replace(SLOT, therapist=BEN.id, room=RoomId("102")))
    assert waitlist.slot(desk, ROSA, SLOT).verdicts[0].code == "OFFER_HELD"
    waitlist.answer(desk, ROSA, made.id, OfferState.ACCEPTED)
    with pytest.raises(Refused):
        waitlist.offer(desk, LATER, second.id, SLOT)


def test_a_declined_slot_does_not_come_back(desk: Store) -> None:
    """Not to the same client, however the room or the way changes; it is free for others."""
    first, second = waits(desk), waits(desk, JO)
    made = waitlist.offer(desk, ROSA, first.id, SLOT)
    hash_after(desk, lambda: waitlist.answer(desk, ROSA, made.id, OfferState.DECLINED))
    waitlist.answer(desk, ROSA, made.id, OfferState.DECLINED)
    with pytest.raises(Refused) as refused:
        waitlist.offer(desk, ROSA, first.id, replace(SLOT, room=RoomId("102")))
    assert codes(refused.value) == {"OFFER_DECLINED"}
    sheet = waitlist.slot(desk, ROSA, SLOT)
    assert [one.fit.waiting.id for one in sheet.calls] == [second.id]
    assert [one.verdicts[0].code for one in sheet.others] == ["OFFER_DECLINED"]
    waitlist.offer(desk, ROSA, first.id, replace(SLOT, start=TEN + HOUR, end=TEN + 2 * HOUR))
    waitlist.offer(desk, ROSA, second.id, SLOT)


def test_an_unanswered_offer_lapses(desk: Store) -> None:
    """Then the slot is free, accepting is too late, and the next offer marks the old one."""
    first, second = waits(desk), waits(desk, JO)
    made = waitlist.offer(desk, ROSA, first.id, SLOT)
    with pytest.raises(BadInput, match="run out"):
        waitlist.answer(desk, LATER, made.id, OfferState.ACCEPTED)
    waitlist.offer(desk, LATER, second.id, SLOT)
    with desk.reading() as reader:
        assert reader.get(Offer, made.id).state is OfferState.EXPIRED


def test_an_offer_ends_when_the_slot_begins(desk: Store) -> None:
    """However long somebody wants to hold it; and no past slot is offered."""
    entry = waits(desk)
    made = waitlist.offer(desk, ROSA, entry.id, SLOT, held_until=TEN + 9 * HOUR)
    assert made.held_until == TEN
    after = Actor(user=ROSA.user, now=TEN)
    with pytest.raises(Refused) as refused:
        waitlist.offer(desk, after, entry.id, SLOT)
    assert "SLOT_PAST" in codes(refused.value)


def test_an_offer_asks_every_rule_of_a_booking(desk: Store) -> None:
    """A license in another state, or a visit that took the time meanwhile."""
    entry = waits(desk)
    with desk.writing(ROSA, "Move to New Jersey") as writer:
        writer.replace(THI, replace(THI, address=Address(state=State.NJ)))
    waitlist.change(desk, ROSA, entry.id, request=replace(REQUEST, formats=BOTH_FORMATS))
    by_video = replace(SLOT, format=Format.TELEHEALTH, site=None, room=None)
    with pytest.raises(Refused) as refused:
        waitlist.offer(desk, ROSA, entry.id, by_video)
    assert codes(refused.value) == {"LIC_NONE"}
    assert waitlist.slot(desk, ROSA, by_video).others[0].verdicts[0].code == "LIC_NONE"
    booking.book(desk, ROSA, replace(PROPOSAL, seats=(replace(PROPOSAL.seats[0], client=JO.id),)))
    with pytest.raises(Refused) as refused:
        waitlist.offer(desk, ROSA, entry.id, SLOT)
    assert "THER_CONFLICT" in codes(refused.value)


def test_staff_book_what_was_accepted(desk: Store) -> None:
    """An offer books nothing; the accepted one is a proposal, and the booking ends the wait but not the record."""
    entry = waits(desk)
    made = waitlist.offer(desk, ROSA, entry.id, SLOT)
    waitlist.answer(desk, ROSA, made.id, OfferState.ACCEPTED)
    with desk.reading() as reader:
        assert reader.count(Visit) == 0
    visit = booking.book(desk, ROSA, waitlist.proposal(desk, ROSA, made.id))
    assert (visit.start, visit.therapist, visit.status) == (TEN, AVA.id, VisitStatus.SCHEDULED)
    with desk.reading() as reader:
        assert reader.get(Offer, made.id).state is OfferState.ACCEPTED
        assert reader.get(Waiting, entry.id).ended is not None


def test_leaving_the_list_frees_what_was_held(desk: Store) -> None:
    """Nobody holds a slot for a client who does not wait."""
    first, second = waits(desk), waits(desk, JO)
    made = waitlist.offer(desk, ROSA, first.id, SLOT)
    waitlist.remove(desk, ROSA, first.id)
    with desk.reading() as reader:
        assert reader.get(Offer, made.id).state is OfferState.WITHDRAWN
    waitlist.offer(desk, ROSA, second.id, SLOT)


def test_the_plan_names_a_therapist_or_a_reason_for_everybody(desk: Store) -> None:
    """With capacities given: one place, so the urgent client gets it."""
    routine, urgent = waits(desk), waits(desk, JO, priority=Urgency.URGENT)
    sheet = waitlist.plan(desk, ROSA, {AVA.id: 1})
    (line,) = sheet.placements
    assert (line.placement.waiting.id, line.therapist, line.client) == (urgent.id, AVA.name.listed, JO.name.listed)
    assert line.placement.opening is not None
    (left,) = sheet.unmet
    assert left.unmet.waiting.id == routine.id
    assert left.unmet.verdicts[0].code == "FULL"
    assert [(name, one.given) for name, one in sheet.rooms] == [(AVA.name.listed, 1)]
    assert sheet.proven


def test_who_is_close_is_known_from_either_record(desk: Store) -> None:
    """Somebody who waits is kept from the therapist of a client whose own record names them."""
    entry = waits(desk)
    partner = Client(
        id=ClientId("partner"),
        name=Name(family="Partner"),
        birth_date=JO.birth_date,
        therapist=AVA.id,
        relations=(Relation(client=THI.id, kind=RelationKind.EX_PARTNER),),
    )
    with desk.writing(ROSA, "Add") as writer:
        writer.add(partner)
    assert [one.verdicts[0].code for one in waitlist.slot(desk, ROSA, SLOT).others] == ["CONFLICT"]
    (line,) = waitlist.plan(desk, ROSA).placements
    assert (line.placement.waiting.id, line.placement.therapist) == (entry.id, BEN.id)


def test_the_demo_practice_has_a_waitlist(shared_demo_store: Store) -> None:
    """Twenty-five who wait; every waitlisted referral among them; a plan that places most and explains the rest."""
    lines = waitlist.entries(shared_demo_store, ROSA)
    assert len(lines) == 25
    with shared_demo_store.reading() as reader:
        listed = {one.id for one in reader.referrals(stages=(Stage.WAITLISTED,))}
    assert listed == {one.waiting.referral for one in lines if one.waiting.referral is not None}
    sheet = waitlist.plan(shared_demo_store, ROSA)
    assert len(sheet.placements) + len(sheet.unmet) == 25
    assert len(sheet.placements) > 12
    assert all(one.reasons for one in sheet.unmet)

"""The waitlist: who waits, whom a free slot suits, what was offered, and a plan for everybody. Staff do the booking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from gettext import gettext as _
from uuid import uuid4

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client
from desktop.clinic.errors import BadInput, Refused
from desktop.clinic.moments import local_date, whole_day
from desktop.clinic.offers import answered, judge_offer, lapsed
from desktop.clinic.people import ClientId, TherapistId
from desktop.clinic.placement import plan as planned
from desktop.clinic.referral import ReferralId, Urgency
from desktop.clinic.requests import Proposal, Request
from desktop.clinic.services import BOTH_FORMATS, Format, Service, ServiceId
from desktop.clinic.slotgate import proposal_for
from desktop.clinic.therapists import Therapist
from desktop.clinic.verdict import Verdict, refusing
from desktop.clinic.visits import Visit, VisitId
from desktop.clinic.waiting import Offer, OfferId, OfferState, Slot, WaitEnd, Waiting, WaitingId
from desktop.clinic.waitlist import people_for, turn
from desktop.office.booking import judged
from desktop.office.rulebook import rulebook
from desktop.office.waitfacts import everything_about, taken_by
from desktop.office.waitlines import (
    PlanSheet,
    SlotSheet,
    WaitLine,
    plan_sheet,
    priority_words,
    slot_sheet,
)
from desktop.office.waits import end, lasting
from desktop.records.store import Reader, Store


def add(
    store: Store,
    actor: Actor,
    client_id: ClientId,
    request: Request,
    *,
    priority: Urgency = Urgency.ROUTINE,
    expires: date | None = None,
    referral: ReferralId | None = None,
) -> Waiting:
    """Put a client on the waitlist; `expires` None means as long as the rulebook says.

    Raises Missing when client or service is not there, BadInput when the client waits for that service already.
    """
    with store.writing(actor, _("Add to waitlist")) as writer:
        writer.get(Client, client_id)
        writer.get(Service, request.service)
        if any(one.request.service == request.service for one in writer.waiting(client=client_id)):
            raise BadInput("service", _("the client waits for this service already; change that entry."))
        entry = Waiting(
            id=WaitingId(str(uuid4())),
            client=client_id,
            request=replace(request, client=client_id),
            priority=priority,
            since=actor.now,
            expires=expires or local_date(actor.now) + lasting(writer, actor),
            referral=referral,
        )
        writer.add(entry)
        return entry


def change(
    store: Store,
    actor: Actor,
    waiting_id: WaitingId,
    *,
    priority: Urgency | None = None,
    request: Request | None = None,
    expires: date | None = None,
) -> Waiting:
    """Give an entry another band, request or last day; None leaves it as it is.

    Raises BadInput when the wait has ended.
    """
    with store.writing(actor, _("Change waitlist entry")) as writer:
        before = _still_waiting(writer, waiting_id)
        after = replace(
            before,
            priority=priority or before.priority,
            request=before.request if request is None else replace(request, client=before.client),
            expires=expires or before.expires,
        )
        writer.replace(before, after)
        return after


def remove(store: Store, actor: Actor, waiting_id: WaitingId) -> Waiting:
    """Take an entry off the waitlist; it stays on record as removed, and slots held for the client become free.

    Raises BadInput when the wait has ended already.
    """
    with store.writing(actor, _("Remove from waitlist")) as writer:
        return end(writer, actor, _still_waiting(writer, waiting_id), WaitEnd.REMOVED)


def expire(store: Store, actor: Actor) -> tuple[Waiting, ...]:
    """End every wait whose last day has passed, and mark offers whose time to answer has run out, in one step."""
    today = local_date(actor.now)
    with store.writing(actor, _("Tidy waitlist")) as writer:
        over = [one for one in writer.waiting() if not one.is_open(today)]
        ended = tuple(end(writer, actor, one, WaitEnd.EXPIRED) for one in over)
        for offer in writer.offers():
            after = lapsed(offer, actor.now)
            if after != offer:
                writer.replace(offer, after)
        return ended


def entries(store: Store, actor: Actor, *, ended: bool = False) -> tuple[WaitLine, ...]:
    """The waitlist by priority band and wait; with `ended` those that have ended too, last."""
    today = local_date(actor.now)
    with store.reading() as reader:
        found = sorted(reader.waiting(ended=ended), key=lambda one: (one.ended is not None, *turn(one)))
        offers = [one for one in reader.offers(start=actor.now) if one.state_at(actor.now).holds]
        names = _names(reader, found)
        services = _services(reader)
        return tuple(
            WaitLine(
                waiting=one,
                client=names[one.client].name.listed,
                service=services.get(one.request.service, ""),
                priority=priority_words(one.priority),
                days=one.days(today if one.ended is None else one.ended.on),
                expired=one.ended is None and not one.is_open(today),
                offers=tuple(each for each in offers if each.waiting == one.id),
            )
            for one in found
        )


def freed(store: Store, actor: Actor, visit_id: VisitId) -> tuple[Slot, ...]:
    """The time of a visit, with the buffer after it, as slots: in person in its room and by telehealth, if hours allow.

    The visit's own format comes first. Raises BadInput while the visit still holds its time.
    """
    del actor
    with store.reading() as reader:
        visit = reader.get(Visit, visit_id)
        if visit.status.holds_time:
            raise BadInput("status", _("this appointment still stands; cancel it first."))
        service = reader.get(Service, visit.service)
        therapist = reader.get(Therapist, visit.therapist)
    end_of = visit.end + timedelta(minutes=service.buffer_after)
    allowed = frozenset(format for hours in therapist.hours for format in hours.formats) or BOTH_FORMATS
    ways = [visit.format, *(one for one in sorted(BOTH_FORMATS & allowed) if one is not visit.format)]
    return tuple(
        Slot(
            therapist=visit.therapist,
            start=visit.start,
            end=end_of,
            format=one,
            site=visit.site if one is Format.IN_PERSON else None,
            room=visit.room if one is Format.IN_PERSON else None,
        )
        for one in ways
        if one is Format.TELEHEALTH or visit.site is not None
    )


def slot(store: Store, actor: Actor, free: Slot) -> SlotSheet:
    """Whom to call about a free slot, best first, and why the others are not called; nothing is offered by it."""
    with store.reading() as reader:
        found = reader.waiting()
        facts = everything_about(reader, found)
        people = people_for(
            free,
            found,
            facts,
            rulebook(reader),
            actor.now,
            offers=reader.offers(),
            taken=taken_by(reader),
            caseloads=reader.caseloads(),
        )
        return slot_sheet(people, facts)


def offer(
    store: Store, actor: Actor, waiting_id: WaitingId, free: Slot, *, held_until: datetime | None = None
) -> Offer:
    """Keep the slot for the client until they answer, at most until it begins; None is as long as the rulebook says.

    Every rule is asked as for a booking. Raises Refused with the verdicts when somebody else holds the slot, the client
    declined it before, or a rule stands against the visit; BadInput when the time to answer lies in the past.
    """
    with store.writing(actor, _("Offer opening")) as writer:
        entry = writer.get(Waiting, waiting_id)
        ledger = writer.offers()
        facts = everything_about(writer, (entry,))
        proposal = proposal_for(entry, free, facts)
        stops = (*judge_offer(entry, free, ledger, actor.now), *_against(writer, actor, proposal))
        if stops:
            raise Refused(stops, stops[0].sentence)
        for one in ledger:
            if one.state is not lapsed(one, actor.now).state and one.slot.overlaps(free):
                writer.replace(one, lapsed(one, actor.now))
        hold = timedelta(hours=rulebook(writer).fact("waitlist.hold_hours", local_date(actor.now)).value)
        until = min(held_until or actor.now + hold, free.start)
        made = Offer(
            id=OfferId(str(uuid4())),
            waiting=entry.id,
            client=entry.client,
            slot=free,
            offered_at=actor.now,
            held_until=until,
        )
        writer.add(made)
        return made


def answer(store: Store, actor: Actor, offer_id: OfferId, state: OfferState) -> Offer:
    """Record that the client accepted or declined, or that the practice withdraws the offer; booking is another step.

    Raises BadInput when it was answered before, or its time to answer has run out and the client wants to accept.
    """
    with store.writing(actor, _("Answer to offer")) as writer:
        before = writer.get(Offer, offer_id)
        after = answered(before, state, actor.now)
        writer.replace(before, after)
        return after


def proposal(store: Store, actor: Actor, offer_id: OfferId) -> Proposal:
    """The visit to book for an accepted offer, ready for `booking.book`."""
    del actor
    with store.reading() as reader:
        made = reader.get(Offer, offer_id)
        entry = reader.get(Waiting, made.waiting)
        return proposal_for(entry, made.slot, everything_about(reader, (entry,)))


def plan(store: Store, actor: Actor, capacities: Mapping[TherapistId, int] | None = None) -> PlanSheet:
    """The best proposal for the whole waitlist; `capacities` None works out who has room."""
    with store.reading() as reader:
        found = reader.waiting()
        facts = everything_about(reader, found)
        proposed = planned(
            found,
            facts,
            rulebook(reader),
            actor.now,
            capacities,
            taken=taken_by(reader, facts, actor.now, _horizon(found, actor)),
            caseloads=reader.caseloads(),
        )
        return plan_sheet(proposed, facts)


def _horizon(found: Sequence[Waiting], actor: Actor) -> datetime:
    """The end of the last day that any entry asks about; capacities look four weeks ahead."""
    today = local_date(actor.now)
    last = max((max(one.request.from_day, today) + timedelta(weeks=one.request.weeks) for one in found), default=today)
    return whole_day(max(last, today + timedelta(weeks=4)))[1]


def _still_waiting(reader: Reader, waiting_id: WaitingId) -> Waiting:
    found = reader.get(Waiting, waiting_id)
    if found.ended is not None:
        raise BadInput("ended", _("this wait has ended; add the client anew."))
    return found


def _against(reader: Reader, actor: Actor, asked: Proposal) -> tuple[Verdict, ...]:
    return refusing(judged(reader, actor, asked))


def _names(reader: Reader, found: Sequence[Waiting]) -> dict[ClientId, Client]:
    return {one.id: one for one in reader.many(Client, {each.client for each in found})}


def _services(reader: Reader) -> dict[ServiceId, str]:
    return {one.id: one.name for one in reader.all(Service)}

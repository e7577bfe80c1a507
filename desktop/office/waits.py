"""What booking and referrals do to the waitlist, within their own tasks: enter a client, end a wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from gettext import gettext as _
from uuid import uuid4

from desktop.clinic.change import Actor
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import local_date
from desktop.clinic.referral import Referral, ReferralId, Stage
from desktop.clinic.visits import Visit
from desktop.clinic.waiting import Ended, OfferState, WaitEnd, Waiting, WaitingId
from desktop.office.rulebook import rulebook
from desktop.records.store import Reader, Writer


def enter_referral(writer: Writer, actor: Actor, referral: Referral) -> Waiting:
    """Put a referral on the waitlist in the priority band of its urgency, unless it is there already.

    Raises BadInput when the referral does not say what is asked for.
    """
    there = writer.waiting(referral=referral.id)
    if there:
        return there[0]
    if referral.request is None:
        raise BadInput("request", _("say first which service the client asks for."))
    entry = Waiting(
        id=WaitingId(str(uuid4())),
        client=referral.client,
        request=referral.request,
        priority=referral.urgency,
        since=actor.now,
        expires=local_date(actor.now) + lasting(writer, actor),
        referral=referral.id,
    )
    writer.add(entry)
    return entry


def lasting(reader: Reader, actor: Actor) -> timedelta:
    """How long a new entry counts."""
    rule = rulebook(reader).fact("waitlist.expires_days", local_date(actor.now))
    return timedelta(days=rule.value)


def follow(writer: Writer, actor: Actor, referral: Referral) -> None:
    """Keep the waitlist in step with a referral that has moved: on it when waitlisted, off it when booked or ended."""
    if referral.stage is Stage.WAITLISTED:
        enter_referral(writer, actor, referral)
    elif referral.stage is Stage.BOOKED or not referral.stage.is_open:
        how = WaitEnd.BOOKED if referral.stage is Stage.BOOKED else WaitEnd.REMOVED
        for entry in writer.waiting(referral=referral.id):
            end(writer, actor, entry, how)


def settle(writer: Writer, actor: Actor, visit: Visit, referral: ReferralId | None = None) -> None:
    """End the waits that a booked visit answers: of its clients, for its service or by its referral."""
    for client in visit.clients:
        for entry in writer.waiting(client=client):
            if entry.request.service == visit.service or (referral is not None and entry.referral == referral):
                end(writer, actor, entry, WaitEnd.BOOKED)


def end(writer: Writer, actor: Actor, entry: Waiting, how: WaitEnd) -> Waiting:
    """End a wait; slots that are still held for the client become free."""
    after = replace(entry, ended=Ended(on=local_date(actor.now), how=how))
    writer.replace(entry, after)
    for offer in writer.offers(waiting=entry.id):
        if offer.state is OfferState.HELD or (offer.state is OfferState.ACCEPTED and how is not WaitEnd.BOOKED):
            lapsed = offer.state_at(actor.now) is OfferState.EXPIRED
            writer.replace(offer, replace(offer, state=OfferState.EXPIRED if lapsed else OfferState.WITHDRAWN))
    return after

"""The ledger of offers: a slot has one holder at most, a declined one does not come back, an unanswered one lapses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from desktop.clinic.eligibility import block
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import local_date
from desktop.clinic.people import ClientId
from desktop.clinic.phrases import shown
from desktop.clinic.phrases import translated as _
from desktop.clinic.spoken import short_moment
from desktop.clinic.verdict import Verdict
from desktop.clinic.waiting import Offer, OfferState, Slot, Waiting

_ANSWERS = frozenset({OfferState.ACCEPTED, OfferState.DECLINED, OfferState.WITHDRAWN})


def holder(slot: Slot, offers: Iterable[Offer], now: datetime) -> Offer | None:
    """The offer that keeps the slot, or any of its therapist's or room's time, at that instant; None when it is free."""
    return next((one for one in offers if one.state_at(now).holds and one.slot.overlaps(slot)), None)


def has_declined(client: ClientId, slot: Slot, offers: Iterable[Offer]) -> bool:
    """Whether the client has said no to this therapist at this time."""
    return any(
        one.state is OfferState.DECLINED
        and one.client == client
        and one.slot.therapist == slot.therapist
        and one.slot.start == slot.start
        for one in offers
    )


def judge_offer(waiting: Waiting, slot: Slot, offers: Iterable[Offer], now: datetime) -> tuple[Verdict, ...]:
    """Why the slot cannot be offered to the client now; nothing when it can, as far as the ledger goes."""
    ledger = tuple(offers)
    return (*judge_entry(waiting, now), *judge_slot(slot, ledger, now), *judge_answers(waiting, slot, ledger))


def judge_entry(waiting: Waiting, now: datetime) -> tuple[Verdict, ...]:
    """The verdict that the client does not wait any longer."""
    if waiting.ended is not None:
        text = _("The wait ended on {day}.").format(day=shown(waiting.ended.on))
        return (block("WAIT_ENDED", text, how=waiting.ended.how.value),)
    if not waiting.is_open(local_date(now)) and waiting.expires is not None:
        text = _("The waitlist entry ran out on {day}; renew it first.").format(day=shown(waiting.expires))
        return (block("WAIT_EXPIRED", text, expires=waiting.expires.isoformat()),)
    return ()


def judge_slot(slot: Slot, offers: Iterable[Offer], now: datetime) -> tuple[Verdict, ...]:
    """The verdicts on the slot itself: it has passed, or somebody holds it."""
    if slot.start <= now:
        return (block("SLOT_PAST", _("{moment} has already passed.").format(moment=short_moment(slot.start))),)
    held = holder(slot, offers, now)
    if held is None:
        return ()
    if held.state is OfferState.ACCEPTED:
        text = _("Somebody has accepted this time; book it, or withdraw the offer.")
        return (block("OFFER_HELD", text, offer=held.id),)
    text = _("This time is on offer to somebody until {moment}.").format(moment=short_moment(held.held_until))
    return (block("OFFER_HELD", text, offer=held.id, held_until=held.held_until.isoformat()),)


def judge_answers(waiting: Waiting, slot: Slot, offers: Iterable[Offer]) -> tuple[Verdict, ...]:
    """The verdict that the client has said no to this slot already."""
    if not has_declined(waiting.client, slot, offers):
        return ()
    return (block("OFFER_DECLINED", _("The client has declined this time before.")),)


def answered(offer: Offer, answer: OfferState, now: datetime) -> Offer:
    """The offer with its answer: accepted, declined, or withdrawn by the practice.

    An accepted offer may still be declined or withdrawn. Raises BadInput for any other state, for an offer that was
    answered or withdrawn before, and for accepting once the time to answer has run out.
    """
    if answer not in _ANSWERS:
        raise BadInput("state", _("choose accepted, declined or withdrawn."))
    if not offer.state.holds or answer is offer.state:
        raise BadInput("state", _("this offer was answered already; make a new one."))
    if answer is OfferState.ACCEPTED and offer.state_at(now) is OfferState.EXPIRED:
        raise BadInput("held_until", _("the time to answer has run out; make the offer anew if the time is free."))
    return replace(offer, state=answer)


def lapsed(offer: Offer, now: datetime) -> Offer:
    """The same offer, marked expired when its time to answer has run out."""
    return replace(offer, state=offer.state_at(now))

"""The waitlist in words: entries, calls to make about a slot, and a plan, as lists and screens show them."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _

from desktop.clinic.clients import Client
from desktop.clinic.facts import Facts
from desktop.clinic.people import Phone
from desktop.clinic.placement import Placement, Plan, Room, Unmet
from desktop.clinic.referral import Urgency
from desktop.clinic.spoken import short_moment
from desktop.clinic.verdict import Verdict
from desktop.clinic.waiting import Offer, Slot, Waiting
from desktop.clinic.waitlist import Fit, People


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitLine:
    """An entry with the words that a list shows; `offers` are those that keep a slot for the client now."""

    waiting: Waiting
    client: str
    service: str
    priority: str
    days: int
    expired: bool
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """A client to call about a slot: who, where to reach them, why they fit, and what to say."""

    fit: Fit
    client: str
    called: str
    phones: tuple[Phone, ...]
    reasons: tuple[str, ...]
    script: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLine:
    """A waiting client whom the slot does not suit, and every reason found."""

    waiting: Waiting
    client: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotSheet:
    """The waitlist for one slot: whom to call in this order, who does not fit, and why nobody may be called at all."""

    slot: Slot
    words: str
    calls: tuple[CallLine, ...]
    others: tuple[OtherLine, ...]
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementLine:
    """One client of the plan with the therapist proposed, in words."""

    placement: Placement
    client: str
    service: str
    therapist: str
    opening: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmetLine:
    """One client for whom the plan has nobody, and why."""

    unmet: Unmet
    client: str
    service: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSheet:
    """A proposal for the whole waitlist; nothing is booked or offered by it."""

    placements: tuple[PlacementLine, ...]
    unmet: tuple[UnmetLine, ...]
    rooms: tuple[tuple[str, Room], ...]
    proven: bool


def priority_words(priority: Urgency) -> str:
    """The priority band as a list shows it."""
    return {Urgency.URGENT: _("Urgent"), Urgency.SOON: _("Soon"), Urgency.ROUTINE: _("Routine")}[priority]


def slot_words(free: Slot, facts: Facts) -> str:
    """The slot in one line: when, with whom, and how."""
    place = _("by video") if free.site is None else _("in person, {site}").format(site=facts.site(free.site).name)
    return _("{moment} with {therapist}, {place}").format(
        moment=short_moment(free.start), therapist=facts.therapist(free.therapist).name.full, place=place
    )


def slot_sheet(people: People, facts: Facts) -> SlotSheet:
    """The waitlist for a slot, with the names that the facts hold."""
    words = slot_words(people.slot, facts)
    return SlotSheet(
        slot=people.slot,
        words=words,
        calls=tuple(_call(one, facts.client(one.waiting.client), words) for one in people.fits),
        others=tuple(
            OtherLine(waiting=one.waiting, client=facts.client(one.waiting.client).name.listed, verdicts=one.verdicts)
            for one in people.others
        ),
        verdicts=people.verdicts,
    )


def _call(fit: Fit, client: Client, words: str) -> CallLine:
    script = _("Ask for {name}. “We have an opening: {slot}. Would you like us to keep it for you?”")
    return CallLine(
        fit=fit,
        client=client.name.listed,
        called=client.called,
        phones=client.phones,
        reasons=tuple(one.sentence for one in fit.criteria),
        script=script.format(name=client.called, slot=words),
    )


def plan_sheet(proposed: Plan, facts: Facts) -> PlanSheet:
    """The plan with the names that the facts hold."""
    return PlanSheet(
        placements=tuple(_placed(one, facts) for one in proposed.placements),
        unmet=tuple(
            UnmetLine(
                unmet=one,
                client=facts.client(one.waiting.client).name.listed,
                service=facts.service(one.waiting.request.service).name,
                reasons=tuple(each.sentence for each in one.verdicts),
            )
            for one in proposed.unmet
        ),
        rooms=tuple((facts.therapist(one.therapist).name.listed, one) for one in proposed.rooms if one.capacity),
        proven=proposed.proven,
    )


def _placed(one: Placement, facts: Facts) -> PlacementLine:
    return PlacementLine(
        placement=one,
        client=facts.client(one.waiting.client).name.listed,
        service=facts.service(one.waiting.request.service).name,
        therapist=facts.therapist(one.therapist).name.listed,
        opening=_("ask for a time") if one.opening is None else short_moment(one.opening.start),
        reasons=tuple(each.sentence for each in one.criteria),
    )

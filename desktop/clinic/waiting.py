"""The waitlist's entries and the offers made from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from gettext import gettext as _
from typing import Annotated, NewType

from desktop.clinic.errors import BadInput
from desktop.clinic.moments import aware, local_date
from desktop.clinic.people import ClientId, TherapistId
from desktop.clinic.practice import RoomId, SiteId
from desktop.clinic.referral import ReferralId, Urgency
from desktop.clinic.requests import Request
from desktop.clinic.services import Format

WaitingId = NewType("WaitingId", str)
OfferId = NewType("OfferId", str)


class WaitEnd(StrEnum):
    """How a wait ended: with a visit, because somebody took the client off the list, or by its own last day."""

    BOOKED = "booked"
    REMOVED = "removed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """When and how a wait ended."""

    on: date
    how: WaitEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A client who waits for a service; an ended entry stays on record, so that waits can be counted."""

    id: WaitingId
    client: ClientId
    request: Annotated[Request, "what is waited for; the entry's client counts, whomever the request names"]
    priority: Annotated[Urgency, "the band: urgent before soon before routine"] = Urgency.ROUTINE
    since: Annotated[datetime, "when the wait began"]
    expires: Annotated[date | None, "the last day on which the entry counts, inclusive; none: no end"] = None
    referral: ReferralId | None = None
    ended: Annotated[Ended | None, "none: still waiting"] = None

    def __post_init__(self) -> None:
        """Refuse a naive beginning, and an entry that ends before it begins."""
        aware("since", self.since)
        if self.expires is not None and self.expires < local_date(self.since):
            raise BadInput("expires", _("the last day must not lie before the wait begins."))

    @property
    def asked(self) -> Request:
        """The request, of the entry's own client."""
        return self.request if self.request.client == self.client else replace(self.request, client=self.client)

    def is_open(self, today: date) -> bool:
        """Whether the client still waits on that day in New York."""
        return self.ended is None and (self.expires is None or today <= self.expires)

    def days(self, today: date) -> int:
        """Days waited until that day in New York."""
        return max(0, (today - local_date(self.since)).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A therapist's free time that can be offered, in one format; a visit in person takes place at a site."""

    therapist: TherapistId
    start: datetime
    end: datetime
    format: Format
    site: SiteId | None = None
    room: RoomId | None = None

    def __post_init__(self) -> None:
        """Refuse naive moments, an end before the start, and time in person without a site."""
        if aware("start", self.start) >= aware("end", self.end):
            raise BadInput("end", _("the slot must end after it starts."))
        if self.format is Format.IN_PERSON and self.site is None:
            raise BadInput("site", _("time in person needs a site."))

    def overlaps(self, other: Slot) -> bool:
        """Whether the two take the same therapist or the same room at the same time."""
        shared = self.therapist == other.therapist or (self.room is not None and self.room == other.room)
        return shared and self.start < other.end and other.start < self.end


class OfferState(StrEnum):
    """Where an offer stands; held and accepted ones keep their slot."""

    HELD = "held"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"

    @property
    def holds(self) -> bool:
        """Whether nobody else may be offered the slot."""
        return self in (OfferState.HELD, OfferState.ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A slot kept for one waiting client until they answer or the time to answer runs out; never a booking."""

    id: OfferId
    waiting: WaitingId
    client: ClientId
    slot: Slot
    offered_at: datetime
    held_until: Annotated[datetime, "exclusive; from then on the slot is free again"]
    state: OfferState = OfferState.HELD

    def __post_init__(self) -> None:
        """Refuse naive moments, and an offer that runs out before it is made."""
        if aware("offered_at", self.offered_at) >= aware("held_until", self.held_until):
            raise BadInput("held_until", _("the time to answer must end after the offer is made."))

    def state_at(self, now: datetime) -> OfferState:
        """Where the offer stands at that instant: held is expired once the time to answer has run out."""
        lapsed = self.state is OfferState.HELD and now >= self.held_until
        return OfferState.EXPIRED if lapsed else self.state

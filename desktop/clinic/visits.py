"""Visits: who meets whom, when, where, in which format, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from gettext import gettext as _
from typing import Annotated, NewType

from desktop.clinic.errors import BadInput
from desktop.clinic.moments import PRACTICE_ZONE, aware
from desktop.clinic.people import ClientId, State, TherapistId
from desktop.clinic.practice import GroupId, RoomId, SiteId
from desktop.clinic.services import Format, ServiceId

VisitId = NewType("VisitId", str)


class VisitStatus(StrEnum):
    """What became of a visit; visits are never deleted."""

    HOLD = "hold"
    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    LATE_CANCEL = "late_cancel"
    CANCELED = "canceled"
    BOOKED_IN_ERROR = "booked_in_error"

    @property
    def holds_time(self) -> bool:
        """Whether therapist, room and client are taken for it."""
        return self not in _FREE


_FREE = frozenset({VisitStatus.LATE_CANCEL, VisitStatus.CANCELED, VisitStatus.BOOKED_IN_ERROR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A client's part in a visit: where their body is expected to be, and where it was."""

    client: ClientId
    expected_state: Annotated[
        State | None, "for telehealth: the state where the client will sit; in person the site's state counts"
    ] = None
    actual_state: Annotated[State | None, "attested at check-in"] = None
    attended: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """Who canceled a visit, when and why."""

    by: Annotated[str, "client, therapist or practice"]
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escort:
    """The responsible adult who takes a client home after dosing."""

    name: str
    phone: str = ""
    pickup_attested: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A warning or hold that somebody took responsibility for: which reason code, who, when and why."""

    code: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One appointment; every occurrence of a series is a visit of its own."""

    id: VisitId
    uid: Annotated[str, "random, the same for ever; empty: made from the id when stored"] = ""
    service: ServiceId
    therapist: TherapistId
    co_leaders: tuple[TherapistId, ...] = ()
    supervisor: Annotated[TherapistId | None, "booked in the room as well"] = None
    seats: tuple[Seat, ...]
    format: Format
    site: SiteId | None = None
    room: RoomId | None = None
    seat_state: Annotated[State | None, "where the therapist sits for telehealth; none: the therapist's usual seat"] = (
        None
    )
    start: datetime
    end: datetime
    zone: Annotated[str, "the wall clock that the visit was planned on"] = PRACTICE_ZONE
    status: VisitStatus = VisitStatus.SCHEDULED
    cancellation: Cancellation | None = None
    sequence: Annotated[int, "rises with every change that a calendar must see (RFC 5545 section 3.8.7.4)"] = 0
    changed_at: datetime | None = None
    group: GroupId | None = None
    series: str | None = None
    overrides: tuple[Override, ...] = ()
    escort: Escort | None = None
    medication_attested: Annotated[bool, "the client attests that the medication in hand is their own prescription"] = (
        False
    )

    def __post_init__(self) -> None:
        """Refuse naive moments, an end before the start, an in-person visit without a site, a visit without a client."""
        if aware("start", self.start) >= aware("end", self.end):
            raise BadInput("end", _("the visit must end after it starts."))
        if self.format is Format.IN_PERSON and self.site is None:
            raise BadInput("site", _("an in-person visit needs a site."))

    @property
    def clients(self) -> tuple[ClientId, ...]:
        """The clients who take part."""
        return tuple(seat.client for seat in self.seats)

    @property
    def therapists(self) -> tuple[TherapistId, ...]:
        """Everyone of the staff whose time it takes: therapist, co-leaders, supervisor in the room."""
        supervisor = () if self.supervisor is None else (self.supervisor,)
        return (self.therapist, *self.co_leaders, *supervisor)

"""What is asked of the rules: one proposed visit, or one request for a therapist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from gettext import gettext as _
from typing import Annotated

from desktop.clinic.errors import BadInput
from desktop.clinic.moments import Window, aware, usual
from desktop.clinic.people import ClientId, State, TherapistId
from desktop.clinic.practice import GroupId, RoomId, SiteId
from desktop.clinic.services import BOTH_FORMATS, Format, Level, Modality, ServiceId
from desktop.clinic.visits import Escort, Seat, Visit, VisitId


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A visit that somebody would like to book, before any rule has been asked."""

    service: ServiceId
    therapist: TherapistId
    co_leaders: tuple[TherapistId, ...] = ()
    supervisor: Annotated[TherapistId | None, "who will be in the room as well"] = None
    seats: tuple[Seat, ...]
    format: Format
    site: SiteId | None = None
    room: RoomId | None = None
    seat_state: Annotated[
        State | None, "where the therapist will sit for telehealth; none: the therapist's usual seat"
    ] = None
    start: Annotated[datetime, "with the UTC offset, for example 2026-12-03T15:00:00-05:00"]
    minutes: Annotated[int | None, "none: the service's length"] = None
    group: GroupId | None = None
    escort: Escort | None = None
    medication_attested: bool = False
    moves: Annotated[VisitId | None, "the visit that this one replaces"] = None

    def __post_init__(self) -> None:
        """Refuse a naive start, no length, nobody to see, and an in-person visit without a site."""
        aware("start", self.start)
        if self.minutes is not None and self.minutes <= 0:
            raise BadInput("minutes", _("the visit must last at least a minute."))
        if not self.seats:
            raise BadInput("seats", _("name at least one client."))
        if self.format is Format.IN_PERSON and self.site is None:
            raise BadInput("site", _("an in-person visit needs a site."))

    def end(self, service_minutes: int) -> datetime:
        """The instant at which it ends."""
        return self.start + timedelta(minutes=self.minutes or service_minutes)


def proposal_of(visit: Visit) -> Proposal:
    """The visit as a proposal, ready to be judged anew or moved."""
    return Proposal(
        service=visit.service,
        therapist=visit.therapist,
        co_leaders=visit.co_leaders,
        supervisor=visit.supervisor,
        seats=visit.seats,
        format=visit.format,
        site=visit.site,
        room=visit.room,
        seat_state=visit.seat_state,
        start=visit.start,
        minutes=int((visit.end - visit.start) / timedelta(minutes=1)),
        group=visit.group,
        escort=visit.escort,
        medication_attested=visit.medication_attested,
        moves=visit.id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client asks for; the matching answers it for every therapist."""

    client: Annotated[
        ClientId | None, "none: only the request itself is judged (no age, consent or conflict of interest)"
    ] = None
    service: ServiceId
    modality: Annotated[Modality | None, "none: the service's own, if it has one"] = None
    level: Annotated[
        Level | None, "the lowest level asked for; none: the service's, at least trained when a modality is asked"
    ] = None
    scope: Annotated[frozenset[str], "scope flags asked for; comprehensive for comprehensive DBT"] = frozenset()
    formats: Annotated[frozenset[Format], "the formats that suit the client"] = BOTH_FORMATS
    site: Annotated[SiteId | None, "the site wanted for in-person visits; none: any"] = None
    state: Annotated[State | None, "where the client will sit for telehealth"] = None
    from_day: date
    weeks: Annotated[int, "how far to look for openings"] = 8
    windows: Annotated[tuple[Window, ...], "times that suit; empty: the client's own windows, if any"] = ()
    payer: Annotated[str, "lower case; empty: the client's coverage, or self-pay"] = ""
    language: Annotated[str, "ISO 639 code; empty: the client's preferred one"] = ""
    specialties: frozenset[str] = frozenset()
    gender: Annotated[str, "preference only, never a hard rule"] = ""
    therapist: Annotated[TherapistId | None, "asked for by name; preference only"] = None
    independent: Annotated[bool, "only therapists who practice without supervision"] = False

    def __post_init__(self) -> None:
        """Refuse a request for no format and for no time."""
        usual("from_day", self.from_day)
        if not self.formats:
            raise BadInput("formats", _("choose in person, telehealth or both."))
        if not 1 <= self.weeks <= 52:
            raise BadInput("weeks", _("look between 1 and 52 weeks ahead."))

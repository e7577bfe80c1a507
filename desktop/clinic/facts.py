"""Everything the rules may look at, in one value; also the shape of a clinic's JSON file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from gettext import gettext as _
from operator import attrgetter
from typing import Annotated, TypeVar

from desktop.clinic.clients import Client
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import aware
from desktop.clinic.pathway import Pathway
from desktop.clinic.people import ClientId, Referrer, ReferrerId, TherapistId
from desktop.clinic.practice import Group, GroupId, Practice, Room, RoomId, Site, SiteId
from desktop.clinic.referral import Referral, ReferralId
from desktop.clinic.requests import Proposal, Request
from desktop.clinic.rulebook import Fact
from desktop.clinic.services import Service, ServiceId
from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import Visit, VisitId
from desktop.clinic.waiting import Offer, Waiting

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A practice, its people, its referrals and visits; and, for `check` and `match`, the question that is asked."""

    practice: Practice = Practice(name="")
    sites: tuple[Site, ...] = ()
    rooms: tuple[Room, ...] = ()
    services: tuple[Service, ...] = ()
    groups: tuple[Group, ...] = ()
    therapists: tuple[Therapist, ...] = ()
    clients: tuple[Client, ...] = ()
    referrers: tuple[Referrer, ...] = ()
    referrals: tuple[Referral, ...] = ()
    visits: tuple[Visit, ...] = ()
    pathways: tuple[Pathway, ...] = ()
    waiting: Annotated[tuple[Waiting, ...], "the waitlist, ended entries included"] = ()
    offers: Annotated[tuple[Offer, ...], "slots offered to waiting clients, and their answers"] = ()
    rules: Annotated[tuple[Fact, ...], "the practice's own entries on top of the rulebook"] = ()
    now: Annotated[datetime | None, "the instant at which the question is asked; none: the computer's clock"] = None
    proposal: Annotated[Proposal | None, "for `check`: the visit to judge"] = None
    request: Annotated[Request | None, "for `match`: what the client asks for"] = None

    def __post_init__(self) -> None:
        """Refuse a naive now."""
        if self.now is not None:
            aware("now", self.now)

    def site(self, key: SiteId) -> Site:
        """The site of that id; BadInput when it is not in the file."""
        return _one(self._sites, "site", key)

    def room(self, key: RoomId) -> Room:
        """The room of that id; BadInput when it is not in the file."""
        return _one(self._rooms, "room", key)

    def service(self, key: ServiceId) -> Service:
        """The service of that id; BadInput when it is not in the file."""
        return _one(self._services, "service", key)

    def group(self, key: GroupId) -> Group:
        """The group of that id; BadInput when it is not in the file."""
        return _one(self._groups, "group", key)

    def therapist(self, key: TherapistId) -> Therapist:
        """The therapist of that id; BadInput when they are not in the file."""
        return _one(self._therapists, "therapist", key)

    def client(self, key: ClientId) -> Client:
        """The client of that id; BadInput when they are not in the file."""
        return _one(self._clients, "client", key)

    def referrer(self, key: ReferrerId) -> Referrer:
        """The referrer of that id; BadInput when they are not in the file."""
        return _one(self._referrers, "referrer", key)

    def referral(self, key: ReferralId) -> Referral:
        """The referral of that id; BadInput when it is not in the file."""
        return _one(self._referrals, "referral", key)

    def visit(self, key: VisitId) -> Visit:
        """The visit of that id; BadInput when it is not in the file."""
        return _one(self._visits, "visit", key)

    @cached_property
    def calendar(self) -> dict[str, list[Visit]]:
        """The visits that hold their time, by the id of each therapist, room and client they take, in order of time."""
        found: dict[str, list[Visit]] = {}
        for visit in sorted(_held(self.visits), key=attrgetter("start")):
            for therapist in visit.therapists:
                found.setdefault(therapist, []).append(visit)
            if visit.room is not None:
                found.setdefault(visit.room, []).append(visit)
            for seat in visit.seats:
                found.setdefault(seat.client, []).append(visit)
        return found

    @cached_property
    def naming(self) -> dict[ClientId, frozenset[ClientId]]:
        """Whose records say that they are close to a client, by that client."""
        found: dict[ClientId, set[ClientId]] = {}
        for one in self.clients:
            for other in one.relations:
                found.setdefault(other.client, set()).add(one.id)
        return {key: frozenset(some) for key, some in found.items()}

    @cached_property
    def longest_visit(self) -> timedelta:
        """How long the longest visit lasts; nothing when there is none."""
        return max((visit.end - visit.start for visit in self.visits), default=timedelta())

    @cached_property
    def _sites(self) -> dict[SiteId, Site]:
        return {one.id: one for one in self.sites}

    @cached_property
    def _rooms(self) -> dict[RoomId, Room]:
        return {one.id: one for one in self.rooms}

    @cached_property
    def _services(self) -> dict[ServiceId, Service]:
        return {one.id: one for one in self.services}

    @cached_property
    def _groups(self) -> dict[GroupId, Group]:
        return {one.id: one for one in self.groups}

    @cached_property
    def _therapists(self) -> dict[TherapistId, Therapist]:
        return {one.id: one for one in self.therapists}

    @cached_property
    def _clients(self) -> dict[ClientId, Client]:
        return {one.id: one for one in self.clients}

    @cached_property
    def _referrers(self) -> dict[ReferrerId, Referrer]:
        return {one.id: one for one in self.referrers}

    @cached_property
    def _referrals(self) -> dict[ReferralId, Referral]:
        return {one.id: one for one in self.referrals}

    @cached_property
    def _visits(self) -> dict[VisitId, Visit]:
        return {one.id: one for one in self.visits}

    @cached_property
    def caseloads(self) -> dict[TherapistId, int]:
        """Active clients per therapist, those outside this file included."""
        counts = {one.id: one.caseload_elsewhere for one in self.therapists}
        for client in _active(self.clients):
            if client.therapist in counts:
                counts[client.therapist] += 1
        return counts


def _active(clients: Iterable[Client]) -> Iterable[Client]:
    return (client for client in clients if client.status == "active")


def _held(visits: Iterable[Visit]) -> Iterable[Visit]:
    return (visit for visit in visits if visit.status.holds_time)


def _one(found: dict[K, T], field: str, key: K) -> T:
    if key not in found:
        raise BadInput(field, _("there is no {field} with the id {key} in the file.").format(field=field, key=key))
    return found[key]

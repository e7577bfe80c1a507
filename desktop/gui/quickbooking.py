"""The presenter of quick booking: finds clients, free rooms and verdicts, and books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from gettext import gettext as _
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from desktop.clinic.change import Actor
from desktop.clinic.clients import Client, ClientStatus
from desktop.clinic.errors import BadInput, ClinicError, Refused
from desktop.clinic.moments import local
from desktop.clinic.people import State, TherapistId
from desktop.clinic.practice import Room, Site, SiteId
from desktop.clinic.requests import Proposal
from desktop.clinic.schedule import room_features
from desktop.clinic.services import BOTH_FORMATS, Format, Service, ServiceKind
from desktop.clinic.therapists import Therapist
from desktop.clinic.verdict import Outcome, Verdict
from desktop.clinic.visits import Seat, Visit, VisitId
from desktop.gui import words
from desktop.gui.desk import Desk
from desktop.gui.quickbook import QuickBook, Wished
from desktop.gui.widgets.daygrid import Slot

if TYPE_CHECKING:
    from desktop.records.store import ClientLine, Reader, Store

_FOUND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What can be chosen at a slot."""

    therapist: Therapist
    services: tuple[Service, ...]
    sites: tuple[Site, ...]
    site: SiteId | None
    formats: frozenset[Format]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The proposal as it would be booked, what the rules say of it, and the rooms that are free then."""

    proposal: Proposal | None
    verdicts: tuple[Verdict, ...]
    rooms: tuple[Room, ...]
    state: State | None


class QuickBooking(QObject):
    """Runs one QuickBook; `booked` carries the Visit."""

    booked = Signal(object)

    def __init__(self, view: QuickBook, desk: Desk, slot: Slot, letters: str = "") -> None:
        """`letters` were typed on the slot already.

        Raises BadInput when the clocks skip that time.
        """
        super().__init__(view)
        self._view, self._desk = view, desk
        self._therapist, self._start = slot.therapist, slot.start
        self._offered: Offered | None = None
        self._judged: Judged | None = None
        self._client = ""
        self._state_chosen = self._service_chosen = False
        self._id = VisitId(str(uuid4()))
        view.typed.connect(self._find)
        view.changed.connect(self._changed)
        view.book_asked.connect(self._book)
        view.state.activated.connect(self._choose_state)
        view.service.activated.connect(self._choose_service)
        view.show_state(None)
        therapist, start = self._therapist, self._start
        desk.ask(lambda store: offered(store, therapist, start), self._offer, key="quickbook-offered")
        if letters:
            view.clients.box.setText(letters)
            self._find(letters)

    def _choose_state(self) -> None:
        self._state_chosen = True
        self._changed()

    def _offer(self, found: Offered) -> None:
        self._offered = found
        wall = local(self._start)
        self._view.show_slot(
            f"{words.long_day(wall.date())}, {words.clock(self._start)}",
            f"{found.therapist.name.full}, {found.therapist.credentials}".rstrip(", "),
        )
        self._view.show_services(found.services, _usual(found.services))
        self._changed()

    def _find(self, letters: str) -> None:
        self._desk.ask(lambda store: _matching(store, letters), self._view.clients.show_lines, key="quickbook-clients")

    def _changed(self) -> None:
        offer, wished = self._offered, self._view.wished
        if offer is None:
            return
        if wished.client is not None and wished.client.id != self._client:
            self._client = wished.client.id
            if not self._service_chosen:
                client, services = wished.client, offer.services
                self._desk.ask(lambda store: habit(store, client, services), self._habit, key="quickbook-habit")
        wished = self._view.wished
        if wished.service is not None:
            formats = [one for one in Format if one in wished.service.formats & offer.formats]
            self._view.show_formats(formats or [one for one in Format if one in wished.service.formats])
        wished, actor, start = self._view.wished, self._desk.actor, self._start
        if not self._state_chosen:
            wished = replace(wished, state=None)
        self._judged = None
        if wished.client is None or wished.service is None:
            self._view.show_verdicts(None)
            return
        self._desk.ask(
            lambda store: judged(store, actor, offer, wished, start),
            self._answer,
            key="quickbook-judged",
            failed=self._wrong,
        )

    def _habit(self, service: Service | None) -> None:
        if self._offered is not None and not self._service_chosen:
            self._view.show_services(self._offered.services, service or _usual(self._offered.services))
            self._changed()

    def _choose_service(self) -> None:
        self._service_chosen = True
        self._changed()

    def _answer(self, found: Judged) -> None:
        self._judged = found
        offer = self._offered
        if offer is not None:
            room = found.proposal.room if found.proposal is not None else None
            chosen = next((one for one in found.rooms if one.id == room), None)
            self._view.show_rooms(found.rooms, {one.id: one for one in offer.sites}, chosen)
        if not self._state_chosen:
            self._view.show_state(found.state)
        self._view.show_verdicts(found.verdicts)

    def _book(self, reason: str) -> None:
        found = self._judged
        if found is None or found.proposal is None:
            return
        proposal, visit_id = found.proposal, self._id
        soft = any(one.outcome is Outcome.WARN for one in found.verdicts)
        kept = reason or (_("Confirmed at the front desk") if soft else "")

        def task(store: Store, actor: Actor) -> Visit:
            from desktop.office import booking

            return booking.book(store, actor, proposal, visit_id=visit_id, reason=kept)

        self._view.go.setEnabled(False)
        self._desk.do(_("Book appointment"), task, self._done, failed=self._wrong)

    def _done(self, visit: Visit) -> None:
        self._desk.tell(_("Booked {when}.").format(when=words.moment(visit.start)))
        self.booked.emit(visit)
        self._view.close()

    def _wrong(self, error: ClinicError) -> None:
        if isinstance(error, Refused):
            self._view.show_verdicts(tuple(one for one in error.verdicts if isinstance(one, Verdict)))
        else:
            self._view.show_verdicts((Verdict(outcome=Outcome.BLOCK, code="INPUT", sentence=error.sentence),))


def offered(store: Store, therapist_id: TherapistId, start: datetime) -> Offered:
    """What can be chosen at that slot: services in use, sites, and where the therapist sits then."""
    with store.reading() as reader:
        therapist = reader.get(Therapist, therapist_id)
        wall = local(start)
        shift = next(
            (
                one
                for one in therapist.hours
                if one.window.day.number == wall.weekday()
                and one.window.start <= wall.time() < one.window.end
                and (one.valid_from is None or one.valid_from <= wall.date())
                and (one.valid_to is None or wall.date() <= one.valid_to)
            ),
            None,
        )
        return Offered(
            therapist=therapist,
            services=tuple(one for one in reader.all(Service) if not one.retired and one.kind is not ServiceKind.GROUP),
            sites=tuple(one for one in reader.all(Site) if not one.retired),
            site=shift.site if shift is not None else None,
            formats=shift.formats if shift is not None else BOTH_FORMATS,
        )


def habit(store: Store, client: ClientLine, services: Sequence[Service]) -> Service | None:
    """What this client usually comes for: an intake when new, else the service of the latest visit that still is offered."""
    if client.status is ClientStatus.PROSPECTIVE:
        return next((one for one in services if one.kind is ServiceKind.INTAKE), None)
    offered_ids = {one.id: one for one in services}
    with store.reading() as reader:
        visits = reader.visits_of(client.id)
    return next((offered_ids[one.service] for one in reversed(visits) if one.service in offered_ids), None)


def _usual(services: Sequence[Service]) -> Service | None:
    plain = [one for one in services if one.kind is ServiceKind.INDIVIDUAL and one.modality is None and not one.scope]
    return min(plain, key=lambda one: ("individual" not in one.name.casefold(), one.name), default=None)


def judged(store: Store, actor: Actor, offer: Offered, wished: Wished, start: datetime) -> Judged:
    """What the rules say of the wish, in the wished room or the first free one.

    Raises Missing when the client was removed in the meantime.
    """
    from desktop.office import booking

    line, service = wished.client, wished.service
    if line is None or service is None:
        raise BadInput("client", _("choose a client."))
    with store.reading() as reader:
        client = reader.get(Client, line.id)
        rooms = free_rooms(reader, service, start) if wished.format is Format.IN_PERSON else ()
        ordered = sorted(rooms, key=lambda one: (one.site != offer.site, len(one.features), one.name))
        room = next((one for one in ordered if wished.room is not None and one.id == wished.room.id), None)
        room = room or next(iter(ordered), None)
        site = room.site if room is not None else offer.site or (offer.sites[0].id if offer.sites else None)
        state = wished.state or client.address.state
        proposal = Proposal(
            service=service.id,
            therapist=offer.therapist.id,
            seats=(Seat(client=client.id, expected_state=state if wished.format is Format.TELEHEALTH else None),),
            format=wished.format,
            site=site if wished.format is Format.IN_PERSON else None,
            room=room.id if room is not None else None,
            start=start,
        )
        verdicts = booking.judged(reader, actor, proposal)
    return Judged(proposal=proposal, verdicts=verdicts, rooms=tuple(ordered), state=state)


def free_rooms(reader: Reader, service: Service, start: datetime) -> tuple[Room, ...]:
    """The rooms in use that have what the service needs and are free for it then, buffers kept."""
    begin = start - timedelta(minutes=service.buffer_before)
    end = start + timedelta(minutes=service.minutes + service.buffer_after)
    suited = [one for one in reader.all(Room) if not one.retired and room_features(service) <= one.features]
    taken = reader.taken(begin, end, [one.id for one in suited])
    return tuple(one for one in suited if not taken[one.id])


def _matching(store: Store, letters: str) -> Sequence[ClientLine]:
    with store.reading() as reader:
        return reader.clients_matching(letters, limit=_FOUND)

"""Booking: judge a proposed visit, book it, move it, cancel it, say what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from gettext import gettext as _
from uuid import uuid4

from desktop.clinic.change import Actor, UserId
from desktop.clinic.clients import Client, ClientStatus
from desktop.clinic.errors import BadInput, NotAllowed, Refused
from desktop.clinic.facts import Facts
from desktop.clinic.judge import check as judge_visit
from desktop.clinic.pathway import Pathway
from desktop.clinic.people import ClientId, TherapistId
from desktop.clinic.practice import Group, Practice, Room, Site
from desktop.clinic.referral import Referral, ReferralId, Stage, advanced, next_stages
from desktop.clinic.requests import Proposal
from desktop.clinic.requests import proposal_of as proposal_of
from desktop.clinic.schedule import Period
from desktop.clinic.services import Service
from desktop.clinic.staff import Staff, StaffRole
from desktop.clinic.therapists import AuthorityKind, Therapist
from desktop.clinic.verdict import Outcome, Verdict, refusing, worst
from desktop.clinic.visits import Cancellation, Override, Visit, VisitId, VisitStatus
from desktop.office.rulebook import rulebook
from desktop.office.todos import close_tasks
from desktop.office.waits import settle
from desktop.records.store import Reader, Store, Writer

_COUNTS_DAYS = frozenset({AuthorityKind.TAP, AuthorityKind.TEMPORARY_PERMISSION})
SIGNS_OFF = frozenset({StaffRole.ADMINISTRATOR, StaffRole.THERAPIST})


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """Who takes responsibility for a hold, and why."""

    by: UserId
    reason: str


def check(store: Store, actor: Actor, proposal: Proposal) -> tuple[Verdict, ...]:
    """What every rule says of the proposed visit, as of its own time; nothing is booked."""
    with store.reading() as reader:
        return judged(reader, actor, proposal)


def book(
    store: Store,
    actor: Actor,
    proposal: Proposal,
    *,
    visit_id: VisitId | None = None,
    referral: ReferralId | None = None,
    sign_off: SignOff | None = None,
    reason: str = "",
    status: VisitStatus = VisitStatus.SCHEDULED,
) -> Visit:
    """Book the visit, move its referral to booked, and end the waits that it answers, in one step that can be undone.

    `visit_id` is made by the caller, so that asking again after a lost answer books once. `reason` is kept with warnings.
    Raises Refused with the verdicts when a rule blocks it, or holds it and nobody who may sign off did.
    """
    with store.writing(actor, _("Book appointment")) as writer:
        booked = writer.find(Visit, visit_id) if visit_id else None
        if booked is not None:
            return booked
        verdicts = judged(writer, actor, proposal)
        overrides = _overrides(writer, actor, verdicts, sign_off, reason)
        visit = _visit(writer, actor, proposal, visit_id or VisitId(str(uuid4())), status, overrides)
        writer.add(visit)
        for client_id in visit.clients:
            _take_into_caseload(writer, client_id, visit.therapist)
        if referral is not None:
            _mark_booked(writer, actor, writer.get(Referral, referral), visit)
        settle(writer, actor, visit, referral)
        return writer.get(Visit, visit.id)


def move(
    store: Store,
    actor: Actor,
    visit_id: VisitId,
    proposal: Proposal,
    *,
    sign_off: SignOff | None = None,
    reason: str = "",
) -> Visit:
    """Give a visit another time, therapist or place; its calendar UID stays and its sequence rises.

    Raises Refused with the verdicts as `book` does, and BadInput when the visit no longer holds its time.
    """
    with store.writing(actor, _("Move appointment")) as writer:
        before = writer.get(Visit, visit_id)
        if not before.status.holds_time:
            raise BadInput("status", _("this appointment was canceled; book a new one."))
        proposal = replace(proposal, moves=visit_id)
        verdicts = judged(writer, actor, proposal)
        overrides = (*before.overrides, *_overrides(writer, actor, verdicts, sign_off, reason))
        moved = _visit(writer, actor, proposal, visit_id, VisitStatus.SCHEDULED, overrides)
        after = replace(moved, uid=before.uid, sequence=before.sequence + 1, series=before.series)
        writer.replace(before, after)
        close_tasks(writer, actor, visit_id)
        return after


def cancel(
    store: Store,
    actor: Actor,
    visit_id: VisitId,
    *,
    by: str,
    reason: str = "",
    status: VisitStatus = VisitStatus.CANCELED,
) -> Visit:
    """Cancel a visit: it stays on record and in calendars as canceled.

    `by` is client, therapist or practice; `status` is canceled, late cancel or booked in error.
    """
    if status.holds_time:
        raise BadInput("status", _("choose canceled, late cancel or booked in error."))
    with store.writing(actor, _("Cancel appointment")) as writer:
        before = writer.get(Visit, visit_id)
        cancellation = Cancellation(by=by, at=actor.now, reason=reason)
        after = replace(_changed(before, actor), status=status, cancellation=cancellation)
        writer.replace(before, after)
        close_tasks(writer, actor, visit_id)
        return after


def set_status(store: Store, actor: Actor, visit_id: VisitId, status: VisitStatus) -> Visit:
    """Record that a visit is confirmed, that the client arrived, that it took place, or a no-show.

    Raises BadInput for a canceling status (see `cancel`) and for a visit that was canceled.
    """
    with store.writing(actor, _("Mark appointment")) as writer:
        before = writer.get(Visit, visit_id)
        if not (before.status.holds_time and status.holds_time):
            raise BadInput("status", _("a canceled appointment keeps its status; book a new one."))
        after = replace(_changed(before, actor), status=status)
        writer.replace(before, after)
        if status in (VisitStatus.ARRIVED, VisitStatus.COMPLETED):
            _mark_attended(writer, actor, before)
        return after


def judged(reader: Reader, actor: Actor, proposal: Proposal) -> tuple[Verdict, ...]:
    """Ask every rule about the proposal, with just the facts that bear on it."""

    def taken(ids: Iterable[str], start: datetime, end: datetime) -> Mapping[str, Sequence[Period]]:
        return reader.taken(start, end, ids, ignoring=proposal.moves)

    return judge_visit(proposal, bearing_on(reader, proposal), rulebook(reader), actor.now, taken)


def bearing_on(reader: Reader, proposal: Proposal) -> Facts:
    """The facts that bear on a proposed visit: its people, their relatives, supervisors, visits and pathways.

    Raises BadInput when the proposal names somebody or something that is not in the clinic file.
    """
    seated = {seat.client for seat in proposal.seats}
    clients = reader.many(Client, seated)
    relatives = reader.many(Client, {one.client for client in clients for one in client.relations})
    people = {one.id: one for one in (*clients, *relatives)}
    visits = {one.id: one for key in people for one in reader.visits_of(key)}
    screens = (one.risk_screen for one in clients if one.risk_screen is not None)
    clearers = (one.cleared_by for one in screens if one.cleared_by is not None)
    named = {proposal.therapist, *proposal.co_leaders, *_given(proposal.supervisor), *clearers}
    seeing = {one.therapist for one in visits.values() if not seated.isdisjoint(one.clients)}
    staff = _with_supervisors(reader, named | seeing)
    visits |= {one.id: one for one in _counted(reader, proposal, staff)}
    return Facts(
        practice=reader.get(Practice, "practice"),
        sites=reader.all(Site),
        rooms=reader.all(Room),
        services=reader.all(Service),
        groups=reader.all(Group),
        therapists=staff,
        clients=tuple(people.values()),
        visits=tuple(visits.values()),
        pathways=tuple(one for one in reader.all(Pathway) if one.client in people),
        proposal=proposal,
        now=None,
    )


def _counted(reader: Reader, proposal: Proposal, staff: Sequence[Therapist]) -> Sequence[Visit]:
    """The visits of a year on either side, for a therapist whose authority counts days of practice."""
    leads = {proposal.therapist, *proposal.co_leaders}
    counting = [
        one.id for one in staff if one.id in leads and any(each.kind in _COUNTS_DAYS for each in one.authorities)
    ]
    year = timedelta(days=366)
    return reader.visits(proposal.start - year, proposal.start + year, therapists=counting) if counting else ()


def _with_supervisors(reader: Reader, ids: set[TherapistId]) -> tuple[Therapist, ...]:
    staff = {one.id: one for one in reader.many(Therapist, ids)}
    above = {record.supervisor for one in staff.values() for record in one.supervisions} - staff.keys()
    return (*staff.values(), *reader.many(Therapist, above))


def _given(key: TherapistId | None) -> tuple[TherapistId, ...]:
    return () if key is None else (key,)


def _overrides(
    reader: Reader, actor: Actor, verdicts: tuple[Verdict, ...], sign_off: SignOff | None, reason: str
) -> tuple[Override, ...]:
    stops = refusing(verdicts)
    if worst(verdicts) is Outcome.BLOCK or (stops and sign_off is None):
        raise Refused(stops, stops[0].sentence)
    if sign_off is not None and stops:
        _may_sign_off(reader, sign_off)
    soft = [one for one in verdicts if one.outcome is Outcome.WARN] if reason else []
    signed = [
        Override(code=one.code, by=sign_off.by, at=actor.now, reason=sign_off.reason) for one in stops if sign_off
    ]
    return (*signed, *(Override(code=one.code, by=actor.user, at=actor.now, reason=reason) for one in soft))


def _may_sign_off(reader: Reader, sign_off: SignOff) -> None:
    person = reader.find(Staff, sign_off.by)
    if person is None or person.retired or person.role not in SIGNS_OFF:
        raise NotAllowed(_("only an administrator or a clinician can sign off a hold."))
    if not sign_off.reason.strip():
        raise BadInput("reason", _("say why the hold is lifted."))


def _visit(
    reader: Reader,
    actor: Actor,
    proposal: Proposal,
    visit_id: VisitId,
    status: VisitStatus,
    overrides: tuple[Override, ...],
) -> Visit:
    return Visit(
        id=visit_id,
        service=proposal.service,
        therapist=proposal.therapist,
        co_leaders=proposal.co_leaders,
        supervisor=proposal.supervisor,
        seats=proposal.seats,
        format=proposal.format,
        site=proposal.site,
        room=proposal.room,
        seat_state=proposal.seat_state,
        start=proposal.start,
        end=proposal.end(reader.get(Service, proposal.service).minutes),
        status=status,
        changed_at=actor.now,
        group=proposal.group,
        overrides=overrides,
        escort=proposal.escort,
        medication_attested=proposal.medication_attested,
    )


def _changed(visit: Visit, actor: Actor) -> Visit:
    return replace(visit, sequence=visit.sequence + 1, changed_at=actor.now)


def _take_into_caseload(writer: Writer, client_id: ClientId, therapist: TherapistId) -> None:
    before = writer.get(Client, client_id)
    if before.status in (ClientStatus.PROSPECTIVE, ClientStatus.WAITING):
        writer.replace(before, replace(before, status=ClientStatus.ACTIVE, therapist=before.therapist or therapist))


def _mark_booked(writer: Writer, actor: Actor, before: Referral, visit: Visit) -> None:
    placed = replace(before, therapist=visit.therapist, visit=visit.id)
    if Stage.BOOKED in next_stages(before):
        placed = advanced(placed, Stage.BOOKED, actor)
    writer.replace(before, placed)


def _mark_attended(writer: Writer, actor: Actor, visit: Visit) -> None:
    for client_id in visit.clients:
        for referral in writer.referrals(client=client_id, stages=(Stage.BOOKED,)):
            if referral.visit == visit.id:
                writer.replace(referral, advanced(referral, Stage.ATTENDED, actor))

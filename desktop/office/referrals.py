"""Referrals: receive, assign, move along, and the list of what has to be done next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from gettext import gettext as _
from uuid import uuid4

from desktop.clinic.change import Actor, UserId
from desktop.clinic.clients import Client, RiskScreen
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import local_date
from desktop.clinic.people import ClientId, Referrer, ReferrerId, TherapistId
from desktop.clinic.referral import Direction, Referral, ReferralId, Stage, Step, Urgency, advanced, first_step
from desktop.clinic.requests import Request
from desktop.clinic.services import Service, ServiceId
from desktop.clinic.therapists import Therapist
from desktop.office.waits import follow
from desktop.records.store import Reader, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralLine:
    """A referral with the words that the worklist shows."""

    referral: Referral
    client: str
    other: str
    service: str
    therapist: str
    overdue: bool


def receive(
    store: Store,
    actor: Actor,
    client: Client,
    *,
    request: Request,
    referrer: ReferrerId | None = None,
    urgency: Urgency = Urgency.ROUTINE,
    reason: str = "",
    owner: UserId | None = None,
    crisis: bool = False,
) -> Referral:
    """Take in a referral or a call; a client who is not yet on file is added in the same step.

    The one who takes it in owns it unless another owner is named; the first action is due by the urgency. With `crisis`
    the client's risk screen says that they may be in danger now, which stops matching until a clinician clears it.
    """
    with store.writing(actor, _("Take in referral")) as writer:
        known = writer.find(Client, client.id)
        person = in_crisis(known or client, actor) if crisis else client
        if known is None:
            writer.add(person)
        elif crisis:
            from desktop.office import upkeep  # the rules of every visit; the worklist needs none of them

            writer.replace(known, person)
            upkeep.of_clients(writer, actor, (person.id,))
        referral = _opened(
            actor,
            client.id,
            stage=Stage.RECEIVED,
            referrer=referrer,
            urgency=urgency,
            reason=reason,
            owner=owner,
            request=replace(request, client=client.id),
        )
        writer.add(referral)
        return referral


def in_crisis(client: Client, actor: Actor) -> Client:
    """The client with a risk screen that says so as of now; other answers stay, an earlier clearing does not."""
    before = client.risk_screen or RiskScreen(taken_at=actor.now)
    screen = replace(before, taken_at=actor.now, plan_or_intent_now=True, cleared_by=None, cleared_at=None)
    return replace(client, risk_screen=screen)


def refer_out(
    store: Store,
    actor: Actor,
    client_id: ClientId,
    referrer: ReferrerId,
    *,
    urgency: Urgency = Urgency.ROUTINE,
    reason: str,
    therapist: TherapistId | None = None,
    owner: UserId | None = None,
) -> Referral:
    """Draft a referral of one of our clients to somebody outside."""
    with store.writing(actor, _("Draft referral")) as writer:
        writer.get(Client, client_id)
        writer.get(Referrer, referrer)
        referral = _opened(
            actor,
            client_id,
            stage=Stage.DRAFTED,
            referrer=referrer,
            urgency=urgency,
            reason=reason,
            owner=owner,
            request=None,
            therapist=therapist,
        )
        writer.add(referral)
        return referral


def advance(
    store: Store,
    actor: Actor,
    referral_id: ReferralId,
    stage: Stage,
    *,
    note: str = "",
    owner: UserId | None = None,
    due: date | None = None,
) -> Referral:
    """Move a referral to its next stage, with the step in its history and the next action due.

    One that is waitlisted goes on the waitlist, one that is booked or has ended leaves it, in the same step.
    Raises BadInput when that stage cannot follow.
    """
    with store.writing(actor, _("Move referral along")) as writer:
        before = writer.get(Referral, referral_id)
        after = advanced(before, stage, actor, note=note, owner=owner, due=due)
        writer.replace(before, after)
        follow(writer, actor, after)
        return after


def assign(store: Store, actor: Actor, referral_id: ReferralId, owner: UserId, *, due: date | None = None) -> Referral:
    """Give an open referral another owner, and another due date if one is given.

    Raises BadInput when the referral has ended.
    """
    with store.writing(actor, _("Assign referral")) as writer:
        before = writer.get(Referral, referral_id)
        if not before.stage.is_open:
            raise BadInput("stage", _("this referral has ended; nothing is left to do."))
        after = replace(before, owner=owner, due=due or before.due)
        writer.replace(before, after)
        return after


def worklist(
    store: Store, actor: Actor, *, direction: Direction | None = None, owner: UserId | None = None, ended: bool = False
) -> tuple[ReferralLine, ...]:
    """The open referrals by due date, overdue first; with `ended` those that have ended too."""
    with store.reading() as reader:
        found = reader.referrals(direction=direction, owner=owner)
        return lines(reader, tuple(one for one in found if ended or one.stage.is_open), local_date(actor.now))


def lines(reader: Reader, referrals: tuple[Referral, ...], today: date) -> tuple[ReferralLine, ...]:
    """The referrals with the words that a list shows."""
    clients = {one.id: one.name.listed for one in reader.many(Client, {one.client for one in referrals})}
    others = {one.id: one for one in reader.many(Referrer, {one.referrer for one in referrals if one.referrer})}
    services = {one.id: one.name for one in reader.all(Service)}
    therapists = {one.id: one.name.listed for one in reader.all(Therapist)}
    return tuple(
        ReferralLine(
            referral=one,
            client=clients[one.client],
            other=_shown(others.get(one.referrer)) if one.referrer else "",
            service=_asked(one.request, services),
            therapist=therapists.get(one.therapist, "") if one.therapist else "",
            overdue=one.is_overdue(today),
        )
        for one in referrals
    )


def _asked(request: Request | None, services: Mapping[ServiceId, str]) -> str:
    if request is None:
        return ""
    parts = (request.modality.label if request.modality else "", services.get(request.service, ""))
    return " · ".join(part for part in parts if part)


def _shown(referrer: Referrer | None) -> str:
    if referrer is None:
        return ""
    return ", ".join(part for part in (referrer.name.full, referrer.organization) if part)


def _opened(
    actor: Actor,
    client_id: ClientId,
    *,
    stage: Stage,
    referrer: ReferrerId | None,
    urgency: Urgency,
    reason: str,
    owner: UserId | None,
    request: Request | None,
    therapist: TherapistId | None = None,
) -> Referral:
    today = local_date(actor.now)
    action, due = first_step(stage, urgency, today)
    return Referral(
        id=ReferralId(str(uuid4())),
        direction=Direction.OUT if stage is Stage.DRAFTED else Direction.IN,
        client=client_id,
        referrer=referrer,
        received_on=today,
        urgency=urgency,
        reason=reason,
        request=request,
        stage=stage,
        owner=owner or actor.user,
        next_action=action,
        due=due,
        therapist=therapist,
        history=(Step(at=actor.now, by=actor.user, before=None, after=stage),),
    )

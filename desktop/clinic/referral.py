"""Referrals: stages, legal transitions, and the rule that an open one has an owner, a next action and a due date.

Stage codes are those of HL7 BSeR, value set TaskBusinessStatusVS (which the guide harmonizes with IHE 360X).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from gettext import gettext as _
from typing import Annotated, NewType

from desktop.clinic.change import Actor, UserId
from desktop.clinic.errors import BadInput
from desktop.clinic.moments import aware, local_date
from desktop.clinic.people import ClientId, ReferrerId, TherapistId
from desktop.clinic.requests import Request
from desktop.clinic.visits import VisitId

ReferralId = NewType("ReferralId", str)


class Direction(StrEnum):
    """Into the practice or out of it."""

    IN = "in"
    OUT = "out"


class Urgency(StrEnum):
    """How soon the client must be seen: routine within 14 days, soon within 7, urgent within 1 to 2."""

    ROUTINE = "routine"
    SOON = "soon"
    URGENT = "urgent"

    @property
    def days(self) -> int:
        """Days within which somebody must act."""
        return {"routine": 14, "soon": 7, "urgent": 1}[self.value]


class Stage(StrEnum):
    """Where a referral stands."""

    DRAFTED = "drafted"
    SENT = "sent"
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    PENDING_INFORMATION = "pending_information"
    TRIAGED = "triaged"
    CONTACTING = "contacting"
    WAITLISTED = "waitlisted"
    BOOKED = "booked"
    ATTENDED = "attended"
    REPORTED_BACK = "reported_back"
    CLOSED = "closed"
    DECLINED = "declined"
    UNABLE_TO_REACH = "unable_to_reach"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self not in _ENDS

    @property
    def bser(self) -> str:
        """The BSeR business status code."""
        return _BSER[self]


_ENDS = frozenset({Stage.CLOSED, Stage.DECLINED, Stage.UNABLE_TO_REACH, Stage.REDIRECTED, Stage.WITHDRAWN})

_BSER = {
    Stage.DRAFTED: "2.0",
    Stage.SENT: "2.0",
    Stage.RECEIVED: "2.0",
    Stage.ACKNOWLEDGED: "2.0",
    Stage.PENDING_INFORMATION: "2.0",
    Stage.TRIAGED: "3.0",
    Stage.CONTACTING: "3.0",
    Stage.WAITLISTED: "3.0",
    Stage.BOOKED: "5.1.1",
    Stage.ATTENDED: "5.1.4",
    Stage.REPORTED_BACK: "7.0",
    Stage.CLOSED: "7.0",
    Stage.DECLINED: "4.0",
    Stage.REDIRECTED: "4.0",
    Stage.UNABLE_TO_REACH: "6.0",
    Stage.WITHDRAWN: "6.0",
}

_LEAVE = frozenset({Stage.DECLINED, Stage.UNABLE_TO_REACH, Stage.REDIRECTED, Stage.WITHDRAWN})

_IN: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.ACKNOWLEDGED, Stage.PENDING_INFORMATION, Stage.TRIAGED, Stage.BOOKED}) | _LEAVE,
    Stage.ACKNOWLEDGED: frozenset({Stage.PENDING_INFORMATION, Stage.TRIAGED, Stage.BOOKED}) | _LEAVE,
    Stage.PENDING_INFORMATION: frozenset({Stage.ACKNOWLEDGED, Stage.TRIAGED}) | _LEAVE,
    Stage.TRIAGED: frozenset({Stage.CONTACTING, Stage.WAITLISTED, Stage.BOOKED, Stage.PENDING_INFORMATION}) | _LEAVE,
    Stage.CONTACTING: frozenset({Stage.CONTACTING, Stage.WAITLISTED, Stage.BOOKED}) | _LEAVE,
    Stage.WAITLISTED: frozenset({Stage.CONTACTING, Stage.BOOKED}) | _LEAVE,
    Stage.BOOKED: frozenset({Stage.ATTENDED, Stage.CONTACTING, Stage.WAITLISTED}) | _LEAVE,
    Stage.ATTENDED: frozenset({Stage.REPORTED_BACK, Stage.CLOSED}),
    Stage.REPORTED_BACK: frozenset({Stage.CLOSED}),
}

_OUT: dict[Stage, frozenset[Stage]] = {
    Stage.DRAFTED: frozenset({Stage.SENT, Stage.WITHDRAWN}),
    Stage.SENT: frozenset({Stage.SENT, Stage.ACKNOWLEDGED, Stage.BOOKED, Stage.REPORTED_BACK}) | _LEAVE,
    Stage.ACKNOWLEDGED: frozenset({Stage.BOOKED, Stage.ATTENDED, Stage.REPORTED_BACK}) | _LEAVE,
    Stage.BOOKED: frozenset({Stage.ATTENDED, Stage.REPORTED_BACK, Stage.SENT}) | _LEAVE,
    Stage.ATTENDED: frozenset({Stage.REPORTED_BACK, Stage.CLOSED}),
    Stage.REPORTED_BACK: frozenset({Stage.CLOSED}),
}


class NextAction(StrEnum):
    """What the owner has to do next."""

    ACKNOWLEDGE = "acknowledge"
    ASK_FOR_INFORMATION = "ask_for_information"
    TRIAGE = "triage"
    CALL_CLIENT = "call_client"
    MATCH = "match"
    CLINICIAN_CALL = "clinician_call"
    OFFER_OPENING = "offer_opening"
    AWAIT_VISIT = "await_visit"
    REPORT_BACK = "report_back"
    SEND = "send"
    ASK_FOR_REPLY = "ask_for_reply"
    CLOSE = "close"


_NEXT: dict[Stage, tuple[NextAction, int]] = {
    Stage.DRAFTED: (NextAction.SEND, 1),
    Stage.SENT: (NextAction.ASK_FOR_REPLY, 14),
    Stage.RECEIVED: (NextAction.ACKNOWLEDGE, 1),
    Stage.ACKNOWLEDGED: (NextAction.TRIAGE, 2),
    Stage.PENDING_INFORMATION: (NextAction.ASK_FOR_INFORMATION, 7),
    Stage.TRIAGED: (NextAction.MATCH, 2),
    Stage.CONTACTING: (NextAction.CALL_CLIENT, 3),
    Stage.WAITLISTED: (NextAction.OFFER_OPENING, 28),
    Stage.BOOKED: (NextAction.AWAIT_VISIT, 14),
    Stage.ATTENDED: (NextAction.REPORT_BACK, 7),
    Stage.REPORTED_BACK: (NextAction.CLOSE, 7),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change of stage: when, by whom, from where to where, and a short note."""

    at: datetime
    by: UserId
    before: Stage | None
    after: Stage
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse a naive moment."""
        aware("at", self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One referral, in or out; an open one always has an owner, a next action and a due date."""

    id: ReferralId
    direction: Direction = Direction.IN
    client: ClientId
    referrer: Annotated[ReferrerId | None, "in: who sent it (none: the client came alone); out: to whom it goes"] = None
    received_on: Annotated[date, "in: the day it came; out: the day it was written"]
    urgency: Urgency = Urgency.ROUTINE
    reason: Annotated[str, "why, in one or two plain sentences"] = ""
    request: Annotated[Request | None, "what is asked for; required for direction in"] = None
    stage: Stage = Stage.RECEIVED
    owner: UserId | None = None
    next_action: NextAction | None = None
    due: date | None = None
    attempts: Annotated[int, "calls to the client so far"] = 0
    therapist: TherapistId | None = None
    visit: VisitId | None = None
    outcome: Annotated[str, "why it ended, for declined and redirected ones"] = ""
    history: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an open referral that nobody has to act on by a date."""
        if not self.stage.is_open:
            return
        for field in ("owner", "next_action", "due"):
            if getattr(self, field) is None:
                raise BadInput(field, _("an open referral needs an owner, a next action and a due date."))

    def is_overdue(self, today: date) -> bool:
        """Whether the due date has passed."""
        return self.stage.is_open and self.due is not None and self.due < today


def next_stages(referral: Referral) -> frozenset[Stage]:
    """The stages it may move to; empty for an ended one."""
    table = _IN if referral.direction is Direction.IN else _OUT
    return table.get(referral.stage, frozenset())


def first_step(stage: Stage, urgency: Urgency, day: date) -> tuple[NextAction, date]:
    """What has to be done at that stage and by when, counted from `day` and never later than the urgency allows.

    Raises BadInput for an ended stage.
    """
    if stage not in _NEXT:
        raise BadInput("stage", _("this referral has ended; nothing is left to do."))
    action, days = _NEXT[stage]
    return action, day + timedelta(days=min(days, urgency.days) if stage is not Stage.WAITLISTED else days)


def advanced(
    referral: Referral,
    stage: Stage,
    actor: Actor,
    *,
    note: str = "",
    owner: UserId | None = None,
    due: date | None = None,
) -> Referral:
    """The referral at its next stage, with the step in its history, the next action and a due date.

    Keeps the owner unless another is given; an ended referral keeps its owner but has nothing due.
    Raises BadInput when the stage cannot follow the present one.
    """
    if stage not in next_stages(referral):
        raise BadInput(
            "stage", _("{after} cannot follow {before}.").format(before=referral.stage.value, after=stage.value)
        )
    step = Step(at=actor.now, by=actor.user, before=referral.stage, after=stage, note=note)
    action, day = (None, None) if not stage.is_open else first_step(stage, referral.urgency, local_date(actor.now))
    calls = referral.attempts + (stage is Stage.CONTACTING)
    return replace(
        referral,
        stage=stage,
        owner=owner or referral.owner,
        next_action=action,
        due=due if due is not None and action is not None else day,
        attempts=calls,
        outcome=note if not stage.is_open else referral.outcome,
        history=(*referral.history, step),
    )

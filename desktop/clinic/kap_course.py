"""The gates of KAP that look at the course: preparation, integration, staff in the room, interval and count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from desktop.clinic.dosing import Dosing, gate
from desktop.clinic.ladder import RANK, standing
from desktop.clinic.licensure import judge_licensure
from desktop.clinic.moments import local_date
from desktop.clinic.phrases import translated as _
from desktop.clinic.qualification import may_supervise
from desktop.clinic.services import Format, Level, Modality, ServiceKind
from desktop.clinic.supervision import known
from desktop.clinic.verdict import Outcome, Verdict, worst
from desktop.clinic.visits import Visit, VisitStatus


def judge_preparation(asked: Dosing) -> Iterator[Verdict]:
    """Gate 5: enough preparation visits completed with the therapist who is there for the dosing."""
    rule = asked.rule("prep_sessions")
    done = [
        one
        for one in asked.visits(ServiceKind.KAP_PREPARATION)
        if one.status is VisitStatus.COMPLETED
        and one.end <= asked.start
        and asked.proposal.therapist in (one.therapist, *one.co_leaders)
    ]
    if len(done) < rule.value:
        text = _("{done} of {needed} preparation visits with this therapist are completed.")
        sentence = text.format(done=len(done), needed=rule.value)
        yield gate(5, "KAP_NO_PREP", sentence, rule, done=str(len(done)), needed=str(rule.value))


def judge_integration(asked: Dosing) -> Iterator[Verdict]:
    """Gate 6: an integration visit booked soon after the dosing ends, its therapist allowed where the client will be."""
    rule = asked.rule("integration_hours")
    latest = asked.end + timedelta(hours=rule.value)
    booked = [
        one
        for one in asked.visits(ServiceKind.KAP_INTEGRATION)
        if asked.end <= one.start <= latest and one.status is not VisitStatus.NO_SHOW
    ]
    outcomes = [_authority(asked, one) for one in booked]
    best = min(outcomes, key=lambda one: one.rank, default=None)
    if best is None:
        text = _(
            "Book an integration visit that starts within {hours} hours after the dosing; then confirm the dosing."
        )
        yield gate(6, "KAP_NO_INTEGRATION", text.format(hours=rule.value), rule, hours=str(rule.value))
    elif best.rank >= Outcome.HOLD.rank:
        text = _(
            "The integration visit's therapist may not, or not yet, see the client where the client will be that day."
        )
        yield gate(6, "KAP_NO_INTEGRATION", text, rule, outcome=best, visit=str(booked[0].id))


def _authority(asked: Dosing, visit: Visit) -> Outcome:
    therapist = known(visit.therapist, asked.facts)
    seat = next(one for one in visit.seats if one.client == asked.client.id)
    if therapist is None:
        return Outcome.HOLD
    in_person = visit.format is Format.IN_PERSON and visit.site is not None
    return worst(
        judge_licensure(
            therapist,
            state=asked.facts.site(visit.site).state
            if in_person and visit.site is not None
            else seat.actual_state or seat.expected_state,
            format=visit.format,
            start=visit.start,
            end=visit.end,
            facts=asked.facts,
            rules=asked.rules,
            now=asked.now,
            seat_state=visit.seat_state,
            service=asked.facts.service(visit.service),
        )
    )


def judge_staff(asked: Dosing) -> Iterator[Verdict]:
    """Gate 7: the therapist is trained, or in training with a trained supervisor who is booked in the room as well."""
    rule = asked.rule("trained_level")
    therapist = asked.facts.therapist(asked.proposal.therapist)
    level = standing(therapist, Modality.KAP, asked.day, asked.rules).level
    if RANK[level] >= RANK[Level(rule.value)]:
        return
    beside = may_supervise(asked.proposal.supervisor, Modality.KAP, asked.day, asked.facts, asked.rules)
    if level is Level.IN_TRAINING and beside:
        return
    if level is Level.IN_TRAINING:
        text = _("A therapist in training needs a supervisor trained in KAP booked in the room for the whole dosing.")
    else:
        text = _("The therapist of a dosing must be trained in KAP.")
    yield gate(7, "KAP_TRAINING", text, rule, level=level.value)


def judge_course(asked: Dosing) -> Iterator[Verdict]:
    """Gate 12: far enough from the other dosings, and within the number that the clearance authorizes."""
    clearance, others = asked.clearance, asked.visits(ServiceKind.KAP_DOSING)
    interval = asked.rule("interval_days")
    least = interval.value if clearance is None or clearance.interval_days is None else clearance.interval_days
    near = [one for one in others if abs((local_date(one.start) - asked.day).days) < least]
    if near:
        text = _("At least {least} days must lie between dosings; another one is closer.").format(least=least)
        yield gate(12, "KAP_INTERVAL", text, interval, least=str(least), other=local_date(near[0].start).isoformat())
    if clearance is None:
        return
    initially = asked.rule("sessions_initially")
    most = initially.value if clearance.sessions is None else clearance.sessions
    used = sum(clearance.exam_on <= local_date(one.start) and one.start < asked.start for one in others)
    if used >= most:
        text = _(
            "The clearance authorizes {most} dosings, and {used} are booked before; the prescriber must clear anew."
        )
        yield gate(12, "KAP_MAX", text.format(most=most, used=used), initially, most=str(most), used=str(used))

"""Ketamine-assisted psychotherapy (KAP): the gates before a dosing, each with a verdict of its own.

The prescriber alone decides who is suited; the sentences say what is missing, never that a client is eligible or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from desktop.clinic.clients import ConsentKind
from desktop.clinic.dosing import Dosing, dosing_of, gate
from desktop.clinic.facts import Facts
from desktop.clinic.kap_course import judge_course, judge_integration, judge_preparation, judge_staff
from desktop.clinic.kap_medical import judge_clearance, judge_flags, judge_pressure
from desktop.clinic.ladder import months_after
from desktop.clinic.moments import age_on
from desktop.clinic.phrases import translated as _
from desktop.clinic.requests import Proposal
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format, ServiceKind
from desktop.clinic.verdict import Outcome, Verdict, worst

_KAP = frozenset({ServiceKind.KAP_PREPARATION, ServiceKind.KAP_DOSING, ServiceKind.KAP_INTEGRATION})


def judge_kap(proposal: Proposal, facts: Facts, rules: Rulebook, now: datetime) -> tuple[Verdict, ...]:
    """The gates of a KAP visit on the New York calendar; nothing for any other service.

    Preparation and integration ask the age alone. Dosing asks all gates; license (8) and room and times (9, 13) are
    judged with every visit. Evidence carries the gate's number. Raises BadInput for what is not among the facts.
    """
    kind = facts.service(proposal.service).kind
    if kind not in _KAP:
        return ()
    asked = dosing_of(proposal, facts, rules, now)
    if kind is not ServiceKind.KAP_DOSING:
        return tuple(_judge_age(asked))
    gates = (
        _judge_age,
        judge_clearance,
        judge_flags,
        judge_pressure,
        _judge_consent,
        judge_preparation,
        judge_integration,
        judge_staff,
        _judge_escort,
        _judge_emergency,
        judge_course,
        _judge_setting,
        _judge_medication,
    )
    closed = tuple(verdict for judge in gates for verdict in judge(asked))
    if worst(closed).rank >= Outcome.HOLD.rank:
        return closed
    text = _("Every gate of the dosing is open; each is looked at again until the day itself.")
    return (gate(0, "KAP_OK", text, None, outcome=Outcome.ALLOW), *closed)


def _judge_age(asked: Dosing) -> Iterator[Verdict]:
    rule = asked.rule("age")
    for seat in asked.proposal.seats:
        age = age_on(asked.facts.client(seat.client).birth_date, asked.day)
        if age < rule.value:
            text = _("KAP is for clients of {least} years and older on the day of the visit.").format(least=rule.value)
            yield gate(1, "KAP_AGE", text, rule, age=str(age))


def _judge_consent(asked: Dosing) -> Iterator[Verdict]:
    rule = asked.rule("consent_months")
    valid = any(
        one.kind is ConsentKind.KAP
        and one.signed_on <= asked.day <= months_after(one.signed_on, rule.value)
        and (one.expires_on is None or asked.day <= one.expires_on)
        and (one.revoked_on is None or asked.day < one.revoked_on)
        for one in asked.client.consents
    )
    if not valid:
        text = _("The client must sign the KAP consent; it counts for {months} months.").format(months=rule.value)
        yield gate(4, "KAP_NO_CONSENT", text, rule)


def _judge_escort(asked: Dosing) -> Iterator[Verdict]:
    rule, escort = asked.rule("not_escorts"), asked.proposal.escort
    if escort is None or not escort.name.strip() or not escort.phone.strip():
        text = _("Name a responsible adult who takes the client home, with a phone number.")
    elif any(re.search(rf"\b{re.escape(one)}\b", escort.name, re.IGNORECASE) for one in rule.value):
        text = _("A hired ride is no escort; name a responsible adult who picks the client up in person.")
    elif not escort.pickup_attested:
        text = _("The escort has yet to confirm that they pick the client up in person.")
    else:
        return
    yield gate(10, "KAP_NO_ESCORT", text, rule)


def _judge_emergency(asked: Dosing) -> Iterator[Verdict]:
    contact = asked.client.emergency_contact
    if contact is None or not contact.name.strip() or not contact.phone.strip():
        yield gate(11, "KAP_EMERG", _("Add an emergency contact with a phone number."), None)
    if asked.pathway is None or not asked.pathway.on_call.strip():
        yield gate(11, "KAP_EMERG", _("Add the prescriber's on-call number for the time of the dosing."), None)


def _judge_setting(asked: Dosing) -> Iterator[Verdict]:
    rule = asked.rule("remote_dosing")
    if asked.proposal.format is not Format.IN_PERSON and not rule.value:
        yield gate(13, "KAP_REMOTE", _("Dosing takes place in person, in a room that is ready for it."), rule)
    if len(asked.proposal.seats) > 1:
        yield gate(13, "KAP_ONE_CLIENT", _("The therapist is there for one client alone during a dosing."), None)


def _judge_medication(asked: Dosing) -> Iterator[Verdict]:
    if not asked.proposal.medication_attested:
        text = _(
            "The client must attest that the medication in hand is their own prescription; the office keeps no stock."
        )
        yield gate(14, "KAP_MED", text, None)

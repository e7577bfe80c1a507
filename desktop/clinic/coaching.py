"""The limits of life coaching: no symptom, no treatment, no second role with the same client."""

from __future__ import annotations

import re
from datetime import date, timedelta

from desktop.clinic.clients import Client, ConsentKind
from desktop.clinic.facts import Facts
from desktop.clinic.moments import local_date
from desktop.clinic.people import TherapistId
from desktop.clinic.phrases import evidence
from desktop.clinic.phrases import translated as _
from desktop.clinic.risk import has_any_risk
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Modality, Service, ServiceKind
from desktop.clinic.therapists import Role, Therapist
from desktop.clinic.verdict import Outcome, Verdict


def judge_coaching(
    client: Client, *, therapist: Therapist, service: Service, day: date, rules: Rulebook, facts: Facts
) -> tuple[Verdict, ...]:
    """What coaching may not touch, for a coaching visit; and for any visit, coaching beside therapy by one person."""
    dual = _judge_dual_role(client, therapist, service, day, rules, facts)
    if service.kind is not ServiceKind.COACHING:
        return dual
    return (*judge_scope(client, service=service, day=day, rules=rules), *_judge_agreement(client, day, rules), *dual)


def judge_scope(client: Client, *, service: Service, day: date, rules: Rulebook) -> tuple[Verdict, ...]:
    """Send what belongs into therapy there: concerns, words, risk answers; and a coaching slot that poses as therapy."""
    concerns = rules.fact("coaching.excluded_concerns", day)
    words = rules.fact("coaching.excluded_words", day)
    if client.concerns & set(concerns.value) or has_any_risk(client.risk_screen, day, rules):
        text = _("What the client asks for belongs into therapy, not coaching; offer a therapist.")
        return (Verdict(outcome=Outcome.BLOCK, code="COACHING_SCOPE", sentence=text, evidence=evidence(concerns)),)
    if _speaks_of(client.concern, words.value):
        text = _("The client's own words speak of something that therapy treats; offer a therapist.")
        return (Verdict(outcome=Outcome.BLOCK, code="COACHING_SCOPE", sentence=text, evidence=evidence(words)),)
    if service.modality not in (None, Modality.COACHING) or service.cpt:
        text = _("A coaching service carries no therapy modality and no billing code; correct the service.")
        return (Verdict(outcome=Outcome.BLOCK, code="COACHING_SCOPE", sentence=text, evidence=evidence(concerns)),)
    return ()


def _speaks_of(sentence: str, beginnings: list[str]) -> bool:
    pattern = "|".join(re.escape(one) for one in beginnings)
    return bool(beginnings) and re.search(rf"\b(?:{pattern})", sentence, re.IGNORECASE) is not None


def _judge_agreement(client: Client, day: date, rules: Rulebook) -> tuple[Verdict, ...]:
    rule = rules.fact("coaching.agreement_required", day)
    signed = any(
        one.kind is ConsentKind.COACHING
        and one.signed_on <= day
        and (one.revoked_on is None or day < one.revoked_on)
        and (one.expires_on is None or day <= one.expires_on)
        for one in client.consents
    )
    if signed or not rule.value:
        return ()
    text = _("The client has yet to sign the coaching agreement, which says that coaching is not psychotherapy.")
    return (Verdict(outcome=Outcome.WARN, code="COACHING_AGREEMENT", sentence=text, evidence=evidence(rule)),)


def _judge_dual_role(
    client: Client, therapist: Therapist, service: Service, day: date, rules: Rulebook, facts: Facts
) -> tuple[Verdict, ...]:
    rule = rules.fact("coaching.dual_role_days", day)
    kinds = _kinds_near(client, therapist.id, day, timedelta(days=rule.value), facts)
    coaches = service.kind is ServiceKind.COACHING
    if coaches:
        carried = client.therapist == therapist.id and therapist.role is not Role.COACH
        clash = bool(kinds - {ServiceKind.COACHING}) or (carried and ServiceKind.COACHING not in kinds)
    else:
        clash = ServiceKind.COACHING in kinds
    if not clash:
        return ()
    text = _("One person may not coach and treat the same client at the same time; the clinical lead decides.")
    return (Verdict(outcome=Outcome.HOLD, code="DUAL_ROLE", sentence=text, evidence=evidence(rule)),)


def _kinds_near(client: Client, therapist: TherapistId, day: date, near: timedelta, facts: Facts) -> set[ServiceKind]:
    return {
        facts.service(visit.service).kind
        for visit in facts.calendar.get(client.id, ())
        if therapist in (visit.therapist, *visit.co_leaders) and abs(local_date(visit.start) - day) <= near
    }

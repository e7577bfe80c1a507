"""Supervised clinicians: a license that needs a supervisor counts only while five conditions hold."""

from __future__ import annotations

from datetime import date

from desktop.clinic.errors import BadInput
from desktop.clinic.facts import Facts
from desktop.clinic.people import TherapistId
from desktop.clinic.phrases import evidence, shown
from desktop.clinic.phrases import translated as _
from desktop.clinic.rulebook import Fact, Rulebook
from desktop.clinic.session import Session
from desktop.clinic.standing import is_independent, proof
from desktop.clinic.therapists import License, Supervision, Therapist
from desktop.clinic.verdict import Outcome, Verdict


def supervisor_of(record: Supervision, facts: Facts) -> Therapist | None:
    """The supervisor, or None when they are not among the facts."""
    return known(record.supervisor, facts)


def known(key: TherapistId, facts: Facts) -> Therapist | None:
    """The therapist of that id, or None when they are not among the facts."""
    try:
        return facts.therapist(key)
    except BadInput:
        return None


def judge_supervised(
    therapist: Therapist, license: License, fact: Fact, at: Session, facts: Facts, rules: Rulebook
) -> tuple[Verdict, ...]:
    """Allowed when one supervision record meets all conditions; otherwise what the best record still lacks.

    The conditions besides the own license: a supervisor for the state and date, whose own license is valid in that
    state at that date, the plan on file where the state needs one, clients told in writing.
    """
    records = [one for one in therapist.supervisions if one.state is at.state and at.is_supervised_in(one)]
    if not records:
        sentence = _("{name} needs a supervisor for {state} on {day}, and none is on record.")
        text = sentence.format(name=therapist.signed_name, state=at.state.value, day=shown(at.first))
        return (Verdict(outcome=Outcome.BLOCK, code="SUP_NONE", sentence=text, evidence=proof(license, fact)),)
    answers = [_judge_record(therapist, license, one, fact, at, facts, rules) for one in records]
    return min(answers, key=lambda found: (max(one.outcome.rank for one in found), len(found)))


def _judge_record(
    therapist: Therapist,
    license: License,
    record: Supervision,
    fact: Fact,
    at: Session,
    facts: Facts,
    rules: Rulebook,
) -> tuple[Verdict, ...]:
    supervisor = supervisor_of(record, facts)
    own = None if supervisor is None else _qualifying(supervisor, fact, at, rules)
    found = [
        *_missing_license(supervisor, own, fact, at),
        *_missing_plan(record, license, fact, at),
        *_untold(record, license, rules, at),
    ]
    if found or supervisor is None or own is None:
        return tuple(found)
    sentence = _("{name} may see this client in {state} as {title} {number}, supervised by {supervisor}.")
    text = sentence.format(
        name=therapist.signed_name,
        state=at.state.value,
        title=license.title,
        number=license.number,
        supervisor=supervisor.signed_name,
    )
    allowed = Verdict(
        outcome=Outcome.ALLOW,
        code="LIC_OK",
        sentence=" ".join(text.split()).replace(" ,", ","),
        evidence=proof(
            license,
            fact,
            basis="supervised",
            supervisor=supervisor.id,
            supervisor_license=own.title,
            supervisor_number=own.number,
            supervisor_expires=own.expires.isoformat(),
        ),
    )
    return (allowed, *_new_supervisor(own, fact, at), *_silence(record, at, rules))


def _qualifying(supervisor: Therapist, fact: Fact, at: Session, rules: Rulebook) -> License | None:
    titles = fact.value.get("supervisors", ())
    return next(
        (
            one
            for one in supervisor.licenses
            if one.state is at.state
            and at.is_covered_by(one)
            and (not titles or one.title in titles)
            and is_independent(one, rules, at.first)
        ),
        None,
    )


def _missing_license(supervisor: Therapist | None, own: License | None, fact: Fact, at: Session) -> tuple[Verdict, ...]:
    if own is not None:
        return ()
    if supervisor is None:
        text = _("The supervisor on record is not among the practice's therapists; correct the record.")
        return (Verdict(outcome=Outcome.BLOCK, code="SUP_UNKNOWN", sentence=text, evidence=evidence(fact)),)
    last = max((one.expires for one in supervisor.licenses if one.state is at.state), default=None)
    sentence = _("The supervisor {supervisor} holds no valid {state} license that may supervise on {day}.")
    text = sentence.format(supervisor=supervisor.signed_name, state=at.state.value, day=shown(at.last))
    proof_of_it = evidence(
        fact,
        state=at.state.value,
        supervisor=supervisor.id,
        supervisor_expires="" if last is None else last.isoformat(),
    )
    return (Verdict(outcome=Outcome.BLOCK, code="SUP_LIC_INVALID", sentence=text, evidence=proof_of_it),)


def _missing_plan(record: Supervision, license: License, fact: Fact, at: Session) -> tuple[Verdict, ...]:
    if fact.value.get("supervision") != "plan" or _is_by(record.plan_on, at.first):
        return ()
    sentence = _("{state} wants the supervision plan on file before a {title} sees clients; record its date.")
    text = sentence.format(state=license.state.value, title=license.title)
    return (Verdict(outcome=Outcome.BLOCK, code="SUP_PLAN", sentence=text, evidence=proof(license, fact)),)


def _untold(record: Supervision, license: License, rules: Rulebook, at: Session) -> tuple[Verdict, ...]:
    rule = rules.fact("supervision.clients_told_in_writing", at.first)
    if record.client_told or not rule.value:
        return ()
    text = _("Clients must be told in writing who supervises, with the supervisor's license, before the first visit.")
    return (Verdict(outcome=Outcome.BLOCK, code="SUP_DISCLOSURE", sentence=text, evidence=proof(license, rule)),)


def _new_supervisor(own: License, fact: Fact, at: Session) -> tuple[Verdict, ...]:
    years = fact.value.get("supervisor_years")
    if not years or own.effective is None or (at.first - own.effective).days >= years * 365:
        return ()
    sentence = _("{state} wants a supervisor who has held the license for {years} years; the record shows less.")
    text = sentence.format(state=own.state.value, years=years)
    return (Verdict(outcome=Outcome.WARN, code="SUP_TENURE", sentence=text, evidence=proof(own, fact)),)


def _silence(record: Supervision, at: Session, rules: Rulebook) -> tuple[Verdict, ...]:
    rule = rules.fact("supervision.log_every_days", at.first)
    last = record.logged_on
    if last is None or (at.today - last).days <= rule.value:
        return ()
    sentence = _("The last supervision on record was on {last}; it is due every {days} days.")
    text = sentence.format(last=shown(last), days=rule.value)
    return (Verdict(outcome=Outcome.WARN, code="SUP_LOG", sentence=text, evidence=evidence(rule)),)


def _is_by(day: date | None, session_day: date) -> bool:
    return day is not None and day <= session_day

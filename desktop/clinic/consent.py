"""Who may consent to a visit: the law of the state where the client is, at the client's age on the visit's day."""

from __future__ import annotations

from datetime import date

from desktop.clinic.clients import Client, Consent, ConsentKind, PaymentKind, Signer
from desktop.clinic.custody import judge_custody
from desktop.clinic.facts import Facts
from desktop.clinic.moments import age_on
from desktop.clinic.people import State
from desktop.clinic.phrases import evidence, shown
from desktop.clinic.phrases import translated as _
from desktop.clinic.rulebook import Fact, Rulebook
from desktop.clinic.services import Format, Service, ServiceKind
from desktop.clinic.verdict import Outcome, Verdict


def judge_consent(
    client: Client,
    *,
    state: State | None,
    day: date,
    service: Service,
    format: Format,
    rules: Rulebook,
    facts: Facts,
) -> tuple[Verdict, ...]:
    """Judge consent for a visit on that day in that state; nothing while the state is unknown.

    Adults sign at or before the first visit, so a missing signature never stops a booking; a revoked one does.
    """
    del format, facts
    if state is None:
        return ()
    adult = _rule("minor.adult_age", state, day, rules)
    if age_on(client.birth_date, day) >= adult.value or _is_emancipated(client, state, day, rules):
        return _judge_adult(client, state, day, service, adult)
    return (*_judge_minor(client, state, day, service, rules), *_judge_border(client, state, day, rules))


def is_minor(client: Client, state: State, day: date, rules: Rulebook) -> bool:
    """Whether the client is a minor in that state on that day and not emancipated."""
    adult = _rule("minor.adult_age", state, day, rules).value
    return age_on(client.birth_date, day) < adult and not _is_emancipated(client, state, day, rules)


def consents_alone(client: Client, state: State, day: date, rules: Rulebook) -> bool:
    """Whether the minor is old enough in that state to consent to outpatient talk therapy alone.

    When such a minor consents alone, nothing about the visit goes to the parents without the minor's word.
    """
    age = age_on(client.birth_date, day)
    return is_minor(client, state, day, rules) and age >= _rule("minor.self_consent_age", state, day, rules).value


def _rule(name: str, state: State, day: date, rules: Rulebook) -> Fact:
    return rules.find(f"{name}.{state}", day) or rules.fact(f"{name}.other", day)


def _is_emancipated(client: Client, state: State, day: date, rules: Rulebook) -> bool:
    return client.emancipated and bool(_rule("minor.emancipation", state, day, rules).value)


def in_force(consent: Consent, state: State, day: date) -> bool:
    """Whether a consent to treatment signed for that state, or for any, counts on that day."""
    return (
        consent.kind is ConsentKind.TREATMENT
        and consent.state in (None, state)
        and consent.signed_on <= day
        and (consent.expires_on is None or day <= consent.expires_on)
        and not is_revoked(consent, day)
    )


def is_revoked(consent: Consent, day: date) -> bool:
    """Whether the consent no longer counts on that day, because it was taken back."""
    return consent.revoked_on is not None and consent.revoked_on <= day


def _taken_back(client: Client, signers: tuple[Signer, ...], state: State, day: date) -> Consent | None:
    """The latest consent of these signers when it was taken back and nothing newer of theirs is in force."""
    own = [
        one
        for one in client.consents
        if one.by in signers and one.kind is ConsentKind.TREATMENT and one.state in (None, state)
    ]
    revoked = [one for one in own if is_revoked(one, day)]
    if not revoked or any(in_force(one, state, day) for one in own):
        return None
    return max(revoked, key=lambda one: one.revoked_on or day)


def _judge_adult(client: Client, state: State, day: date, service: Service, adult: Fact) -> tuple[Verdict, ...]:
    if service.kind is ServiceKind.COACHING:
        return ()
    revoked = _taken_back(client, (Signer.CLIENT,), state, day)
    return () if revoked is None else (_revoked(revoked, state, adult),)


def _revoked(consent: Consent, state: State, rule: Fact) -> Verdict:
    text = _("Consent to treatment was taken back on {day}; a clinician must speak with the client before the visit.")
    when = consent.revoked_on or consent.signed_on
    shows = evidence(rule, state=state.value, signer=consent.by.value, revoked_on=when.isoformat())
    return Verdict(outcome=Outcome.HOLD, code="CONSENT_REVOKED", sentence=text.format(day=shown(when)), evidence=shows)


def _judge_minor(client: Client, state: State, day: date, service: Service, rules: Rulebook) -> tuple[Verdict, ...]:
    rule = _rule("minor.self_consent_age", state, day, rules)
    excluded = service.kind.value in rules.fact("minor.self_consent_excludes", day).value
    guardians = [one for one in client.consents if one.by is Signer.GUARDIAN and in_force(one, state, day)]
    if age_on(client.birth_date, day) < rule.value or excluded:
        return _judge_guardians(client, guardians, state, day, rule, rules)
    refused = _judge_revocation(client, guardians, state, day, rules)
    if refused is not None:
        return (refused,)
    alone = client.refuses_parent_contact or not guardians
    if not alone:
        return (_ok(rule, state, "guardian", _("A guardian consented.")),)
    if _taken_back(client, (Signer.MINOR_SELF, Signer.CLIENT), state, day) is not None:
        return (_ok(rule, state, "guardian", _("A guardian's consent stands, although the minor took theirs back.")),)
    text = _("At {age} the client may consent alone in {state}; send nothing to the parents without their word.")
    sentence = text.format(age=age_on(client.birth_date, day), state=state.value)
    return (_ok(rule, state, "minor_self", sentence), *_judge_billing(client, rule, state))


def _judge_revocation(
    client: Client, guardians: list[Consent], state: State, day: date, rules: Rulebook
) -> Verdict | None:
    """Pennsylvania: treatment goes on when the other of minor and parent has consented; elsewhere a person decides."""
    keeps = _rule("minor.other_consenter_keeps", state, day, rules)
    minor = _taken_back(client, (Signer.MINOR_SELF, Signer.CLIENT), state, day)
    parent = _taken_back(client, (Signer.GUARDIAN,), state, day)
    own = any(one.by is not Signer.GUARDIAN and in_force(one, state, day) for one in client.consents)
    if minor is not None and not (keeps.value and guardians):
        return _revoked(minor, state, keeps)
    if parent is not None and not guardians and not (keeps.value and own):
        return _revoked(parent, state, keeps)
    return None


def _ok(rule: Fact, state: State, basis: str, sentence: str) -> Verdict:
    shows = evidence(rule, state=state.value, basis=basis)
    return Verdict(outcome=Outcome.ALLOW, code="CONSENT_OK", sentence=sentence, evidence=shows)


def _judge_billing(client: Client, rule: Fact, state: State) -> tuple[Verdict, ...]:
    if client.coverage.kind is PaymentKind.SELF_PAY:
        return ()
    text = _("Billing a parent's insurance can show the visit to the parents; agree with the client how to pay.")
    return (Verdict(outcome=Outcome.WARN, code="EOB", sentence=text, evidence=evidence(rule, state=state.value)),)


def _judge_guardians(
    client: Client, signed: list[Consent], state: State, day: date, rule: Fact, rules: Rulebook
) -> tuple[Verdict, ...]:
    custody = judge_custody(client, signed, state, day, rules)
    if signed:
        return custody or (_ok(rule, state, "guardian", _("A guardian consented.")),)
    revoked = _taken_back(client, (Signer.GUARDIAN,), state, day)
    if revoked is not None:
        return (_revoked(revoked, state, rule), *custody)
    text = _("A guardian must sign first: in {state} a client of this age cannot consent alone to this service.")
    shows = evidence(rule, state=state.value, age=str(age_on(client.birth_date, day)), self_consent_age=str(rule.value))
    return (
        Verdict(outcome=Outcome.HOLD, code="CONSENT_MINOR", sentence=text.format(state=state.value), evidence=shows),
        *custody,
    )


def _judge_border(client: Client, state: State, day: date, rules: Rulebook) -> tuple[Verdict, ...]:
    """A warning when the client's home state would answer otherwise than the state of the session."""
    home = client.address.state
    if home is None or home is state:
        return ()
    here, there = consents_alone(client, state, day, rules), consents_alone(client, home, day, rules)
    if here == there and is_minor(client, home, day, rules):
        return ()
    rule = _rule("minor.self_consent_age", home, day, rules)
    text = _(
        "The client lives in {home}, where other rules for minors hold than in {state}; the clinical lead reviews it."
    )
    shows = evidence(rule, state=state.value, home_state=home.value)
    sentence = text.format(home=home.value, state=state.value)
    return (Verdict(outcome=Outcome.WARN, code="CROSS_BORDER_MINOR", sentence=sentence, evidence=shows),)

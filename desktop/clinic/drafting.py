"""Writing a letter: from what is known to a draft, with everything that stands against sending it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from gettext import gettext as _

from desktop.clinic import wording
from desktop.clinic.change import Actor
from desktop.clinic.clients import DataClass
from desktop.clinic.disclosure import Disclosed, Field, class_name, is_confidential_minor, judge_disclosure
from desktop.clinic.letter_fields import called, client_state, fields, license_lines, to_guardian
from desktop.clinic.letters import Asked, Draft, Letter, LetterId, LetterKind, Matter, Signature
from desktop.clinic.moments import local_date
from desktop.clinic.people import State
from desktop.clinic.practice import Part2, Practice
from desktop.clinic.risk import judge_risk
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.template import Template, fields_of, fill, used
from desktop.clinic.verdict import Outcome, Verdict


def compose(
    asked: Asked, matter: Matter, template: Template, rules: Rulebook, actor: Actor, letter_id: LetterId
) -> Draft:
    """The draft of a letter: it prints only the classes of information that its kind tells, and those asked for.

    Days count on the practice's calendar. Raises BadInput when the template names a field that this kind does not have
    or a note belongs to no field, UnknownRule when the rulebook lacks a text that must be printed.
    """
    found = {one.name: one for one in fields(asked, matter, rules, actor)}
    open_to = asked.kind.classes | asked.classes
    values = {name: one.text if one.classes <= open_to else "" for name, one in found.items()}
    values |= {name: "" for name in fields_of(template) - found.keys() if _is_absent(asked.kind, matter)}
    printed = used(template, values)
    leaving = [one for one in found.values() if one.name in printed and one.classes]
    day = local_date(actor.now)
    disclosed, verdicts = judge_disclosure(leaving, matter.client, matter.recipient, matter.practice.part2, day)
    letter = Letter(
        id=letter_id,
        kind=asked.kind,
        client=matter.client.id,
        referral=matter.referral.id if matter.referral else None,
        visit=matter.visit.id if matter.visit else None,
        recipient=matter.recipient.id if matter.recipient else None,
        written_at=actor.now,
        by=actor.user,
        title=asked.kind.label,
        language=template.settings.get("language", "en-US"),
        head=letterhead(matter.practice),
        date=wording.long_date(day),
        addressee=_addressee(matter, day),
        sections=fill(template, values),
        signatures=tuple(_signatures(asked.kind, matter, day)),
        notices=tuple(_notices(matter, disclosed, rules, day)),
        footer=(template.settings.get("footer", ""), str(rules.fact("letters.crisis_line", day).value)),
        disclosed=disclosed,
        template=f"{asked.kind} {template.version}",
    )
    withheld = tuple(one for one in found.values() if one.text.strip() and not one.classes <= open_to)
    risk = (one for one in judge_risk(matter.client, day=day, rules=rules) if one.code == "CRISIS_STOP")
    checks = _checks(asked, matter, values, withheld, actor)
    return Draft(asked=asked, letter=letter, withheld=withheld, verdicts=(*risk, *verdicts, *checks))


def letterhead(practice: Practice) -> tuple[str, ...]:
    """The practice's name, its address, and how to reach it; a line each."""
    reach = (
        _("Phone {number}").format(number=wording.telephone(practice.phone)) if practice.phone else "",
        _("Fax {number}").format(number=wording.telephone(practice.fax)) if practice.fax else "",
        practice.email,
    )
    lines = (wording.address_lines(practice.address), (part for part in reach if part))
    return (practice.name, *(line for line in map(" · ".join, lines) if line))


def _is_absent(kind: LetterKind, matter: Matter) -> bool:
    return (matter.visit if kind is LetterKind.APPOINTMENT_CONFIRMATION else matter.referral) is None


def _addressee(matter: Matter, day: date) -> tuple[str, ...]:
    other = matter.recipient
    if other is not None:
        name = ", ".join(part for part in (other.name.full, other.credentials) if part)
        return tuple(line for line in (name, other.organization, *wording.address_lines(other.address)) if line)
    client = matter.client
    if is_confidential_minor(client, day):
        return (called(client), _("By hand"))
    name = called(client)
    if to_guardian(client, day):
        name = _("Parent or guardian of {name}").format(name=name)
    return (name, *wording.address_lines(client.address)) if client.mail_ok else (name,)


def _signatures(kind: LetterKind, matter: Matter, day: date) -> Iterator[Signature]:
    if not kind.is_clinical or (kind is LetterKind.REPLY_TO_REFERRER and matter.therapist is None):
        yield Signature(lines=(_("Front desk"), matter.practice.name), by_hand=False)
        return
    state = client_state(matter)
    if matter.therapist is not None:
        lines = license_lines(matter.therapist, state, day)
        yield Signature(lines=(wording.signed(matter.therapist), *lines))
    if matter.supervisor is not None:
        lines = license_lines(matter.supervisor, state, day)
        yield Signature(caption=_("Supervised by"), lines=(wording.signed(matter.supervisor), *lines))


def _notices(matter: Matter, disclosed: tuple[Disclosed, ...], rules: Rulebook, day: date) -> Iterator[str]:
    if matter.recipient is None or not disclosed:
        return
    if State.PA in (matter.practice.address.state, client_state(matter)):
        yield str(rules.fact("letters.pa_notice", day).value)
    substance = next((row for row in disclosed if row.data_class is DataClass.SUD), None)
    if substance is None or matter.practice.part2 is Part2.NO:
        return
    yield str(rules.fact("letters.part2_notice_long", day).value)
    release = next((one for one in matter.client.releases if one.id == substance.basis), None)
    if release is not None:
        yield _(
            "Scope of the consent {id}, signed {signed}, valid through {until}: {what}. Purpose: {purpose}."
        ).format(
            id=release.id,
            signed=wording.long_date(release.signed_on),
            until=wording.long_date(release.expires_on),
            what=", ".join(class_name(one) for one in sorted(release.classes)),
            purpose=release.purpose.rstrip(".") or _("treatment"),
        )


def _checks(
    asked: Asked, matter: Matter, values: Mapping[str, str], withheld: tuple[Field, ...], actor: Actor
) -> Iterator[Verdict]:
    """What the letter must have and lacks."""
    for name, sentence in _lacking(asked, matter, values):
        yield Verdict(outcome=Outcome.BLOCK, code="LETTER_INCOMPLETE", sentence=sentence, evidence={"field": name})
    if asked.kind is LetterKind.REFERRAL_OUT and not (values.get("reason") or values.get("picture")):
        kept = any(one.name in ("reason", "picture") for one in withheld)
        sentence = _("The letter does not say why the client is referred.")
        more = _("The reason is kept back, because it may tell of substance use or HIV; write one that does not.")
        yield Verdict(outcome=Outcome.WARN, code="LETTER_NO_REASON", sentence=more if kept else sentence)
    visit, day = matter.visit, local_date(actor.now)
    if asked.kind is LetterKind.APPOINTMENT_CONFIRMATION and visit is not None:
        if not visit.status.holds_time:
            sentence = _("This appointment was canceled; there is nothing to confirm.")
            yield Verdict(outcome=Outcome.BLOCK, code="LETTER_VISIT_CANCELED", sentence=sentence)
        elif visit.start < actor.now:
            sentence = _("This appointment is already over.")
            yield Verdict(outcome=Outcome.WARN, code="LETTER_VISIT_PAST", sentence=sentence)
    state = client_state(matter)
    if matter.therapist is not None and not license_lines(matter.therapist, state, day) and matter.therapist.licenses:
        yield Verdict(
            outcome=Outcome.HOLD,
            code="LETTER_LICENSE",
            sentence=_("The therapist has no license on file for the client's state, so the letter prints none."),
            evidence={"therapist": matter.therapist.id, "state": state.value if state else ""},
        )


def _lacking(asked: Asked, matter: Matter, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not matter.practice.name:
        yield "practice", _("Enter the practice's name first; the letterhead needs it.")
    if asked.kind is LetterKind.APPOINTMENT_CONFIRMATION:
        if matter.visit is None:
            yield "visit", _("Choose the appointment to confirm.")
        return
    if matter.referral is None:
        yield "referral", _("Choose the referral that the letter belongs to.")
    if matter.recipient is None:
        yield "recipient", _("Choose to whom the letter goes.")
    clinical = asked.kind is LetterKind.REFERRAL_OUT or any(values.get(name) for name in _CLINICAL)
    if matter.therapist is None and clinical:
        yield "therapist", _("Choose the therapist who signs the letter.")


_CLINICAL = ("plan", "diagnosis", "recommendations")  # the front desk may say where a referral stands, but not these

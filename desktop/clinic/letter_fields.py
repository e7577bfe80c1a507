"""The facts that each kind of letter can print, each with the classes of information it would give away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from gettext import gettext as _

from desktop.clinic import wording
from desktop.clinic.change import Actor
from desktop.clinic.clients import Client, DataClass
from desktop.clinic.disclosure import Field, told
from desktop.clinic.errors import BadInput
from desktop.clinic.letters import Asked, LetterKind, Matter
from desktop.clinic.moments import age_on, local, local_date
from desktop.clinic.people import Referrer, State
from desktop.clinic.referral import Referral, Stage, Urgency
from desktop.clinic.risk import has_any_risk
from desktop.clinic.rulebook import Rulebook
from desktop.clinic.services import Format
from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import VisitStatus

NOTES: Mapping[LetterKind, Mapping[str, DataClass | None]] = {
    LetterKind.REFERRAL_OUT: {
        "asked": None,
        "picture": DataClass.REASON,
        "wishes": DataClass.REASON,
        "treatment": DataClass.TREATMENT,
        "history": DataClass.TREATMENT,
        "medication": DataClass.TREATMENT,
        "diagnosis": DataClass.DIAGNOSIS,
        "attachments": None,
    },
    LetterKind.REPLY_TO_REFERRER: {
        "plan": DataClass.TREATMENT,
        "recommendations": DataClass.TREATMENT,
        "diagnosis": DataClass.DIAGNOSIS,
        "next_report": None,
    },
    LetterKind.APPOINTMENT_CONFIRMATION: {"arrival": None},
}


def fields(asked: Asked, matter: Matter, rules: Rulebook, actor: Actor) -> tuple[Field, ...]:
    """Every fact that this kind of letter can print; an unknown one is empty.

    Raises BadInput when a note belongs to no field of this kind.
    """
    allowed = NOTES[asked.kind]
    for name in asked.notes:
        if name not in allowed:
            raise BadInput(name, _("this kind of letter has no such field."))
    today = local_date(actor.now)
    found = {one.name: one for one in (*_common(matter, today), *_own(asked.kind, matter, rules, today))}
    for name, one in allowed.items():
        text = asked.notes.get(name, "")
        if text.strip() or name not in found:
            found[name] = told(name, text, *(() if one is None else (one,)))
    return tuple(found.values())


def client_state(matter: Matter) -> State | None:
    """The state whose license counts for the letter: where the client will sit, or lives."""
    if matter.visit is not None:
        seat = next((one for one in matter.visit.seats if one.client == matter.client.id), None)
        if matter.visit.format is Format.TELEHEALTH:
            return seat.expected_state if seat is not None else None
        return matter.site.state if matter.site is not None else None
    asked = matter.referral.request.state if matter.referral is not None and matter.referral.request else None
    return asked or matter.client.address.state


def license_lines(therapist: Therapist, state: State | None, day: date) -> tuple[str, ...]:
    """The license in that state, or the authority that reaches it; every license when the state is not known."""
    if state is None:
        return tuple(
            wording.license_line(one) for one in therapist.licenses if one.effective is None or one.effective <= day
        )
    held = wording.license_for(therapist, state, day)
    if held is not None:
        return (wording.license_line(held),)
    reach = wording.authority_for(therapist, state, day)
    home = wording.license_for(therapist, reach.home_state, day) if reach is not None and reach.home_state else None
    lines = (wording.license_line(home) if home else "", wording.authority_line(reach) if reach else "")
    return tuple(line for line in lines if line)


def called(client: Client) -> str:
    """The name to write to the client with: the one they go by, and the family name."""
    return " ".join(part for part in (client.goes_by or client.name.given, client.name.family) if part)


def _common(matter: Matter, today: date) -> Iterator[Field]:
    client, practice = matter.client, matter.practice
    identity = frozenset({DataClass.IDENTITY})
    yield Field(name="client_name", text=client.name.full, classes=identity)
    yield Field(name="client_called", text=called(client), classes=identity)
    yield Field(name="birth_date", text=wording.long_date(client.birth_date), classes=identity)
    phone = next((one.number for one in client.phones if one.kind != "fax"), "")
    yield Field(name="client_phone", text=wording.telephone(phone), classes=frozenset({DataClass.CONTACT}))
    address = wording.one_line(wording.address_lines(client.address))
    yield Field(name="client_address", text=address, classes=frozenset({DataClass.CONTACT}))
    yield Field(name="insurance", text=_insurance(client), classes=frozenset({DataClass.INSURANCE}))
    yield Field(name="practice_name", text=practice.name)
    yield Field(name="practice_phone", text=wording.telephone(practice.phone))
    yield Field(name="practice_fax", text=wording.telephone(practice.fax))
    yield Field(name="recipient_greeting", text=_greeting(matter.recipient, client, today))
    therapist = matter.therapist
    yield Field(name="therapist_name", text=wording.signed(therapist) if therapist else "")
    state = client_state(matter)
    lines = license_lines(therapist, state, today) if therapist else ()
    yield Field(name="therapist_license", text="; ".join(lines))
    yield Field(name="supervisor", text=_supervisor(matter, state, today))
    yield Field(name="release", text=_release(client, matter.recipient, today))


def _own(kind: LetterKind, matter: Matter, rules: Rulebook, today: date) -> Iterable[Field]:
    if kind is LetterKind.APPOINTMENT_CONFIRMATION:
        return _confirmation(matter, rules, today)
    if matter.referral is None:
        return ()
    return (
        _outbound(matter, matter.referral, rules, today)
        if kind is LetterKind.REFERRAL_OUT
        else _reply(matter, matter.referral)
    )


def _outbound(matter: Matter, referral: Referral, rules: Rulebook, today: date) -> Iterator[Field]:
    client = matter.client
    yield Field(name="asked", text=_("evaluate and, where indicated, treat"))
    yield Field(name="urgency", text=_urgency(referral.urgency))
    classes = {DataClass.REASON} | ({DataClass.SUD} if "substance_use" in client.concerns else set())
    yield told("reason", referral.reason, *classes)
    yield told("wishes", _wishes(client), DataClass.REASON)
    yield Field(name="risk", text=_risk(client, rules, today), classes=frozenset({DataClass.RISK}))
    in_time = today + timedelta(days=referral.urgency.days)
    by = max(referral.due or in_time, in_time)
    yield Field(name="reply_by", text=wording.long_date(by))


def _reply(matter: Matter, referral: Referral) -> Iterator[Field]:
    scheduling = frozenset({DataClass.SCHEDULING})
    visit = matter.visit
    contact = next((step.at for step in referral.history if step.after is Stage.CONTACTING), None)
    first = wording.long_moment(visit.start, visit.zone) if visit is not None and visit.status.holds_time else ""
    yield Field(name="received_on", text=wording.long_date(referral.received_on), classes=scheduling)
    yield Field(name="status", text=_status(referral.stage), classes=scheduling)
    yield Field(name="first_contact", text=wording.long_date(local(contact)) if contact else "", classes=scheduling)
    yield Field(name="first_visit", text=first, classes=scheduling)
    yield Field(name="attended", text=_attended(matter) if first else "", classes=scheduling)


def _confirmation(matter: Matter, rules: Rulebook, today: date) -> Iterator[Field]:
    visit, scheduling = matter.visit, frozenset({DataClass.SCHEDULING})
    if visit is None:
        return
    here = local(visit.start, visit.zone)
    online = visit.format is Format.TELEHEALTH
    state = client_state(matter)
    yield Field(name="day", text=f"{wording.weekday(here)}, {wording.long_date(here)}", classes=scheduling)
    yield Field(name="time", text=wording.span(visit.start, visit.end, visit.zone), classes=scheduling)
    yield Field(name="place", text="" if online else _place(matter), classes=scheduling)
    yield Field(name="video", text=_("by video, through the secure link in your portal") if online else "")
    yield Field(name="location", text=wording.state_name(state) if online and state else "", classes=scheduling)
    yield Field(name="cancel_hours", text=str(matter.practice.cancel_hours))
    until = wording.notice_until(visit.start, matter.practice.cancel_hours, visit.zone)
    yield Field(name="cancel_by", text=until, classes=scheduling)
    new_jersey = online and state is State.NJ
    yield Field(name="nj_notice", text=str(rules.fact("letters.nj_telehealth", today).value) if new_jersey else "")
    yield Field(
        name="arrival", text="" if online else _("Please come a few minutes early, so that we can start on time.")
    )


def _insurance(client: Client) -> str:
    return ", ".join(part for part in (client.coverage.payer, client.coverage.member_id) if part)


def _greeting(recipient: Referrer | None, client: Client, today: date) -> str:
    if recipient is None:
        return _("parent or guardian") if to_guardian(client, today) else client.called
    if recipient.credentials.upper().replace(".", "").split(",")[0].strip() in ("MD", "DO", "PHD", "PSYD"):
        return _("Dr. {name}").format(name=recipient.name.family or recipient.name.given)
    return recipient.name.full


def to_guardian(client: Client, today: date) -> bool:
    """Whether a letter to the client is addressed to a parent or guardian, because they consented for a minor."""
    from_guardian = any(one.by.value == "guardian" and one.revoked_on is None for one in client.consents)
    young = age_on(client.birth_date, today) < 18 and not client.emancipated
    return young and not client.refuses_parent_contact and from_guardian


def _supervisor(matter: Matter, state: State | None, today: date) -> str:
    if matter.supervisor is None:
        return ""
    return ", ".join((wording.signed(matter.supervisor), *license_lines(matter.supervisor, state, today)))


def _release(client: Client, recipient: Referrer | None, today: date) -> str:
    if recipient is None:
        return ""
    standing = [
        _("{id}, signed {signed}, valid through {until}").format(
            id=one.id, signed=wording.long_date(one.signed_on), until=wording.long_date(one.expires_on)
        )
        for one in client.releases
        if one.recipient == recipient.id and one.revoked_on is None and one.signed_on <= today <= one.expires_on
    ]
    return "; ".join(standing)


def _urgency(urgency: Urgency) -> str:
    return {
        Urgency.ROUTINE: _(
            "This is a routine referral: a first appointment within 14 days would serve the client well."
        ),
        Urgency.SOON: _("Please see the client soon: within 7 days."),
        Urgency.URGENT: _("This is urgent: please see the client within 24 to 48 hours."),
    }[urgency]


def _wishes(client: Client) -> str:
    parts = []
    if client.languages and client.languages[0] != "en":
        parts.append(_("Preferred language: {code}.").format(code=client.languages[0]))
    if client.interpreter:
        parts.append(_("An interpreter is needed."))
    if client.accessibility:
        parts.append(_("Accessibility: {need}.").format(need=client.accessibility.rstrip(".")))
    return " ".join(parts)


def _risk(client: Client, rules: Rulebook, today: date) -> str:
    screen = client.risk_screen
    if screen is None:
        return ""
    day = wording.long_date(local(screen.taken_at))
    if not has_any_risk(screen, today, rules):
        return _("The risk screen of {day} had no positive answer.").format(day=day)
    return _("The risk screen of {day} had a positive answer; please call us before the first appointment.").format(
        day=day
    )


def _status(stage: Stage) -> str:
    waiting = _("We have received the referral and are arranging a first appointment.")
    return {
        Stage.PENDING_INFORMATION: _(
            "We have received the referral and need more information from you; please call us."
        ),
        Stage.CONTACTING: _(
            "We have accepted the referral and are in touch with the client about a first appointment."
        ),
        Stage.WAITLISTED: _("The client is on our waiting list; we will write to you when a first appointment is set."),
        Stage.BOOKED: _("We have accepted the referral; a first appointment is set."),
        Stage.ATTENDED: _("We have accepted the referral; the client has come to the first appointment."),
        Stage.REPORTED_BACK: _("We have accepted the referral; the client has come to the first appointment."),
        Stage.CLOSED: _("This referral is complete."),
        Stage.DECLINED: _("We are not able to accept this referral."),
        Stage.UNABLE_TO_REACH: _("We were not able to reach the client and have closed the referral."),
        Stage.REDIRECTED: _("We have directed the client to another service."),
        Stage.WITHDRAWN: _("The client has decided not to go on with this referral."),
    }.get(stage, waiting)


def _attended(matter: Matter) -> str:
    visit = matter.visit
    seat = next((one for one in visit.seats if one.client == matter.client.id), None) if visit else None
    if seat is not None and seat.attended is not None:
        return _("yes") if seat.attended else _("no")
    status = visit.status if visit else None
    if status in (VisitStatus.ARRIVED, VisitStatus.COMPLETED):
        return _("yes")
    return _("no") if status is VisitStatus.NO_SHOW else _("not yet")


def _place(matter: Matter) -> str:
    site = matter.site
    if site is None:
        return ""
    room = matter.room.name if matter.room is not None else ""
    return wording.one_line(part for part in (site.name, *wording.address_lines(site.address), room) if part)

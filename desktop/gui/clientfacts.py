"""A client as the front desk sees them, in parts for the page of facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from gettext import gettext as _
from typing import TYPE_CHECKING

from desktop.clinic.clients import Client, Custody, Guardian
from desktop.clinic.errors import Missing
from desktop.clinic.moments import age_on
from desktop.clinic.people import ClientId, Referrer
from desktop.clinic.practice import Site
from desktop.clinic.referral import Direction, Referral
from desktop.clinic.therapists import Therapist
from desktop.clinic.wording import address_lines, one_line
from desktop.gui import peoplewords, words
from desktop.gui.widgets.factsheet import Part, Row
from desktop.gui.widgets.glyphs import Glyph

if TYPE_CHECKING:
    from desktop.office.daybook import VisitLine
    from desktop.records.store import Store

_UPCOMING, _PAST = 6, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFile:
    """A client with what else is on record about them."""

    client: Client
    therapists: Mapping[str, str]
    therapist: str
    site: str
    referrers: Mapping[str, str]
    upcoming: tuple[VisitLine, ...]
    past: tuple[VisitLine, ...]
    referrals: tuple[Referral, ...]


def read_file(store: Store, key: ClientId, now: datetime) -> ClientFile:
    """Read the client with the next and the latest visits and all referrals.

    Raises Missing when there is no such client.
    """
    from desktop.office import daybook

    with store.reading() as reader:
        client = reader.find(Client, key)
        if client is None:
            raise Missing
        visits = reader.visits_of(key)
        coming = [one for one in visits if one.end > now and one.status.holds_time][:_UPCOMING]
        past = [one for one in visits if one.end <= now][-_PAST:][::-1]
        lines = {one.visit.id: one for one in daybook.lines(reader, (*coming, *past))}
        site = reader.find(Site, client.site) if client.site else None
        therapists = {str(one.id): one.name.full for one in reader.all(Therapist)}
        return ClientFile(
            client=client,
            therapists=therapists,
            therapist=therapists.get(client.therapist or "", ""),
            site=site.name if site else "",
            referrers={str(one.id): one.organization or one.name.full for one in reader.all(Referrer)},
            upcoming=tuple(lines[one.id] for one in coming),
            past=tuple(lines[one.id] for one in past),
            referrals=reader.referrals(client=key),
        )


def subtitle(found: ClientFile, today: date) -> str:
    """Age, birth date and status on one line."""
    client = found.client
    age = _("{age} years").format(age=age_on(client.birth_date, today))
    born = _("born {day}").format(day=peoplewords.short(client.birth_date))
    return " · ".join((born, age, peoplewords.client_status(client.status)))


def parts(found: ClientFile, today: date) -> tuple[Part, ...]:
    """Everything, the most often needed first."""
    client = found.client
    return (
        Part(rows=tuple(_notes(client, today))),
        Part(heading=_("Upcoming appointments"), rows=_visits(found, found.upcoming, _("None booked."))),
        Part(heading=_("Contact"), rows=tuple(_contact(client))),
        Part(heading=_("Guardians"), rows=tuple(_guardian(one) for one in client.guardians)),
        Part(heading=_("Coverage"), rows=tuple(_coverage(client))),
        Part(heading=_("Care"), rows=tuple(_care(found))),
        Part(heading=_("Referrals"), rows=tuple(_referral(found, one, today) for one in found.referrals)),
        Part(heading=_("Consents"), rows=tuple(_consents(client, today))),
        Part(heading=_("Earlier appointments"), rows=_visits(found, found.past, "")),
    )


def _notes(client: Client, today: date) -> list[Row]:
    rows = []
    if client.goes_by:
        rows.append(Row(label=_("Goes by"), text=client.goes_by))
    if client.pronouns:
        rows.append(Row(label=_("Pronouns"), text=client.pronouns))
    if client.refuses_parent_contact:
        rows.append(_warning(_("Consents alone: nothing goes to the parents")))
    if any(one.custody is Custody.DISPUTED for one in client.guardians):
        rows.append(_warning(_("Custody is disputed")))
    if client.custody_order and not client.custody_order_on_file:
        rows.append(_warning(_("A custody order exists but is not on file")))
    if client.interpreter:
        rows.append(_warning(_("Needs an interpreter ({language})").format(language=client.languages[0])))
    if client.accessibility:
        rows.append(Row(label=_("Access"), text=client.accessibility))
    if not client.guardians and age_on(client.birth_date, today) < 18 and not client.emancipated:
        rows.append(_warning(_("A minor without a guardian on record")))
    return rows


def _warning(text: str) -> Row:
    return Row(text=text, tone="warn", glyph=Glyph.TRIANGLE)


def _contact(client: Client) -> list[Row]:
    rows = []
    for phone in client.phones:
        may = [_("voicemail OK") if phone.voicemail_ok else _("no voicemail")]
        may += [_("text OK")] if phone.text_ok else []
        rows.append(
            Row(label=peoplewords.phone_kind(phone.kind), text=f"{words.phone(phone.number)} · {', '.join(may)}")
        )
    if client.email:
        allowed = _("OK to write") if client.email_ok else _("do not write")
        rows.append(Row(label=_("Email"), text=f"{client.email} · {allowed}"))
    if lines := address_lines(client.address):
        mail = "" if client.mail_ok else _(" · no mail")
        rows.append(Row(label=_("Address"), text=one_line(lines) + mail))
    contact = client.emergency_contact
    if contact is not None:
        relation = f" ({contact.relation})" if contact.relation else ""
        rows.append(Row(label=_("Emergency"), text=f"{contact.name}{relation}, {words.phone(contact.phone)}"))
    if client.languages != ("en",):
        rows.append(Row(label=_("Languages"), text=", ".join(client.languages)))
    return rows


def _guardian(one: Guardian) -> Row:
    may = [
        one.relation,
        words.phone(one.phone),
        _("custody {kind}").format(kind=one.custody.value),
        _("may schedule") if one.may_schedule else _("may not schedule"),
        _("may be told") if one.may_be_told else _("may not be told"),
    ]
    return Row(label=one.name.full, text=" · ".join(part for part in may if part))


def _coverage(client: Client) -> list[Row]:
    coverage = client.coverage
    rows = [Row(label=_("Pays"), text=peoplewords.payment(coverage.kind))]
    if coverage.payer:
        rows.append(Row(label=_("Payer"), text=coverage.payer.title()))
    if coverage.member_id:
        rows.append(Row(label=_("Member ID"), text=coverage.member_id))
    if coverage.subscriber:
        rows.append(Row(label=_("Subscriber"), text=coverage.subscriber))
    return rows


def _care(found: ClientFile) -> list[Row]:
    client = found.client
    rows = [Row(label=_("Therapist"), text=found.therapist or _("none yet"))]
    if found.site:
        rows.append(Row(label=_("Site"), text=found.site))
    for caption, key in ((_("Physician"), client.physician), (_("Prescriber"), client.prescriber)):
        if key is not None:
            rows.append(Row(label=caption, text=found.referrers.get(str(key), "")))
    if client.concern:
        rows.append(Row(label=_("Own words"), text=client.concern))
    return rows


def _referral(found: ClientFile, one: Referral, today: date) -> Row:
    way = _("in") if one.direction is Direction.IN else _("out")
    who = found.referrers.get(str(one.referrer), "") or _("self-referred")
    late = one.is_overdue(today)
    due = f" · {words.due(one.due, today)}" if one.stage.is_open and one.due else ""
    return Row(
        label=f"{words.short_date(one.received_on)} {way}",
        text=f"{who} · {words.stage(one.stage)}{due}",
        tone="err" if late else "",
        glyph=Glyph.TRIANGLE if late else None,
    )


def _consents(client: Client, today: date) -> list[Row]:
    rows = []
    for one in client.consents:
        gone = (one.revoked_on is not None and one.revoked_on <= today) or (
            one.expires_on is not None and one.expires_on < today
        )
        state = _("no longer valid") if gone else _("signed {day}").format(day=peoplewords.short(one.signed_on))
        rows.append(Row(label=peoplewords.consent(one.kind), text=state, tone="muted" if gone else ""))
    return rows


def _visits(found: ClientFile, lines: tuple[VisitLine, ...], empty: str) -> tuple[Row, ...]:
    if not lines:
        return (Row(text=empty, tone="muted"),) if empty else ()
    return tuple(
        Row(
            label=words.moment(one.visit.start),
            text=" · ".join(
                part for part in (one.service.name, words.status(one.visit.status), _whose(found, one)) if part
            ),
        )
        for one in lines
    )


def _whose(found: ClientFile, line: VisitLine) -> str:
    """With whom, unless it is the client's own therapist."""
    name = found.therapists.get(line.visit.therapist, "")
    return "" if name == found.therapist else _("with {name}").format(name=name)

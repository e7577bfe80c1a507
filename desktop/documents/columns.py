"""Which column of a table is which field: by the header's words, in the many ways that people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from gettext import gettext as _

from desktop.documents.cells import folded
from desktop.documents.problems import shown
from desktop.documents.rows import RowError


class TableKind(StrEnum):
    """What the rows of a table are."""

    CLIENTS = "clients"
    REFERRALS = "referrals"
    THERAPISTS = "therapists"


_PERSON = {
    "id": "id, record id, record number, external id",
    "family": "family, family name, last name, surname, last, lname, legal last name",
    "given": "given, given name, first name, first, fname, forename, legal first name",
    "middle": "middle, middle name, mi, middle initial",
    "name": "name, full name, legal name",
    "pronouns": "pronouns",
    "email": "email, e-mail, email address, e-mail address",
}
_CLIENT = _PERSON | {
    "id": _PERSON["id"] + ", client id, patient id, mrn, chart number",
    "name": _PERSON["name"] + ", client, client name, patient, patient name",
    "goes_by": "goes by, preferred name, chosen name, nickname, name to use",
    "birth_date": "birth date, birthdate, date of birth, dob, birthday, born",
    "status": "status, client status",
    "phone": "phone, phone number, telephone, primary phone, contact phone, client phone",
    "mobile": "mobile, mobile phone, cell, cell phone, cellphone",
    "home_phone": "home phone, home",
    "work_phone": "work phone, work",
    "voicemail_ok": "voicemail ok, ok to leave voicemail, ok to leave message, leave message, safe to leave message",
    "text_ok": "text ok, ok to text, sms ok, texting ok",
    "email_ok": "email ok, ok to email, e-mail ok",
    "mail_ok": "mail ok, ok to mail",
    "street": "street, street address, address, address 1, address line 1, mailing address",
    "street2": "street 2, address 2, address line 2, apt, apartment, unit",
    "city": "city, town",
    "county": "county",
    "state": "state, home state, client state, residence state, location state",
    "zip": "zip, zip code, zipcode, postal code, postcode",
    "languages": "languages, language, preferred language, primary language",
    "interpreter": "interpreter, needs interpreter",
    "accessibility": "accessibility, accommodations",
    "formats": "formats, format, session format, visit type, telehealth or in person",
    "emergency_name": "emergency contact, emergency contact name, emergency name",
    "emergency_relation": "emergency contact relation, emergency contact relationship, emergency relation",
    "emergency_phone": "emergency contact phone, emergency phone",
    "guardian_name": "guardian, guardian name, parent, parent name, parent or guardian",
    "guardian_relation": "guardian relation, guardian relationship",
    "guardian_phone": "guardian phone, parent phone",
    "payment": "payment, payment kind, payment type, payment method",
    "payer": "payer, insurance, insurance company, insurer, carrier, primary insurance, insurance plan",
    "member_id": "member id, insurance id, policy number, subscriber id",
    "subscriber": "subscriber, subscriber name, policy holder",
    "source": "source, referral source, how did you hear about us",
    "concern": "concern, presenting concern, chief complaint, presenting problem",
}
_REFERRAL = _CLIENT | {
    "id": "id, referral id, referral number, record id, external id",
    "client_id": "client id, patient id, mrn, chart number",
    "received_on": "received on, received, date received, referral date, date of referral",
    "urgency": "urgency, priority",
    "reason": "reason, reason for referral, referral reason",
    "service": "service, service requested, appointment type",
    "modality": "modality, modality requested, therapy type, type of therapy, therapy requested, treatment",
    "therapist_gender": "therapist gender, preferred therapist gender",
    "from_day": "from day, available from, start date, earliest date",
    "referrer": "referrer, referred by, referring provider, referring physician, referrer name",
    "organization": "organization, referring organization, referring practice, referrer organization",
}
_THERAPIST = _PERSON | {
    "id": _PERSON["id"] + ", therapist id, provider id, clinician id",
    "name": _PERSON["name"] + ", therapist, therapist name, provider, provider name, clinician",
    "licensed_name": "licensed name, name on license",
    "role": "role",
    "credentials": "credentials, credential, degree, suffix",
    "gender": "gender",
    "npi": "npi, npi number",
    "seat_state": "seat state, state, home state, office state",
    "qualifications": "qualifications, modalities, modality, trainings",
    "specialties": "specialties, specialty, areas of focus",
    "populations": "populations, population, clients seen",
    "age_from": "age from, minimum age, min age, youngest",
    "age_to": "age to, maximum age, max age, oldest",
    "languages": "languages, language",
    "payers": "payers, insurances, insurance, insurance accepted, in network with",
    "takes_self_pay": "takes self pay, self pay",
    "accepting": "accepting, accepting new clients, taking new clients, open to new clients",
    "caseload_cap": "caseload cap, maximum caseload, max clients, caseload limit",
    "caseload_elsewhere": "caseload elsewhere, current caseload, current clients",
}
_LICENSE = re.compile(
    r"licen[sc]e([2-5]?)(state|title|type|number|effective|issued|expires|expiration|expirationdate|expirydate|status|board|verifiedon)"
)
_LICENSE_FIELD = {
    "type": "title", "issued": "effective", "expiration": "expires", "expirationdate": "expires",
    "expirydate": "expires", "verifiedon": "verified_on",
}  # fmt: skip

FIELDS: Mapping[TableKind, Mapping[str, str]] = {
    TableKind.CLIENTS: _CLIENT,
    TableKind.REFERRALS: _REFERRAL,
    TableKind.THERAPISTS: _THERAPIST,
}
_NEEDED = {
    TableKind.CLIENTS: ("birth_date",),
    TableKind.REFERRALS: ("birth_date",),
    TableKind.THERAPISTS: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """A table's header understood: where each field stands, its header, and the headers nobody understood."""

    width: int
    places: Mapping[str, int]
    headers: Mapping[str, str]
    ignored: tuple[str, ...]
    errors: tuple[RowError, ...]


def columns(kind: TableKind, header: Sequence[str]) -> Columns:
    """The columns of a table of that kind; `errors` when a column that is needed is missing or comes twice."""
    words = {folded(name): field for field, names in FIELDS[kind].items() for name in (field, *names.split(","))}
    places: dict[str, int] = {}
    ignored, errors = [], []
    for place, title in enumerate(header):
        field = words.get(folded(title)) or _license_field(kind, folded(title))
        if field is None:
            ignored.append(title)
        elif field in places:
            sentence = _("two columns mean the same, this one and {other}; remove one of them.")
            errors.append(_error(shown(title), sentence.format(other=shown(header[places[field]]))))
        else:
            places[field] = place
    return Columns(
        width=len(header),
        places=places,
        headers={field: header[place] for field, place in places.items()},
        ignored=tuple(one for one in ignored if one),
        errors=(*errors, *_missing(kind, places)),
    )


def guess_kind(header: Sequence[str]) -> TableKind:
    """The kind of table whose columns the header names most completely; clients when in doubt."""
    found = {kind: columns(kind, header) for kind in TableKind}
    return max(TableKind, key=lambda kind: (not found[kind].errors, len(found[kind].places)))


def _missing(kind: TableKind, places: Mapping[str, int]) -> list[RowError]:
    errors = []
    if not {"name", "family", "given"} & places.keys():
        sentence = _("no column holds the name; call one Name, or two Last name and First name, in the first row.")
        errors.append(_error(_("header"), sentence))
    for field in _NEEDED[kind]:
        if field not in places:
            names = FIELDS[kind][field]
            sentence = _("this column is missing; its header may be one of: {names}.").format(names=names)
            errors.append(_error(field, sentence))
    return errors


def _license_field(kind: TableKind, title: str) -> str | None:
    found = _LICENSE.fullmatch(title) if kind is TableKind.THERAPISTS else None
    return None if found is None else f"license{found[1] or 1} {_LICENSE_FIELD.get(found[2], found[2])}"


def _error(field: str, sentence: str) -> RowError:
    return RowError(row=1, field=field, sentence=sentence)

"""Clients in a table: what a front desk asks at intake, and nothing clinical."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _
from typing import Any

from desktop.clinic.clients import ClientStatus, EmergencyContact, Guardian, PaymentKind
from desktop.clinic.people import ClientId, Name, State
from desktop.documents import cells
from desktop.documents.drafts import ClientRow, id_for
from desktop.documents.row import Row, split_name


def read_client(row: Row, id_field: str = "id") -> ClientRow | None:
    """What a row says of a client; without an id in `id_field` it is made from name, birth date and telephone."""
    name = row.name()
    born = row.get("birth_date", cells.day)
    if not row.text("birth_date"):
        row.note("birth_date", _("give the date of birth, as 1990-12-03 or 12/3/1990."))
    given = row.given(
        goes_by=str, pronouns=str, status=lambda text: cells.one_of(ClientStatus, text), email=cells.email,
        email_ok=cells.yes, mail_ok=cells.yes, languages=cells.languages, interpreter=cells.yes, accessibility=str,
        formats=cells.formats, source=str.lower, concern=str,
    )  # fmt: skip
    phones = _phones(row)
    address, looked_up = _address(row)
    nested = {"phones": phones, "address": address, "coverage": _coverage(row), **_contacts(row)}
    if name is None or born is None:
        return None
    first = phones[0]["number"] if phones else ""
    key = row.text(id_field) or id_for("client", name.family, name.given, born.isoformat(), first)
    given = {"name": name, "birth_date": born, **given, **{field: value for field, value in nested.items() if value}}
    return ClientRow(row=row.line.line, id=ClientId(key), given=given, looked_up=looked_up)


def _phones(row: Row) -> tuple[Mapping[str, Any], ...]:
    """The telephones of a row; leave to call and text is given for the first alone."""
    found: dict[str, dict[str, Any]] = {}
    for name, kind in (("phone", ""), ("mobile", "mobile"), ("home_phone", "home"), ("work_phone", "work")):
        if number := row.get(name, cells.phone):
            found.setdefault(number, {"number": number, **({"kind": kind} if kind else {})})
    may = row.given(voicemail_ok=cells.yes, text_ok=cells.yes)
    return tuple({**one, **may} if index == 0 else one for index, one in enumerate(found.values()))


def _address(row: Row) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What the row says of the address, and what its ZIP code tells besides."""
    given = row.given(street=str, city=str, county=str, state=cells.state, zip=cells.zip_code)
    if row.text("street2"):
        given["street"] = ", ".join(filter(None, (row.text("street"), row.text("street2"))))
    told: dict[str, Any] = dict(cells.place(given["zip"])) if "zip" in given else {}
    if told and "state" in given and told["state"] != given["state"]:
        row.note("zip", _("this ZIP code lies in another state than the row says; correct one of them."))
    if told:
        told["state"] = cells.state(told["state"]) if told["state"] in State.__members__ else None
    return given, {name: value for name, value in told.items() if name not in given and value}


def _coverage(row: Row) -> Mapping[str, Any]:
    also = {
        "selfpay": PaymentKind.SELF_PAY, "private": PaymentKind.SELF_PAY, "cash": PaymentKind.SELF_PAY,
        "insurance": PaymentKind.IN_NETWORK, "oon": PaymentKind.OUT_OF_NETWORK,
    }  # fmt: skip
    given = row.given(payer=str.lower, member_id=str, subscriber=str)
    payer = given.get("payer", "")
    if cells.folded(payer) in ("selfpay", "none", "private", "cash"):
        given = {"kind": PaymentKind.SELF_PAY}
    elif payer:
        given["kind"] = PaymentKind.IN_NETWORK
    kind = row.get("payment", lambda text: cells.one_of(PaymentKind, text, also))
    return {**given, "kind": kind} if kind else given


def _contacts(row: Row) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    if row.text("emergency_name"):
        phone = row.get("emergency_phone", cells.phone)
        if not row.text("emergency_phone"):
            row.note("emergency_phone", _("give the emergency contact's telephone number."))
        found["emergency_contact"] = EmergencyContact(
            name=row.text("emergency_name"), relation=row.text("emergency_relation"), phone=phone or ""
        )
    if any(split_name(row.text("guardian_name"))):
        family, given = split_name(row.text("guardian_name"))
        phone = row.get("guardian_phone", cells.phone) or ""
        found["guardians"] = (
            Guardian(name=Name(family=family, given=given), relation=row.text("guardian_relation"), phone=phone),
        )
    return found

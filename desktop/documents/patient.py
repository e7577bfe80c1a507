"""One FHIR R4 Patient as what it says of a client; its structure has been checked before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from gettext import gettext as _
from typing import Any, TypeVar

from desktop.clinic.clients import ClientStatus, EmergencyContact, Guardian
from desktop.clinic.errors import BadInput
from desktop.clinic.people import ClientId, Name
from desktop.documents import cells
from desktop.documents.drafts import ClientRow, id_for
from desktop.documents.row import split_name

T = TypeVar("T")
Resource = Mapping[str, Any]

_KINDS = {"mobile": "mobile", "home": "home", "work": "work"}
_COUNTRY = frozenset({"", "us", "usa", "unitedstates", "unitedstatesofamerica"})
_PAST = frozenset({"old", "temp"})
_INTERPRETER = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
_PRONOUNS = "http://hl7.org/fhir/StructureDefinition/individual-pronouns"


class Unclear(BadInput):
    """This Patient does not say what a client's record needs."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        """Keep each field with its sentence."""
        super().__init__(*faults[0])
        self.faults = tuple(faults)


def read_patient(row: int, patient: Resource) -> ClientRow:
    """What a Patient says of a client: names, birth date, death, telecom, address, languages, clear contacts.

    Raises Unclear with every field that a client's record needs and the Patient does not give in a usable form.
    """
    reading, patient = _Reading(), _without_nulls(patient)
    legal, called = _names(patient)
    given: dict[str, Any] = {
        "name": reading.get("name", legal, _name),
        "goes_by": called,
        "birth_date": reading.get("birthDate", patient.get("birthDate"), _day, needed=True),
        "phones": _phones(patient, reading),
        "email": _email(patient, reading),
        "languages": reading.get("communication", _languages(patient), lambda found: cells.languages(";".join(found))),
        "pronouns": _pronouns(patient),
        "interpreter": any(one.get("valueBoolean") for one in _extensions(patient, _INTERPRETER)),
        **_death(patient, reading),
        **_contacts(patient, reading),
    }
    address, looked_up = _address(patient, reading)
    if reading.faults:
        raise Unclear(reading.faults)
    first = given["phones"][0]["number"] if given["phones"] else ""
    name, born = given["name"], given["birth_date"]
    key = patient.get("id") or id_for("client", name.family, name.given, born.isoformat(), first)
    said = {field: value for field, value in {**given, "address": address}.items() if value}
    return ClientRow(row=row, id=ClientId(key), given=said, looked_up=looked_up)


class _Reading:
    """Values read so far without a fault, and the faults."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, str]] = []

    def get(self, field: str, given: Any, read: Callable[[Any], T], *, needed: bool = False) -> T | None:  # noqa: ANN401
        """The value, or None with the fault noted; nothing given is a fault only where it is needed."""
        if not given and not needed:
            return None
        try:
            return read(given)
        except BadInput as error:
            self.faults.append((field, str(error).removeprefix(f"{error.field}: ")))
            return None


def _without_nulls(given: Any) -> Any:  # noqa: ANN401
    """The same resource as if nobody had written null; FHIR allows it beside extensions only, and it tells nothing."""
    if isinstance(given, Mapping):
        return {field: _without_nulls(one) for field, one in given.items() if one is not None}
    if isinstance(given, list):
        return [_without_nulls(one) for one in given if one is not None]
    return given


def _names(patient: Resource) -> tuple[Resource, str]:
    """The legal name (official, else the first one in use), and the name to use when it is another."""
    names = [one for one in patient.get("name", ()) if one.get("use") not in ("old", "maiden")]
    usual = [one for one in names if one.get("use") in ("usual", "nickname")]
    formal = [one for one in names if one.get("use") == "official"] or [one for one in names if one not in usual]
    legal = (formal or usual or [{}])[0]
    called = next((_first(one) for one in usual if _first(one)), "")
    return legal or {"text": ""}, "" if called == _first(legal) else called


def _name(found: Resource) -> Name:
    family, given = (found.get("family") or "").strip(), " ".join(filter(None, found.get("given") or ())).strip()
    if not (family or given):
        family, given = split_name(found.get("text") or "")
    return Name(family=family, given=given)


def _first(found: Resource) -> str:
    given = [one for one in found.get("given") or () if one]
    return (given[0] if given else found.get("text") or "").strip()


def _day(text: object) -> date:
    if not (isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", text)):
        raise BadInput("", _("give year, month and day, for example 1990-12-03."))
    return cells.day(text)


def _death(patient: Resource, reading: _Reading) -> dict[str, Any]:
    moment = patient.get("deceasedDateTime")
    if not (moment or patient.get("deceasedBoolean")):
        return {}
    day = reading.get("deceasedDateTime", moment[:10], _day) if moment and len(moment) >= len("2026-12-03") else None
    return {"status": ClientStatus.DECEASED, "deceased_on": day}


def _phones(patient: Resource, reading: _Reading) -> tuple[Mapping[str, Any], ...]:
    found: dict[str, Mapping[str, Any]] = {}
    for index, one in _telecom(patient, "phone", "sms"):
        if number := reading.get(f"telecom.{index}.value", one["value"], cells.phone):
            found.setdefault(number, {"number": number, "kind": _KINDS.get(one.get("use", ""), "home")})
    return tuple(found.values())


def _email(patient: Resource, reading: _Reading) -> str | None:
    for index, one in _telecom(patient, "email"):
        return reading.get(f"telecom.{index}.value", one["value"].strip(), cells.email)
    return None


def _telecom(person: Resource, *systems: str) -> list[tuple[int, Resource]]:
    """The contact points in use of those systems, preferred first, each with its place in the Patient."""
    found = [
        (index, one)
        for index, one in enumerate(person.get("telecom", ()))
        if one.get("system") in systems and one.get("value") and one.get("use") not in _PAST
    ]
    return sorted(found, key=lambda pair: pair[1].get("rank") or len(found) + 1)


def _address(patient: Resource, reading: _Reading) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The home address, and what its ZIP code tells besides; of an address abroad street and city alone."""
    found = [(i, one) for i, one in enumerate(patient.get("address", ())) if one.get("use") not in (*_PAST, "billing")]
    if not found:
        return {}, {}
    index, one = min(found, key=lambda pair: pair[1].get("use") != "home")
    given: dict[str, Any] = {"street": ", ".join(filter(None, one.get("line") or ())), "city": one.get("city")}
    if cells.folded(one.get("country") or "") in _COUNTRY:
        given["county"] = one.get("district")
        given["state"] = reading.get(f"address.{index}.state", one.get("state"), cells.state)
        given["zip"] = reading.get(f"address.{index}.postalCode", one.get("postalCode"), cells.zip_code)
    given = {field: value for field, value in given.items() if value}
    told = cells.place(given["zip"]) if "zip" in given else {}
    return given, {field: told[field] for field in ("city", "county") if field not in given and field in told}


def _languages(patient: Resource) -> list[str]:
    """The languages, preferred first."""
    spoken = sorted(patient.get("communication", ()), key=lambda one: not one.get("preferred"))
    return [word for one in spoken if (word := _code(one.get("language") or {}))]


def _code(concept: Resource) -> str:
    codes = [one["code"] for one in concept.get("coding", ()) if one.get("code")]
    return codes[0] if codes else concept.get("text") or ""


def _pronouns(patient: Resource) -> str:
    for one in _extensions(patient, _PRONOUNS):
        for part in one.get("extension", ()):
            concept = part.get("valueCodeableConcept") or {}
            words = [coding.get("display") for coding in concept.get("coding", ()) if coding.get("display")]
            if found := concept.get("text") or next(iter(words), ""):
                return str(found)
    return ""


def _extensions(patient: Resource, url: str) -> Iterable[Resource]:
    return (one for one in patient.get("extension", ()) if one.get("url") == url)


def _contacts(patient: Resource, reading: _Reading) -> dict[str, Any]:
    """The emergency contact (code C) and guardians (code GUARD); other contacts are not clear enough to act on."""
    found: dict[str, Any] = {"guardians": ()}
    for index, one in enumerate(patient.get("contact", ())):
        codings = [coding for concept in one.get("relationship", ()) for coding in concept.get("coding", ())]
        codes = {coding.get("code") for coding in codings}
        if not codes & {"C", "GUARD"} or not one.get("name"):
            continue
        name = reading.get(f"contact.{index}.name", one["name"], _name)
        numbers = [point["value"] for _place, point in _telecom(one, "phone", "sms")]
        phone = reading.get(f"contact.{index}.telecom", next(iter(numbers), ""), cells.phone) or ""
        relation = next((str(coding["display"]) for coding in codings if coding.get("display")), "")
        if name and "GUARD" in codes:
            found["guardians"] = (*found["guardians"], Guardian(name=name, relation=relation, phone=phone))
        if name and phone and "C" in codes:
            found.setdefault("emergency_contact", EmergencyContact(name=name.full, relation=relation, phone=phone))
    return found

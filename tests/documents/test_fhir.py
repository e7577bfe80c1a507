"""FHIR R4 Patients: what they tell of a client, and files that tell nothing good."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from desktop.clinic.clients import Client, ClientStatus
from desktop.clinic.errors import Canceled
from desktop.clinic.people import Address, Name, Phone, State
from desktop.documents.drafts import ClientRow
from desktop.documents.fhir import LONGEST_LINE, read_patients
from desktop.documents.rows import MOST_ERRORS, BadFile

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [
        {"use": "old", "family": "Before"},
        {"use": "usual", "given": ["Annie"]},
        {"use": "official", "family": "O'Brien-Nguyễn", "given": ["Ann", "B."]},
    ],
    "birthDate": "1990-02-03",
    "address": [
        {"use": "old", "line": ["9 Old Rd"], "city": "Nowhere"},
        {"use": "home", "line": ["1 Main St", "4B"], "city": "Bryn Mawr", "state": "PA", "postalCode": "19010"},
    ],
    "telecom": [
        {"system": "phone", "value": "215-555-0143", "use": "work", "rank": 2},
        {"system": "phone", "value": "(215) 555-0142", "use": "mobile", "rank": 1},
        {"system": "phone", "value": "215-555-0000", "use": "old"},
        {"system": "fax", "value": "215-555-0144"},
        {"system": "email", "value": "ann@example.org"},
    ],
    "communication": [
        {"language": {"text": "English"}},
        {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "es-US"}]}, "preferred": True},
    ],
    "contact": [
        {"relationship": [{"coding": [{"code": "E"}]}], "name": {"family": "Employer"}},
        {
            "relationship": [{"coding": [{"code": "C", "display": "sister"}]}],
            "name": {"family": "Ng", "given": ["Li"]},
            "telecom": [{"system": "phone", "value": "215-555-0145"}],
        },
        {"relationship": [{"coding": [{"code": "GUARD"}]}], "name": {"text": "Bo Ng"}},
    ],
}


def read(*resources: object) -> list[Client]:
    """The new clients that resources without errors make."""
    found = read_patients(b"\n".join(json.dumps(one).encode() for one in resources))
    assert found.errors == ()
    return [row.onto(None) for row in found.rows if isinstance(row, ClientRow)]


def errors(resource: object) -> dict[str, str]:
    """What is wrong with a resource: the sentence by field."""
    return {one.field: one.sentence for one in read_patients(json.dumps(resource).encode()).errors}


def bundle(*resources: object) -> dict[str, Any]:
    """A Bundle of resources."""
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


def test_a_patient_tells_of_a_client() -> None:
    (made,) = read(PATIENT)
    assert made.id == "p1"
    assert made.name == Name(family="O'Brien-Nguyễn", given="Ann B.")
    assert made.called == "Annie"
    assert made.birth_date == date(1990, 2, 3)
    assert made.phones == (Phone(number="+12155550142"), Phone(number="+12155550143", kind="work"))
    assert made.email == "ann@example.org"
    assert made.address == Address(
        street="1 Main St, 4B", city="Bryn Mawr", county="Delaware County", state=State.PA, zip="19010"
    )
    assert made.languages == ("es", "en")
    assert made.emergency_contact is not None
    assert (made.emergency_contact.name, made.emergency_contact.relation) == ("Li Ng", "sister")
    assert [one.name.full for one in made.guardians] == ["Bo Ng"]
    assert made.status is ClientStatus.ACTIVE


def test_no_leave_to_call_or_write_is_read_into_a_number() -> None:
    (made,) = read(PATIENT)
    assert not any(one.voicemail_ok or one.text_ok for one in made.phones)
    assert not made.email_ok
    assert not made.guardians[0].may_be_told


def test_death_is_told() -> None:
    (one,) = read({**PATIENT, "deceasedDateTime": "2026-01-02T10:00:00-05:00"})
    assert (one.status, one.deceased_on) == (ClientStatus.DECEASED, date(2026, 1, 2))
    (other,) = read({**PATIENT, "deceasedBoolean": True})
    assert (other.status, other.deceased_on) == (ClientStatus.DECEASED, None)
    (alive,) = read({**PATIENT, "deceasedBoolean": False})
    assert alive.status is ClientStatus.ACTIVE


def test_an_address_abroad_keeps_street_and_city() -> None:
    abroad = {"line": ["1 Rue X"], "city": "Paris", "state": "IDF", "postalCode": "75001", "country": "FR"}
    (made,) = read({**PATIENT, "address": [abroad]})
    assert made.address == Address(street="1 Rue X", city="Paris")


def test_interpreter_and_pronouns_come_from_their_extensions() -> None:
    base = "http://hl7.org/fhir/StructureDefinition/"
    extensions = [
        {"url": base + "patient-interpreterRequired", "valueBoolean": True},
        {
            "url": base + "individual-pronouns",
            "extension": [{"url": "value", "valueCodeableConcept": {"coding": [{"display": "they/them"}]}}],
        },
        {"url": "http://example.org/other", "valueString": "left aside"},
    ]
    (made,) = read({**PATIENT, "extension": extensions})
    assert made.interpreter
    assert made.pronouns == "they/them"


def test_without_an_id_the_content_gives_it() -> None:
    nameless = {key: value for key, value in PATIENT.items() if key != "id"}
    assert read(nameless)[0].id == read(nameless)[0].id != "p1"


def test_lines_bundles_and_a_single_patient_tell_the_same() -> None:
    second = {**PATIENT, "id": "p2"}
    lines = read(PATIENT, second)
    found = read_patients(json.dumps(bundle(PATIENT, second), indent=2).encode())
    assert [row.onto(None) for row in found.rows if isinstance(row, ClientRow)] == lines
    assert [one.id for one in read(PATIENT)] == ["p1"]


def test_other_resources_are_left_aside_and_named() -> None:
    found = read_patients(json.dumps(bundle(PATIENT, {"resourceType": "Observation"})).encode())
    assert len(found.rows) == 1
    assert found.ignored == ("Observation",)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"birthDate": "1990"}, "Patient.birthDate", "year, month and day"),
        ({"birthDate": None}, "Patient.birthDate", ""),
        ({"birthDate": "soon"}, "Patient.birthDate", "does not fit FHIR R4"),
        ({"shoeSize": 43}, "Patient.shoeSize", "no such field"),
        ({"name": []}, "Patient.name", "name"),
        ({"name": "Ng"}, "Patient.name", "does not fit"),
        ({"id": "a/../b"}, "Patient.id", "does not fit"),
        ({"telecom": [{"system": "phone", "value": "12"}]}, "Patient.telecom.0.value", "area code"),
        ({"address": [{"state": "Jersey"}]}, "Patient.address.0.state", "US state"),
        ({"communication": [{"language": {"text": "the old tongue"}}]}, "Patient.communication", "ISO 639"),
        ({"deceasedBoolean": True, "deceasedDateTime": "2026-01-02"}, "Patient.Patient", "does not fit"),
    ],
)
def test_each_mistake_names_its_field(change: dict[str, Any], field: str, words: str) -> None:
    found = errors({**PATIENT, **change})
    assert list(found) == [field]
    assert words in found[field]


def test_no_error_repeats_what_the_patient_says() -> None:
    found = errors({**PATIENT, "birthDate": "Secretword", "gender": ["Secretword"], "name": [{"given": "Secretword"}]})
    assert found
    assert "Secretword" not in str(found)


def test_lines_that_are_broken_are_errors_of_their_own() -> None:
    good = json.dumps(PATIENT).encode()
    found = read_patients(good + b"\n{oops\n\n" + json.dumps({**PATIENT, "id": "p2"}).encode() + b"\n[]\n")
    assert len(found.rows) == 2
    assert [(one.row, one.field) for one in found.errors] == [(2, "line 2"), (5, "line 5")]


def test_a_line_is_not_longer_than_a_patient_can_be() -> None:
    long = json.dumps({**PATIENT, "language": "x" * LONGEST_LINE}).encode()
    found = read_patients(json.dumps(PATIENT).encode() + b"\n" + long)
    assert [one.sentence for one in found.errors] == ["this line is longer than 2 MB."]


def test_a_bundle_of_a_million_empty_patients_stops_early() -> None:
    one = b'{"resource":{"resourceType":"Patient"}},'
    found = read_patients(b'{"resourceType":"Bundle","entry":[' + one * 1_000_000 + b"{}]}")
    assert len(found.errors) == MOST_ERRORS


HOSTILE = {
    "empty": b"",
    "nested a million deep": b'{"resourceType":"Bundle","entry":' + b'[{"resource":' * 1_000_000,
    "no resource": b'{"a": 1}',
    "another resource": b'{"resourceType":"Observation"}',
    "resource type that is none": b'{"resourceType":[[]]}',
    "zip": b"PK\x03\x04" + b"{" * 100,
    "invalid UTF-8": b'{"resourceType":"\xff"}',
    "list": b"[]",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_sentence(name: str) -> None:
    with pytest.raises(BadFile) as caught:
        read_patients(HOSTILE[name])
    assert caught.value.errors[0].sentence.endswith(".")


@pytest.mark.parametrize(
    "field", ["name", "address", "telecom", "communication", "contact", "extension", "birthDate", "id", "link"]
)
@pytest.mark.parametrize("value", [None, 3, "x", [], [None], [3], {}, [{}], [[[]]], {"a": [1]}, True])
def test_any_shape_of_a_field_is_a_client_or_an_error(field: str, value: object) -> None:
    found = read_patients(json.dumps({**PATIENT, field: value}).encode())
    assert bool(found.rows) != bool(found.errors)


def test_progress_may_cancel() -> None:
    def cancel(done: int, total: int) -> None:
        assert 0 <= done <= total
        raise Canceled

    with pytest.raises(Canceled):
        read_patients(json.dumps(bundle(*[PATIENT] * 60)).encode(), cancel)

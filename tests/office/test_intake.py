"""Bringing files into a clinic: looked at first, then whole or not at all, and out again the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from desktop.clinic.change import Actor, UserId
from desktop.clinic.clients import Client, ClientStatus
from desktop.clinic.errors import BadInput, Canceled, ClinicError, Stale
from desktop.clinic.people import Name, Referrer, ReferrerId, ReferrerKind, State
from desktop.clinic.practice import Practice
from desktop.clinic.referral import NextAction, Referral, Stage, Urgency
from desktop.clinic.services import Modality, Service, ServiceId, ServiceKind
from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import Visit
from desktop.documents.rows import BadFile
from desktop.documents.sheet import write_facts
from desktop.office.demo import demo_facts
from desktop.office.intake import Count, Form, Preview, bring_in, export_clients, export_json, preview
from desktop.records.store import Store, create_store

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
TODAY = date(2026, 11, 23)
ACTOR = Actor(user=UserId("maria"), now=NOW)
CLIENTS = b"name,dob,phone\nAnn Ng,1990-02-03,215-555-0142\nBo Li,1985-04-05,\n"
REFERRALS = (
    b"Client name,DOB,Phone,State,Modality,Insurance,Priority,Reason,Referred by,Received\n"
    b"Ann Ng,1990-02-03,215-555-0142,NJ,EMDR,Aetna,urgent,Nightmares,Dr. Rosa Lee,11/20/2026\n"
    b"Bo Li,1985-04-05,,PA,,,,,DR. ROSA LEE,\n"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty clinic."""
    made = create_store(tmp_path / "clinic.handoff", b"k" * 32)
    yield made
    made.close()


@pytest.fixture
def served(store: Store) -> Store:
    """A clinic with services for a first visit."""
    with store.writing(ACTOR, "Services") as writer:
        writer.add_all(
            [
                Service(id=ServiceId("emdr"), name="EMDR intake", kind=ServiceKind.INTAKE, modality=Modality.EMDR),
                Service(id=ServiceId("intake"), name="First visit", kind=ServiceKind.INTAKE),
                Service(id=ServiceId("individual"), name="Individual session", kind=ServiceKind.INDIVIDUAL),
            ]
        )
    return store


def load(store: Store, data: bytes) -> Preview:
    """Look at a file and bring it in."""
    found = preview(data, store=store)
    assert found.errors == ()
    bring_in(store, ACTOR, found)
    return found


def test_what_is_exported_and_imported_is_exported_the_same(store: Store, tmp_path: Path) -> None:
    facts = demo_facts(seed=1, today=TODAY)
    named = {one.visit for one in facts.referrals}
    some = tuple(one for count, one in enumerate(facts.visits) if one.id in named or count % 50 == 0)
    load(store, write_facts(replace(facts, visits=some)))
    first = export_json(store, ACTOR)
    other = create_store(tmp_path / "other.handoff", b"j" * 32)
    load(other, first)
    assert export_json(other, ACTOR) == first
    assert other.dump_hash() == store.dump_hash()
    again = preview(first, store=store)
    assert (again.add, again.change) == ((), ())
    assert again.counts["Visit"] == Count(unchanged=len(some))
    other.close()


def test_a_preview_writes_nothing(served: Store) -> None:
    before = served.dump_hash()
    found = preview(REFERRALS, store=served)
    assert found.form is Form.CSV
    assert found.counts == {"Client": Count(add=2), "Referral": Count(add=2), "Referrer": Count(add=1)}
    assert served.dump_hash() == before


def test_referrals_arrive_with_client_owner_next_action_and_due_date(served: Store) -> None:
    load(served, REFERRALS)
    with served.reading() as reader:
        urgent, routine = sorted(reader.all(Referral), key=lambda one: one.received_on)
        clients = {one.id: one for one in reader.all(Client)}
        (referrer,) = reader.all(Referrer)
    assert (urgent.stage, urgent.owner, urgent.next_action) == (Stage.RECEIVED, "maria", NextAction.ACKNOWLEDGE)
    assert urgent.urgency is Urgency.URGENT
    assert urgent.received_on == date(2026, 11, 20)
    assert urgent.due == TODAY
    assert routine.due == TODAY + timedelta(days=1)
    assert urgent.request is not None
    assert (urgent.request.service, urgent.request.modality) == ("emdr", Modality.EMDR)
    assert (urgent.request.state, urgent.request.payer) == (State.NJ, "aetna")
    assert urgent.request.client == urgent.client
    assert urgent.history[0].after is Stage.RECEIVED
    assert urgent.referrer == referrer.id
    assert referrer.kind is ReferrerKind.OTHER
    assert routine.request is not None
    assert routine.request.service == "intake"
    assert clients[urgent.client].name == Name(family="Ng", given="Ann")
    assert clients[urgent.client].status is ClientStatus.PROSPECTIVE


def test_a_referrer_on_file_is_found_by_name(served: Store) -> None:
    known = Referrer(id=ReferrerId("r"), name=Name(family="Lee", given="Dr. Rosa"))
    with served.writing(ACTOR, "Referrer") as writer:
        writer.add(known)
    load(served, REFERRALS)
    with served.reading() as reader:
        assert {one.referrer for one in reader.all(Referral)} == {"r"}
        assert reader.all(Referrer) == (known,)


@pytest.mark.parametrize("data", [CLIENTS, REFERRALS])
def test_the_same_table_twice_changes_nothing(served: Store, data: bytes) -> None:
    load(served, data)
    before = served.dump_hash()
    again = load(served, data)
    assert (again.add, again.change) == ((), ())
    assert served.dump_hash() == before


def test_a_referral_that_has_moved_on_is_not_set_back(served: Store) -> None:
    load(served, REFERRALS)
    with served.writing(ACTOR, "Move") as writer:
        one = writer.all(Referral)[0]
        writer.replace(one, replace(one, stage=Stage.TRIAGED))
    assert preview(REFERRALS, store=served).change == ()


def test_a_named_service_is_taken_and_an_unknown_one_is_an_error(served: Store) -> None:
    table = b"name,dob,service\nAnn Ng,1990-02-03,%s\n"
    found = preview(table % b"individual SESSION", kind="referrals", store=served)
    assert [one.service for one in found.add if hasattr(one, "service")] == ["individual"]
    found = preview(table % b"Indivdual", kind="referrals", store=served)
    assert [(one.row, one.field) for one in found.errors] == [(2, "service")]
    assert "Individual session" in found.errors[0].sentence


def test_a_clinic_without_services_says_so(store: Store) -> None:
    assert "no services yet" in preview(REFERRALS, store=store).errors[0].sentence


def test_errors_stop_everything(served: Store) -> None:
    found = preview(REFERRALS + b",x,,,,,,,,\n", store=served)
    assert [one.row for one in found.errors] == [4, 4]
    before = served.dump_hash()
    with pytest.raises(BadFile):
        bring_in(served, ACTOR, found)
    assert served.dump_hash() == before
    assert len(served.tasks()) == 1


def test_canceling_leaves_no_trace(store: Store) -> None:
    rows = b"".join(b"C%d Ng,1990-02-03\n" % count for count in range(1200))
    found = preview(b"name,dob\n" + rows, store=store)
    before = store.dump_hash()
    told: list[int] = []

    def cancel(done: int, total: int) -> None:
        told.append(done)
        if done > total // 2:
            raise Canceled

    with pytest.raises(Canceled):
        bring_in(store, ACTOR, found, cancel)
    assert len(told) > 2
    assert store.dump_hash() == before
    assert store.tasks() == ()


def test_an_import_is_one_task_that_can_be_undone(served: Store) -> None:
    before = served.dump_hash()
    task = bring_in(served, ACTOR, preview(REFERRALS, store=served))
    assert len(task.changes) == 5
    served.undo(ACTOR, task.id)
    assert served.dump_hash() == before


def test_a_changed_row_changes_what_it_says(store: Store) -> None:
    load(store, CLIENTS)
    with store.writing(ACTOR, "E-mail") as writer:
        ann = next(one for one in writer.all(Client) if one.name.given == "Ann")
        writer.replace(ann, replace(ann, email="ann@example.org"))
    load(store, b"name,dob,phone,zip\nAnn Ng,2/3/1990,(215) 555-0142,08033\n")
    with store.reading() as reader:
        after = reader.get(Client, ann.id)
    assert (after.email, after.address.city) == ("ann@example.org", "Haddonfield")


def test_somebody_elses_change_since_the_preview_is_not_overwritten(store: Store) -> None:
    load(store, CLIENTS)
    found = preview(b"name,dob,phone,email\nAnn Ng,1990-02-03,215-555-0142,a@example.org\n", store=store)
    assert len(found.change) == 1
    with store.writing(ACTOR, "Other desk") as writer:
        before = found.change[0][0]
        writer.replace(before, replace(before, pronouns="she/her"))
    with pytest.raises(Stale):
        bring_in(store, ACTOR, found)


def test_two_previews_of_one_file_bring_it_in_once(store: Store) -> None:
    first, second = preview(CLIENTS, store=store), preview(CLIENTS, store=store)
    bring_in(store, ACTOR, first)
    with pytest.raises(ClinicError):
        bring_in(store, ACTOR, second)
    with store.reading() as reader:
        assert reader.count(Client) == 2


@pytest.mark.parametrize(
    "row",
    [
        b"Ann Ng,1990-02-03,609-555-0100\n",  # another telephone
        b"Ng Ann,1990-02-03,609-555-0100\n",  # names the wrong way round
        b"\xc3\x81NN NG,1990-02-03,\n",  # another spelling
        b"Anna Nguyen,1990-02-03,215-555-0142\n",  # another name, the same telephone
    ],
)
def test_who_may_be_on_file_is_suggested_and_never_merged(store: Store, row: bytes) -> None:
    load(store, CLIENTS)
    found = preview(b"name,dob,phone\n" + row, store=store)
    assert found.counts == {"Client": Count(add=1)}
    assert [one.row for one in found.duplicates] == [2]
    bring_in(store, ACTOR, found)
    with store.reading() as reader:
        assert reader.count(Client) == 3
        assert reader.get(Client, found.duplicates[0].other).name.given == "Ann"


def test_another_birth_date_is_another_person(store: Store) -> None:
    load(store, CLIENTS)
    assert preview(b"name,dob,phone\nAnn Ng,1990-02-04,215-555-0142\n", store=store).duplicates == ()


def test_two_rows_of_one_file_may_be_the_same_person(store: Store) -> None:
    found = preview(b"name,dob,phone\nAnn Ng,1990-02-03,215-555-0142\nAnn Ng,1990-02-03,609-555-0100\n", store=store)
    assert [one.row for one in found.duplicates] == [3]
    found = preview(b"name,dob\nAnn Ng,1990-02-03\nAnn Ng,2/3/1990\n", store=store)
    assert [one.row for one in found.errors] == [3]


def test_two_referrals_of_one_new_client_add_the_client_once(served: Store) -> None:
    table = b"name,dob,reason\nAnn Ng,1990-02-03,Sleep\nAnn Ng,1990-02-03,Grief\n"
    load(served, table)
    with served.reading() as reader:
        assert (reader.count(Client), reader.count(Referral)) == (1, 2)


def test_ids_of_a_facts_file_may_be_on_file_or_in_the_file(store: Store) -> None:
    client = {"id": "c", "name": {"family": "Ng"}, "birth_date": "1990-02-03", "therapist": "t"}
    found = preview(json.dumps({"clients": [client]}).encode(), store=store)
    assert [one.field for one in found.errors] == ["clients[0].therapist"]
    load(store, json.dumps({"therapists": [{"id": "t", "name": {"family": "Okafor"}}]}).encode())
    load(store, json.dumps({"clients": [client]}).encode())


def test_the_question_of_a_facts_file_is_left_aside(store: Store) -> None:
    proposal = {
        "service": "s",
        "therapist": "t",
        "seats": [{"client": "c"}],
        "format": "telehealth",
        "start": "2026-12-03T15:00:00-05:00",
    }
    found = preview(json.dumps({"proposal": proposal, "now": "2026-12-01T09:00:00Z"}).encode(), store=store)
    assert (found.errors, found.add) == ((), ())


def test_a_practice_on_file_is_changed_and_not_doubled(store: Store) -> None:
    with store.writing(ACTOR, "Practice") as writer:
        writer.add(Practice(name="Old name"))
    found = load(store, b'{"practice": {"name": "New name"}}')
    assert found.counts == {"Practice": Count(change=1)}
    assert preview(b'{"clients": []}', store=store).counts == {}


def test_a_visit_without_a_calendar_uid_keeps_the_one_it_was_given(store: Store) -> None:
    visit = {
        "id": "v",
        "service": "s",
        "therapist": "t",
        "seats": [{"client": "c"}],
        "format": "telehealth",
        "start": "2026-12-03T15:00:00-05:00",
        "end": "2026-12-03T15:50:00-05:00",
    }
    facts = {
        "services": [{"id": "s", "name": "S", "kind": "intake"}],
        "therapists": [{"id": "t", "name": {"family": "Okafor"}}],
        "clients": [{"id": "c", "name": {"family": "Ng"}, "birth_date": "1990-02-03"}],
        "visits": [visit],
    }
    load(store, json.dumps(facts).encode())
    again = preview(json.dumps(facts).encode(), store=store)
    assert (again.add, again.change) == ((), ())
    with store.reading() as reader:
        assert reader.get(Visit, "v").uid


def test_fhir_patients_come_in_and_come_again(store: Store) -> None:
    patient = {
        "resourceType": "Patient",
        "id": "p1",
        "name": [{"family": "王"}],
        "birthDate": "1985-01-02",
        "telecom": [{"system": "phone", "value": "215-555-0142"}],
    }
    found = load(store, json.dumps(patient).encode() + b"\n" + json.dumps({**patient, "id": "p2"}).encode())
    assert found.form is Form.FHIR
    assert [one.id for one in found.duplicates] == ["p2"]
    dead = load(store, json.dumps({**patient, "deceasedDateTime": "2026-05-06"}).encode())
    assert dead.counts == {"Client": Count(change=1)}
    with store.reading() as reader:
        assert reader.get(Client, "p1").deceased_on == date(2026, 5, 6)


def test_therapists_come_in_from_a_table(store: Store) -> None:
    table = b"Name,NPI,License state,License type,License expires\nNgozi Okafor,1234567893,PA,LCSW,2/28/2027\n"
    load(store, table)
    renewed = load(store, table.replace(b"2027", b"2029"))
    assert renewed.counts == {"Therapist": Count(change=1)}
    with store.reading() as reader:
        (therapist,) = reader.all(Therapist)
    assert [one.expires.year for one in therapist.licenses] == [2029]


def test_a_birth_in_the_future_is_refused(store: Store) -> None:
    found = preview(b"name,dob\nAnn Ng,2027-02-03\n", store=store)
    with pytest.raises(BadFile, match="future"):
        bring_in(store, ACTOR, found)
    assert store.tasks() == ()


def test_a_concern_too_long_for_the_record_is_an_error_of_its_row(store: Store) -> None:
    found = preview(b"name,dob,concern\nAnn Ng,1990-02-03," + b"x" * 501 + b"\n", store=store)
    assert [(one.row, one.field) for one in found.errors] == [(2, "concern")]


def test_a_preview_without_a_clinic_counts_everything_as_new(served: Store) -> None:
    found = preview(REFERRALS)
    assert found.counts == {"Client": Count(add=2), "Referral": Count(add=2), "Referrer": Count(add=1)}
    with pytest.raises(BadInput, match="with the clinic open"):
        bring_in(served, ACTOR, found)


def test_a_path_reads_like_bytes_and_a_missing_one_says_so(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "clients.csv"
    path.write_bytes(CLIENTS)
    assert preview(path, store=store) == preview(CLIENTS, store=store)
    with pytest.raises(BadInput, match="cannot be opened"):
        preview(tmp_path / "nothing.csv", store=store)


def test_every_export_stands_in_the_audit_with_its_hash(store: Store) -> None:
    load(store, CLIENTS)
    for export in (export_json, export_clients):
        written = export(store, ACTOR)
        with store.reading() as reader:
            label = reader.events(limit=1)[0].label
        assert "2 records" in label
        assert hashlib.sha256(written).hexdigest() in label
    assert store.broken_audit_row() is None


def test_exported_clients_come_back_unchanged(store: Store) -> None:
    facts = demo_facts(seed=2, today=TODAY)
    with store.writing(ACTOR, "Clients") as writer:
        writer.add_all(replace(one, windows=()) for one in facts.clients)
    again = preview(export_clients(store, ACTOR), store=store)
    assert again.errors == ()
    assert again.counts == {"Client": Count(unchanged=len(facts.clients))}


HOSTILE = {
    "empty": b"",
    "deep": b'{"clients":' + b"[" * 1_000_000,
    "deep FHIR": b'{"resourceType":"Bundle","entry":' + b'[{"resource":' * 1_000_000,
    "list": b"[1, 2]",
    "zip": b"PK\x03\x04" + b"\x00" * 1000,
    "NUL": b"name,dob\n\x00,1990-01-01\n",
    "one line": b"x" * 10_000_000,
    "noise": bytes(range(256)) * 50,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("form", [None, "json", "csv", "fhir"])
def test_a_hostile_file_gets_a_sentence_and_leaves_no_trace(store: Store, name: str, form: str | None) -> None:
    with pytest.raises(BadInput) as caught:
        bring_in(store, ACTOR, preview(HOSTILE[name], form=form, store=store))
    assert caught.value.sentence
    assert store.tasks() == ()


def test_sql_in_every_field_stays_text(store: Store) -> None:
    evil = "Robert'); DROP TABLE client;--"
    load(store, f'name,dob,city,source,concern\n"{evil}",1990-02-03,"{evil}","{evil}","{evil}"\n'.encode())
    with store.reading() as reader:
        (made,) = reader.all(Client)
    assert made.concern == evil
    assert made.address.city == evil

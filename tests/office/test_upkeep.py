"""Upkeep: every change that may strand a visit is found at once, written down once and closed when it is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from desktop.clinic.change import UserId
from desktop.clinic.clients import Client, Consent, ConsentKind, Relation, RelationKind
from desktop.clinic.cliff import Held
from desktop.clinic.errors import BadInput, Stale
from desktop.clinic.pathway import Clearance, Pathway, PathwayId
from desktop.clinic.people import ClientId, Name, State, TherapistId
from desktop.clinic.recheck import Finding
from desktop.clinic.requests import proposal_of
from desktop.clinic.services import Format, Level, Modality, Service, ServiceId, ServiceKind
from desktop.clinic.therapists import License, Supervision, Therapist
from desktop.clinic.todo import ToDo
from desktop.clinic.visits import Seat, Visit, VisitId, VisitStatus
from desktop.documents.sheet import write_facts
from desktop.office import booking, directory, intake, upkeep
from desktop.records.store import Store
from tests.conftest import NOW, ROSA
from tests.office.clinic_day import AVA, BEN, INTAKE, JO, TEN, THI, furnish

SHORT = replace(AVA, licenses=(replace(AVA.licenses[0], expires=date(2026, 12, 10)),))


def seen(key: str, days: int, by: TherapistId = AVA.id, client: ClientId = THI.id, **more: object) -> Visit:
    """A visit by video from Pennsylvania, that many days after November 30."""
    start = TEN + timedelta(days=days)
    fields: dict[str, object] = {
        "service": INTAKE.id,
        "seats": (Seat(client=client, expected_state=State.PA),),
        "format": Format.TELEHEALTH,
        **more,
    }
    return Visit(id=VisitId(key), therapist=by, start=start, end=start + timedelta(hours=1), **fields)  # type: ignore[arg-type]


@pytest.fixture
def clinic(store: Store) -> Store:
    """The small practice with three visits of Ava's and one of Ben's."""
    furnish(store)
    with store.writing(ROSA, "Book") as writer:
        writer.add_all([seen("early", 0), seen("late", 14), seen("later", 21), seen("ben", 21, BEN.id, JO.id)])
    return store


def open_tasks(store: Store) -> dict[str, str]:
    """Code of each open task by its visit."""
    return {one.todo.about: one.todo.code for one in upkeep.tasks(store, ROSA)}


def every_task(store: Store) -> tuple[ToDo, ...]:
    """Closed ones too."""
    with store.reading() as reader:
        return reader.todos(closed=True)


def test_a_license_edit_writes_a_task_for_each_stranded_visit_at_once(clinic: Store) -> None:
    """With what to do about whom by when; the visits of others are left alone."""
    directory.save_therapist(clinic, ROSA, AVA, SHORT)
    lines = upkeep.tasks(clinic, ROSA)
    assert [(one.todo.about, one.todo.code) for one in lines] == [
        ("late", "LIC_EXPIRED_AT_SESSION"),
        ("later", "LIC_EXPIRED_AT_SESSION"),
    ]
    first = lines[0].todo
    assert first.due == date(2026, 12, 7)
    assert first.owner == ROSA.user
    assert first.opened_at == NOW
    assert "Dec 10, 2026" in first.sentence
    assert lines[0].therapist == AVA.name.listed
    assert lines[0].visit is not None
    assert lines[0].visit.client == THI.name.listed
    assert not lines[0].overdue


def test_each_finding_has_one_task_however_often_it_is_found(clinic: Store) -> None:
    """A re-check that finds nothing new changes nothing."""
    directory.save_therapist(clinic, ROSA, AVA, SHORT)
    before = every_task(clinic)
    later = replace(ROSA, now=NOW + timedelta(days=1), user=UserId("other"))
    answers = [upkeep.recheck(clinic, later), upkeep.recheck(clinic, later, therapist=AVA.id)]
    assert [(len(one.findings), one.opened, one.closed) for one in answers] == [(2, (), ()), (2, (), ())]
    assert every_task(clinic) == before


def test_tasks_close_when_the_license_is_renewed_and_open_again_when_it_is_not(clinic: Store) -> None:
    """The same tasks, with the day of each."""
    directory.save_therapist(clinic, ROSA, AVA, SHORT)
    tomorrow = replace(ROSA, now=NOW + timedelta(days=1))
    directory.save_therapist(clinic, tomorrow, SHORT, AVA)
    assert open_tasks(clinic) == {}
    assert {one.closed_at for one in every_task(clinic)} == {tomorrow.now}
    next_day = replace(ROSA, now=NOW + timedelta(days=2))
    directory.save_therapist(clinic, next_day, AVA, SHORT)
    assert {one.opened_at for one in every_task(clinic)} == {next_day.now}
    assert len(every_task(clinic)) == 2


def test_a_task_says_what_is_wrong_now(clinic: Store) -> None:
    """Another expiry, another sentence; the day it was opened stays."""
    directory.save_therapist(clinic, ROSA, AVA, SHORT)
    shorter = replace(AVA, licenses=(replace(AVA.licenses[0], expires=date(2026, 12, 9)),))
    directory.save_therapist(clinic, replace(ROSA, now=NOW + timedelta(days=1)), SHORT, shorter)
    assert all("Dec 9, 2026" in one.sentence and one.opened_at == NOW for one in every_task(clinic))


def test_a_supervisors_edit_finds_the_supervisees_visits(clinic: Store) -> None:
    """Ben is an associate whom Ava supervises: her license carries his visits."""
    associate = replace(
        BEN,
        licenses=(replace(BEN.licenses[0], title="LSW"),),
        supervisions=(
            Supervision(
                supervisor=AVA.id,
                state=State.PA,
                starts=date(2026, 1, 1),
                plan_on=date(2026, 1, 1),
                client_told=True,
            ),
        ),
    )
    directory.save_therapist(clinic, ROSA, BEN, associate)
    assert open_tasks(clinic) == {}
    directory.save_therapist(clinic, ROSA, AVA, SHORT)
    assert open_tasks(clinic)["ben"] == "SUP_LIC_INVALID"


def test_undo_of_an_edit_takes_its_tasks_back(clinic: Store) -> None:
    """They were written in the same step."""
    directory.save_therapist(clinic, ROSA, AVA, SHORT)
    task = clinic.tasks(1)[0]
    assert {one.kind for one in task.changes} == {"therapist", "todo"}
    clinic.undo(ROSA, task.id)
    assert every_task(clinic) == ()
    with clinic.reading() as reader:
        assert reader.get(Therapist, AVA.id) == AVA


def test_canceling_or_moving_a_visit_closes_its_tasks(clinic: Store) -> None:
    """Without waiting for the night."""
    directory.save_therapist(clinic, ROSA, AVA, SHORT)
    booking.cancel(clinic, ROSA, VisitId("late"), by="practice")
    with clinic.reading() as reader:
        later = reader.get(Visit, VisitId("later"))
    booking.move(clinic, ROSA, later.id, replace(proposal_of(later), start=TEN + timedelta(days=1, hours=3)))
    assert open_tasks(clinic) == {}


def test_the_nightly_re_check_closes_what_has_passed(clinic: Store) -> None:
    """A visit of yesterday needs nothing any more."""
    directory.save_therapist(clinic, ROSA, AVA, SHORT)
    later = replace(ROSA, now=TEN + timedelta(days=15))
    assert [one.about for one in upkeep.recheck(clinic, later).closed] == ["late"]
    assert set(open_tasks(clinic)) == {"later"}


def test_a_consent_taken_back_is_found_at_once(clinic: Store) -> None:
    """For that client's visits from that day on."""
    signed = Consent(kind=ConsentKind.TREATMENT, signed_on=date(2026, 1, 1))
    with_consent = directory.save_client(clinic, ROSA, THI, replace(THI, consents=(signed,)))
    assert open_tasks(clinic) == {}
    revoked = replace(with_consent, consents=(replace(signed, revoked_on=date(2026, 12, 10)),))
    directory.save_client(clinic, ROSA, with_consent, revoked)
    assert open_tasks(clinic) == {"late": "CONSENT_REVOKED", "later": "CONSENT_REVOKED"}
    directory.save_client(clinic, ROSA, revoked, with_consent)
    assert open_tasks(clinic) == {}


def test_relations_are_kept_on_both_records_and_found_from_either(clinic: Store) -> None:
    """Jo and Thi were a couple, and Ava is about to see both; Ben, who sees Jo alone, is free of it."""
    with clinic.writing(ROSA, "Book") as writer:
        writer.add(seen("jo", 28, AVA.id, JO.id))
    apart = replace(JO, relations=(Relation(client=THI.id, kind=RelationKind.EX_PARTNER),))
    directory.save_client(clinic, ROSA, JO, apart)
    with clinic.reading() as reader:
        thi = reader.get(Client, THI.id)
    assert thi.relations == (Relation(client=JO.id, kind=RelationKind.EX_PARTNER),)
    assert open_tasks(clinic) == dict.fromkeys(("early", "late", "later", "jo"), "CONFLICT")
    with clinic.reading() as reader:
        verdicts = [
            one.code
            for key in ("early", "jo")
            for one in booking.judged(reader, ROSA, proposal_of(reader.get(Visit, VisitId(key))))
        ]
    assert verdicts.count("CONFLICT") == 2


def test_a_relation_that_changes_or_ends_does_so_on_both_sides(clinic: Store) -> None:
    """And a relation to a third is left as it is; undo takes both sides back."""
    third = replace(THI, id=ClientId("third"), name=Name(family="Third"))
    directory.save_client(clinic, ROSA, None, third)
    family = Relation(client=third.id, kind=RelationKind.FAMILY)
    partner = Relation(client=JO.id, kind=RelationKind.PARTNER)
    thi = directory.save_client(clinic, ROSA, THI, replace(THI, relations=(family, partner)))
    changed = replace(thi, relations=(family, replace(partner, kind=RelationKind.EX_PARTNER)))
    directory.save_client(clinic, ROSA, thi, changed)

    def relations(key: ClientId) -> tuple[Relation, ...]:
        with clinic.reading() as reader:
            return reader.get(Client, key).relations

    assert relations(JO.id) == (Relation(client=THI.id, kind=RelationKind.EX_PARTNER),)
    directory.save_client(clinic, ROSA, changed, replace(changed, relations=(family,)))
    assert relations(JO.id) == ()
    assert relations(third.id) == (Relation(client=THI.id, kind=RelationKind.FAMILY),)
    clinic.undo(ROSA, clinic.tasks(1)[0].id)
    assert relations(JO.id) == (Relation(client=THI.id, kind=RelationKind.EX_PARTNER),)


@pytest.mark.parametrize("other", [THI.id, ClientId("nobody")])
def test_a_relation_to_nobody_or_oneself_is_refused(clinic: Store, other: ClientId) -> None:
    """Nothing is written."""
    before = clinic.dump_hash()
    with pytest.raises(BadInput, match="relations"):
        directory.save_client(
            clinic, ROSA, THI, replace(THI, relations=(Relation(client=other, kind=RelationKind.FAMILY),))
        )
    assert clinic.dump_hash() == before


def test_a_stale_record_another_id_and_an_unborn_client_are_refused(clinic: Store) -> None:
    """Each with nothing written."""
    before = clinic.dump_hash()
    refused: list[tuple[type[Exception], Callable[[], object]]] = [
        (Stale, lambda: directory.save_therapist(clinic, ROSA, SHORT, AVA)),
        (Stale, lambda: directory.save_client(clinic, ROSA, replace(THI, pronouns="x"), replace(THI, pronouns="y"))),
        (BadInput, lambda: directory.save_therapist(clinic, ROSA, BEN, SHORT)),
        (BadInput, lambda: directory.save_client(clinic, ROSA, THI, replace(THI, birth_date=date(2026, 12, 1)))),
    ]
    for kind, act in refused:
        with pytest.raises(kind):
            act()
    assert clinic.dump_hash() == before


DOSING = Service(
    id=ServiceId("dosing"),
    name="Dosing",
    kind=ServiceKind.KAP_DOSING,
    modality=Modality.KAP,
    level=Level.NONE,
    minutes=180,
)
COURSE = Pathway(
    id=PathwayId("p"),
    client=JO.id,
    clearances=(Clearance(prescriber="Dr. Sample", license_state=State.PA, exam_on=date(2026, 11, 10)),),
)


def test_a_clearance_on_hold_is_found_at_once(clinic: Store) -> None:
    """Beside the gates that were open before; tasks follow the clearance."""
    with clinic.writing(ROSA, "Book") as writer:
        writer.add_all([DOSING, seen("dosing", 7, BEN.id, JO.id, service=DOSING.id)])
    directory.save_pathway(clinic, ROSA, None, COURSE)

    def clearance_codes() -> set[str]:
        return {one.todo.code for one in upkeep.tasks(clinic, ROSA) if "CLEAR" in one.todo.code}

    assert clearance_codes() == set()
    held = replace(COURSE, clearances=(replace(COURSE.clearances[0], on_hold=True),))
    directory.save_pathway(clinic, ROSA, COURSE, held)
    assert clearance_codes() != set()
    directory.save_pathway(clinic, ROSA, held, COURSE)
    assert clearance_codes() == set()


def test_the_cliff_in_words(clinic: Store) -> None:
    """By date, with the visits in order and their words."""
    directory.save_therapist(clinic, ROSA, AVA, SHORT)
    lines = upkeep.cliff(clinic, ROSA)
    assert [(one.name, one.kind, one.expiry.held, one.expiry.on) for one in lines] == [
        (AVA.name.listed, "license", Held.LICENSE, date(2026, 12, 10)),
        (BEN.name.listed, "license", Held.LICENSE, date(2027, 2, 28)),
    ]
    assert [one.visit.id for one in lines[0].visits] == ["late", "later"]
    assert lines[0].visits[0].client == THI.name.listed
    assert lines[1].visits == ()


def by_record(found: tuple[Finding, ...]) -> set[str]:
    """The keys of findings."""
    return {one.key for one in found}


def test_therapist_by_therapist_finds_what_the_whole_finds(demo_store: Store) -> None:
    """Incremental and whole agree over the demo practice, so that nothing waits for the night."""
    whole = upkeep.recheck(demo_store, ROSA)
    with demo_store.reading() as reader:
        staff = reader.all(Therapist)
    parts: set[str] = set()
    for one in staff:
        again = upkeep.recheck(demo_store, ROSA, therapist=one.id)
        assert (again.opened, again.closed) == ((), ())
        parts |= by_record(again.findings)
    assert parts == by_record(whole.findings)
    client = next(one for one in whole.findings if one.client is not None).client
    assert by_record(upkeep.recheck(demo_store, ROSA, client=client).findings) <= parts


def test_a_new_therapist_and_a_visit_without_findings(clinic: Store) -> None:
    """Nothing to judge, nothing to write."""
    new = replace(
        AVA, id=TherapistId("cleo"), licenses=(License(state=State.NJ, title="LPC", expires=date(2028, 1, 1)),)
    )
    directory.save_therapist(clinic, ROSA, None, new)
    assert every_task(clinic) == ()
    with clinic.reading() as reader:
        assert reader.get(Visit, VisitId("late")).status is VisitStatus.SCHEDULED


def test_an_import_that_changes_a_license_is_judged_in_the_same_step(clinic: Store) -> None:
    """As an edit in the window is; one undo takes both back."""
    with clinic.reading() as reader:
        given = reader.facts()
    shortened = replace(given, therapists=tuple(SHORT if one.id == AVA.id else one for one in given.therapists))
    intake.bring_in(clinic, ROSA, intake.preview(write_facts(shortened), form="json", store=clinic))
    assert set(open_tasks(clinic)) == {"late", "later"}
    clinic.undo(ROSA, clinic.tasks(1)[0].id)
    assert every_task(clinic) == ()

"""Undo: each task can be taken back, and nothing of anybody else's is lost by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.clinic.change import Actor, TaskId, UserId
from desktop.clinic.clients import Client
from desktop.clinic.errors import Missing, Refused, Stale
from desktop.clinic.facts import Facts
from desktop.clinic.people import Name, TherapistId
from desktop.clinic.referral import Referral
from desktop.clinic.therapists import Therapist
from desktop.clinic.visits import Visit, VisitStatus
from desktop.office.demo import fill
from desktop.records.store import Store
from tests.conftest import NOW, ROSA
from tests.records.samples import INTAKE, NOON, client_of, kept, visit_of


def test_undo_and_undo_of_the_undo(store: Store) -> None:
    """Every kind of write can be taken back and done again."""
    client = client_of()
    added = kept(store, client)
    changed_client = replace(client, goes_by="Tia")
    with store.writing(ROSA, "Edit") as writer:
        writer.replace(client, changed_client)
    edited = writer.task.id
    with store.writing(ROSA, "Remove") as writer:
        writer.remove(changed_client)

    undone = store.undo(ROSA, writer.task.id)
    assert _found(store) == changed_client
    store.undo(ROSA, undone.id)
    assert _found(store) is None
    store.undo(ROSA, store.tasks(1)[0].id)
    store.undo(ROSA, edited)
    assert _found(store) == client
    store.undo(ROSA, added)
    assert _found(store) is None
    with store.reading() as reader:
        assert not reader.clients_matching("nguyen")


def _found(store: Store) -> Client | None:
    with store.reading() as reader:
        return reader.find(Client, "c1")


def test_undo_is_refused_when_somebody_changed_the_record_since(store: Store) -> None:
    """Nothing of the later change is lost."""
    added = kept(store, client_of())
    with store.writing(ROSA, "Edit") as writer:
        writer.replace(client_of(), replace(client_of(), goes_by="Tia"))
    with pytest.raises(Stale):
        store.undo(ROSA, added)
    found = _found(store)
    assert found is not None
    assert found.goes_by == "Tia"


def test_the_newest_task_of_ones_own_can_be_undone(store: Store) -> None:
    """Neither somebody else's, nor an undo, nor what was undone already."""
    first, second = kept(store, client_of(1)), kept(store, client_of(2))
    with store.writing(Actor(user=UserId("ivo"), now=NOW), "Other desk") as writer:
        writer.add(client_of(3))
    found = store.undoable(ROSA.user)
    assert found is not None
    assert found.id == second
    store.undo(ROSA, second)
    found = store.undoable(ROSA.user)
    assert found is not None
    assert found.id == first


def test_undo_keeps_a_visit_on_record_and_raises_its_sequence(store: Store) -> None:
    """A calendar that has seen the visit must hear that it is off, and that it is on again."""
    kept(store, INTAKE, client_of())
    booked = kept(store, visit_of())
    with store.reading() as reader:
        uid = reader.get(Visit, "v1").uid
    assert uid
    with store.writing(ROSA, "Service stays") as writer:
        writer.add(client_of(9))
    undone = _undo_visit(store, booked)
    assert (undone.status, undone.sequence, undone.uid) == (VisitStatus.BOOKED_IN_ERROR, 1, uid)
    redone = _undo_visit(store, store.tasks(1)[0].id)
    assert (redone.status, redone.sequence, redone.uid) == (VisitStatus.SCHEDULED, 2, uid)


def _undo_visit(store: Store, task: TaskId) -> Visit:
    store.undo(ROSA, task)
    with store.reading() as reader:
        return reader.get(Visit, "v1")


def test_undoing_a_cancellation_does_not_double_book(store: Store) -> None:
    """When the time was given to somebody else, the undo is refused."""
    kept(store, INTAKE, visit_of())
    with store.reading() as reader:
        visit = reader.get(Visit, "v1")
    with store.writing(ROSA, "Cancel") as writer:
        writer.replace(visit, replace(visit, status=VisitStatus.CANCELED))
    canceled = writer.task.id
    kept(store, visit_of(2, NOON + timedelta(minutes=30)))
    with pytest.raises(Refused, match="taken since"):
        store.undo(ROSA, canceled)


def test_a_visit_within_anothers_buffer_is_not_put_back(store: Store) -> None:
    """The undo asks what booking asks: the therapist's ten minutes after count."""
    kept(store, INTAKE, visit_of())
    canceled = _canceled(store)
    kept(store, visit_of(2, NOON + timedelta(minutes=65)))
    with pytest.raises(Refused, match="taken since"):
        store.undo(ROSA, canceled)


def test_a_cancellation_is_taken_back_when_the_time_is_still_free(store: Store) -> None:
    """A visit that begins right after the buffer does not stand in the way."""
    kept(store, INTAKE, visit_of(), visit_of(2, NOON + timedelta(minutes=70)))
    store.undo(ROSA, _canceled(store))
    with store.reading() as reader:
        assert reader.get(Visit, "v1").status is VisitStatus.SCHEDULED


def _canceled(store: Store) -> TaskId:
    with store.writing(ROSA, "Cancel") as writer:
        visit = writer.get(Visit, "v1")
        writer.replace(visit, replace(visit, status=VisitStatus.CANCELED))
    return writer.task.id


def test_an_import_goes_as_it_came(store: Store, demo: Facts) -> None:
    """Visits that came with their clients go with them; doing it again brings the very same records."""
    before = store.dump_hash()
    fill(store, ROSA, replace(demo, visits=demo.visits[::20]))
    filled = store.dump_hash()
    undone = store.undo(ROSA, store.tasks(1)[0].id)
    assert store.dump_hash() == before
    with store.reading() as reader:
        assert not reader.taken(NOW, NOW + timedelta(weeks=9), [demo.therapists[0].id])[demo.therapists[0].id]
        assert not reader.clients_matching(demo.clients[0].name.family)
    store.undo(ROSA, undone.id)
    assert store.dump_hash() == filled
    assert store.problems() == ()


def test_what_a_later_record_needs_is_not_taken_away(store: Store, demo: Facts) -> None:
    """A client with a later visit, a therapist whom a later client was given, stay."""
    therapist = Therapist(id=TherapistId("t1"), name=Name(family="Okafor"))
    first, second = kept(store, INTAKE, client_of()), kept(store, therapist)
    booked = kept(store, visit_of())
    for task in (first, second):
        with pytest.raises(Stale, match="refers"):
            store.undo(ROSA, task)
    store.undo(ROSA, booked)
    with pytest.raises(Stale, match="refers"):
        store.undo(ROSA, first)
    third, fourth = kept(store, client_of(2)), kept(store, client_of(3))
    kept(store, replace(demo.referrals[0], client=client_of(2).id))
    with pytest.raises(Stale, match="refers"):
        store.undo(ROSA, third)
    store.undo(ROSA, fourth)
    with store.reading() as reader:
        assert [one.id for one in reader.all(Client)] == ["c1", "c2"]
        assert reader.count(Referral) == 1


def test_a_therapist_who_carries_a_client_stays(store: Store) -> None:
    """Even without any visit."""
    hired = kept(store, Therapist(id=TherapistId("t1"), name=Name(family="Okafor")))
    kept(store, replace(client_of(), therapist=TherapistId("t1")))
    with pytest.raises(Stale, match="refers"):
        store.undo(ROSA, hired)


def test_a_task_that_never_was_cannot_be_undone(store: Store) -> None:
    """An id from elsewhere."""
    with pytest.raises(Missing):
        store.undo(ROSA, TaskId("none"))


def test_tasks_are_listed_newest_first_without_what_changed_nothing(store: Store) -> None:
    """The labels are what the Undo menu shows; a mere event in the audit is no task."""
    start = [one.label for one in store.tasks()]
    first = kept(store, client_of(1), client_of(2))
    with store.writing(ROSA, "Look") as writer:
        writer.record("Show letter")
    second = kept(store, client_of(3))
    assert [one.id for one in store.tasks(2)] == [second, first]
    assert [one.id for one in store.tasks(1)] == [second]
    assert [one.label for one in store.tasks()] == ["Keep", "Keep", *start]
    assert [change.id for change in store.tasks(2)[1].changes] == ["c1", "c2"]
